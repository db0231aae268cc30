"""The picture: by the worst that befalls it, an entry is there, elsewhere, or not at all."""

from collections.abc import Iterator

import pytest

from calsvc.doctor import examination
from calsvc.doctor.clients import Client, Effect, Shows
from calsvc.doctor.documents import Component, Document
from calsvc.doctor.examples import Example, Frame, document
from calsvc.doctor.findings import Finding, Found, Rule, Severity
from calsvc.doctor.picture import (
    AS_MEANT,
    MOST_ENTRIES,
    TAKEN_FOR_UTC,
    Entry,
    Picture,
    Program,
    pictured,
)
from calsvc.doctor.rules import FILES

TWO = """\
BEGIN:VTIMEZONE
TZID:Europe/Berlin
END:VTIMEZONE
BEGIN:VEVENT
SUMMARY:One
DTSTART;TZID=Europe/Berlin:20270615T090000
BEGIN:VALARM
END:VALARM
END:VEVENT
BEGIN:VEVENT
SUMMARY:Two
DTSTART:20270615T100000Z
END:VEVENT
"""


def of_body(body: str) -> Document:
    return Document(document(Frame.BODY, body))


def finding(
    *effects: Effect,
    places: tuple[Found, ...] = (Found(),),
    severity: Severity = Severity.ERROR,
) -> Finding:
    """Return a finding of a rule that no table has."""

    def find(_: Document) -> Iterator[Found]:
        return iter(places)

    example = Example(Frame.ENTRY, "", "")
    rule = Rule("some", severity, "", "", effects, "", "", find, example)
    return Finding(rule, places, len(places))


def of(client: Client, picture: Picture) -> Program:
    return next(each for each in picture.programs if each.client == client)


def shows(picture: Picture, client: Client = Client.GOOGLE) -> list[Shows | None]:
    return [each.shows for each in of(client, picture).showings]


def missing(client: Client = Client.GOOGLE) -> Effect:
    return Effect(client, "leaves it out", Shows.MISSING)


def test_sound_calendar_is_shown_as_meant_by_all() -> None:
    picture = pictured(of_body(TWO), [])

    assert picture.entries == (
        Entry("One", "2027-06-15T09:00"),
        Entry("Two", "2027-06-15T10:00+00:00"),
    )
    assert [each.client for each in picture.programs] == [*Client]
    assert {each.showings for each in picture.programs} == {(AS_MEANT, AS_MEANT)}


@pytest.mark.parametrize("named", ["VEVENT", "VALARM", "no component"])
def test_what_is_in_an_entry_befalls_that_one(named: str) -> None:
    doc = of_body(TWO)
    first = doc.entries[0]
    component = first if named == "VEVENT" else next(first.inner(named), None)
    assert component is None or isinstance(component, Component)
    place = Found(first.line + 2, "", component)

    picture = pictured(doc, [finding(missing(), places=(place,))])

    assert shows(picture) == [Shows.MISSING, None]
    assert of(Client.GOOGLE, picture).counts == {Shows.MISSING: 1}
    assert shows(picture, Client.APPLE) == [None, None]


def test_what_is_in_a_zone_befalls_the_entries_that_use_it() -> None:
    doc = of_body(TWO)
    place = Found(0, "", doc.zones["Europe/Berlin"])

    assert shows(pictured(doc, [finding(missing(), places=(place,))])) == [Shows.MISSING, None]


def test_what_is_in_the_file_befalls_all() -> None:
    doc = of_body(TWO)
    for place in (Found(), Found(2), Found(1, "", doc.calendars[0])):
        picture = pictured(doc, [finding(missing(), places=(place,))])

        assert shows(picture) == [Shows.MISSING, Shows.MISSING]


def test_what_is_in_another_component_befalls_no_entry() -> None:
    doc = of_body(f"BEGIN:VTODO\nSUMMARY:Do\nEND:VTODO\n{TWO}")
    place = Found(9, "", doc.components[0])

    assert shows(pictured(doc, [finding(missing(), places=(place,))])) == [None, None]


@pytest.mark.parametrize("is_first", [True, False])
def test_worst_of_several_is_shown(is_first: bool) -> None:
    doc = of_body(TWO)
    worse = finding(missing(), places=(Found(0, "", doc.entries[1]),))
    of_all = finding(Effect(Client.GOOGLE, "takes it for UTC", Shows.TIME))

    picture = pictured(doc, [worse, of_all] if is_first else [of_all, worse])

    assert shows(picture) == [Shows.TIME, Shows.MISSING]
    assert list(of(Client.GOOGLE, picture).counts) == [Shows.MISSING, Shows.TIME]


def test_one_bad_entry_can_leave_nothing_of_a_calendar() -> None:
    doc = of_body(TWO)
    effect = Effect(Client.HOME_ASSISTANT, "refuses the calendar", Shows.NOTHING)

    picture = pictured(doc, [finding(effect, places=(Found(0, "", doc.entries[0]),))])

    program = of(Client.HOME_ASSISTANT, picture)
    assert (program.nothing, program.showings) == ("refuses the calendar", ())


def test_what_is_late_for_all_is_said_once() -> None:
    late = Effect(Client.NEXTCLOUD, "looks once a week", Shows.STALE)

    program = of(Client.NEXTCLOUD, pictured(of_body(TWO), [finding(late)]))

    assert (program.remarks, program.showings) == (("looks once a week",), (AS_MEANT, AS_MEANT))


