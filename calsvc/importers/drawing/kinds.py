"""What kind of session the words of a foreign agenda mean.

The source's own word for it goes first; a title tells only what is hardly a talk: breaks,
meals, registration and the like.
"""

import re
from collections.abc import Mapping
from typing import cast

from calsvc.agenda.fields import slug
from calsvc.agenda.kinds import Kind
from calsvc.agenda.people import Role


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words.split())})\b")


_TYPES = [
    (Kind.POSTER_SESSION, _pattern("poster-?sessions? posters?-exhibition")),
    (Kind.POSTER, _pattern("posters?")),
    (Kind.KEYNOTE, _pattern("keynotes? plenary-talk invited-talk")),
    (
        Kind.LIGHTNING,
        _pattern(r"lightning(-talks?)? blitz(vortrag)? kurzvortrag ignite pecha-kucha"),
    ),
    (Kind.PANEL, _pattern("panels? panel-discussion podium(sdiskussion)? round-?table fishbowl")),
    (
        Kind.WORKSHOP,
        _pattern("workshops? hands-on lab labs codelab sprints? hackathon atelier taller"),
    ),
    (Kind.TUTORIAL, _pattern("tutorials? trainings? course kurs schulung")),
    (Kind.DEMO, _pattern("demos? demonstrations? showcase")),
    (Kind.Q_AND_A, _pattern("q-a q-and-a ama ask-me-anything questions?-answers?")),
    (Kind.REGISTRATION, _pattern("registration check-in anmeldung accreditation")),
    (Kind.OPENING, _pattern("opening eroffnung welcome")),
    (Kind.CLOSING, _pattern("closing abschluss")),
    (Kind.MEAL, _pattern("meals? lunch breakfast dinner food mittagessen fruhstuck abendessen")),
    (Kind.BREAK, _pattern("breaks? pause kaffeepause coffee")),
    (Kind.NETWORKING, _pattern("networking meet-?ups? bof birds-of-a-feather")),
    (Kind.SOCIAL, _pattern("social party parties entertainment concert reception performance")),
    (Kind.TALK, _pattern("talks? lectures? vortrag presentations? sessions? podcast conference")),
]
"""In words as addresses have them, the more particular first."""

_TITLES = [
    (
        Kind.REGISTRATION,
        r"(?:\w+-){0,2}(?:registration|check-in|anmeldung|einlass|doors-open)(?:-.*)?",
    ),
    (
        Kind.MEAL,
        r"(?:.*-)?(?:lunch|breakfast|dinner|brunch|mittagessen|mittagspause|fruhstuck"
        r"|abendessen|dejeuner|almuerzo)(?:-(?:break|and|pause|for|at|in|is|sponsored).*)?"
        r"|(?:breakfast|brunch|fruhstuck)(?:-.*)?",
    ),
    (
        Kind.BREAK,
        r"(?:(?:coffee|tea|morning|afternoon|short|long|comfort|bio|kaffee|refreshment"
        r"|networking|mid|health|stretch|\d+|min|minutes?|and|the|am|pm|evening)-)*"
        r"(?:break|pause|coffee|tea|kaffeepause|umbaupause|coffee-tea|pausa|b-r-e-a-k)"
        r"(?:-(?:\d+|and|sponsored|in|with|coffee|networking|snacks|tea|am|pm).*)?",
    ),
    (
        Kind.SOCIAL,
        r"(?:.*-)?(?:reception|party|happy-hour|social-event|social-dinner|after-?party"
        r"|drinks|apero|banquet|get-together|pub-night)",
    ),
    (
        Kind.OPENING,
        r"(?:(?:event-|conference-|official-)?(?:opening|welcome)|eroffnung|begrussung"
        r"|introduction-and-welcome)"
        r"(?:-(?:remarks?|session|ceremony|and|address|speech|to|talk|event|notes?).*)?",
    ),
    (
        Kind.CLOSING,
        r"(?:closing|abschluss|wrap-up|farewell|verabschiedung)"
        r"(?:-(?:remarks?|session|ceremony|and|address|event|notes?|of|talk).*)?",
    ),
    (Kind.LIGHTNING, r"lightning-talks?(?:-.*)?"),
    (Kind.POSTER_SESSION, r"(?:.*-)?poster-?sessions?(?:-.*)?"),
    (Kind.KEYNOTE, r"(?:opening-|closing-|morning-|evening-)?keynotes?(?:-.*)?"),
    (Kind.PANEL, r"(?:live-)?panel(?:-.*)?|.*-panel(?:-discussion)?"),
    (Kind.Q_AND_A, r"(?:.*-)?q-(?:and-)?a(?:-(?:session|panel|time))?|questions-and-answers"),
    (Kind.NETWORKING, r"networking(?:-.*)?|meet-and-greet"),
]
"""Whole titles, in words as addresses have them."""

ROLES: Mapping[str, Role] = {
    word: cast(Role, role)
    for role, words in {
        "moderator": "moderator moderation chair session-chair facilitator",
        "panelist": "panelist panelists panellist podium",
        "author": "author authors author-s co-author coauthor",
        "host": "host hosts organizer coordinator gastgeber",
        "speaker": "speaker speakers presenter referent referentin",
    }.items()
    for word in words.split()
}
"""What sources call people in a session, in words as addresses have them."""


def kind_of(word: str | None, title: str, *, has_people: bool) -> Kind:
    """Return the kind that a source's word for it means, else its title; a talk, if nothing does.

    Something that people give is no break, whatever it is called: ``Coffee`` is a talk of
    the person who roasts it.
    """
    named = slug(word or "")
    for kind, pattern in _TYPES:
        if named and pattern.search(named) and kind is not Kind.TALK:
            return kind
    titled = slug(title)
    for kind, pattern in _WHOLE_TITLES:
        if pattern.fullmatch(titled) and not (has_people and kind in _WITHOUT_PEOPLE):
            return kind
    return _other(named)


_OTHERS = frozenset({"other", "others", "sonstiges", "misc", "special", "service"})


def _other(named: str) -> Kind:
    return Kind.OTHER if named.split("-")[0] in _OTHERS else Kind.TALK


_WHOLE_TITLES = [(kind, re.compile(pattern)) for kind, pattern in _TITLES]
_WITHOUT_PEOPLE = frozenset({Kind.BREAK, Kind.MEAL, Kind.REGISTRATION})


def role_of(word: str | None) -> Role | None:
    """Return the role that a source's word for it means; None if none does."""
    return ROLES.get(slug(word or ""))
