"""How programs see, over HTTP, whether a calendar has changed."""

import re
from datetime import datetime
from email.utils import parsedate_to_datetime

import pytz

from calsvc.doctor.clients import Client, Effect, Shows
from calsvc.doctor.examples import Example, Frame
from calsvc.doctor.findings import Rule, Severity
from calsvc.doctor.visits import Visit, served
from calsvc.translations import N_

DAY = 86_400  # seconds
AGE = re.compile(
    r"\b(?:s-maxage|max-age|stale-while-revalidate)\s{0,9}=\s{0,9}\"?(\d{1,12})", re.IGNORECASE
)
OVER_EXPIRES = re.compile(r"\b(?:s-maxage|max-age|no-cache|no-store)\b", re.IGNORECASE)
"""What a cache goes by in the place of Expires (RFC 9111, 4.2.1)."""
ALL_EACH_TIME = N_("loads the whole calendar each time")
ASKERS = (
    Client.APPLE,
    Client.THUNDERBIRD,
    Client.EVOLUTION,
    Client.OUTLOOK,
    Client.ICSX5,
)
"""Who asks whether a calendar has changed."""
LOADING = tuple(Effect(each, ALL_EACH_TIME) for each in ASKERS)
FIRST = "200\nContent-Type: text/calendar"


def _nothing(visit: Visit) -> str | None:
    answer = visit.answer
    return None if answer.header("ETag") or answer.header("Last-Modified") else ""


def _no_etag(visit: Visit) -> str | None:
    answer = visit.answer
    return "" if answer.header("Last-Modified") and not answer.header("ETag") else None


def _no_date(visit: Visit) -> str | None:
    answer = visit.answer
    return "" if answer.header("ETag") and not answer.header("Last-Modified") else None


def _is_loaded_again(visit: Visit) -> bool:
    """Return whether the same calendar came once more, though the server could know it."""
    again, answer = visit.again, visit.answer
    if again is None or again.status != 200 or again.octets != answer.octets:
        return False
    return bool(answer.header("ETag") or answer.header("Last-Modified"))


def _moved(visit: Visit) -> str | None:
    """Return the validator that is another one for the same calendar."""
    if not visit.again or not _is_loaded_again(visit):
        return None
    name = "ETag" if visit.answer.header("ETag") else "Last-Modified"
    return name if visit.answer.header(name) != visit.again.header(name) else None


def _never_known(visit: Visit) -> str | None:
    if not _is_loaded_again(visit) or _moved(visit):
        return None
    return "If-None-Match" if visit.answer.header("ETag") else "If-Modified-Since"


def _failing(visit: Visit) -> str | None:
    again = visit.again
    return str(again.status) if again and again.status not in {0, 200, 304} else None


def _for_days(visit: Visit) -> str | None:
    said = visit.answer.header("Cache-Control")
    if any(int(each) >= DAY for each in AGE.findall(said)):
        return said
    expires, now = (_time(visit.answer.header(name)) for name in ("Expires", "Date"))
    is_far = expires and now and (expires - now).total_seconds() >= DAY
    return f"Expires: {expires:%Y-%m-%d}" if is_far and not OVER_EXPIRES.search(said) else None


def _time(written: str) -> datetime | None:
    """Return the time of a header; None if it has none."""
    try:
        return parsedate_to_datetime(written).replace(tzinfo=pytz.utc)  # it is always GMT
    except (ValueError, IndexError, OverflowError):
        return None


