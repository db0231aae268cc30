"""Sessions that are all day, in calendars, in links to programs, and in what they remember."""

from datetime import date, datetime, timedelta
from urllib.parse import unquote

import pytest
from conftest import BASE_URL, NOW, event_of, schedule_of
from feeds import download, entries_of, feed
from linkreaders import query_of
from readers import faults, read_ical, read_ical_js, read_vobject, unescaped
from wholedays import ALL_DAY, all_day

from calsvc.addresses import Addresses
from calsvc.links import add_links
from calsvc.schedule.differences import changes, moved
from calsvc.schedule.entries import Schedule
from calsvc.schedule.itineraries import overlaps
from calsvc.schedule.publishing import publish
from calsvc.storage import versions
from calsvc.translations import catalog

DAYS = {
    ("Hackathon", date(2027, 6, 12), date(2027, 6, 13)),
    ("Exhibition", date(2027, 6, 12), date(2027, 6, 15)),
    ("Child care", date(2027, 6, 12), date(2027, 6, 13)),
    ("Child care", date(2027, 6, 14), date(2027, 6, 15)),
}
"""Titles, first days, and the days after the last."""
LATER = NOW + timedelta(hours=1)


def again(schedule: Schedule, old: str, new: str) -> Schedule:
    """Return the next schedule, with something written in another way."""
    assert old in ALL_DAY
    return publish(event_of(ALL_DAY.replace(old, new)), schedule, LATER)


@pytest.mark.parametrize("reader", [read_vobject, read_ical, read_ical_js])
@pytest.mark.parametrize("query", ["", "busy=yes&alarm=10"])
def test_calendar_programs_read_the_same_days(reader: object, query: str) -> None:
    body = feed(all_day(), query)
    read = reader(body)  # type: ignore[operator]

    found = {(each.summary, each.start, each.end) for each in read}
    assert DAYS <= found
    assert faults(body) == []


def test_all_day_blocks_no_time_reminds_at_none_and_needs_no_zone() -> None:
    body = feed(all_day(), "busy=yes&alarm=10")
    hack, talk = entries_of(body)["Hackathon"], entries_of(body)["Talk"]

    names = ("TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS", "STATUS")
    assert [hack.value(name) for name in names] == ["TRANSPARENT", "FREE", "CONFIRMED"]
    assert [talk.value(name) for name in names] == ["OPAQUE", "BUSY", "CONFIRMED"]
    assert (len(hack.inside("VALARM")), len(talk.inside("VALARM"))) == (0, 1)
    alone = download(all_day(), "expo")
    assert b"DTSTART;VALUE=DATE:20270612\r\nDTEND;VALUE=DATE:20270615\r\n" in alone
    assert b"VTIMEZONE" not in alone


def test_links_open_programs_with_the_days() -> None:
    entries = {each.content.title: each for each in all_day().entries}
    links = add_links(entries["Exhibition"], "conf", Addresses(BASE_URL))
    hack = add_links(entries["Hackathon"], "conf", Addresses(BASE_URL))

    google, outlook = query_of(links["google"]), query_of(links["outlook"])
    assert (google["dates"], "ctz" in google) == ("20270612/20270615", False)
    named = ("startdt", "enddt", "allday")
    assert [outlook[name] for name in named] == ["2027-06-12", "2027-06-15", "true"]
    yahoo = query_of(hack["yahoo"])
    assert (yahoo["st"], yahoo["dur"]) == ("20270612", "allday")
    assert "https://calendar.example.org/events/conf/sessions/hack/" in unquote(hack["google"])


def test_all_day_overlaps_nothing() -> None:
    found = overlaps(all_day().entries, changeover=15)

    assert [(each.first.title, each.second.title) for each in found] == [("Talk", "Panel")]


