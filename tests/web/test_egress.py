"""Where requests may go that somebody outside asks for: however he writes an address of ours, nothing goes there."""

import socket
from collections.abc import Collection
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.egress import NotAllowed, NotFound, addresses, destination, is_public

OURS_4 = [
    IPv4Network(one)
    for one in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4",
        "240.0.0.0/4",
    )
]  # fmt: skip
OURS_6 = [
    IPv6Network(one)
    for one in (
        "::/127", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8", "2001:db8::/32", "2001::/32", "2002::/16",
        "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "::ffff:0:0/96", "::/96",
    )
]  # fmt: skip
WIDE = str.maketrans("0123456789.", "".join(map(chr, range(0xFF10, 0xFF1A))) + "。")  # IDNA folds these to ASCII


def inside(network: IPv4Network) -> st.SearchStrategy[IPv4Address]:
    return st.integers(int(network[0]), int(network[-1])).map(IPv4Address)


def inside_6(network: IPv6Network) -> st.SearchStrategy[IPv6Address]:
    return st.integers(int(network[0]), int(network[-1])).map(IPv6Address)


our_4 = st.sampled_from(OURS_4).flatmap(inside)
our_6 = st.sampled_from(OURS_6).flatmap(inside_6)


def forms(address: IPv4Address) -> list[str]:
    """Write an address in every way that inet_aton, or a lenient reader of URLs, takes for the same."""
    number, parts = int(address), str(address).split(".")
    low24, low16 = number & 0xFFFFFF, number & 0xFFFF
    return [
        str(address), f"{address}.", str(number), hex(number), f"0{number:o}", f"0x{number:08X}",
        f"{parts[0]}.{low24}", f"{parts[0]}.{parts[1]}.{low16}", f"{parts[0]}.{hex(low24)}",
        ".".join(f"0{int(part):o}" for part in parts), ".".join(hex(int(part)) for part in parts),
        ".".join(f"{int(part):03d}" for part in parts), f"[::ffff:{address}]", f"[::{address}]",
        f"[64:ff9b::{address}]", f"[::ffff:{low16:x}:{low16:x}]", f"[2002:{number >> 16:x}:{low16:x}::1]",
        f"[0:0:0:0:0:ffff:{number >> 16:x}:{low16:x}]", str(address).translate(WIDE),
        f"{address}%00.example.org", f"example.org@{address}", f"{address}#@example.org", f"{address}\\@example.org",
        f"{address}/../", f"{address}%2F.example.org", f"{address}\t", f" {address}", f"{address}:443:80",
    ]  # fmt: skip


@given(our_4, st.data())
def test_no_spelling_of_an_address_of_ours_is_reached(address: IPv4Address, data: st.DataObject) -> None:
    host = data.draw(st.sampled_from(forms(address)))
    with pytest.raises((NotAllowed, NotFound)):
        addresses(destination(f"https://{host}/events"))


@given(our_4)
def test_what_the_resolver_takes_for_an_address_of_ours_is_refused_before_it_is_asked(address: IPv4Address) -> None:
    """The real resolver of this machine reads 127.1 and 0x7f000001: none of that comes to it."""
    for host in forms(address):
        asked: list[str] = []

        def resolve(name: str, port: int, asked: list[str] = asked) -> Collection[str]:
            asked.append(name)
            return [str(found[4][0]) for found in socket.getaddrinfo(name, port, flags=socket.AI_NUMERICHOST)]

        with pytest.raises((NotAllowed, NotFound, OSError)):
            addresses(destination(f"https://{host}/"), lookup=resolve)
        assert asked == [] or not asked[0].replace(".", "").isdigit()


@given(our_6)
def test_no_ipv6_address_of_ours_is_reached(address: IPv6Address) -> None:
    for written in (str(address), address.exploded, str(address).upper()):
        with pytest.raises(NotAllowed):
            addresses(destination(f"https://[{written}]/"))


@given(st.one_of(our_4, our_6), st.lists(st.sampled_from(["8.8.8.8", "2001:4860:4860::8888"]), max_size=3), st.data())
def test_a_name_with_one_address_of_ours_is_refused(
    ours: IPv4Address | IPv6Address, public: list[str], data: st.DataObject
) -> None:
    found = data.draw(st.permutations([str(ours), *public]))
    with pytest.raises(NotAllowed, match="not public"):
        addresses(destination("https://partner.example/"), lookup=lambda *_: found)


@given(st.text(max_size=60))
def test_any_text_is_refused_or_taken_apart_as_it_stands(text: str) -> None:
    try:
        where = destination(f"https://{text}")
    except NotAllowed:
        return
    assert where.host in text.lower()
    assert "@" not in where.host
    assert where.port == 443 or str(where.port) in text


@pytest.mark.parametrize(
    "url",
    [
        "", "https://", "https:///x", "http://example.org/", "ftp://example.org/", "file:///etc/passwd", "gopher://example.org:70/",
        "https://user@example.org/", "https://user:secret@example.org/", "https://example.org/?a=b",
        "https://example.org/#a", "https://example.org\\@127.0.0.1/", "https://exa mple.org/", "https://example.org\n/",
        "https://пример.рф/", "https://127。0。0。1/", "https://example..org/", "https://-a.example/", "https://a-.example/",
        "https://example.org:0/", "https://example.org:65536/", "https://example.org:x/", "https://[::1%25eth0]/",
        "https://[::1/", "https://::1/", "https://example.123/", "https://0x7f/", "https://1.2.3.4.5/",
        "https://01.2.3.4/", f"https://{'a' * 64}.example/", f"https://example.org/{'a' * 2000}",
        " https://example.org/", "javascript:alert(1)", "//example.org/",
    ],
)  # fmt: skip
def test_what_is_no_url_that_a_request_may_go_to(url: str) -> None:
    with pytest.raises(NotAllowed):
        destination(url)


def test_a_url_is_taken_apart() -> None:
    where = destination("HTTPS://Partner.Example.:8443/tmf/")
    assert (where.scheme, where.host, where.port, where.path) == ("https", "partner.example", 8443, "/tmf")
    assert where.authority == "partner.example:8443"
    assert destination("https://[2001:4860:4860::8888]").authority == "[2001:4860:4860::8888]"


def test_public_addresses_are_reached() -> None:
    assert addresses(destination("https://8.8.8.8/")) == ("8.8.8.8",)
    assert addresses(destination("https://[2001:4860:4860:0::8888]/")) == ("2001:4860:4860::8888",)
    found = ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"]
    assert addresses(destination("https://example.org/"), lookup=lambda *_: found) == tuple(found)


def test_a_host_that_is_allowed_by_name_may_lie_anywhere_and_do_without_tls() -> None:
    where = destination("http://localhost:8080/hook", ["localhost"])
    assert "127.0.0.1" in addresses(where, ["localhost"])
    with pytest.raises(NotAllowed):
        destination("http://127.0.0.1:8080/", ["localhost"])
    with pytest.raises(NotAllowed):  # the name is allowed, not everything that ends in it
        destination("http://evil.localhost/", ["localhost"])


def test_a_name_that_is_not_there_may_be_there_later() -> None:
    with pytest.raises(NotFound):
        addresses(destination("https://nobody.invalid/"))
    with pytest.raises(NotFound):
        addresses(destination("https://nobody.example/"), lookup=lambda *_: [])


@pytest.mark.parametrize("odd", ["fe80::1%eth0", "2001:4860:4860::8888%1", "127.1", "", "localhost"])
def test_what_a_resolver_never_says_is_not_public(odd: str) -> None:
    assert not is_public(odd)
