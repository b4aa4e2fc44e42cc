"""Which hosts are this machine itself: only towards them may a wiring file do without TLS."""

from ipaddress import ip_address


def is_loopback(host: str) -> bool:
    """Tell whether an address or name is the machine's own loopback; other names are not looked up."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
