"""The words that calsvc adds to calendars, in the language of each event."""

from collections.abc import Callable, Set
from datetime import UTC, datetime, timedelta

import pytest
from conftest import BASE_URL, NOW, schedule_of
from feeds import download, feed
from readers import Read, component_of, read_vobject

from calsvc.addresses import Addresses
from calsvc.agenda.slots import Slot
from calsvc.ical.blocks import Blocks
from calsvc.ical.feeds import personal_feed, site_feed
from calsvc.ical.spoken import spoken_time
from calsvc.links import add_links
from calsvc.schedule.entries import Schedule
from calsvc.schedule.itineraries import WHOLE, Choice, Itinerary
from calsvc.schedule.query import selection_of
from calsvc.schedule.selection import Selection

ADDRESSES = Addresses(BASE_URL)
AGENDA = """
    name: Conf
    timezone: Europe/Berlin
    dates: {{from: 2025-06-25, to: 2025-06-26}}
    stream: https://example.org/live
    registration: https://example.org/tickets
    notes_url: https://example.org/notes
    {language}
    sessions:
      - id: talk
        title: Talk
        language: fr
        when: 2025-06-25 08:30-10:00
        stream: https://example.org/talk
        links: [{{url: "https://example.org/slides", title: Notes}}]
        people:
          - Ada, Acme
          - {{name: Bob, role: moderator}}
          - {{name: Cy, role: panelist}}
          - {{name: Di, role: author}}
          - {{name: Eva, role: host}}
      - {{id: part, title: Part, part_of: talk}}
      - {{id: night, title: Night, when: "2025-06-25 22:00-01:00+1", status: cancelled}}
      - {{id: later, title: Later}}
    """
GERMAN = ["language: de", "language: de-AT", "language: DE"]
ENGLISH = ["", "language: en", "language: en-GB", "language: fr", "language: nds"]
TALK = {
    "de": [
        "Referent/in: Ada, Acme\nModeration: Bob\nPodiumsgast: Cy\nAutor/in: Di\nGastgeber/in: Eva",
        "In diesem Programmpunkt:\n- Part",
        "Notes: https://example.org/slides",
        "Ansehen: https://example.org/talk",
        "Mittwoch, 25. Juni 2025, 08:30–10:00 CEST (Europe/Berlin)",
        f"{BASE_URL}/events/conf/sessions/talk/",
    ],
    "en": [
        "Speaker: Ada, Acme\nModerator: Bob\nPanelist: Cy\nAuthor: Di\nHost: Eva",
        "In this session:\n- Part",
        "Notes: https://example.org/slides",
        "Watch: https://example.org/talk",
        "Wednesday 25 June 2025, 08:30–10:00 CEST (Europe/Berlin)",
        f"{BASE_URL}/events/conf/sessions/talk/",
    ],
}
BANNER = {
    "de": [
        "Angekündigt, die Zeit folgt noch:\n- Later",
        "Anmeldung: https://example.org/tickets\nNotizen: https://example.org/notes",
        "Ansehen: https://example.org/live",
        f"{BASE_URL}/events/conf/",
    ],
    "en": [
        "Announced, with a time to come:\n- Later",
        "Registration: https://example.org/tickets\nNotes: https://example.org/notes",
        "Watch: https://example.org/live",
        f"{BASE_URL}/events/conf/",
    ],
}
NIGHT = {
    "de": (
        "Abgesagt: Night",
        "Dieser Programmpunkt ist abgesagt.\n\nAnsehen: https://example.org/live\n\n"
        "Mittwoch, 25. Juni 2025, 22:00–Donnerstag, 26. Juni 2025, 01:00 CEST (Europe/Berlin)",
    ),
    "en": (
        "Cancelled: Night",
        "This session is cancelled.\n\nWatch: https://example.org/live\n\n"
        "Wednesday 25 June 2025, 22:00–Thursday 26 June 2025, 01:00 CEST (Europe/Berlin)",
    ),
}
languages = pytest.mark.parametrize(
    ("language", "spoken"),
    [*((each, "de") for each in GERMAN), *((each, "en") for each in ENGLISH)],
)


def agenda(language: str, event_id: str = "conf") -> Schedule:
    """Return an agenda that needs many words."""
    return schedule_of(AGENDA.format(language=language), event_id)


def by_title(body: bytes) -> dict[str, Read]:
    """Return the entries of a feed by their titles."""
    return {entry.summary: entry for entry in read_vobject(body)}


@languages
def test_entries_speak_the_language_of_their_event(language: str, spoken: str) -> None:
    entries = by_title(feed(agenda(language)))

    title, words = NIGHT[spoken]
    assert list(entries) == ["Conf", "Talk", title]
    assert entries["Talk"].description.split("\n\n") == TALK[spoken]
    assert entries["Conf"].description.split("\n\n") == BANNER[spoken]
    assert entries[title].description == f"{words}\n\n{BASE_URL}/events/conf/sessions/night/"


@languages
def test_conference_label_and_announcements_speak_it_too(language: str, spoken: str) -> None:
    body = feed(agenda(language), "session=talk&banner=no")
    [later] = read_vobject(download(agenda(language), "later"))

    [entry] = component_of(body).inside("VEVENT")
    [conference] = entry.all("CONFERENCE")
    assert conference.parameters["LABEL"] == {"de": "Ansehen", "en": "Watch"}[spoken]
    assert later.description.startswith(
        {"de": "Die Zeit folgt noch.\n\n", "en": "The time will be announced.\n\n"}[spoken]
    )


