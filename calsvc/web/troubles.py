"""Why a calendar was not examined, as the doctor's page tells it."""

import re
from http import HTTPStatus
from typing import NamedTuple

from calsvc.errors import FaultError, FetchError, SourceError
from calsvc.translations import N_
from calsvc.web.locale import gettext


class Trouble(NamedTuple):
    """Why a calendar was not examined."""

    status: int
    words: str
    """In English, to be translated."""


NOTHING_GIVEN = Trouble(422, N_("Please give the address of a calendar, or its text."))
TOO_MANY = Trouble(
    429,
    N_("Many calendars were examined for you, or from there. Please wait a little, and try again."),
)
ALL_BUSY = Trouble(503, N_("Others are being examined just now. Please try again in a moment."))
FAULT = Trouble(500, N_("This could not be examined, by a fault of ours."))
_UNPROCESSABLE, _BAD_GATEWAY = HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.BAD_GATEWAY
# Whether a host of a private network is there is nobody's business.
TROUBLES = (
    (
        r"is no web address",
        _UNPROCESSABLE,
        N_("This is no address of the web. It begins with https:// or http://."),
    ),
    (
        r"is in a private network|the host .* is not known",
        _UNPROCESSABLE,
        N_("Nothing on the open internet has this address. Please check it."),
    ),
    (
        r"answers (?P<status>\d{3})\b",
        _BAD_GATEWAY,
        N_("Its server answers {status} in place of a calendar; calendar apps get the same."),
    ),
    (r"takes too long to answer", _BAD_GATEWAY, N_("Its server takes too long to answer.")),
    (
        r"cannot be trusted",
        _BAD_GATEWAY,
        N_("Its server cannot be trusted: its certificate is not valid. Calendar apps refuse it."),
    ),
    (
        r"does not answer with encryption",
        _BAD_GATEWAY,
        N_("Its server does not speak https there. Please check the port, or try http://."),
    ),
    (
        r"does not take connections|breaks off",
        _BAD_GATEWAY,
        N_("Its server does not answer, or breaks off."),
    ),
    (r"leads on", _BAD_GATEWAY, N_("This address leads on to others without an end.")),
    (
        r"to read\b|has more than",
        _UNPROCESSABLE,
        N_("This is more than can be examined here. The command calsvc doctor takes more."),
    ),
    (r"", _UNPROCESSABLE, N_("This cannot be read. Please paste the calendar's text.")),
)
"""What the errors of an examination mean to who asked for it; no host's own words are repeated."""


def trouble_of(error: SourceError) -> Trouble:
    """Return what an error means to who asked for the examination, in the reader's language."""
    if isinstance(error, FaultError):
        return translated(FAULT)
    for pattern, status, words in TROUBLES:
        if found := re.search(pattern, error.what, re.DOTALL):
            is_of_host = isinstance(error, FetchError) and not pattern
            return Trouble(
                _BAD_GATEWAY if is_of_host else status,
                gettext(words).format(**found.groupdict()),
            )
    raise AssertionError("the last pattern is in any text")


def translated(trouble: Trouble) -> Trouble:
    """Return a trouble in the reader's language."""
    return trouble._replace(words=gettext(trouble.words))