RULES: tuple[Rule[Visit], ...] = (
    Rule(
        "no-validators",
        Severity.WARNING,
        N_("The answer has neither an ETag nor a Last-Modified."),
        N_("Without them no program can ask whether the calendar has changed."),
        LOADING,
        "RFC 9110, 8.8",
        N_("Send an ETag that changes with the calendar, and a Last-Modified; answer 304."),
        served(_nothing),
        Example(
            Frame.ANSWER,
            fails=f"{FIRST}\n-ETag\n-Last-Modified",
            holds=f'{FIRST}\nETag: W/"a1"\nLast-Modified: Mon, 01 Mar 2027 12:00:00 GMT',
        ),
    ),
    Rule(
        "no-etag",
        Severity.WARNING,
        N_("The answer has no ETag."),
        N_("Some programs ask by nothing else whether the calendar has changed."),
        (Effect(Client.EVOLUTION, ALL_EACH_TIME),),
        "RFC 9110, 8.8.3",
        N_("Send an ETag that changes with the calendar, and answer 304 for it."),
        served(_no_etag),
        Example(
            Frame.ANSWER,
            fails=f"{FIRST}\n-ETag\n\nGET again\n304",
            holds=f'{FIRST}\nETag: "a1"\n\nGET again\n304',
        ),
    ),
    Rule(
        "no-last-modified",
        Severity.NOTE,
        N_("The answer has no Last-Modified."),
        N_("The ETag is enough for programs; people and caches see by it how old a calendar is."),
        (),
        "RFC 9110, 8.8.2.1",
        N_("Send the time of the last change as Last-Modified, deletions included."),
        served(_no_date),
        Example(
            Frame.ANSWER,
            fails=f"{FIRST}\n-Last-Modified",
            holds=f"{FIRST}\nLast-Modified: Mon, 01 Mar 2027 12:00:00 GMT",
        ),
    ),
    Rule(
        "never-not-modified",
        Severity.WARNING,
        N_("The same calendar is sent again to whoever has it, and asks by {value}."),
        N_("An answer of 304, without content, would do; this is the whole calendar, each time."),
        LOADING,
        "RFC 9110, 13.1.2, 13.1.3 and 15.4.5",
        N_("Answer 304 where If-None-Match has the ETag of the calendar."),
        served(_never_known),
        Example(
            Frame.ANSWER,
            fails=f'{FIRST}\nETag: "a1"\n\nGET again\n200',
            holds=f'{FIRST}\nETag: "a1"\n\nGET again\n304',
        ),
    ),
    Rule(
        "validator-moves",
        Severity.WARNING,
        N_("The {value} is another one each time, for the same calendar."),
        N_("Programs believe that it has changed, and load the whole calendar."),
        LOADING,
        "RFC 9110, 8.8.1",
        N_("Make the ETag of the octets, and Last-Modified of the last change; not of now."),
        served(_moved),
        Example(
            Frame.ANSWER,
            fails=f'{FIRST}\nETag: "a1"\n\nGET again\n200\nETag: "a2"',
            holds=f'{FIRST}\nETag: "a1"\n\nGET again\n304\nETag: "a1"',
        ),
    ),
    Rule(
        "validator-refused",
        Severity.ERROR,
        N_("Whoever has the calendar, and asks for what is new, is answered {value}."),
        N_("The first time all is well, and then the calendar stays as it was."),
        (Effect(Client.THUNDERBIRD, N_("switches the calendar off for a while"), Shows.NOTHING),),
        "RFC 9110, 13.1.2 and 13.2.2",
        N_("Answer If-None-Match with 304 or 200, and nothing else."),
        served(_failing),
        Example(
            Frame.ANSWER,
            fails=f'{FIRST}\nETag: "a1"\n\nGET again\n412',
            holds=f'{FIRST}\nETag: "a1"\n\nGET again\n304',
        ),
    ),
    Rule(
        "kept-for-days",
        Severity.WARNING,
        N_("Caches may keep the calendar for days: {value}"),
        N_("What changes is not seen as long as anything on the way has the old calendar."),
        (),
        "RFC 9111, 5.2.2.1, 5.2.2.10 and 5.3; RFC 5861, 3",
        N_("Let them keep it for minutes: Cache-Control: public, max-age=900."),
        served(_for_days),
        Example(
            Frame.ANSWER,
            fails="Cache-Control: public, max-age=604800",
            holds="Cache-Control: public, max-age=900",
        ),
    ),
)
