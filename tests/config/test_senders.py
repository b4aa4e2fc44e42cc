"""Wiring of who is believed to be a partner: what is wrong is told with its key and a remedy."""

from pathlib import Path

import pytest

from config.senders import nameserver
from config.wiring import BadWiring, load


@pytest.mark.parametrize(("wiring", "says"), [
    ('allowed = [{ address = "noc@acme.example" }]', "noc@acme.example can be forged: name its network, user or"),
    ('allowed = [{ address = "acme.example", network = "acme" }]', "acme is no network: write 192.0.2.0/24"),
    ('allowed = [{ address = "acme.example", channel = "post" }]', "no channel is named post: there are mail"),
    ('authserv_ids = { post = ["mx.isp.example"] }', "no channel is named post: there are mail"),
    ('nameservers = ["dns.isp.example"]', "dns.isp.example is no address: write 192.0.2.53"),
    ('nameservers = ["192.0.2.53#dns"]', "192.0.2.53#dns is no address: write 192.0.2.53"),
    ("dns_timeout = 0", "dns_timeout"),
    ('allow = ["x"]', "did you mean `allowed`"),
])  # fmt: skip
def test_a_wrong_wiring_is_told_with_its_remedy(tmp_path: Path, wiring: str, says: str) -> None:
    path = tmp_path / "desk.toml"
    path.write_text(f"[senders]\n{wiring}\n", "utf-8")
    with pytest.raises(BadWiring) as refused:
        load(path)
    assert says in str(refused.value)


def test_case_and_signs_do_not_count(tmp_path: Path) -> None:
    path = tmp_path / "desk.toml"
    path.write_text(
        '[senders]\nallowed = [{ address = "@Acme.Example", user = "acme" }]\n'
        'authserv_ids = { mail = ["MX.isp.example"] }\n', "utf-8",
    )  # fmt: skip
    senders = load(path).senders
    assert senders.allowed[0].address == "acme.example"
    assert senders.authserv_ids == {"mail": ("mx.isp.example",)}
    assert nameserver("2001:db8::53#5353") == ("2001:db8::53", 5353)
