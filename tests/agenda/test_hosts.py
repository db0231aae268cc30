"""Names of hosts in web addresses, as browsers read them (UTS #46, non-transitional)."""

import pytest
from conftest import event_of

from calsvc.errors import EventFileError


def link(url: str) -> str | None:
    """Return the address of an event whose file has it."""
    text = f"""
        name: Conf
        timezone: Europe/Berlin
        date: 2027-06-15
        url: "{url}"
        """
    return event_of(text).url


# The expected hosts are those of the WHATWG URL Standard's tests (IdnaTestV2, toascii).
@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://straße.example/", "https://xn--strae-oqa.example/"),
        ("https://www.λόγος.example/", "https://www.xn--oxapnm1c.example/"),
        ("https://faß.de", "https://xn--fa-hia.de"),
        ("https://MÜNCHEN.example/a?b", "https://xn--mnchen-3ya.example/a?b"),
        ("https://mu\u0308nchen.example/", "https://xn--mnchen-3ya.example/"),
        ("https://ｅｘａｍｐｌｅ.com/", "https://example.com/"),
        ("https://例え。テスト/", "https://xn--r8jz45g.xn--zckzah/"),
        ("https://xn--strae-oqa.example/", "https://xn--strae-oqa.example/"),
        ("https://xn--mnchen-3ya.example:8443/", "https://xn--mnchen-3ya.example:8443/"),
        ("https://my_host.example.org/", "https://my_host.example.org/"),
        ("http://[::1]:8000/", "http://[::1]:8000/"),
        ("http://192.0.2.1/", "http://192.0.2.1/"),
        ("https://example.org./", "https://example.org./"),
    ],
)
def test_host_is_the_one_that_browsers_ask(url: str, expected: str) -> None:
    assert link(url) == expected


@pytest.mark.parametrize(
    "host", ["i❤.ws", "ä..example", "-ü-.example", "\u0300a.example", f"{'ü' * 60}.example"]
)
def test_host_that_there_cannot_be_is_refused_with_a_way_out(host: str) -> None:
    with pytest.raises(EventFileError) as caught:
        link(f"https://{host}/")

    (problem,) = caught.value.problems
    assert (problem.line, problem.place) == (5, "url")
    assert problem.what.startswith(f"{host!r} cannot be the name of a host (")
    assert problem.advice == (
        "correct it, or write it with xn--, as browsers copy it from their address line"
    )
