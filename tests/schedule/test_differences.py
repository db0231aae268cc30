"""What changed is told in parts: in English, in other languages, and on the agenda."""

import textwrap
from datetime import UTC, datetime, timedelta

import pytest
from babel.messages.extract import extract_from_dir
from conftest import NOW, PROJECT, event_of

from calsvc.releases import RETURNS, WITHDRAWN
from calsvc.schedule.differences import Change, Former, changes, moved
from calsvc.schedule.entries import Entry, Schedule
from calsvc.schedule.phrases import Phrase
from calsvc.schedule.publishing import CANCELLED_FOR, publish


def sentences(found: tuple[Change, ...]) -> tuple[str, ...]:
    """Return changes as people read them in English."""
    return tuple(change.told() for change in found)


def found(before: str, after: str, *between: str, days_later: int = 0) -> tuple[Change, ...]:
    """Return the changes by the last edit of an agenda."""
    schedule = publish(event_of(before), None, NOW)
    for text in between:
        schedule = publish(event_of(text), schedule, NOW)
    now = NOW + timedelta(days=days_later)
    return changes(schedule, publish(event_of(after), schedule, now))


def told(before: str, after: str, *between: str, days_later: int = 0) -> tuple[str, ...]:
    """Return the words for the last edit of an agenda."""
    return sentences(found(before, after, *between, days_later=days_later))


SHORT = """
    name: Conf
    timezone: Europe/Berlin
    dates: {from: 2027-06-15, to: 2027-06-16}
    venue: {name: Old Hall, address: Street 1}
    sessions:
      - id: talk
        title: Talk
        when: 2027-06-15 10:00-10:30
        room: A
        people: [{name: Ada Example, organization: Engines}]
        description: Words.
      - {id: other, title: Other, when: 2027-06-16 10:00-10:30}
      - {id: later, title: Later}
"""
OTHER = "      - {id: other, title: Other, when: 2027-06-16 10:00-10:30}\n"


EDITS = [
    (
        "  - {id: later, title: Later}",
        "  - {id: later, title: Later}\n"
        "      - {id: new, title: New, when: 2027-06-16 11:00-12:00, room: B}",
        ("New: added, 2027-06-16 11:00–12:00, B",),
    ),
    (
        "{id: later, title: Later}",
        "{id: later, title: Later}\n      - {id: new, title: New}",
        ("New: added, with its time to be announced",),
    ),
    (
        "title: Later}",
        "title: Later, when: 2027-06-16 11:00-12:00, room: B}",
        ("Later: scheduled, 2027-06-16 11:00–12:00, B",),
    ),
    ("10:00-10:30\n", "11:30-12:00\n", ("Talk: moved 10:00 → 11:30",)),
    ("10:00-10:30\n", "10:00-10:45\n", ("Talk: ends 10:30 → 10:45",)),
    ("10:00-10:30\n", "11:00-12:00\n", ("Talk: moved 10:00–10:30 → 11:00–12:00",)),
    (
        "2027-06-15 10:00-10:30",
        "2027-06-16 09:00-09:30",
        ("Talk: moved 2027-06-15 10:00–10:30 → 2027-06-16 09:00–09:30",),
    ),
    ("room: A", "room: B", ("Talk: room A → B",)),
    ("room: A", "level: easy", ("Talk: room A → to be announced, level changed",)),
    ("10:00-10:30}", "10:00-10:30, room: B}", ("Other: room to be announced → B",)),
    ("title: Talk", "title: Speech", ("Speech: renamed, was Talk",)),
    ("title: Other", "title: Other, status: cancelled", ("Other: cancelled",)),
    ("title: Other", "title: Other, status: tentative", ("Other: now tentative",)),
    (OTHER, "", ("Other: cancelled",)),
    (
        ", when: 2027-06-16 10:00-10:30",
        "",
        ("Other: postponed, with its new time to be announced",),
    ),
    (
        "name: Ada Example, organization: Engines",
        "name: Bob Example",
        ("Talk: without Ada Example, with Bob Example",),
    ),
    ("Engines", "Machines", ("Talk: Ada Example is with Machines",)),
    ("Engines", "Engines, role: moderator", ("Talk: Ada Example is moderator",)),
    ("Words.", "Other words.", ("Talk: description changed",)),
    ("room: A", "room: A\n        url: https://x.org/", ("Talk: web page changed",)),
    ("name: Old Hall", "name: New Hall", ("Conf: place Old Hall → New Hall",)),
    ("Street 1", "Street 2", ("Conf: address changed",)),
    ("name: Conf", "name: Conference", ("Conference: renamed, was Conf",)),
    ("to: 2027-06-16", "to: 2027-06-17", (
        "Conf: moved 2027-06-15 to 2027-06-16 → 2027-06-15 to 2027-06-17",
    )),
    ("name: Conf", "name: Conf\n    status: cancelled", ("Conf: cancelled",)),
    (
        "Europe/Berlin",
        "Europe/London",
        (
            "Talk: times given in Europe/London, moved 09:00 → 10:00",
            "Other: times given in Europe/London, moved 09:00 → 10:00",
        ),
    ),
    ("title: Later", "title: Some Day", ("Some Day: renamed, was Later",)),
]  # fmt: skip
"""Edits of that agenda, and what they are told as."""


