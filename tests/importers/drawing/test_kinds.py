"""What kind of session the words of a source mean, and what its people are there."""

import pytest

from calsvc.agenda.kinds import Kind
from calsvc.importers.drawing.kinds import kind_of, role_of


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("Lightning talk (10 min)", Kind.LIGHTNING),
        ("Blitzvortrag", Kind.LIGHTNING),
        ("Keynote", Kind.KEYNOTE),
        ("Opening keynote", Kind.KEYNOTE),
        ("Panel Discussion", Kind.PANEL),
        ("Podiumsdiskussion", Kind.PANEL),
        ("Round Table", Kind.PANEL),
        ("Workshop", Kind.WORKSHOP),
        ("Hands-on lab", Kind.WORKSHOP),
        ("Tutorial (half day)", Kind.TUTORIAL),
        ("Poster Session", Kind.POSTER_SESSION),
        ("Poster", Kind.POSTER),
        ("Demo", Kind.DEMO),
        ("Q&A", Kind.Q_AND_A),
        ("Birds of a Feather", Kind.NETWORKING),
        ("Meetup", Kind.NETWORKING),
        ("Break", Kind.BREAK),
        ("Lunch", Kind.MEAL),
        ("Check-in", Kind.REGISTRATION),
        ("Eröffnung", Kind.OPENING),
        ("Party", Kind.SOCIAL),
        ("Talk", Kind.TALK),
        ("lecture", Kind.TALK),
        ("Other", Kind.OTHER),
        ("sonstiges", Kind.OTHER),
        ("Service session", Kind.OTHER),
        ("Long form", Kind.TALK),
        ("Talking", Kind.TALK),
        ("Democracy", Kind.TALK),
        ("Label", Kind.TALK),
    ],
)
def test_word_of_a_source_is_a_kind(word: str, kind: Kind) -> None:
    assert kind_of(word, "Something", has_people=True) is kind


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Coffee Break", Kind.BREAK),
        ("Coffee & Tea", Kind.BREAK),
        ("15 min break", Kind.BREAK),
        ("Kaffeepause", Kind.BREAK),
        ("Lunch", Kind.MEAL),
        ("Breakfast, Raffle, Networking", Kind.MEAL),
        ("Event Welcome", Kind.OPENING),
        ("Q&A Session", Kind.Q_AND_A),
        ("Conference Dinner", Kind.MEAL),
        ("Lunch break sponsored by Example", Kind.MEAL),
        ("Mittagspause", Kind.MEAL),
        ("Registration & Breakfast", Kind.REGISTRATION),
        ("Attendee Registration", Kind.REGISTRATION),
        ("Doors open", Kind.REGISTRATION),
        ("Opening Remarks", Kind.OPENING),
        ("Welcome", Kind.OPENING),
        ("Welcome to the Conference", Kind.OPENING),
        ("Closing Session", Kind.CLOSING),
        ("Social Event", Kind.SOCIAL),
        ("Afterparty", Kind.SOCIAL),
        ("Keynote: The Web", Kind.KEYNOTE),
        ("Live Panel: Startups", Kind.PANEL),
        ("Lightning Talks", Kind.LIGHTNING),
        ("Poster Session A", Kind.POSTER_SESSION),
        ("Q&A", Kind.Q_AND_A),
        ("Networking", Kind.NETWORKING),
        # what only sounds like one
        ("Breaking RSA", Kind.TALK),
        ("Break the Web", Kind.TALK),
        ("Opening up Data", Kind.TALK),
        ("Welcome, Robots", Kind.TALK),
        ("No free lunches in search", Kind.TALK),
        ("Party algorithms for registration of shapes", Kind.TALK),
        ("Closing the Gap", Kind.TALK),
        ("", Kind.TALK),
        ("漢", Kind.TALK),
    ],
)
def test_title_tells_what_is_hardly_a_talk(title: str, kind: Kind) -> None:
    assert kind_of(None, title, has_people=False) is kind


@pytest.mark.parametrize("title", ["Coffee", "Lunch", "Registration"])
def test_what_people_give_is_no_break(title: str) -> None:
    assert kind_of(None, title, has_people=True) is Kind.TALK


def test_word_of_a_source_goes_before_the_title() -> None:
    assert kind_of("Workshop", "Lunch", has_people=False) is Kind.WORKSHOP


def test_word_that_means_little_leaves_it_to_the_title() -> None:
    assert kind_of("Session", "Lunch", has_people=False) is Kind.MEAL


@pytest.mark.parametrize(
    ("word", "role"),
    [
        ("Moderator", "moderator"),
        ("Session Chair", "moderator"),
        ("Panelist", "panelist"),
        ("panellist", "panelist"),
        ("Author(s)", "author"),
        ("Host", "host"),
        ("Speaker", "speaker"),
        ("Referentin", "speaker"),
        ("Juggler", None),
        ("", None),
        (None, None),
    ],
)
def test_word_for_someone_is_a_role(word: str | None, role: str | None) -> None:
    assert role_of(word) == role
