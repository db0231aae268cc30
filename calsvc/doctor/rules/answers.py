"""What a server answers: its status, its content, and what it says of that."""

from calsvc.doctor.clients import Client, Effect, Shows
from calsvc.doctor.examples import Example, Frame
from calsvc.doctor.findings import Rule, Severity, once
from calsvc.doctor.visits import Visit, served
from calsvc.importers.fetch.targets import REDIRECTS
from calsvc.translations import N_

BUSY = frozenset({429, 503})
REFUSING = frozenset({401, 403})
MISSING = frozenset({404, 410})
OWN = BUSY | REFUSING | MISSING | REDIRECTS | {200}
"""Statuses that have a rule of their own, or none."""
UTF8 = frozenset({"", "utf-8", "utf8"})
SHOWN = frozenset({"text/plain", "text/html"})
"""Types of what people read as it is."""
LEAVES = Effect(Client.THUNDERBIRD, N_("switches the calendar off for a while"), Shows.NOTHING)
KEEPS = Effect(Client.NEXTCLOUD, N_("goes on to show what it had"), Shows.STALE)
EMPTIES = Effect(Client.EVOLUTION, N_("deletes all entries that it had"), Shows.NOTHING)
SOUND = "GET https://river.example/agenda.ics\n200"

PUBLISHED = "| BEGIN:VCALENDAR\n| METHOD:PUBLISH\n| END:VCALENDAR"


def _missing(visit: Visit) -> str | None:
    return "404" if visit.answer.status == 404 else None


def _gone(visit: Visit) -> str | None:
    return "410" if visit.answer.status == 410 else None


def _refused(visit: Visit) -> str | None:
    return str(visit.answer.status) if visit.answer.status in REFUSING else None


def _busy(visit: Visit) -> str | None:
    is_told = visit.answer.header("Retry-After")
    return str(visit.answer.status) if visit.answer.status in BUSY and not is_told else None


def _failing(visit: Visit) -> str | None:
    status = visit.answer.status
    is_told_busy = status in BUSY and _busy(visit) is None
    return str(status) if is_told_busy or status not in OWN else None


def _cut(visit: Visit) -> str | None:
    return "200" if visit.answer.status == 200 and visit.answer.is_cut else None


def _is_page(visit: Visit) -> bool:
    start = visit.answer.octets[:1000].removeprefix(b"\xef\xbb\xbf").lstrip()
    return start[:1] == b"<" or (visit.answer.media_type == "text/html" and bool(start))


def _without_calendar(visit: Visit) -> bool:
    return visit.answer.status == 200 and not visit.gives and not visit.answer.is_cut


def _page(visit: Visit) -> str | None:
    return "200" if _without_calendar(visit) and _is_page(visit) else None


def _empty(visit: Visit) -> str | None:
    is_empty = _without_calendar(visit) and not visit.answer.octets.strip()
    return "200" if is_empty else None


def _other_content(visit: Visit) -> str | None:
    octets = visit.answer.octets
    is_other = _without_calendar(visit) and octets.strip() and not _is_page(visit)
    return octets[:200].decode("utf-8", "replace") if is_other else None


def _shown_type(visit: Visit) -> str | None:
    found = visit.answer.media_type
    return found if found in SHOWN else None


def _other_type(visit: Visit) -> str | None:
    found = visit.answer.media_type
    return None if found in SHOWN or found == "text/calendar" else found or "–"


def _charset(visit: Visit) -> str | None:
    charset, octets = visit.answer.parameter("charset"), visit.answer.octets
    if charset in UTF8 or octets.isascii():
        return None
    try:
        octets.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return charset


def _method_inside(visit: Visit) -> str:
    return next((each.text("METHOD").strip() for each in visit.document.calendars), "")


def _other_method(visit: Visit) -> str | None:
    said = visit.answer.parameter("method")
    return said.upper() if said and said != _method_inside(visit).lower() else None


def _untold_method(visit: Visit) -> str | None:
    inside = _method_inside(visit)
    is_other_type = visit.answer.media_type != "text/calendar"
    return inside if inside and not visit.answer.parameter("method") and not is_other_type else None


def _file_name(visit: Visit) -> str | None:
    said = visit.answer.header("Content-Disposition")
    return said if "filename" in said.lower() and ".ics" not in said.lower() else None


