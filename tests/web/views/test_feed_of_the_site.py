"""The feed of all events: of one series, or of none."""

import re

from conftest import BASE_URL, client_of, schedule_of


def test_series_keeps_to_its_events() -> None:
    head = "timezone: UTC\ndate: 2025-06-25\n"
    client = client_of(
        schedule_of(f"name: One\nseries: '@Scale'\n{head}", "one"),
        schedule_of(f"name: Two\nseries: Other Days\n{head}", "two"),
        schedule_of(f"name: Three\n{head}", "three"),
    )

    found = {
        query: re.findall(r"SUMMARY:(.*)\r\n", client.get(f"/events.ics{query}").text)
        for query in ("", "?series=@Scale", "?series=scale&series=other-days")
    }

    assert found == {
        "": ["One", "Three", "Two"],
        "?series=@Scale": ["One"],
        "?series=scale&series=other-days": ["One", "Two"],
    }


def test_series_can_be_left_out() -> None:
    head = "timezone: UTC\ndate: 2025-06-25"
    site = client_of(
        schedule_of(f"name: One\nseries: '@Scale'\n{head}", "one"),
        schedule_of(f"name: Two\nseries: Other Days\n{head}", "two"),
    )

    feed = site.get("/events.ics?series=!@Scale").text

    assert re.findall(r"^SUMMARY:(.*)\r$", feed, re.MULTILINE) == ["Two"]


def test_site_says_that_no_event_matches() -> None:
    site = client_of(schedule_of("name: One\ntimezone: UTC\ndate: 2025-06-25", "one"))

    feed = site.get("/events.ics?series=gone").text

    assert re.findall(r"^(?:SUMMARY|URL):(.*)\r$", feed, re.MULTILINE) == [
        f"{BASE_URL}/",
        "No event matches this calendar now",
        f"{BASE_URL}/",
    ]


def test_site_without_events_says_so() -> None:
    response = client_of().get("/events.ics")

    assert (response.status_code, response.text) == (503, "Nothing is published here yet.\n")