@pytest.mark.parametrize(("old", "new", "words"), EDITS)
def test_changes_in_words(old: str, new: str, words: tuple[str, ...]) -> None:
    after = SHORT.replace(old, new)

    assert after != SHORT
    assert told(SHORT, after) == words


def test_changes_of_what_comes_back_say_when_and_where() -> None:
    off = SHORT.replace("title: Talk", "title: Talk\n        status: cancelled")
    postponed = SHORT.replace("        when: 2027-06-15 10:00-10:30\n", "")
    moved = SHORT.replace("10:00-10:30\n", "12:00-12:30\n")

    assert told(SHORT, SHORT, off) == ("Talk: back on the agenda, 2027-06-15 10:00–10:30, A",)
    assert told(SHORT, moved, postponed) == ("Talk: back on the agenda, 2027-06-15 12:00–12:30, A",)
    assert told(SHORT, off, postponed) == ("Talk: cancelled",)


def test_changes_long_after_the_event_say_what_is_no_longer_listed() -> None:
    off = SHORT.replace(OTHER, "")
    days = (datetime(2027, 6, 16) - NOW.replace(tzinfo=None) + CANCELLED_FOR).days + 2

    assert told(SHORT, off, off, days_later=days) == ("Other: no longer listed as cancelled",)
    assert told(SHORT, off, days_later=days) == ("Other: removed",)


MANY = """
    name: Conf
    timezone: Europe/Berlin
    date: 2027-06-15
    sessions:
      - id: posters
        title: Posters
        kind: poster-session
        room: A
        when: [10:00-11:00, 12:00-13:00, 14:00-15:00]
      - {id: one, title: One, kind: poster, part_of: posters}
"""


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("title: One", "title: Two", ("Two: renamed, was One",)),
        (
            "room: A",
            "room: B",
            ("Posters: room A → B", "One: room A → B"),
        ),
        (
            "12:00-13:00, ",
            "",
            (
                "One (2027-06-15 12:00–13:00): cancelled",
                "Posters (2027-06-15 12:00–13:00): cancelled",
            ),
        ),
        (
            "12:00-13:00",
            "12:30-13:30",
            (
                "One (2027-06-15 12:00–13:00): moved 12:00 → 12:30",
                "Posters (2027-06-15 12:00–13:00): moved 12:00 → 12:30",
            ),
        ),
        (
            "part_of: posters",
            "part_of: posters, status: cancelled",
            ("One: cancelled",),
        ),
        (
            "14:00-15:00]",
            "14:00-15:00, 16:00-17:00]",
            ("One: added, 2027-06-15 16:00–17:00, A", "Posters: added, 2027-06-15 16:00–17:00, A"),
        ),
    ],
)  # fmt: skip
def test_changes_of_a_session_with_several_times(
    old: str, new: str, words: tuple[str, ...]
) -> None:
    assert sorted(told(MANY, MANY.replace(old, new))) == sorted(words)


def test_changes_of_a_first_version_count_posters_apart_and_nothing_cancelled() -> None:
    posters = "".join(
        f"      - {{id: p{number}, title: P{number}, kind: poster, part_of: whole}}\n"
        for number in range(2)
    )
    text = f"""
    name: Conf
    timezone: Europe/Berlin
    date: 2027-06-15
    sessions:
      - {{id: whole, title: Posters, kind: poster-session, when: 12:00-13:00}}
      - {{id: off, title: Off, when: 14:00-15:00, status: cancelled}}
{posters}"""
    one = text.replace("  - {id: p1, title: P1, kind: poster, part_of: whole}\n", "")

    assert [
        sentences(changes(None, publish(event_of(each), None, NOW))) for each in (text, one)
    ] == [
        ("First published, with 1 session and 2 posters",),
        ("First published, with 1 session and 1 poster",),
    ]


