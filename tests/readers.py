"""Readers of a feed's bytes that calsvc has no part in: the judges of what it writes.

None of them uses icalendar, which calsvc writes with.  vobject, ical and ical.js read as
calendar programs do; ``faults`` holds the lines themselves against RFC 5545, and is
stricter than any program; ``moments`` reads nothing but times, from the feed's own
VTIMEZONE and never from the name of a zone.
"""

import atexit
import fcntl
import io
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import vobject
from conftest import tool
from dateutil.tz import tzical
from ical.calendar_stream import IcsCalendarStream

CLIENTS = Path(__file__).parent / "clients"

Moment = date | datetime
"""A day, or an aware instant in UTC."""


@contextmanager
def untraced() -> Iterator[None]:
    """Measure no coverage here: it makes readers, and very many feeds, twice as slow."""
    trace = sys.gettrace()
    sys.settrace(None)
    try:
        yield
    finally:
        sys.settrace(trace)


@dataclass(frozen=True)
class Read:
    """An entry as a reader saw it; what the feed does not say is empty."""

    uid: str
    summary: str
    description: str
    location: str
    categories: tuple[str, ...]
    start: Moment
    end: Moment
    status: str
    sequence: int
    transp: str


# --- vobject ------------------------------------------------------------------------------


@untraced()
def read_vobject(octets: bytes) -> list[Read]:
    """Read a feed with vobject, which evaluates local times by the feed's VTIMEZONE."""
    # It would go on with the rules that another feed had for a zone of the same name.
    zones = vobject.icalendar.__dict__["__tzidMap"]
    for name in zones.keys() - {"UTC"}:
        del zones[name]
    calendar = vobject.readOne(octets.decode("utf-8"))
    return [_from_vobject(entry) for entry in calendar.contents.get("vevent", [])]


def _from_vobject(entry: Any) -> Read:
    def says(name: str, absent: Any = "") -> Any:
        return entry.contents[name][0].value if name in entry.contents else absent

    return Read(
        uid=says("uid"),
        summary=says("summary"),
        description=says("description"),
        location=says("location"),
        categories=tuple(says("categories", ())),
        start=_in_utc(says("dtstart")),
        end=_in_utc(says("dtend")),
        status=says("status"),
        sequence=int(says("sequence")),
        transp=says("transp"),
    )


def _in_utc(moment: Moment | None) -> Moment:
    assert moment, "there is no time"
    if not isinstance(moment, datetime):
        return moment
    assert moment.tzinfo, f"{moment} is floating"
    return moment.astimezone(UTC)


# --- ical ---------------------------------------------------------------------------------


@untraced()
def read_ical(octets: bytes) -> list[Read]:
    """Read a feed with ical, which knows the zone of a local time by its name."""
    calendar = IcsCalendarStream.calendar_from_ics(octets.decode("utf-8"))
    return [
        Read(
            uid=entry.uid,
            summary=entry.summary or "",
            description=entry.description or "",
            location=entry.location or "",
            categories=tuple(entry.categories),
            start=_in_utc(entry.dtstart),
            end=_in_utc(entry.dtend),
            status=entry.status or "",
            sequence=entry.sequence or 0,
            transp=entry.transparency or "",
        )
        for entry in calendar.events
    ]


# --- ical.js ------------------------------------------------------------------------------


@untraced()
def read_ical_js(octets: bytes, form: str = "ics") -> list[Read]:
    """Read a feed with ical.js, which evaluates local times by the feed's VTIMEZONE.

    ``form`` is ``jcal`` for what is jCal.
    """
    answer = ask("read.mjs", {form: octets.decode("utf-8")})
    assert "error" not in answer, answer["error"]
    return [
        Read(
            **{
                **entry,
                "categories": tuple(entry["categories"]),
                "start": _from_iso(entry["start"]),
                "end": _from_iso(entry["end"]),
            }
        )
        for entry in answer["entries"]
    ]


def _from_iso(written: str) -> Moment:
    return datetime.fromisoformat(written) if "T" in written else date.fromisoformat(written)


def ask(script: str, question: dict[str, Any]) -> Any:
    """Return what a script of ``clients`` answers: a line of JSON to a line of JSON."""
    process = _process(script)
    process.stdin.write(json.dumps(question) + "\n")
    process.stdin.flush()
    return json.loads(process.stdout.readline())


