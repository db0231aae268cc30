"""What a /robots.txt lets a robot fetch."""

import pytest

from calsvc.doctor.robots import barred

AGENTS = ("Google-Calendar-Importer", "Googlebot")


@pytest.mark.parametrize(
    ("robots", "expected"),
    [
        ("", ""),
        ("User-agent: *\nDisallow:", ""),
        ("User-agent: *\nDisallow: /", "*"),
        ("user-agent : *\r\ndisallow : /ical # feeds\r\n", "*"),
        ("User-agent: *\nDisallow: /\nAllow: /ical/", ""),
        ("User-agent: *\nAllow: /\nDisallow: /ical/", "*"),
        ("User-agent: *\nDisallow: /ical/\nAllow: /ical/", ""),
        ("User-agent: *\nDisallow: /*.ics$", ""),
        ("User-agent: *\nDisallow: /*.ics", "*"),
        ("User-agent: *\nDisallow: /*?", "*"),
        ("User-agent: *\nDisallow: /*a*a*day=1$", "*"),
        ("User-agent: *\nDisallow: /ical$", ""),
        ("User-agent: *\nDisallow: /*x*x*", ""),
        ("Disallow: /", ""),
        ("User-agent: Bingbot\nDisallow: /", ""),
        ("User-agent: Googlebot/2.1\nDisallow: /", "Googlebot"),
        ("User-agent: *\nDisallow: /\n\nUser-agent: googlebot\nDisallow: /admin", ""),
        ("User-agent: Bingbot\nUser-agent: Googlebot\n\nDisallow: /", "Googlebot"),
        ("User-agent: *\nCrawl-delay: 5\nDisallow: /ical\nSitemap: https://a.example/", "*"),
        (
            "User-agent: Googlebot\nDisallow: /\nUser-agent: Google-Calendar-Importer\nAllow: /",
            "",
        ),
    ],
)
def test_longest_line_for_a_robot_counts(robots: str, expected: str) -> None:
    assert barred(robots, AGENTS, "/ical/agenda.ics?day=1") == expected


def test_hostile_lines_are_read_in_time() -> None:
    """In proportion to what is there: a line of many signs, many lines, many names."""
    names = "User-agent: a\n" * 17_000 + "Disallow: /a\n" * 20_000
    many = f"{names}User-agent: *\nDisallow: /" + "*a" * 100_000 + "$"

    assert barred(f"{many}\nDisallow: /", AGENTS, "/" + "a" * 1000) == "*"
