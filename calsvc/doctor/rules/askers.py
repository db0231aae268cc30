"""What others are answered than those who ask plainly, once: each calendar program has its way."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from calsvc.doctor.clients import Client, Effect, Shows
from calsvc.doctor.examples import Example, Frame
from calsvc.doctor.findings import Rule, Severity
from calsvc.doctor.robots import barred
from calsvc.doctor.visits import Answer, Visit, served
from calsvc.importers.fetch.targets import shown
from calsvc.translations import N_

ROBOTS = ("Google-Calendar-Importer", "Googlebot")
"""The names that Google Calendar may answer to."""
NO_ANSWER = "–"
UNREADABLE = Effect(Client.OUTLOOK_WEB, N_("may stay empty"), Shows.NOTHING)
"""One Outlook did, and which it was is not told (markuspoerschke/iCal#541)."""
SEND_PLAIN = N_("Send the calendar unpacked, whoever asks.")
FIRST = "200\nContent-Type: text/calendar"


def _said(answer: Answer) -> str:
    return str(answer.status or NO_ANSWER)


def _head_refused(visit: Visit) -> str | None:
    head = visit.head
    return None if head is None or head.status == 200 else _said(head)


def _head_differs(visit: Visit) -> str | None:
    """Return the first header that HEAD has otherwise, though the calendar stays the same."""
    head, answer = visit.head, visit.answer
    if head is None or head.status != 200:
        return None
    if head.media_type != answer.media_type:
        return "Content-Type"
    is_stable = visit.again is not None and visit.again.status == 304
    etags = {head.header("ETag"), answer.header("ETag")} - {""}
    return "ETag" if is_stable and len(etags) > 1 else None


def _packed_unasked(visit: Visit) -> str | None:
    return visit.answer.coding or None


def _packing(visit: Visit) -> str | None:
    """Return the coding of who asks for one, if those who do not ask get none."""
    packed = visit.packed
    if packed is None or packed.status != 200 or visit.answer.coding:
        return None
    return packed.coding or None


def _is_varied(answer: Answer) -> bool:
    names = {each.strip().lower() for each in answer.header("Vary").split(",")}
    return not names.isdisjoint({"accept-encoding", "*"})


def _is_of_both(visit: Visit) -> bool:
    plain, packed = visit.answer.header("ETag"), visit.packed and visit.packed.header("ETag")
    return bool(plain) and plain == packed and not plain.startswith("W/")


def _unvaried(visit: Visit) -> str | None:
    is_varied = visit.packed and _is_varied(visit.packed)
    return None if is_varied else _packing(visit)


def _of_both(visit: Visit) -> str | None:
    if not _packing(visit) or _unvaried(visit) or not _is_of_both(visit):
        return None
    return visit.answer.header("ETag")


def _packed(visit: Visit) -> str | None:
    is_worse = _unvaried(visit) or _of_both(visit)
    return None if is_worse else _packing(visit)


def _google_refused(visit: Visit) -> str | None:
    google = visit.google
    return None if google is None or google.status == 200 else _said(google)


def _google_gets_other(visit: Visit) -> str | None:
    google = visit.google
    if google is None or google.status != 200 or google.is_calendar:
        return None
    return google.media_type or NO_ANSWER


def _barred(visit: Visit) -> str | None:
    parts = urlsplit(visit.address)
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    return barred(visit.robots, ROBOTS, path) or None


def _refusing(visit: Visit) -> str | None:
    return visit.refusing[0] if visit.refusing else None


def _port_80(visit: Visit) -> str | None:
    answer = visit.port_80
    if answer is None or answer.is_calendar:
        return None
    if not answer.leads_to:
        return _said(answer)
    known = {each.address for each in (*visit.redirects, visit.answer)} | {visit.address}
    is_led = answer.leads_to in known or _path(answer.leads_to) == _path(answer.address)
    return None if is_led else shown(answer.leads_to)


def _path(address: str) -> str:
    try:
        return urlsplit(address).path
    except ValueError:
        return ""


def _cookie(visit: Visit) -> str | None:
    name = re.match(r"[^=;,\s]+", visit.answer.header("Set-Cookie"))
    return name[0] if name else None


def _of_packing(
    name: str,
    severity: Severity,
    what: str,
    why: str,
    source: str,
    find: Callable[[Visit], str | None],
    packed: str,
) -> Rule[Visit]:
    """Return a rule about compression; they have effects, cure and sound twin in common."""
    asked = f"{FIRST}\n\nGET with gzip\n200\n"
    example = Example(Frame.ANSWER, f"{asked}{packed}", f"{asked}Vary: Accept-Encoding")
    return Rule(name, severity, what, why, (UNREADABLE,), source, SEND_PLAIN, served(find), example)


RULES: tuple[Rule[Visit], ...] = (
    Rule(
        "head-refused",
        Severity.WARNING,
        N_("HEAD, which asks for the headers alone, is answered {value}."),
        N_("A server has to answer it as it answers GET, without the content."),
        (Effect(Client.THUNDERBIRD, N_("asks by HEAD first when a calendar is added")),),
        "RFC 9110, 9.1 and 9.3.2",
        N_("Answer HEAD with the status and the headers of GET."),
        served(_head_refused),
        Example(
            Frame.ANSWER,
            fails=f"{FIRST}\n\nHEAD\n405",
            holds=f"{FIRST}\n\nHEAD\n200\nContent-Type: text/calendar",
        ),
    ),
    Rule(
        "head-differs",
        Severity.WARNING,
        N_("HEAD is answered with another {value} than GET."),
        N_("Whoever asks by HEAD believes that there is something else."),
        (Effect(Client.THUNDERBIRD, N_("asks by HEAD first when a calendar is added")),),
        "RFC 9110, 9.3.2",
        N_("Answer HEAD with the headers of GET."),
        served(_head_differs),
        Example(
            Frame.ANSWER,
            fails=f"{FIRST}\n\nHEAD\n200\nContent-Type: text/html",
            holds=f"{FIRST}\n\nHEAD\n200\nContent-Type: text/calendar",
        ),
    ),
    Rule(
        "packed-unasked",
        Severity.ERROR,
        N_("The calendar comes packed ({value}), though nobody asked for that."),
        N_("Who did not say that it can unpack need not be able to."),
        (UNREADABLE,),
        "RFC 9110, 12.5.3; markuspoerschke/iCal#541",
        SEND_PLAIN,
        served(_packed_unasked),
        Example(
            Frame.ANSWER,
            fails=f"{FIRST}\nContent-Encoding: gzip",
            holds=f"{FIRST}\nContent-Encoding: identity",
        ),
    ),
    _of_packing(
        "packed-without-vary",
        Severity.WARNING,
        N_("The calendar comes packed ({value}) to who asks for that, and Vary does not say so."),
        N_("A cache may send the packed calendar to programs that cannot unpack it."),
        "RFC 9110, 12.5.5; markuspoerschke/iCal#541",
        _unvaried,
        'Content-Encoding: gzip\nETag: "a1-gzip"',
    ),
    _of_packing(
        "etag-of-both",
        Severity.WARNING,
        N_("The ETag {value} is that of the packed calendar, and of the plain one."),
        N_("It says that both are the same octets: a cache may take one for the other."),
        "RFC 9110, 8.8.3; markuspoerschke/iCal#541",
        _of_both,
        'Content-Encoding: gzip\nVary: Accept-Encoding\nETag: "a1"',
    ),
    _of_packing(
        "packed",
        Severity.NOTE,
        N_("The calendar comes packed ({value}) to who asks for that."),
        N_("That is as it should be; yet sending it plain cured one subscription in some Outlook."),
        "markuspoerschke/iCal#541",
        _packed,
        'Content-Encoding: gzip\nVary: Accept-Encoding\nETag: "a1-gzip"',
    ),
    Rule(
        "google-refused",
        Severity.ERROR,
        N_("Google Calendar is answered {value}, where others get the calendar."),
        N_("It asks by a name of its own, Google-Calendar-Importer, and says nothing of types."),
        (Effect(Client.GOOGLE, N_("stays empty, without a word"), Shows.NOTHING),),
        "aaronpk/Meetable#138, amtgard/ORK3#502",
        N_("Let robots have the address of the calendar, and answer also without Accept."),
        served(_google_refused),
        Example(
            Frame.ANSWER,
            fails=f"{FIRST}\n\nGET by Google\n403\n| Just a moment…",
            holds=f"{FIRST}\n\nGET by Google\n200",
        ),
    ),
    Rule(
        "google-gets-other",
        Severity.ERROR,
        N_("Google Calendar gets no calendar, but {value}, where others get the calendar."),
        N_("It says nothing of the types that it takes: there is no Accept in its requests."),
        (Effect(Client.GOOGLE, N_("finds no calendar"), Shows.NOTHING),),
        "RFC 9110, 12.5.1; aaronpk/Meetable#138",
        N_("Answer with the calendar whatever Accept says, and without it."),
        served(_google_gets_other),
        Example(
            Frame.ANSWER,
            fails=f"{FIRST}\n\nGET by Google\n200\nContent-Type: text/html\n| <h1>Agenda</h1>",
            holds=f"{FIRST}\n\nGET by Google\n200\nContent-Type: text/calendar",
        ),
    ),
    Rule(
        "barred-by-robots",
        Severity.ERROR,
        N_("/robots.txt bars Google Calendar from the calendar, by what it says to: {value}"),
        N_("Google Calendar obeys it."),
        (Effect(Client.GOOGLE, N_("refuses the calendar"), Shows.NOTHING),),
        "RFC 9309; TracksApp/tracks#1252, TracksApp/tracks#71, hasadna/Open-Knesset#260",
        N_("Allow the path of the calendar in /robots.txt."),
        served(_barred),
        Example(
            Frame.ANSWER,
            fails=f"{FIRST}\n\nGET /robots.txt\nUser-agent: *\nDisallow: /agenda",
            holds=f"{FIRST}\n\nGET /robots.txt\nUser-agent: *\nDisallow: /admin",
        ),
    ),
    Rule(
        "ipv6-refused",
        Severity.ERROR,
        N_("The host has the IPv6 address {value}, which takes no connections."),
        N_("Programs that try it do not all try the IPv4 address thereafter."),
        (Effect(Client.GOOGLE, N_("cannot fetch the calendar"), Shows.NOTHING),),
        "sorenlouv/freedom#5",
        N_("Let the server listen there too, or take the AAAA record away."),
        served(_refusing),
        Example(
            Frame.ANSWER,
            fails=f"{FIRST}\n\nCONNECT by IPv6\n2001:db8::1",
            holds=FIRST,
        ),
    ),
    Rule(
        "port-80-lost",
        Severity.WARNING,
        N_("Port 80 of the host does not lead to the calendar: {value}"),
        N_("Some programs ask there for a link that begins with webcal://."),
        (
            Effect(Client.ICSX5, N_("finds nothing behind a webcal:// link"), Shows.NOTHING),
            Effect(Client.EVOLUTION, N_("finds nothing behind a webcal:// link"), Shows.NOTHING),
        ),
        "RFC 9110, 15.4.2",
        N_("Redirect http:// to https:// by 301 or 308, path and all."),
        served(_port_80),
        Example(
            Frame.ANSWER,
            fails=f"{FIRST}\n\nGET on port 80\n301\nLocation: https://river.example/",
            holds=f"{FIRST}\n\nGET on port 80\n301\nLocation: https://river.example/agenda.ics",
        ),
    ),
    Rule(
        "sets-cookie",
        Severity.NOTE,
        N_("The answer sets a cookie, {value}."),
        N_("Calendar programs need none, and some shared caches keep no answer that sets one."),
        (),
        "nginx, ngx_http_proxy_module, proxy_cache_valid",
        N_("Leave the address of the calendar out of sessions."),
        served(_cookie),
        Example(Frame.ANSWER, fails=f"{FIRST}\nSet-Cookie: session=a1; Path=/", holds=FIRST),
    ),
)
