"""What the entries of a calendar say."""

from datetime import UTC, datetime, timedelta

import pytest
from conftest import BASE_URL, NOW, event_of, schedule_of
from feeds import THREE, download, entries_of, feed
from readers import Read, Reader, component_of, each_reader, faults, read_vobject, unescaped

from calsvc.schedule.entries import Schedule
from calsvc.schedule.publishing import publish

SAYS = ("STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS")


def states(body: bytes) -> dict[str, tuple[str | None, ...]]:
    """Return status and busyness of the entries of a feed by their titles."""
    return {
        title: tuple(entry.value(name) for name in SAYS)
        for title, entry in entries_of(body).items()
    }


FREE = {"Conf": ("CONFIRMED", "TRANSPARENT", "FREE")}
OFF = {"Cancelled: Off": ("CANCELLED", "TRANSPARENT", "FREE")}
PROGRAMME = {
    "Sure": ("CONFIRMED", "TRANSPARENT", "FREE"),
    "Maybe": ("TENTATIVE", "TRANSPARENT", "FREE"),
}
PERSONAL = {
    "Sure": ("CONFIRMED", "OPAQUE", "BUSY"),
    "Maybe": ("TENTATIVE", "OPAQUE", "TENTATIVE"),
}
MARKED = {"Cancelled: Off": ("CONFIRMED", "TRANSPARENT", "FREE")}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", FREE | PROGRAMME | OFF),
        ("busy=no", FREE | PROGRAMME | OFF),
        ("busy=yes", FREE | PERSONAL | OFF),
        ("cancelled=mark", FREE | PROGRAMME | MARKED),
        ("cancelled=drop", FREE | PROGRAMME),
        ("busy=yes&cancelled=mark", FREE | PERSONAL | MARKED),
        ("cancelled=drop&banner=no", PROGRAMME),
    ],
)
def test_status_and_busyness_of_entries_agree(
    query: str, expected: dict[str, tuple[str, str, str]]
) -> None:
    schedule = schedule_of(THREE)

    said = states(feed(schedule, query))

    assert said == expected


@pytest.mark.parametrize(
    ("session_id", "query", "expected"),
    [
        ("sure", "", {"Sure": PERSONAL["Sure"]}),
        ("sure", "busy=no", {"Sure": PROGRAMME["Sure"]}),
        ("maybe", "busy=yes", {"Maybe": PERSONAL["Maybe"]}),
        ("off", "", OFF),
        ("off", "cancelled=mark", MARKED),
        (
            "off",
            "cancelled=drop",
            {"Conf: nothing matches this calendar now": ("CONFIRMED", "TRANSPARENT", "FREE")},
        ),
    ],
)
def test_download_is_a_personal_choice(
    session_id: str, query: str, expected: dict[str, tuple[str, str, str]]
) -> None:
    schedule = schedule_of(THREE)

    said = states(download(schedule, session_id, query))

    assert said == expected


def test_cancelled_event_cancels_all_its_entries() -> None:
    schedule = schedule_of(THREE.replace("name: Conf\n", "name: Conf\n    status: cancelled\n"))

    said = states(feed(schedule, "busy=yes"))

    cancelled = ("CANCELLED", "TRANSPARENT", "FREE")
    titles = ("Cancelled: Conf", "Cancelled: Sure", "Cancelled: Maybe", "Cancelled: Off")
    assert said == dict.fromkeys(titles, cancelled)


@each_reader
def test_session_that_loses_its_time_is_postponed_and_comes_back(reader: Reader) -> None:
    first = schedule_of(THREE)
    waiting = THREE.replace('title: Sure, when: "09:00-10:00"', "title: Sure")
    back = THREE.replace('title: Sure, when: "09:00-10:00"', 'title: Sure, when: "15:00-16:00"')

    second = publish(event_of(waiting), first, NOW + timedelta(days=1))
    third = publish(event_of(back), second, NOW + timedelta(days=2))

    def sure(schedule: Schedule) -> Read:
        return next(each for each in reader(feed(schedule)) if "Sure" in each.summary)

    was, postponed, again = map(sure, (first, second, third))
    seven = datetime(2026, 6, 25, 7, 0, tzinfo=UTC)
    assert [
        (each.uid, each.summary, each.start, each.status, each.sequence)
        for each in (was, postponed, again)
    ] == [
        (was.uid, "Sure", seven, "CONFIRMED", 0),
        (was.uid, "Postponed: Sure", seven, "CANCELLED", 1),
        (was.uid, "Sure", seven + timedelta(hours=6), "CONFIRMED", 2),
    ]
    assert postponed.description.startswith("Postponed: a new time will be announced.\n\n")
    banner = reader(feed(second))[0]
    assert "Announced, with a time to come:\n- Sure" in banner.description


