"""The personal feed: what it says, and what it says when the agenda changes."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from conftest import BASE_URL, schedule_of
from people import AGENDA, CONF, HOSTILE_NAME, OTHER, Browser, MySite, my_site_of
from readers import Component, Reader, component_of, each_reader, moments, read_vobject, unescaped

from calsvc.schedule.entries import Schedule
from calsvc.schedule.itineraries import derived


def entries_of(body: bytes) -> dict[str, Component]:
    """Return the entries of a feed by their titles."""
    return {
        unescaped(entry.value("SUMMARY") or ""): entry
        for entry in component_of(body).inside("VEVENT")
    }


def zones_of(body: bytes) -> list[str | None]:
    """Return the zones that a feed defines."""
    return [zone.value("TZID") for zone in component_of(body).inside("VTIMEZONE")]


@each_reader
def test_feed_has_the_chosen_sessions_alone(person: Browser, reader: Reader) -> None:
    person.choose("talk", "posters")
    person.choose("keynote", event="other")

    entries = reader(person.feed())

    [talk] = CONF.of_session("talk")
    [keynote] = OTHER.of_session("keynote")
    assert sorted((each.uid, each.summary, each.start, each.transp) for each in entries) == sorted(
        [
            (str(talk.uid), "Talk", datetime(2032, 6, 15, 7, 20, tzinfo=UTC), "OPAQUE"),
            *(
                (
                    str(entry.uid),
                    "Posters",
                    datetime(2032, 6, 15, hour, 0, tzinfo=UTC),
                    "OPAQUE",
                )
                for entry, hour in zip(CONF.of_session("posters"), (8, 12), strict=True)
            ),
            (str(keynote.uid), "Keynote", datetime(2033, 1, 10, 17, 0, tzinfo=UTC), "OPAQUE"),
        ]
    )


def test_feed_says_of_a_session_what_the_event_says(my_site: MySite, person: Browser) -> None:
    person.choose("talk")

    [mine] = component_of(person.feed()).inside("VEVENT")
    whole = person.get("/events/conf.ics?busy=yes").data

    assert mine in component_of(whole).inside("VEVENT")


def test_feed_names_itself_and_not_its_address(person: Browser) -> None:
    person.choose("talk")
    person.send(person.page().form("/my/options"), name="Ann, her days; and nights")

    body = person.feed()

    calendar = component_of(body)
    assert [(each.name, each.value) for each in calendar.properties] == [
        ("VERSION", "2.0"),
        ("PRODID", "-//calsvc//calsvc//EN"),
        ("CALSCALE", "GREGORIAN"),
        ("NAME", "Ann\\, her days\\; and nights"),
        ("X-WR-CALNAME", "Ann\\, her days\\; and nights"),
        ("X-WR-TIMEZONE", "Europe/Berlin"),
        ("REFRESH-INTERVAL", "PT15M"),
        ("X-PUBLISHED-TTL", "PT15M"),
        ("URL", f"{BASE_URL}/my/"),
        ("LAST-MODIFIED", calendar.value("LAST-MODIFIED")),
    ]
    assert person.key.encode() not in body
    assert derived(person.key, "feed", 1).encode() not in body


def test_feed_defines_the_zones_that_it_uses(person: Browser) -> None:
    person.choose("later")
    none = zones_of(person.feed())
    person.choose("talk")
    one = zones_of(person.feed())
    person.choose("keynote", event="other")

    body = person.feed()

    assert (none, one) == ([], ["Europe/Berlin"])
    assert zones_of(body) == ["Europe/Berlin", "America/Los_Angeles"]
    assert component_of(body).value("X-WR-TIMEZONE") is None
    [talk], [keynote] = CONF.of_session("talk"), OTHER.of_session("keynote")
    assert moments(body) == {
        str(talk.uid): (
            datetime(2032, 6, 15, 7, 20, tzinfo=UTC),
            datetime(2032, 6, 15, 8, 0, tzinfo=UTC),
        ),
        str(keynote.uid): (
            datetime(2033, 1, 10, 17, 0, tzinfo=UTC),
            datetime(2033, 1, 10, 18, 0, tzinfo=UTC),
        ),
    }


def new_york(event_id: str, year: int) -> Schedule:
    """Return an event in New York, on a summer's and a winter's day."""
    return schedule_of(
        f"""
        name: In {year}
        timezone: America/New_York
        dates: {{from: {year}-07-01, to: {year}-12-01}}
        sessions:
          - {{id: summer, title: Summer {year}, when: {year}-07-01 09:00-10:00}}
          - {{id: winter, title: Winter {year}, when: {year}-12-01 09:00-10:00}}
        """,
        event_id,
    )


@each_reader
def test_feed_is_exact_where_no_yearly_rule_is(tmp_path: Path, reader: Reader) -> None:
    # New York's summers grew longer in 2007: each of these years has a rule, not both.
    my_site = my_site_of(tmp_path, new_york("old", 2004), new_york("new", 2010), CONF)
    person = my_site.browser()
    person.choose("summer", "winter", event="old")
    old = person.feed()
    person.choose("talk")
    person.choose("summer", "winter", event="new")

    body = person.feed()

    assert zones_of(old) == ["America/New_York"]
    assert zones_of(body) == ["Europe/Berlin"]
    assert {entry.summary: entry.start for entry in reader(body)} == {
        "Summer 2004": datetime(2004, 7, 1, 13, 0, tzinfo=UTC),
        "Winter 2004": datetime(2004, 12, 1, 14, 0, tzinfo=UTC),
        "Summer 2010": datetime(2010, 7, 1, 13, 0, tzinfo=UTC),
        "Winter 2010": datetime(2010, 12, 1, 14, 0, tzinfo=UTC),
        "Talk": datetime(2032, 6, 15, 7, 20, tzinfo=UTC),
    }
    assert {entry.summary: entry.start for entry in reader(old)} == {
        "Summer 2004": datetime(2004, 7, 1, 13, 0, tzinfo=UTC),
        "Winter 2004": datetime(2004, 12, 1, 14, 0, tzinfo=UTC),
    }


@each_reader
def test_announced_session_becomes_the_timed_one(
    my_site: MySite, person: Browser, reader: Reader
) -> None:
    person.choose("later")
    [before] = reader(person.feed())

    my_site.publish(AGENDA.replace("title: Later", "title: Later, when: 11:00-12:00"))
    [after] = reader(person.feed())

    assert (before.start, before.end) == (date(2032, 6, 15), date(2032, 6, 16))
    assert (before.status, before.transp) == ("TENTATIVE", "TRANSPARENT")
    assert "The time will be announced." in before.description
    assert after.uid == before.uid
    assert (after.start, after.end) == (
        datetime(2032, 6, 15, 9, 0, tzinfo=UTC),
        datetime(2032, 6, 15, 10, 0, tzinfo=UTC),
    )
    assert (after.status, after.transp) == ("CONFIRMED", "OPAQUE")
    assert after.sequence > before.sequence


@each_reader
@pytest.mark.parametrize(
    ("changed", "title"),
    [
        ("title: Talk, status: cancelled", "Cancelled: Talk"),
        ("title: Talk, WHEN: none", "Postponed: Talk"),
        (None, "Cancelled: Talk"),
    ],
    ids=["cancelled", "postponed", "taken out"],
)
def test_cancelled_session_is_announced(
    my_site: MySite, person: Browser, reader: Reader, changed: str | None, title: str
) -> None:
    person.choose("talk", "closing")
    before = {entry.summary: entry for entry in reader(person.feed())}

    line = "      - {id: talk, title: Talk, when: 09:20-10:00, room: Hall B}\n"
    assert line in AGENDA
    if changed is None:
        my_site.publish(AGENDA.replace(line, ""))
    elif "WHEN" in changed:
        my_site.publish(AGENDA.replace(line, "      - {id: talk, title: Talk}\n"))
    else:
        my_site.publish(AGENDA.replace("title: Talk", changed))
    after = {entry.summary: entry for entry in reader(person.feed())}

    assert set(after) == {title, "Closing"}
    assert after["Closing"] == before["Closing"]
    talk = after[title]
    assert (talk.uid, talk.start, talk.end) == (
        before["Talk"].uid,
        before["Talk"].start,
        before["Talk"].end,
    )
    assert (talk.status, talk.transp, talk.sequence) == ("CANCELLED", "TRANSPARENT", 1)


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("status", [("Cancelled: Talk", "CANCELLED"), ("Closing", "CONFIRMED")]),
        ("mark", [("Cancelled: Talk", "CONFIRMED"), ("Closing", "CONFIRMED")]),
        ("drop", [("Closing", "CONFIRMED")]),
    ],
)
def test_cancelled_session_shows_as_the_person_wants(
    my_site: MySite, person: Browser, policy: str, expected: list[tuple[str, str]]
) -> None:
    person.choose("talk", "closing")
    person.send(person.page().form("/my/options"), cancelled=policy)
    my_site.publish(AGENDA.replace("title: Talk", "title: Talk, status: cancelled"))

    entries = read_vobject(person.feed())

    assert sorted((entry.summary, entry.status) for entry in entries) == expected
    assert ("Talk" in person.page().words) == (policy != "drop")


@each_reader
@pytest.mark.parametrize("line", ["id: later, title: Later, status: cancelled", None])
def test_cancelled_session_without_a_time_is_announced(
    my_site: MySite, person: Browser, reader: Reader, line: str | None
) -> None:
    person.choose("later")
    [before] = reader(person.feed())

    my_site.publish(
        AGENDA.replace(
            "      - {id: later, title: Later}\n", f"      - {{{line}}}\n" if line else ""
        )
    )
    [after] = reader(person.feed())

    assert (after.uid, after.summary) == (before.uid, "Cancelled: Later")
    assert (after.start, after.end) == (before.start, before.end)
    assert (after.status, after.transp, after.sequence) == ("CANCELLED", "TRANSPARENT", 1)
    assert "Later Cancelled" in person.page().words


def test_moved_session_moves_under_its_uid(my_site: MySite, person: Browser) -> None:
    person.choose("talk")
    [before] = read_vobject(person.feed())

    my_site.publish(AGENDA.replace("09:20-10:00", "12:00-12:30"))
    [after] = read_vobject(person.feed())

    assert (after.uid, after.sequence) == (before.uid, before.sequence + 1)
    assert after.start == datetime(2032, 6, 15, 10, 0, tzinfo=UTC)


def test_reminder_is_for_what_has_a_time_and_is_on(my_site: MySite, person: Browser) -> None:
    person.choose("talk", "later", "closing")
    person.send(person.page().form("/my/options"), alarm="0")
    my_site.publish(AGENDA.replace("title: Talk", "title: Talk, status: cancelled"))

    entries = entries_of(person.feed())

    alarms = {
        title: [alarm.value("TRIGGER") for alarm in entry.components]
        for title, entry in entries.items()
    }
    assert alarms == {"Cancelled: Talk": [], "Later": [], "Closing": ["-PT0M"]}


@each_reader
def test_empty_choice_is_a_friendly_calendar(person: Browser, reader: Reader) -> None:
    person.choose("talk")
    person.send(person.page().form("/my/remove"))

    body = person.feed()

    today = datetime.now(UTC).date()
    [entry] = reader(body)
    assert entry.summary == "My calendar: no session is chosen yet"
    assert abs(entry.start - today) <= timedelta(days=1)
    assert entry.end - entry.start == timedelta(days=1)
    assert (entry.status, entry.transp) == ("CONFIRMED", "TRANSPARENT")
    assert component_of(body).inside("VEVENT")[0].value("URL") == f"{BASE_URL}/my/"


@each_reader
@pytest.mark.parametrize("name", [HOSTILE_NAME[:100], "a\\nb;c,d", "🎉" * 100, "שלום"])
def test_empty_choice_of_any_name_is_valid(person: Browser, reader: Reader, name: str) -> None:
    person.choose("talk")
    person.send(person.page().form("/my/options"), name=name)
    person.send(person.page().form("/my/remove"))

    [entry] = reader(person.feed())

    assert entry.summary == f"{name}: no session is chosen yet"


def test_choice_of_what_is_not_shown_says_so(my_site: MySite, person: Browser) -> None:
    person.choose("talk")
    person.send(person.page().form("/my/options"), cancelled="drop")

    my_site.publish(AGENDA.replace("title: Talk", "title: Talk, status: cancelled"))

    [entry] = read_vobject(person.feed())
    assert entry.summary == "My calendar: no chosen session is on now"