RULES: tuple[Rule[Visit], ...] = (
    Rule(
        "not-found",
        Severity.ERROR,
        N_("The address answers {value}: nothing is there."),
        N_("Programs show nothing, or for ever what they had."),
        (Effect(Client.THUNDERBIRD, N_("goes on to show what it had"), Shows.STALE),),
        "RFC 9110, 15.5.5",
        N_("Give the right address; answer 410 for a calendar that will not come back."),
        once(_missing),
        Example(Frame.ANSWER, fails="GET https://river.example/agenda.ics\n404", holds=SOUND),
    ),
    Rule(
        "gone",
        Severity.ERROR,
        N_("The address answers {value}: the calendar is gone for good."),
        N_("Programs stop asking, and do not see it should it come back."),
        (Effect(Client.THUNDERBIRD, N_("switches the calendar off"), Shows.NOTHING),),
        "RFC 9110, 15.5.11",
        N_("Subscribe to another calendar; bring this one back if it was taken away by mistake."),
        once(_gone),
        Example(Frame.ANSWER, fails="GET https://river.example/agenda.ics\n410", holds=SOUND),
    ),
    Rule(
        "refused",
        Severity.ERROR,
        N_("The address answers {value}: it refuses whoever does not sign in, or is no browser."),
        N_("Calendar programs cannot sign in to a page, nor pass a test for people."),
        (
            Effect(Client.GOOGLE, N_("stays empty, without a word"), Shows.NOTHING),
            LEAVES,
        ),
        "RFC 9110, 15.5.4; amtgard/ORK3#502",
        N_("Leave the address of the calendar out of sign-in, and of protection from robots."),
        once(_refused),
        Example(
            Frame.ANSWER,
            fails="403\nContent-Type: text/html\n| <title>Just a moment…</title>",
            holds="200\nContent-Type: text/calendar",
        ),
    ),
    Rule(
        "busy-without-end",
        Severity.ERROR,
        N_("The address answers {value}, and does not say when to come back."),
        N_("Programs come back whenever they like, which keeps a busy server busy."),
        (LEAVES,),
        "RFC 9110, 10.2.3 and 15.6.4",
        N_("Answer with the last good calendar; else say by Retry-After when to come back."),
        once(_busy),
        Example(Frame.ANSWER, fails="503", holds="200"),
    ),
    Rule(
        "failing",
        Severity.ERROR,
        N_("The address answers {value} in the place of a calendar."),
        N_("Programs show nothing, or what they had."),
        (LEAVES, KEEPS),
        "RFC 9110, 15",
        N_("Answer 200 with the calendar, if need be with the last good one."),
        once(_failing),
        Example(Frame.ANSWER, fails="500", holds="200"),
    ),
    Rule(
        "answer-cut",
        Severity.ERROR,
        N_("The answer is {value}, as if all were well, and breaks off before its end."),
        N_("It is shorter than it says, or cannot be unpacked: entries are missing."),
        (),
        "RFC 9112, 8",
        N_("Send the length that the calendar has; look for what ends the connection."),
        once(_cut),
        Example(Frame.ANSWER, fails="Content-Length: 100000", holds="Content-Length: 100"),
    ),
    Rule(
        "page-for-calendar",
        Severity.ERROR,
        N_("The answer is {value}, as if all were well, and a web page."),
        N_("Programs take it for a calendar without entries."),
        (
            EMPTIES,
            Effect(Client.GOOGLE, N_("finds no calendar"), Shows.NOTHING),
            KEEPS,
        ),
        "RFC 9110, 15; aaronpk/Meetable#138",
        N_("Answer errors with their status, and never ask a calendar program to sign in."),
        once(_page),
        Example(
            Frame.ANSWER,
            fails="200\nContent-Type: text/html\n| <!doctype html>\n| <h1>Please sign in</h1>",
            holds="200\nContent-Type: text/calendar",
        ),
    ),
    Rule(
        "empty-answer",
        Severity.ERROR,
        N_("The answer is {value}, as if all were well, and empty."),
        N_("Programs take it for a calendar without entries."),
        (Effect(Client.THUNDERBIRD, N_("deletes all entries that it had"), Shows.NOTHING), EMPTIES),
        "RFC 5545, 3.4",
        N_("Answer 503 while there is no calendar; a calendar always has its BEGIN and END."),
        once(_empty),
        Example(Frame.ANSWER, fails="200\n|", holds="200"),
    ),
    Rule(
        "answer-without-calendar",
        Severity.ERROR,
        N_("The answer is no calendar; it begins: {value}"),
        N_("Programs take it for a calendar without entries, or refuse it."),
        (EMPTIES,),
        "RFC 5545, 3.4",
        N_("Answer with a calendar, from BEGIN:VCALENDAR to END:VCALENDAR."),
        once(_other_content),
        Example(Frame.ANSWER, fails="200\n| Fatal error: out of memory", holds="200"),
    ),
    Rule(
        "media-type-of-text",
        Severity.ERROR,
        N_("The Content-Type is that of a text to read, {value}, not text/calendar."),
        N_("Programs and browsers know by it that this is a calendar."),
        (Effect(Client.APPLE, N_("shows the file as text on an iPhone"), Shows.NOTHING),),
        "RFC 5545, 8.1; markuspoerschke/iCal#72",
        N_("Send Content-Type: text/calendar; charset=utf-8."),
        served(_shown_type),
        Example(
            Frame.ANSWER, fails="Content-Type: text/plain", holds="Content-Type: text/calendar"
        ),
    ),
    Rule(
        "other-media-type",
        Severity.WARNING,
        N_("The Content-Type is not text/calendar: {value}"),
        N_("Programs and browsers know by it that this is a calendar."),
        (),
        "RFC 5545, 8.1",
        N_("Send Content-Type: text/calendar; charset=utf-8."),
        served(_other_type),
        Example(
            Frame.ANSWER,
            fails="Content-Type: application/octet-stream",
            holds="Content-Type: text/calendar",
        ),
    ),
    Rule(
        "other-charset",
        Severity.WARNING,
        N_("The Content-Type says charset={value}, and the calendar is UTF-8."),
        N_("Programs that believe it show letters wrong."),
        (),
        "RFC 5545, 3.1.4 and 8.1",
        N_("Send Content-Type: text/calendar; charset=utf-8."),
        served(_charset),
        Example(
            Frame.ANSWER,
            fails="Content-Type: text/calendar; charset=iso-8859-1\n| BEGIN:VCALENDAR\n| NAME:Öl",
            holds="Content-Type: text/calendar; charset=utf-8\n| BEGIN:VCALENDAR\n| NAME:Öl",
        ),
    ),
    Rule(
        "other-method-in-type",
        Severity.WARNING,
        N_("The Content-Type says method={value}, and the calendar does not."),
        N_("Whoever reads both does not know whether to publish, to invite or to cancel."),
        (),
        "RFC 5545, 8.1",
        N_("Take method= out of the Content-Type, or write the same as METHOD in the calendar."),
        served(_other_method),
        Example(
            Frame.ANSWER,
            fails="Content-Type: text/calendar; method=REQUEST",
            holds="Content-Type: text/calendar",
        ),
    ),
    Rule(
        "no-method-in-type",
        Severity.NOTE,
        N_("The calendar says METHOD:{value}, and its Content-Type does not."),
        N_("The standard wants both or neither; no program is known to mind."),
        (),
        "RFC 5545, 8.1",
        N_("Take METHOD out of the calendar, or add method= to the Content-Type."),
        served(_untold_method),
        Example(
            Frame.ANSWER,
            fails=f"Content-Type: text/calendar\n{PUBLISHED}",
            holds=f"Content-Type: text/calendar; method=PUBLISH\n{PUBLISHED}",
        ),
    ),
    Rule(
        "file-name-without-ics",
        Severity.NOTE,
        N_("Content-Disposition names a file that does not end in .ics: {value}"),
        N_("Computers open a downloaded file by its ending."),
        (),
        "RFC 5545, 8.1; RFC 6266, 4.3",
        N_('Send Content-Disposition: inline; filename="agenda.ics", or none.'),
        served(_file_name),
        Example(
            Frame.ANSWER,
            fails='Content-Disposition: attachment; filename="export.php"',
            holds='Content-Disposition: attachment; filename="agenda.ics"',
        ),
    ),
)
