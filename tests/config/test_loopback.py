import pytest

from config.loopback import is_loopback


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("localhost", True),
        ("", False),
        ("10.0.0.1", False),
        ("localhost.example.net", False),
        ("127.0.0.1.example.net", False),
    ],
)
def test_only_this_machine_is_loopback(host: str, ours: bool) -> None:  # noqa: FBT001 - a table
    assert is_loopback(host) is ours
