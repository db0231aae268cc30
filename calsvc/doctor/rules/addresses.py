"""The address of a calendar, and where it leads to."""

import re
from urllib.parse import urlsplit

from calsvc.doctor.clients import Client, Effect, Shows
from calsvc.doctor.examples import Example, Frame
from calsvc.doctor.findings import Rule, Severity, once
from calsvc.doctor.visits import Visit, served
from calsvc.importers.fetch.networks import is_public
from calsvc.importers.fetch.targets import REDIRECTS, shown
from calsvc.translations import N_

MOST_REDIRECTS = 5  # that ICSx5 follows
LONGEST = 256  # characters that Google takes
LONG = 200  # characters: what is added on the way then still fits
PERMANENT = frozenset({301, 308})
SESSION = re.compile(
    r"[;?&](jsessionid|phpsessid|aspsessionid\w{0,20}|session_?id|cfid|cftoken)=", re.IGNORECASE
)
AGENDA = "https://river.example/agenda.ics"
OLD = "https://old.example/agenda.ics"
SOUND = f"GET {AGENDA}\n200"


def _is_of_ones_own(host: str) -> bool:
    """Tell whether a host is this machine, or an address in a network of one's own."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    return bool(re.fullmatch(r"[\d.]+|.*:.*", host)) and not is_public(host)


def _webcals(visit: Visit) -> str | None:
    is_one = visit.given.lower().startswith("webcals:")
    return shown(visit.given) if is_one else None


def _webcal(visit: Visit) -> str | None:
    is_one = visit.given.lower().startswith("webcal:")
    return shown(visit.given) if is_one else None


def _unencrypted(visit: Visit) -> str | None:
    """Return an address that stays without encryption, where others could see it."""
    parts = urlsplit(visit.answer.address)
    is_open = parts.scheme == "http" and not _is_of_ones_own(parts.hostname or "")
    return shown(visit.answer.address) if is_open and not _lowered(visit) else None


def _nowhere(visit: Visit) -> str | None:
    """Return what a redirect says that cannot be followed."""
    answer = visit.answer
    if answer.status not in REDIRECTS or _too_many(visit):
        return None
    return shown(answer.header("Location")) or "–"


def _too_many(visit: Visit) -> str | None:
    number = len(visit.redirects)
    return str(number) if number > MOST_REDIRECTS else None


def _lowered(visit: Visit) -> str | None:
    """Return where encryption is left by a redirect."""
    for each in visit.redirects:
        if each.address.startswith("https:") and each.leads_to.lower().startswith("http:"):
            return shown(each.leads_to)
    return None


def _redirect(visit: Visit) -> bool | None:
    """Return whether all redirects are permanent; None if there is none, or a worse fault."""
    if not visit.redirects or _too_many(visit) or _lowered(visit):
        return None
    return all(each.status in PERMANENT for each in visit.redirects)


def _for_now(visit: Visit) -> str | None:
    return shown(visit.answer.address) if _redirect(visit) is False else None


def _for_good(visit: Visit) -> str | None:
    return shown(visit.answer.address) if _redirect(visit) else None


def _too_long(visit: Visit) -> str | None:
    number = len(visit.address)
    return str(number) if number > LONGEST else None


def _long(visit: Visit) -> str | None:
    number = len(visit.address)
    return str(number) if LONG < number <= LONGEST else None


def _last_segment(visit: Visit) -> str | None:
    last = urlsplit(visit.address).path.rpartition("/")[2]
    return None if last.lower().endswith(".ics") else last or "/"


def _session(visit: Visit) -> str | None:
    for address in (visit.address, visit.answer.address):
        if found := SESSION.search(address):
            return found[1]
    return None


SPELLING: tuple[Rule[Visit], ...] = (
    Rule(
        "webcals",
        Severity.ERROR,
        N_("The address begins with webcals://: {value}"),
        N_("No standard has such addresses."),
        (Effect(Client.APPLE, N_("calls the address invalid on an iPhone"), Shows.NOTHING),),
        "nextcloud/calendar#2416",
        N_("Give the address with https://, and make links with webcal://."),
        once(_webcals),
        Example(Frame.ANSWER, f"GET {AGENDA.replace('https', 'webcals')}", SOUND),
    ),
    Rule(
        "webcal",
        Severity.NOTE,
        N_("The address begins with webcal://: {value}"),
        N_("That is right for links that open a program, but not all programs take it pasted."),
        (
            Effect(Client.OUTLOOK_WEB, N_("stays empty"), Shows.NOTHING),
            Effect(Client.GOOGLE, N_("stays empty"), Shows.NOTHING),
        ),
        "sportstimes/f1#449, mjff-eng/asap-hub#4998, afterclass-io/afterclass.io#498",
        N_("Show people the address with https:// to copy, beside the link."),
        once(_webcal),
        Example(Frame.ANSWER, f"GET {AGENDA.replace('https', 'webcal')}", SOUND),
    ),
)
"""About how the address is written, whatever is there."""
RULES: tuple[Rule[Visit], ...] = (
    *SPELLING,
    Rule(
        "unencrypted",
        Severity.WARNING,
        N_("The calendar comes without encryption, from {value}"),
        N_("Everybody on the way can read and change it."),
        (Effect(Client.NEXTCLOUD, N_("asks by https where a link has webcal://"), Shows.NOTHING),),
        "RFC 9110, 4.2.2",
        N_("Serve the calendar by https://, and redirect http:// there."),
        served(_unencrypted),
        Example(Frame.ANSWER, f"GET {AGENDA.replace('https', 'http')}", SOUND),
    ),
    Rule(
        "redirect-to-nowhere",
        Severity.ERROR,
        N_("The address leads on to what is no address of the web: {value}"),
        N_("Programs cannot follow it."),
        (),
        "RFC 9110, 10.2.2 and 15.4",
        N_("Answer with the calendar, or let Location be an address with https://."),
        once(_nowhere),
        Example(Frame.ANSWER, f"302\nLocation: webcal://{AGENDA[8:]}", SOUND),
    ),
    Rule(
        "redirects-without-end",
        Severity.ERROR,
        N_("The address leads on to another one {value} times."),
        N_("Programs follow a few redirects, and then give up."),
        (Effect(Client.ICSX5, N_("gives up after five"), Shows.NOTHING),),
        "RFC 9110, 15.4",
        N_("Give the address where they end, or redirect there at once."),
        once(_too_many),
        Example(
            Frame.ANSWER,
            "".join(
                f"GET https://river.example/{each}.ics\n301\nLocation: /{each + 1}.ics\n\n"
                for each in range(1, 7)
            )
            + "GET https://river.example/7.ics\n200",
            SOUND,
        ),
    ),
    Rule(
        "redirect-to-unencrypted",
        Severity.ERROR,
        N_("The address begins with https://, and leads to one without encryption: {value}"),
        N_("Programs that care for encryption do not follow it."),
        (Effect(Client.ICSX5, N_("refuses the calendar"), Shows.NOTHING),),
        "RFC 9110, 15.4",
        N_("Redirect to an address with https://."),
        served(_lowered),
        Example(
            Frame.ANSWER,
            f"GET {OLD}\n301\nLocation: http://river.example/agenda.ics\n\n"
            "GET http://river.example/agenda.ics\n200",
            SOUND,
        ),
    ),
    Rule(
        "redirect-for-now",
        Severity.WARNING,
        N_("The address leads on to {value}, for the time being."),
        N_("Programs ask at both addresses each time."),
        (Effect(Client.THUNDERBIRD, N_("loads the whole calendar each time")),),
        "RFC 9110, 15.4.3 and 15.4.8",
        N_("Answer with the calendar itself."),
        served(_for_now),
        Example(Frame.ANSWER, f"GET {OLD}\n302\nLocation: {AGENDA}\n\n{SOUND}", SOUND),
    ),
    Rule(
        "redirect-for-good",
        Severity.NOTE,
        N_("The address leads on to {value}, for good."),
        N_("Some programs keep the new address; all others ask at both each time."),
        (Effect(Client.THUNDERBIRD, N_("subscribes to the new address from then on")),),
        "RFC 9110, 15.4.2 and 15.4.9",
        N_("Subscribe to the new address, and publish that one."),
        served(_for_good),
        Example(Frame.ANSWER, f"GET {OLD}\n301\nLocation: {AGENDA}\n\n{SOUND}", SOUND),
    ),
    Rule(
        "long-address",
        Severity.ERROR,
        N_("The address has {value} characters."),
        N_("More than 256 are too many for some programs."),
        (Effect(Client.GOOGLE, N_("does nothing, without a word"), Shows.NOTHING),),
        "webapps.stackexchange.com/questions/158639",
        N_("Give the calendar an address of fewer than 200 characters."),
        served(_too_long),
        Example(Frame.ANSWER, f"GET https://river.example/{'a' * 240}.ics", SOUND),
    ),
    Rule(
        "almost-long-address",
        Severity.NOTE,
        N_("The address has {value} characters."),
        N_("It is near the 256 of which more are too many for some programs."),
        (),
        "webapps.stackexchange.com/questions/158639",
        N_("Give the calendar an address of fewer than 200 characters."),
        served(_long),
        Example(Frame.ANSWER, f"GET https://river.example/{'a' * 180}.ics", SOUND),
    ),
    Rule(
        "address-without-ics",
        Severity.WARNING,
        N_("The path of the address does not end in .ics: {value}"),
        N_("Some programs name the calendar by the end of its address."),
        (
            Effect(
                Client.THUNDERBIRD, N_("names the calendar by the end of its address"), Shows.TEXT
            ),
            Effect(
                Client.KORGANIZER,
                N_("names the calendar by the end of its address, without NAME"),
                Shows.TEXT,
            ),
        ),
        "RFC 5545, 8.1",
        N_("Let the address end in what the calendar is called: /river-conference-2027.ics."),
        served(_last_segment),
        Example(Frame.ANSWER, "GET https://river.example/export?id=12", SOUND),
    ),
    Rule(
        "session-in-address",
        Severity.WARNING,
        N_("The address holds a session: {value}."),
        N_("It ends some day, and the calendar with it."),
        (),
        "RFC 9110, 17.9",
        N_("Give the calendar an address that holds for ever, with a key of its own if need be."),
        served(_session),
        Example(Frame.ANSWER, f"GET {AGENDA}?PHPSESSID=0a1b2c", f"GET {AGENDA}?day=1"),
    ),
)
