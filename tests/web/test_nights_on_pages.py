"""Pages and filters: a night is of its evening, and what lasts for days is on each of them."""

import re
from collections import defaultdict

import pytest
from browser import OpenPage, View
from conftest import client_of, schedule_of
from flask.testing import FlaskClient
from servers import free_port, listening

from calsvc.live.events import Live
from calsvc.web.app import create_app

EVENT = """
    name: Night Conf
    timezone: Europe/Berlin
    dates: {from: 2027-06-15, to: 2027-06-17}
    DAY_ENDS
    sessions:
      - {id: opening, title: Opening, when: 2027-06-15 09:00-10:00}
      - {id: expo, title: Expo, when: {start: 2027-06-15 10:00, end: 2027-06-17 16:00}}
      - {id: party, title: Party, kind: social, when: 2027-06-16 22:00-01:00+1}
      - {id: dj, title: DJ set, kind: social, when: 2027-06-16 24:30-28:00}
      - {id: talk, title: Talk, when: 2027-06-17 11:00-12:00}
      - {id: last, title: Last dance, kind: social, when: 2027-06-18 00:30-04:00}
"""


def client(day_ends: str = "") -> FlaskClient:
    return client_of(schedule_of(EVENT.replace("DAY_ENDS", day_ends)))


def days_of(client: FlaskClient, query: str = "") -> dict[str, list[str]]:
    """Return the headings of days on the agenda page, each with the titles below."""
    html = client.get(f"/events/conf/days/{query}").get_data(as_text=True)
    found: dict[str, list[str]] = defaultdict(list)
    for day, title in re.findall(r'id="day-(2027-[\d-]+)"|<h3[^>]*>(?:<a[^>]*>)?([^<]+)', html):
        if day:
            current = found[day]
        else:
            current.append(title)
    return dict(found)


WHOLE = {
    "2027-06-15": ["Opening", "Expo"],
    "2027-06-16": ["Expo", "Party", "DJ set"],
    "2027-06-17": ["Expo", "Talk", "Last dance"],
}


def test_page_has_nights_under_their_evenings_and_what_lasts_on_each_day() -> None:
    assert days_of(client()) == WHOLE


def test_start_on_another_date_than_its_heading_has_its_date() -> None:
    html = client().get("/events/conf/days/").get_data(as_text=True)
    day = html.partition('id="day-2027-06-16"')[2].partition('id="day-2027-06-17"')[0]

    times = re.findall(r'<time datetime="([^"]+)">([^<]+)</time>', day)

    assert times == [
        ("2027-06-16T22:00+02:00", "10:00\u202fPM"),  # when the day's own sessions begin
        ("2027-06-15T10:00+02:00", "Tue, Jun 15, 10:00\u202fAM"),
        ("2027-06-17T16:00+02:00", "Thu, Jun 17, 4:00\u202fPM"),
        ("2027-06-16T22:00+02:00", "10:00\u202fPM"),
        ("2027-06-17T01:00+02:00", "Thu, Jun 17, 1:00\u202fAM"),
        ("2027-06-17T00:30+02:00", "Thu, Jun 17, 12:30\u202fAM"),
        ("2027-06-17T00:30+02:00", "Thu, Jun 17, 12:30\u202fAM"),
        ("2027-06-17T04:00+02:00", "4:00\u202fAM"),
    ]


LINES = "labels => labels.map(label => label.querySelector('time').getClientRects().length)"


@pytest.mark.slow
@pytest.mark.parametrize("locale", ["en-US", "de-DE"])
def test_label_with_a_date_has_two_lines_beside_the_agenda(
    open_page: OpenPage, locale: str
) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    app = create_app(Live([schedule_of(EVENT.replace("DAY_ENDS", ""))], url))

    view = View(locale=locale, width=1280)
    with listening(app, port), open_page(f"{url}/events/conf/days/", view) as page:
        lines = page.locator("th[scope=row]").evaluate_all(LINES)

    assert sorted(lines) == [1, 1, 1, 1, 2, 2]


def test_ids_on_the_page_are_there_once() -> None:
    html = client().get("/events/conf/days/").get_data(as_text=True)
    ids = re.findall(r' id="([^"]+)"', html)

    assert "s-expo" in ids
    assert sorted(set(ids)) == sorted(ids)


@pytest.mark.parametrize(
    ("day", "titles"),
    [
        ("2027-06-15", ["Opening", "Expo"]),
        ("2027-06-16", ["Expo", "Party", "DJ set"]),
        ("2027-06-17", ["Expo", "Talk", "Last dance"]),
    ],
)
def test_filter_by_day_has_what_touches_it_once(day: str, titles: list[str]) -> None:
    feed = client().get(f"/events/conf.ics?day={day}&banner=no").get_data(as_text=True)

    assert re.findall(r"SUMMARY:(.+?)\r\n", feed) == titles


def test_filter_by_a_day_after_the_event_has_nothing() -> None:
    feed = client().get("/events/conf.ics?day=2027-06-18").get_data(as_text=True)

    assert "Last dance" not in feed


def test_feed_has_everything_once_and_the_banner_covers_the_events_own_dates() -> None:
    feed = client().get("/events/conf.ics").get_data(as_text=True)

    assert len(re.findall("SUMMARY:", feed)) == 7
    assert "DTSTART;VALUE=DATE:20270615" in feed
    assert "DTEND;VALUE=DATE:20270618" in feed


def test_another_zone_has_the_same_boundary_on_its_own_clocks() -> None:
    assert days_of(client(), "?tz=America/New_York") == {
        # The opening at 03:00, before which the event has no evening; the talk at 05:00.
        "2027-06-15": ["Opening", "Expo"],
        "2027-06-16": ["Expo", "Party", "DJ set", "Talk"],
        "2027-06-17": ["Expo", "Last dance"],
    }
    assert days_of(client(), "?tz=Asia/Tokyo") == {
        "2027-06-15": ["Opening", "Expo"],
        "2027-06-16": ["Expo", "Party"],  # at 05:00, the DJ set at 07:30 of the 17th
        "2027-06-17": ["Expo", "DJ set", "Talk"],
        "2027-06-18": ["Last dance"],
    }


def test_event_says_when_its_days_end() -> None:
    later = EVENT.replace("2027-06-18 00:30-04:00", "2027-06-17 00:10-04:00")
    shown = days_of(client_of(schedule_of(later.replace("DAY_ENDS", "day_ends: 00:20"))))

    assert shown == {
        "2027-06-15": ["Opening", "Expo"],
        "2027-06-16": ["Expo", "Party", "Last dance"],
        "2027-06-17": ["Expo", "Party", "Last dance", "DJ set", "Talk"],
    }


def test_filters_offer_the_days_of_the_event() -> None:
    html = client().get("/events/conf/days/").get_data(as_text=True)

    assert re.findall(r'value="(2027-06-\d\d)"', html) == [
        "2027-06-15",
        "2027-06-16",
        "2027-06-17",
    ]


def test_night_of_an_event_of_one_day_stays_on_its_date() -> None:
    text = EVENT.replace("DAY_ENDS", "")
    text = (
        text[: text.index("sessions:")].replace(
            "dates: {from: 2027-06-15, to: 2027-06-17}", "date: 2027-06-15"
        )
        + """sessions:
      - {id: early, title: Early, when: 00:30-02:00}
      - {id: late, title: Late, when: 24:30-26:00}
    """
    )

    assert days_of(client_of(schedule_of(text))) == {"2027-06-15": ["Early", "Late"]}
