"""Which events are to come: by their own clocks, and in their series."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import BASE_URL, schedule_of
from pages import Page
from people import my_site_of

from calsvc.live.events import Live
from calsvc.web.app import create_app
from calsvc.web.coming import coming_and_past, is_on, is_over, next_of_series

NOW = datetime(2027, 6, 16, 12, tzinfo=UTC)


def live_of(*events: tuple[str, str, str]) -> Live:
    """Return a site of events: their ids, what their files say of days, and what else."""
    return Live(
        [
            schedule_of(f"name: {name}\n{days}\n{rest}\ntimezone: Europe/Berlin\n", name)
            for name, days, rest in events
        ],
        BASE_URL,
    )


def test_what_is_on_or_to_come_comes_first_and_what_is_over_goes_backwards() -> None:
    live = live_of(
        ("old", "date: 2025-01-01", ""),
        ("last", "date: 2027-06-01", ""),
        ("yesterday", "date: 2027-06-15", ""),  # somewhere that is today
        ("on", "dates: {from: 2027-06-14, to: 2027-06-17}", ""),
        ("later", "date: 2028-01-01", ""),
    )

    coming, past = coming_and_past(live.events, NOW)

    assert [each.event.id for each in coming] == ["on", "yesterday", "later"]
    assert [each.event.id for each in past] == ["last", "old"]


@pytest.mark.parametrize(
    ("moment", "is_on_then", "is_over_then"),
    [
        ("2027-06-14T21:59+00:00", False, False),
        ("2027-06-15T04:00+00:00", True, False),
        ("2027-06-16T03:59+00:00", True, False),  # at night it is still the evening before
        ("2027-06-16T04:00+00:00", False, True),
    ],
)
def test_event_is_on_and_over_by_its_own_clock(
    moment: str, is_on_then: bool, is_over_then: bool
) -> None:
    event = live_of(("conf", "date: 2027-06-15", "")).events[0].event
    now = datetime.fromisoformat(moment)

    assert (is_on(event, now), is_over(event, now)) == (is_on_then, is_over_then)


def test_next_of_a_series_is_the_first_that_takes_place() -> None:
    live = live_of(
        ("first", "date: 2027-06-01", "series: Days"),
        ("other", "date: 2027-06-20", "series: Nights"),
        ("alone", "date: 2027-06-20", ""),
        ("off", "date: 2027-07-01", "series: Days\nstatus: cancelled"),
        ("second", "date: 2027-08-01", "series: Days"),
        ("third", "date: 2027-09-01", "series: Days"),
    )
    events = {each.event.id: each.event for each in live.events}

    found = {name: next_of_series(event, live.events, NOW) for name, event in events.items()}

    assert {name: each.id if each else None for name, each in found.items()} == {
        "first": "second",
        "other": None,
        "alone": None,
        "off": "second",
        "second": "third",
        "third": None,
    }


def test_page_of_a_past_event_says_so_and_offers_the_next() -> None:
    live = live_of(
        ("past", "date: 2020-06-01", "series: Days"), ("next", "date: 2036-06-01", "series: Days")
    )
    client = create_app(live).test_client()

    past = client.get("/events/past/")

    page = Page(past)
    assert "This event ended on Monday, June 1, 2020. The next one: next," in page.words
    assert "/events/next/" in page.links
    assert "not out yet" not in page.words
    assert '<a class="button" href="/events/past/subscribe/">' in past.text
    coming = client.get("/events/next/")
    assert "not out yet" in coming.text
    assert '<a class="button strong" href="/events/next/subscribe/">' in coming.text


def test_page_of_a_cancelled_event_asks_nobody_to_subscribe() -> None:
    live = live_of(("off", "date: 2036-06-01", "status: cancelled"))

    page = Page(create_app(live).test_client().get("/events/off/"))

    assert "This event is cancelled. If you had subscribed, your calendar says so." in page.words
    assert "not out yet" not in page.words
    assert not any("subscribe" in link for link in page.links)


def test_my_calendar_begins_with_no_event_that_is_called_off(tmp_path: Path) -> None:
    agendas = {
        name: schedule_of(f"{{name: {name}, timezone: UTC, date: {day}, {more}}}", name)
        for name, day, more in (
            ("off", "2036-06-01", "status: cancelled"),
            ("on", "2036-06-02", "status: confirmed"),
            ("past", "2020-06-01", "status: cancelled"),
        )
    }
    person = my_site_of(tmp_path, *agendas.values()).browser()

    links = person.page().links

    assert "/events/on/" in links
    assert not {"/events/off/", "/events/past/"} & {*links}