def test_alarm_is_on_each_timed_entry_that_takes_place() -> None:
    schedule = schedule_of(THREE)

    alarms = {
        title: [[tuple(each) for each in alarm.properties] for alarm in entry.components]
        for title, entry in entries_of(feed(schedule, "alarm=10")).items()
    }

    def alarm(title: str) -> list[list[tuple[str, dict[str, str], str]]]:
        return [[("ACTION", {}, "DISPLAY"), ("DESCRIPTION", {}, title), ("TRIGGER", {}, "-PT10M")]]

    assert alarms == {
        "Conf": [],
        "Sure": alarm("Sure"),
        "Maybe": alarm("Maybe"),
        "Cancelled: Off": [],
    }


def test_parts_point_at_the_entries_that_they_belong_to(ai_data: Schedule) -> None:
    entries = component_of(feed(ai_data, "parts=yes")).inside("VEVENT")

    times = {
        entry.value("UID"): (entry.value("DTSTART"), entry.value("DTEND")) for entry in entries
    }
    parts = [entry for entry in entries if entry.all("RELATED-TO")]
    assert len(parts) == 84
    for part in parts:
        [parent] = part.all("RELATED-TO")
        assert parent.parameters == {"RELTYPE": "PARENT"}
        assert times[parent.value] == (part.value("DTSTART"), part.value("DTEND"))
    assert len({part.value("RELATED-TO") for part in parts}) == 3


def test_extras_are_said_where_the_agenda_has_them(rich: Schedule) -> None:
    entries = entries_of(feed(rich))

    def extras(title: str) -> dict[str, list[tuple[dict[str, str], str]]]:
        names = ("COLOR", "GEO", "X-APPLE-STRUCTURED-LOCATION", "CONFERENCE", "IMAGE", "URL")
        said = {name: entries[title].all(name) for name in names}
        return {
            name: [(each.parameters, each.value) for each in found]
            for name, found in said.items()
            if found
        }

    def apple(title: str) -> dict[str, str]:
        return {"VALUE": "URI", "X-APPLE-RADIUS": "100", "X-TITLE": title}

    video = {"VALUE": "URI", "FEATURE": "VIDEO", "LABEL": "Ansehen"}
    house = 'Haus, "Mitte" ^1, Straße 1; Berlin'
    assert extras('Conf\\, "quoted"\\; 日本') == {
        "COLOR": [({}, "teal")],
        "GEO": [({}, "52.52;13.405")],
        "X-APPLE-STRUCTURED-LOCATION": [(apple(house), "geo:52.52,13.405")],
        "CONFERENCE": [(video, "https://example.org/live")],
        "IMAGE": [({"VALUE": "URI", "DISPLAY": "BADGE"}, "https://example.org/logo.png")],
        "URL": [({}, "https://example.org/")],
    }
    assert extras("Opening") == {
        "GEO": [({}, "52.5;-13.25")],
        "X-APPLE-STRUCTURED-LOCATION": [(apple(f"Saal, {house}"), "geo:52.5,-13.25")],
        "URL": [({}, f"{BASE_URL}/events/conf/sessions/opening/")],
    }
    assert extras("Maybe")["COLOR"] == [({}, "red")]
    assert extras("From Los Angeles")["CONFERENCE"] == [(video, "https://example.org/remote")]
    assert extras("Verschoben: Postponed") == {
        "URL": [({}, f"{BASE_URL}/events/conf/sessions/postponed/")]
    }


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("https://example.org/a,b;c?d=e&f=%20#g", "https://example.org/a,b;c?d=e&f=%20#g"),
        ("https://bücher.example/é", "https://xn--bcher-kva.example/%C3%A9"),
        (f"https://example.org/{'x' * 300}", f"https://example.org/{'x' * 300}"),
    ],
)
def test_links_stand_as_they_are(written: str, said: str) -> None:
    schedule = schedule_of(f"""
        name: Conf
        timezone: Europe/Berlin
        date: 2026-06-25
        sessions:
          - {{id: talk, title: Talk, when: "09:00-10:00", url: "{written}", stream: "{written}"}}
        """)

    body = feed(schedule)

    entry = entries_of(body)["Talk"]
    [read] = [each for each in read_vobject(body) if each.summary == "Talk"]
    assert (entry.value("URL"), entry.value("CONFERENCE")) == (said, said)
    assert read.description.startswith(f"Watch: {said}\n\n")
    assert read.description.endswith(f"\n\n{said}")
    assert faults(body) == []


def test_structured_location_is_titled_as_the_location(rich: Schedule) -> None:
    entries = component_of(feed(rich, "parts=yes")).inside("VEVENT")

    titled = {
        each.parameters["X-TITLE"]: unescaped(entry.value("LOCATION") or "")
        for entry in entries
        for each in entry.all("X-APPLE-STRUCTURED-LOCATION")
    }

    assert len(titled) == 2
    assert all(title == location for title, location in titled.items())