def test_changes_of_a_first_version_count_its_sessions() -> None:
    one = textwrap.dedent(MANY).replace("  - {id: one", "  # {id: one")

    assert [
        sentences(changes(None, publish(event_of(text), None, NOW))) for text in (MANY, one)
    ] == [
        ("First published, with 1 session and 1 poster",),
        ("First published, with 1 session",),
    ]


# --- parts --------------------------------------------------------------------------------


def as_it_was(entry: Entry, start: str) -> Former:
    """Return an entry as it was in room A at a local time of Berlin."""
    return Former(
        uid=entry.uid,
        written_start=datetime.fromisoformat(start),
        timezone="Europe/Berlin",
        room="A",
    )


def test_change_names_the_session_and_the_entry_as_it_was() -> None:
    schedule = publish(event_of(SHORT), None, NOW)
    (talk,) = schedule.of_session("talk")
    (banner,) = (entry for entry in schedule.entries if entry.is_banner)
    after = SHORT.replace("10:00-10:30\n", "11:30-12:00\n").replace("name: Conf", "name: Con")

    assert found(SHORT, after) == (
        Change(
            title="Con",
            facts=(Phrase(words="renamed, was {title}", values={"title": "Conf"}),),
            former=(Former(uid=banner.uid),),
        ),
        Change(
            title="Talk",
            session="talk",
            facts=(
                Phrase(
                    words="moved {before} → {after}", values={"before": "10:00", "after": "11:30"}
                ),
            ),
            former=(as_it_was(talk, "2027-06-15 10:00"),),
        ),
    )


def test_change_told_once_of_several_entries_has_the_former_time_of_each() -> None:
    schedule = publish(event_of(MANY), None, NOW)

    (change,) = found(MANY, MANY.replace("title: Posters", "title: Pictures"))

    assert change.former == tuple(
        as_it_was(entry, f"2027-06-15 {hour}:00")
        for entry, hour in zip(schedule.of_session("posters"), (10, 12, 14), strict=True)
    )


def test_change_of_something_new_has_no_former_time() -> None:
    new = "{id: later, title: Later}\n      - {id: new, title: New, when: 2027-06-16 11:00-12:00}"

    (change,) = found(SHORT, SHORT.replace("{id: later, title: Later}", new))

    assert [(each.start, each.room) for each in change.former] == [(None, None)]


# --- other languages ----------------------------------------------------------------------

GERMAN = {
    "First published, with {number} sessions": "Veröffentlicht, mit {number} Programmpunkten",
    "moved {before} → {after}": "verlegt von {before} auf {after}",
    "room {before} → {after}": "jetzt in {after} statt {before}",
    "to be announced": "noch offen",
    "{name} is moderator": "{name} moderiert",
    "{first} to {last}": "{first} bis {last}",
    "added, {when}": "neu, {when}",
    "with its time to be announced": "Zeit noch offen",
    "description changed": "Beschreibung geändert",
}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("10:00-10:30\n", "11:30-12:00\n", "Talk: verlegt von 10:00 auf 11:30"),
        ("        room: A\n", "", "Talk: jetzt in noch offen statt A"),
        ("Engines", "Engines, role: moderator", "Talk: Ada Example moderiert"),
        ("Words.", "Other words.", "Talk: Beschreibung geändert"),
        (
            "{id: later, title: Later}",
            "{id: later, title: Later}\n      - {id: new, title: New}",
            "New: neu, Zeit noch offen",
        ),
        (
            "to: 2027-06-16",
            "to: 2027-06-17",
            "Conf: verlegt von 2027-06-15 bis 2027-06-16 auf 2027-06-15 bis 2027-06-17",
        ),
    ],
)  # fmt: skip
def test_changes_in_another_language(old: str, new: str, words: str) -> None:
    (change,) = found(SHORT, SHORT.replace(old, new))

    assert change.told(GERMAN.__getitem__) == words


def test_changes_of_a_first_version_in_another_language() -> None:
    (change,) = changes(None, publish(event_of(SHORT), None, NOW))

    assert change.told(GERMAN.__getitem__) == "Veröffentlicht, mit 3 Programmpunkten"


def test_texts_of_the_agenda_are_never_taken_for_words() -> None:
    braces = SHORT.replace("title: Talk", 'title: "to be announced {before} {0} {"')
    after = braces.replace("room: A", "room: '{after}'").replace("to be announced {b", "T {b")

    (change,) = found(braces, after)

    assert change.told({**GERMAN, "renamed, was {title}": "früher {title}"}.__getitem__) == (
        "T {before} {0} {: jetzt in {after} statt A, früher to be announced {before} {0} {"
    )