# --- what is not sure ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("does", "severity", "is_whole"),
    [
        ("may leave it out", Severity.ERROR, False),
        ("leaves it out", Severity.WARNING, False),
        ("leaves entries out", Severity.ERROR, True),
    ],
    ids=["may", "warning", "some of all"],
)
def test_what_is_not_sure_is_told_as_such(does: str, severity: Severity, is_whole: bool) -> None:
    doc = of_body(TWO)
    place = Found() if is_whole else Found(0, "", doc.entries[0])

    picture = pictured(
        doc,
        [finding(Effect(Client.APPLE, does, Shows.MISSING), places=(place,), severity=severity)],
    )

    program = of(Client.APPLE, picture)
    assert not program.showings[0].is_sure
    assert (program.counts, program.perhaps) == ({}, {Shows.MISSING: 1 + is_whole})


def test_what_is_sure_is_shown_before_what_may_be_worse() -> None:
    doc = of_body(TWO)
    perhaps = finding(Effect(Client.APPLE, "may leave it out", Shows.MISSING))
    surely = finding(Effect(Client.APPLE, "shows an hour later", Shows.TIME))

    assert shows(pictured(doc, [perhaps, surely]), Client.APPLE) == [Shows.TIME] * 2


def test_program_that_may_refuse_a_calendar_may_show_it() -> None:
    refusing = finding(Effect(Client.APPLE, "may show the file as text", Shows.NOTHING))

    program = of(Client.APPLE, pictured(of_body(TWO), [refusing]))

    assert (program.nothing, program.is_nothing_sure) == ("may show the file as text", False)
    assert program.showings == (AS_MEANT, AS_MEANT)


# --- local times that are taken for UTC ---------------------------------------------------

FLOATING = "BEGIN:VEVENT\nSUMMARY:One\nDTSTART:20270615T233000\nEND:VEVENT\n"
BERLIN = "BEGIN:VTIMEZONE\nTZID:Europe/Berlin\nEND:VTIMEZONE\n"


@pytest.mark.parametrize(
    ("body", "at"),
    [
        (FLOATING, "2027-06-15T23:30+00:00"),
        (BERLIN + FLOATING, "2027-06-16T01:30"),
        (
            f"{FLOATING}BEGIN:VEVENT\nDTSTART;TZID=Europe/Berlin:20270615T1000\nEND:VEVENT\n",
            "2027-06-16T01:30",
        ),
        (FLOATING.replace("20270615T2330", "99991231T2330"), "9999-12-31T23:30+00:00"),
        (BERLIN + FLOATING.replace("20270615T2330", "99991231T2330"), ""),
        (BERLIN + FLOATING.replace("DTSTART:2", "DTSTART;VALUE=DATE:20270615\nDTEND:2"), ""),
    ],
    ids=[
        "no zone",
        "one zone",
        "zone of another entry",
        "last day",
        "after the last day",
        "end alone",
    ],
)
def test_time_at_which_it_is_shown_is_told_where_it_is_known(body: str, at: str) -> None:
    doc = of_body(body)
    [found] = [x for x in examination.of_file(doc) if x.rule.name == "time-without-zone"]

    showing, *_ = of(Client.EVOLUTION, pictured(doc, [found])).showings

    assert (showing.shows, showing.at) == (Shows.TIME, at)


def test_google_takes_the_zone_that_a_calendar_declares() -> None:
    lines = "X-WR-TIMEZONE:Europe/Berlin\nDTSTART:20270615T090000"
    octets = document(Frame.ENTRY, lines).replace(
        b"VERSION:2.0", b"VERSION:2.0\r\nX-WR-TIMEZONE:Europe/Berlin"
    )
    doc = Document(octets)
    found = [x for x in examination.of_file(doc) if x.rule.name == "time-without-zone"]

    picture = pictured(doc, found)

    assert shows(picture) == [None]
    assert of(Client.EVOLUTION, picture).showings[0].at == "2027-06-15T11:00"


def test_rules_by_which_times_are_worked_out_exist() -> None:
    effects = {(rule.name, effect.client) for rule in FILES for effect in rule.effects}

    assert effects >= TAKEN_FOR_UTC


# --- many ---------------------------------------------------------------------------------


def test_all_entries_are_counted_and_the_first_are_shown() -> None:
    number = 3 * MOST_ENTRIES
    doc = of_body(FLOATING * number)

    picture = pictured(doc, examination.of_file(doc))

    program = of(Client.EVOLUTION, picture)
    assert (picture.total, sum(program.counts.values())) == (number, number)
    assert (len(picture.entries), len(program.showings)) == (MOST_ENTRIES, MOST_ENTRIES)


def test_zone_that_stands_there_often_takes_no_longer() -> None:
    doc = of_body(BERLIN * 3000 + TWO.partition("END:VTIMEZONE\n")[2] * 1500)
    zones = [each for each in doc.components if each.name == "VTIMEZONE"]
    places = tuple(Found(each.line, "", each) for each in zones)

    program = of(Client.GOOGLE, pictured(doc, [finding(missing(), places=places)]))

    assert program.counts == {Shows.MISSING: 1500}
