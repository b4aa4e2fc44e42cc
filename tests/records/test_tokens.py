"""Reply tokens: who may prove what with them."""

from hypothesis import given
from hypothesis import strategies as st

from records.tokens import claimed_report, genuine, token, tokens_in

KEY = b"0123456789abcdef0123456789abcdef"
CUSTOMER = "galina@example.org"
TOKEN = token(KEY, 1187, CUSTOMER)


@given(st.integers(1, 10**18 - 1), st.emails(), st.binary(min_size=16, max_size=64))
def test_a_token_proves_its_report_to_its_recipient_alone(report: int, recipient: str, key: bytes) -> None:
    made = token(key, report, recipient)
    assert genuine(key, made, recipient)
    assert claimed_report(made) == report
    assert not genuine(key + b"x", made, recipient)
    assert not genuine(key, made, "x" + recipient)
    assert tokens_in(f"<{made}.0011223344556677@isp.example>") == [made]
    assert tokens_in(f"support+{made}@isp.example") == [made]


def test_the_case_may_be_folded_on_the_way() -> None:
    assert genuine(KEY, TOKEN.upper(), CUSTOMER)
    assert genuine(KEY, TOKEN, CUSTOMER.upper())
    assert tokens_in(f"SUPPORT+{TOKEN.upper()}@ISP.EXAMPLE") == [TOKEN]


def test_a_forged_token_proves_nothing() -> None:
    head, _, mac = TOKEN.rpartition("-")
    other = "a" if mac[0] != "a" else "b"
    for forged in (
        f"{head}-{other}{mac[1:]}", f"fg-1188-{mac}", f"fg-01187-{mac[:15]}", f"fg-1187-{'a' * 16}", f" {TOKEN}",
        f"{TOKEN}\n", "", "fg--", f"{head}-",
    ):  # fmt: skip
        assert not genuine(KEY, forged, CUSTOMER)


def test_letters_and_digits_of_other_scripts_make_no_token() -> None:
    """Case folding makes ſ an s and K a k; comparing such texts in constant time is an error, not a no."""
    _, _, mac = TOKEN.rpartition("-")
    for odd in (f"fg-1187-\u017f{mac[1:]}", f"fg-1187-\u212a{mac[1:]}", f"fg-١١٨٧-{mac}", f"fg-１１８７-{mac}"):
        assert tokens_in(f"<{odd}@isp.example>") == []
        assert claimed_report(odd) is None
        assert not genuine(KEY, odd, CUSTOMER)


def test_a_number_with_zeros_before_it_is_not_our_token() -> None:
    _, _, mac = TOKEN.rpartition("-")
    assert not genuine(KEY, f"fg-001187-{mac}", CUSTOMER)


def test_long_hostile_texts_are_looked_through() -> None:
    for text in ("fg-" * 40_000, "fg-" + "1" * 100_000, "fg-1-" + "a" * 100_000, "-" * 100_000):
        assert tokens_in(text) == []