@cache
def _process(script: str) -> Any:
    """Start a script once for all that this process asks; it ends with its input."""
    node = tool("node")
    install_clients()
    process = subprocess.Popen(
        [node, str(CLIENTS / script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    atexit.register(process.communicate)
    return process


def install_clients() -> Path:
    """Install what ``clients/package.json`` names, where it is missing; return its folder."""
    npm = tool("npm")
    modules = CLIENTS / "node_modules"
    # Several processes of one test run may want it at once.
    with (CLIENTS / "package.json").open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        wanted = json.load(file)["dependencies"]
        if any(_version(modules / name) != version for name, version in wanted.items()):
            subprocess.run(
                [npm, "install", "--no-package-lock", "--no-audit", "--no-fund"],
                cwd=CLIENTS,
                check=True,
                capture_output=True,
                timeout=300,
            )
    return modules


def _version(package: Path) -> str | None:
    """Return the version of an installed package; None where there is none."""
    description = package / "package.json"
    return json.loads(description.read_text("utf-8"))["version"] if description.exists() else None


Reader = Callable[[bytes], list[Read]]
READERS: dict[str, Reader] = {
    "vobject": read_vobject,
    "ical": read_ical,
    "ical.js": read_ical_js,
}
each_reader = pytest.mark.parametrize("reader", READERS.values(), ids=READERS)


# --- lines --------------------------------------------------------------------------------


class Property(NamedTuple):
    """A content line: ``NAME;PARAMETER=…:value``."""

    name: str
    parameters: dict[str, str]
    value: str


NAME = r"[A-Z0-9-]+"
QUOTED = r'"[^"\x00-\x08\x0a-\x1f\x7f]*"'
PLAIN = r'[^";:,\x00-\x08\x0a-\x1f\x7f]*'
PARAMETER = rf"{NAME}=(?:{QUOTED}|{PLAIN})(?:,(?:{QUOTED}|{PLAIN}))*"
CONTENT_LINE = re.compile(rf"({NAME})((?:;{PARAMETER})*):(.*)", re.DOTALL)


def unfolded(octets: bytes) -> list[str]:
    """Return the content lines of a feed, with folds taken out."""
    return octets.decode("utf-8").replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def property_of(line: str) -> Property | None:
    """Return the parts of a content line (RFC 5545, 3.1), or None when it is none."""
    match = CONTENT_LINE.fullmatch(line)
    if not match:
        return None
    written = (each.split("=", 1) for each in re.findall(rf";({PARAMETER})", match[2]))
    parameters = {name: _plain_parameter(value) for name, value in written}
    return Property(match[1], parameters, match[3])


def _plain_parameter(written: str) -> str:
    """Return the text of a parameter's value (RFC 6868)."""
    escapes = {"^^": "^", "^'": '"', "^n": "\n"}
    return re.sub(r"\^[\^'n]", lambda each: escapes[each[0]], written.strip('"'))


def unescaped(value: str) -> str:
    """Return the text of a TEXT value (RFC 5545, 3.3.11)."""
    return re.sub(r"\\(.)", lambda escape: "\n" if escape[1] in "nN" else escape[1], value)


class Component(NamedTuple):
    """What stands between BEGIN and END."""

    name: str
    properties: list[Property]
    components: list["Component"]

    def all(self, name: str) -> list[Property]:
        """Return the properties of one name."""
        return [each for each in self.properties if each.name == name]

    def value(self, name: str) -> str | None:
        """Return the value of the first property of that name."""
        return next((each.value for each in self.properties if each.name == name), None)

    def inside(self, name: str) -> list["Component"]:
        """Return the components of one name."""
        return [each for each in self.components if each.name == name]


def component_of(octets: bytes) -> Component:
    """Return the VCALENDAR of a feed."""
    root = Component("", [], [])
    path = [root]
    for line in unfolded(octets):
        content = property_of(line)
        assert content, f"no content line: {line!r}"
        if content.name == "BEGIN":
            path.append(Component(content.value, [], []))
        elif content.name == "END":
            ended = path.pop()
            assert ended.name == content.value, f"END:{content.value} inside {ended.name}"
            path[-1].components.append(ended)
        else:
            assert not path[-1].components or path[-1].name == "VCALENDAR", line
            path[-1].properties.append(content)
    assert path == [root] and len(root.components) == 1, "not one whole calendar"
    return root.components[0]


# RFC 5545, 3.6.1, with the properties that RFC 7986 adds.
EXACTLY_ONCE = ("UID", "DTSTAMP", "DTSTART")
AT_MOST_ONCE = (
    *("CLASS", "CREATED", "DESCRIPTION", "GEO", "LAST-MODIFIED", "LOCATION", "ORGANIZER"),
    *("PRIORITY", "SEQUENCE", "STATUS", "SUMMARY", "TRANSP", "URL", "RECURRENCE-ID", "RRULE"),
    *("DTEND", "DURATION", "COLOR"),
)
STAMPS = ("DTSTAMP", "CREATED", "LAST-MODIFIED")
CALENDAR_AT_MOST_ONCE = (
    *("CALSCALE", "UID", "LAST-MODIFIED", "URL", "REFRESH-INTERVAL", "SOURCE", "COLOR"),
    *("X-WR-CALNAME", "X-WR-CALDESC", "X-WR-TIMEZONE", "X-PUBLISHED-TTL"),
)
TEXTS = ("SUMMARY", "DESCRIPTION", "LOCATION", "CATEGORIES", "NAME", "X-WR-CALNAME", "X-WR-CALDESC")
DAY = r"\d{8}"
INSTANT = rf"{DAY}T\d{{6}}Z"
LOCAL = rf"{DAY}T\d{{6}}"
OFFSET = r"\+\d{4}|-(?!0000)\d{4}"
ZONE_RULE = r"FREQ=YEARLY;BYMONTH=(?:[1-9]|1[0-2]);BYDAY=(?:-1|[1-5])(?:MO|TU|WE|TH|FR|SA|SU)"


@untraced()
def faults(octets: bytes) -> list[str]:
    """Return all that is wrong with a feed by RFC 5545, and by what is known of clients."""
    return list(_faults(octets))


def _faults(octets: bytes) -> Iterator[str]:
    broken = list(_line_faults(octets))
    if broken:
        yield from broken
        return
    calendar = component_of(octets)
    if calendar.name != "VCALENDAR":
        yield f"is a {calendar.name}"
    yield from _counts(calendar, ("VERSION", "PRODID"), CALENDAR_AT_MOST_ONCE)
    if calendar.value("VERSION") != "2.0":
        yield "VERSION is not 2.0"
    if calendar.all("METHOD"):
        yield "has a METHOD"
    if not calendar.inside("VEVENT"):
        yield "has no VEVENT"
    for component in calendar.components:
        if component.name not in {"VEVENT", "VTIMEZONE"}:
            yield f"has a {component.name}"
    for entry in calendar.inside("VEVENT"):
        for fault in _entry_faults(entry):
            yield f"{entry.value('UID')}: {fault}"
    uids = Counter(entry.value("UID") for entry in calendar.inside("VEVENT"))
    yield from (f"{uid} is there {number} times" for uid, number in uids.items() if number > 1)
    yield from _zone_faults(calendar)
    seen = [component.name for component in calendar.components]
    if seen != sorted(seen, reverse=True):
        yield "has a VTIMEZONE behind a VEVENT"
    text = unfolded(octets)
    first = next(number for number, line in enumerate(text[1:]) if line.startswith("BEGIN:"))
    if len(calendar.properties) != first:
        yield "has calendar properties behind a component"


def _line_faults(octets: bytes) -> Iterator[str]:
    if not octets.endswith(b"\r\n"):
        yield "does not end with CRLF"
    if octets.startswith(b"\xef\xbb\xbf"):
        yield "starts with a byte order mark"
    for number, line in enumerate(octets.removesuffix(b"\r\n").split(b"\r\n"), 1):
        if not line:
            yield f"line {number} is empty"
        if len(line) > 75:
            yield f"line {number} has {len(line)} octets"
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            yield f"line {number} splits a character"
            return
        if re.search(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]", text):
            yield f"line {number} has a control character"
    for whole in unfolded(octets):
        content = property_of(whole)
        if content is None:
            yield f"is no content line: {whole!r}"
        elif content.name in TEXTS and not re.fullmatch(
            rf"(?:[^\\;{'' if content.name == 'CATEGORIES' else ','}]|\\[\\;,n])*", content.value
        ):
            yield f"is not escaped: {whole!r}"


def _counts(
    component: Component, once: tuple[str, ...], at_most_once: tuple[str, ...]
) -> Iterator[str]:
    counted = Counter(each.name for each in component.properties)
    yield from (f"{name} is there {counted[name]} times" for name in once if counted[name] != 1)
    for name in at_most_once:
        if counted[name] > 1:
            yield f"{name} is there {counted[name]} times"


def _entry_faults(entry: Component) -> Iterator[str]:
    yield from _counts(entry, EXACTLY_ONCE, AT_MOST_ONCE)
    for name in STAMPS:
        for stamp in entry.all(name):
            if stamp.parameters or not re.fullmatch(INSTANT, stamp.value):
                yield f"{stamp} is no instant"
    start, end = (entry.all(name)[0] for name in ("DTSTART", "DTEND"))
    if start.parameters != end.parameters:
        yield "DTSTART and DTEND are not alike"
    for moment in (start, end):
        form = {"VALUE": DAY, "TZID": LOCAL, "": INSTANT}["".join(moment.parameters)]
        if not re.fullmatch(form, moment.value):
            yield f"{moment} is no time"
    if start.value >= end.value:
        yield "does not end after it starts"
    if entry.value("STATUS") not in {"CONFIRMED", "TENTATIVE", "CANCELLED"}:
        yield "has no such STATUS"
    if not re.fullmatch(r"\d+", entry.value("SEQUENCE") or ""):
        yield "SEQUENCE is no number"
    if entry.value("DTSTAMP") != entry.value("LAST-MODIFIED"):
        yield "DTSTAMP is not the last revision"
    busy = {"OPAQUE": {"BUSY", "TENTATIVE"}, "TRANSPARENT": {"FREE"}}
    shown = entry.value("X-MICROSOFT-CDO-BUSYSTATUS")
    if shown not in busy[entry.value("TRANSP") or "OPAQUE"]:
        yield "TRANSP and X-MICROSOFT-CDO-BUSYSTATUS disagree"
    for alarm in entry.components:
        if alarm.name != "VALARM":
            yield f"has a {alarm.name}"
        yield from _counts(alarm, ("ACTION", "TRIGGER", "DESCRIPTION"), ())


def _zone_faults(calendar: Component) -> Iterator[str]:
    used = {
        moment.parameters["TZID"]
        for entry in calendar.inside("VEVENT")
        for moment in entry.properties
        if "TZID" in moment.parameters
    }
    defined = [zone.value("TZID") for zone in calendar.inside("VTIMEZONE")]
    if sorted(used) != sorted(filter(None, defined)):
        yield f"uses the zones {sorted(used)} and defines {defined}"
    for zone in calendar.inside("VTIMEZONE"):
        for fault in zone_faults(zone):
            yield f"{zone.value('TZID')}: {fault}"


def zone_faults(zone: Component) -> Iterator[str]:
    """Yield what Outlook could not read of a VTIMEZONE (MS-OXCICAL, 2.1.3.1.1.19)."""
    if [each.name for each in zone.properties] != ["TZID"]:
        yield "has more than a TZID"
    names = sorted(observance.name for observance in zone.components)
    if names not in (["STANDARD"], ["DAYLIGHT", "STANDARD"]):
        yield f"has {names}"
    for observance in zone.components:
        has_rule = ["RRULE"] if len(zone.components) == 2 else []
        expected = ["DTSTART", *has_rule, "TZNAME", "TZOFFSETFROM", "TZOFFSETTO"]
        if sorted(each.name for each in observance.properties) != sorted(expected):
            yield f"{observance.name} has other properties: {observance.properties}"
        for name, form in (
            ("DTSTART", LOCAL),
            ("RRULE", ZONE_RULE),
            ("TZOFFSETFROM", OFFSET),
            ("TZOFFSETTO", OFFSET),
        ):
            for each in observance.all(name):
                if not re.fullmatch(form, each.value) or each.parameters:
                    yield f"{each} is not as Outlook wants it"


# --- times --------------------------------------------------------------------------------


def zones(octets: bytes) -> dict[str, tzinfo]:
    """Return the zones that a feed defines, as dateutil understands their VTIMEZONE."""
    text = octets.decode("utf-8")
    defined = "".join(re.findall(r"BEGIN:VTIMEZONE\r\n.*?END:VTIMEZONE\r\n", text, re.DOTALL))
    if not defined:
        return {}
    read = tzical(io.StringIO(defined))
    return {name: read.get(name) for name in read.keys()}


@untraced()
def moments(octets: bytes) -> dict[str, tuple[datetime, datetime]]:
    """Return start and end of each timed entry by its uid, as instants in UTC."""
    known = zones(octets)
    text = octets.decode("utf-8").replace("\r\n ", "")
    return {
        uid: (_instant(start, known), _instant(end, known))
        for uid, start, end in re.findall(
            r"\r\nUID:(.+?)\r\n.*?\r\nDTSTART([:;].+?)\r\nDTEND([:;].+?)\r\n", text, re.DOTALL
        )
        if "VALUE=DATE" not in start
    }


def _instant(written: str, known: dict[str, tzinfo]) -> datetime:
    """Return the instant of ``:20250625T153000Z`` or ``;TZID=America/Los_Angeles:…``."""
    if written.startswith(":"):
        return datetime.strptime(written, ":%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    name, _, value = written.removeprefix(";TZID=").partition(":")
    local = datetime.fromisoformat(value)
    offset = known[name].utcoffset(local)
    assert offset is not None
    return (local - offset).replace(tzinfo=UTC)
