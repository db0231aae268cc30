"""Settings: what they mean, and what cannot be one."""

import pytest

from calsvc import config
from calsvc.errors import SettingsError

pytestmark = pytest.mark.usefixtures("elsewhere")


@pytest.mark.parametrize(
    "written",
    [
        "calendar.example.org",
        "ftp://example.org",
        "https://",
        "https:///events",
        "https://example.org?a=b",
        "https://example.org/#events",
        "https://example.org\r\nATTACH:x",
        "https://example.org/a b",
        "https://example.org/\x00",
        "https://bücher.example",
        "https://user:password@example.org",
        "https://[::1",
    ],
)
def test_base_address_that_calendars_cannot_hold_is_refused(written: str) -> None:
    with pytest.raises(SettingsError) as refused:
        config.load(base_url=written)

    assert str(refused.value) == (
        f"setting base_url (CALSVC_BASE_URL): {written!r} cannot be used;"
        " write an address such as https://calendar.example.org"
    )


@pytest.mark.parametrize(
    ("options", "address"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"host": "::1", "port": 81}, "http://[::1]:81"),
        (
            {"port": 81, "base_url": "https://example.org/calendars/"},
            "https://example.org/calendars",
        ),
    ],
)
def test_address_of_the_site_is_the_one_it_listens_on_unless_it_is_set(
    options: dict[str, object], address: str
) -> None:
    assert config.load(**options).address == address


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(
            (name, value)
            for name in ("frame_ancestors", "content_security_policy")
            for value in ("", "a, b", "a\r\nSet-Cookie: b", "größe")
        ),
        ("frame_ancestors", "*; script-src *"),
    ],
)
def test_setting_that_would_break_the_header_is_refused(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"CALSVC_{name.upper()}"):
        config.load(**{name: value})