@pytest.mark.parametrize(
    ("language", "title", "words"),
    [
        ("", "Cancelled: Conf", "The event is cancelled."),
        ("language: de", "Abgesagt: Conf", "Die Veranstaltung ist abgesagt."),
    ],
)
def test_cancelled_event_says_so_in_its_language(language: str, title: str, words: str) -> None:
    schedule = schedule_of(
        f"name: Conf\ntimezone: UTC\ndate: 2025-06-25\nstatus: cancelled\n{language}\n"
    )

    [entry] = read_vobject(feed(schedule))

    assert (entry.summary, entry.description.split("\n\n")[0]) == (title, words)


@languages
def test_links_of_programs_say_what_feeds_say(language: str, spoken: str) -> None:
    schedule = agenda(language)
    [entry] = schedule.of_session("night")

    links = add_links(entry, "conf", ADDRESSES, schedule.event.language)

    title = {"de": "Abgesagt%3A%20Night", "en": "Cancelled%3A%20Night"}[spoken]
    assert f"text={title}&" in links["google"]


def all_of(*schedules: Schedule) -> bytes:
    """Return the feed of a site with these events."""
    site = [Blocks(schedule, ADDRESSES) for schedule in schedules]
    return site_feed(site, Selection(), ADDRESSES, NOW).body


def chosen_of(*schedules: Schedule) -> bytes:
    """Return a personal feed with everything of these events."""
    chosen = [
        (Blocks(schedule, ADDRESSES), {entry.session: WHOLE for entry in schedule.entries})
        for schedule in schedules
    ]
    itinerary = Itinerary(created=NOW.date(), revised=NOW)
    return personal_feed(chosen, itinerary.wanted, NOW, ADDRESSES).body


@pytest.mark.parametrize("feed_of", [all_of, chosen_of])
def test_each_entry_of_several_events_has_its_own_language(
    feed_of: Callable[..., bytes],
) -> None:
    body = feed_of(agenda("language: de", "eins"), agenda("language: en", "two"))

    said = {entry.description for entry in read_vobject(body) if entry.summary == "Conf"}
    assert {each.split("\n\n")[0] for each in said} == {
        "Angekündigt, die Zeit folgt noch:\n- Later",
        "Announced, with a time to come:\n- Later",
    }


@pytest.mark.parametrize(
    ("languages", "name"),
    [
        (GERMAN, "Veranstaltungen"),
        (["language: de", "language: en"], "Events"),
        (["language: en"], "Events"),
    ],
)
def test_site_is_named_in_the_common_language(languages: list[str], name: str) -> None:
    body = all_of(*(agenda(each, f"conf-{place}") for place, each in enumerate(languages)))

    assert component_of(body).value("X-WR-CALNAME") == name


def nothing_of_an_event(*languages: str) -> Read:
    """Return what a feed has where no session matches."""
    [entry] = read_vobject(feed(agenda(languages[0]), "room=attic"))
    return entry


def nothing_of_a_site(*languages: str) -> Read:
    """Return what the feed of a site has where no event matches."""
    site = [
        Blocks(agenda(each, f"conf-{place}"), ADDRESSES) for place, each in enumerate(languages)
    ]
    chosen = selection_of([("series", "none")], filters=("series",))
    [entry] = read_vobject(site_feed(site, chosen, ADDRESSES, NOW).body)
    return entry


def nothing_of_a_choice(*languages: str) -> Read:
    """Return what a personal feed has where nothing that was chosen is on."""
    chosen = [
        (Blocks(agenda(each, f"conf-{place}"), ADDRESSES), dict[str | None, Set[str | None]]())
        for place, each in enumerate(languages)
    ]
    choices = (Choice(event="conf-0", session="gone"),)
    itinerary = Itinerary(choices=choices, created=NOW.date(), revised=NOW)
    [entry] = read_vobject(personal_feed(chosen, itinerary.wanted, NOW, ADDRESSES).body)
    return entry


@pytest.mark.parametrize(
    ("nothing", "languages", "title"),
    [
        (nothing_of_an_event, GERMAN[1:2], "Conf: Zu diesem Kalender passt derzeit nichts"),
        (nothing_of_an_event, [""], "Conf: nothing matches this calendar now"),
        (nothing_of_a_site, GERMAN, "Zu diesem Kalender passt derzeit keine Veranstaltung"),
        (nothing_of_a_site, ["language: de", ""], "No event matches this calendar now"),
        (nothing_of_a_site, [], "No event matches this calendar now"),
        (
            nothing_of_a_choice,
            GERMAN,
            "My calendar: Derzeit findet kein gewählter Programmpunkt statt",
        ),
        (
            nothing_of_a_choice,
            ["language: de", "language: en"],
            "My calendar: no chosen session is on now",
        ),
    ],
)
def test_what_stands_where_nothing_matches_speaks_the_common_language(
    nothing: Callable[..., Read], languages: list[str], title: str
) -> None:
    assert nothing(*languages).summary == title


def test_times_between_which_the_clocks_change_name_both_zones() -> None:
    start = datetime(2027, 10, 31, 0, tzinfo=UTC)
    an_hour = Slot(start=start, end=start + timedelta(hours=1), timezone="Europe/Berlin")

    assert spoken_time(an_hour, "en") == (
        "Sunday 31 October 2027, 02:00 CEST–02:00 CET (Europe/Berlin)"
    )