EVENT_OFF = ("name: Conf", "name: Conf\n    status: cancelled")
FIRSTS = (
    "{name: Conf, timezone: UTC, date: 2027-06-15}",
    "{name: Conf, timezone: UTC, date: 2027-06-15, sessions: [{id: talk, title: Talk}]}",
)


def test_words_are_all_found_by_translators() -> None:
    agendas = [SHORT.replace(old, new) for old, new, _ in EDITS]
    off = SHORT.replace("title: Talk", "title: Talk\n        status: cancelled")
    without = SHORT.replace(OTHER, "")
    edits = [found(SHORT, agenda) for agenda in agendas]
    edits += [found(SHORT, SHORT, off), found(SHORT, SHORT, SHORT.replace(*EVENT_OFF))]
    edits += [found(SHORT, without, *between, days_later=2000) for between in ((), (without,))]
    edits += [changes(None, publish(event_of(agenda), None, NOW)) for agenda in (SHORT, *FIRSTS)]
    asked: list[str] = []

    def ask(words: str) -> str:
        asked.append(words)
        return words

    for change in (*(each for edit in edits for each in edit), RETURNS, WITHDRAWN):
        change.told(ask)
    listed = {words for _, _, words, _, _ in extract_from_dir(PROJECT / "calsvc")}

    assert {"removed", "back on the agenda", "{first} to {last}", "Withdrawn"} <= set(asked)
    assert set(asked) - listed == set()


# --- what moved ---------------------------------------------------------------------------


def instant(text: str) -> datetime:
    """Return an instant of UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def former(*whens: str) -> tuple[str | None, str | None]:
    """Return when, by UTC, and where a talk was that had these times and rooms in turn."""
    schedule: Schedule | None = None
    past: list[Change] = []
    for when in whens:
        text = f"""
            name: Conf
            timezone: UTC
            dates: {{from: 2027-06-15, to: 2027-06-16}}
            sessions:
              - {{id: other, title: Other, when: 2027-06-15 09:00-09:30, room: A}}
              - {{id: talk, title: Talk, {when}}}
        """
        before, schedule = schedule, publish(event_of(text), schedule, NOW)
        past += changes(before, schedule)
    assert schedule
    (talk,) = schedule.of_session("talk")
    now = moved(schedule, past)
    assert set(now) <= {talk.uid}
    if talk.uid not in now:
        return None, None
    start = now[talk.uid].start
    return start and f"{start:%d %H:%M}", now[talk.uid].room


TEN, ELEVEN, NOON = (
    f"when: 2027-06-15 {hour}:00-{hour}:30, room: A" for hour in ("10", "11", "12")
)


@pytest.mark.parametrize(
    ("whens", "was"),
    [
        ([TEN], (None, None)),
        ([TEN, ELEVEN], ("15 10:00", None)),
        ([TEN, TEN.replace("15 10", "16 10").replace("15 10", "16 10")], ("15 10:00", None)),
        ([TEN, ELEVEN, NOON], ("15 11:00", None)),
        ([TEN, ELEVEN, TEN], (None, None)),
        ([TEN, ELEVEN, NOON, ELEVEN], ("15 10:00", None)),
        ([TEN, ELEVEN, NOON, TEN], (None, None)),
        ([TEN, ELEVEN, f"{ELEVEN}, level: easy"], ("15 10:00", None)),
        ([TEN, f"{TEN}, level: easy"], (None, None)),
        ([TEN, TEN.replace("10:30", "10:45")], (None, None)),
        ([TEN, TEN.replace("room: A", "room: B")], (None, "A")),
        ([TEN, NOON.replace("room: A", "room: B")], ("15 10:00", "A")),
        ([TEN, NOON.replace("room: A", "room: B"), NOON], ("15 10:00", None)),
        ([TEN, TEN.replace(", room: A", "")], (None, "A")),
        ([TEN, TEN.replace(", room: A", ""), TEN.replace("room: A", "room: B")], (None, "A")),
        ([TEN, TEN.replace(", room: A", ""), TEN], (None, None)),
        ([TEN.replace(", room: A", ""), TEN], (None, None)),
        (["room: A", TEN], (None, None)),
        ([TEN, f"{TEN}, status: cancelled", NOON], ("15 10:00", None)),
        ([TEN, "room: A", NOON], ("15 10:00", None)),
        ([TEN, "room: A", TEN], (None, None)),
    ],
)
def test_moved_is_where_the_entry_was_before(
    whens: list[str], was: tuple[str | None, str | None]
) -> None:
    assert former(*whens) == was