@pytest.mark.parametrize(
    ("old", "new", "fact", "line"),
    [
        (
            "when: 2027-06-12, room",
            "when: 2027-06-13 - 2027-06-14, room",
            "Hackathon: moved 2027-06-12 → 2027-06-13 – 2027-06-14",
            "New date, was Saturday 12 June 2027",
        ),
        (
            "when: 2027-06-12, room",
            "when: 2027-06-12 09:00-12:00, room",
            "Hackathon: moved 2027-06-12 → 2027-06-12 09:00–12:00",
            "New time, was Saturday 12 June 2027, all day",
        ),
        (
            "when: 2027-06-12 10:00-11:00",
            "when: 2027-06-12",
            "Talk: moved 2027-06-12 10:00–11:00 → 2027-06-12",
            "New time, was 10:00–11:00",
        ),
        (  # from midnight to midnight is something else, though the instants are the same
            "when: 2027-06-12, room",
            "when: 2027-06-12 00:00-24:00, room",
            "Hackathon: moved 2027-06-12 → 2027-06-12 00:00–00:00",
            "New time, was Saturday 12 June 2027, all day",
        ),
    ],
)
def test_moves_are_told_by_days(old: str, new: str, fact: str, line: str) -> None:
    before = all_day()
    after = again(before, old, new)

    [change] = changes(before, after)
    assert change.told() == fact
    [title, _] = fact.split(": ", 1)
    [entry] = [each for each in after.entries if each.title == title]
    assert entry.sequence == 1
    assert unescaped(entries_of(feed(after))[title].value("DESCRIPTION") or "").startswith(line)


def test_move_from_all_day_is_remembered_with_its_day() -> None:
    before = all_day()
    after = again(before, "when: 2027-06-12, room", "when: 2027-06-13 09:00-12:00, room")

    [former] = moved(after, changes(before, after)).values()
    assert (former.day, former.is_all_day) == (date(2027, 6, 12), True)


def test_another_zone_of_the_event_changes_no_all_day_entry() -> None:
    after = again(all_day(), "Asia/Tokyo", "America/New_York")

    revised = {each.title for each in after.entries if each.sequence}
    assert revised == {"Talk", "Panel"}


def test_another_zone_of_the_event_changes_no_time_from_before() -> None:
    text = ALL_DAY.replace("when: 2027-06-12 10:00-11:00", "when: 2027-06-12")
    moved_to = publish(event_of(text), all_day(), LATER)
    elsewhere = event_of(text.replace("Asia/Tokyo", "America/New_York"))
    after = publish(elsewhere, moved_to, LATER + timedelta(hours=1))

    before, now = (entries_of(feed(each))["Talk"] for each in (moved_to, after))
    assert before == now
    assert (now.value("DESCRIPTION") or "").startswith("New time\\, was 10:00–11:00")


def test_words_are_in_the_language_of_the_event() -> None:
    text = ALL_DAY.replace("name: Hack Conf", "name: Hack Conf\n    language: de")
    before = schedule_of(text)
    moved_to = text.replace("when: 2027-06-12, room", "when: 2027-06-12 09:00-12:00, room")
    after = publish(event_of(moved_to), before, LATER)

    said = unescaped(entries_of(feed(after))["Hackathon"].value("DESCRIPTION") or "")
    assert said.startswith("Neue Zeit, bisher Samstag, 12. Juni 2027, ganztägig\n")
    assert catalog("de").gettext("All day") == "Ganztägig"


def test_stored_schedule_knows_its_days_and_others_are_stored_as_before() -> None:
    schedule = all_day()
    timed = schedule_of("name: C\ntimezone: UTC\ndate: 2027-06-12\nsessions: [TALK]".replace(
        "TALK", "{id: a, title: A, when: 09:00-10:00}"
    ))  # fmt: skip

    row = {"event_id": "conf", "number": 1, **versions.contents(schedule, ())}
    assert versions.schedule_of(row).entries == schedule.entries
    assert "is_all_day" in row["schedule"]
    assert "is_all_day" not in versions.contents(timed, changes(None, timed))["schedule"]
    assert timed.entries[1].content.slot
    assert timed.entries[1].content.slot.written_start == datetime(2027, 6, 12, 9)
