"""How properties are written: names, parameters, and lines that are no properties."""

import re
from collections.abc import Callable, Iterator
from difflib import get_close_matches

from calsvc.doctor.clients import STRICT, Client, Effect, Shows
from calsvc.doctor.documents import PARAMETER, Document, Line, printable
from calsvc.doctor.examples import VEVENT, Example, Frame
from calsvc.doctor.findings import Found, Rule, Severity
from calsvc.doctor.vocabulary import ADDRESS_PARAMETERS, PROPERTIES, SINGLE_PARAMETERS, WORDS
from calsvc.translations import N_

NAME = re.compile(r"([A-Za-z0-9_-]{1,64})([ \t]*)([:;]?)")
PERSONS = frozenset({"ATTENDEE", "ORGANIZER"})
QUOTED = re.compile(r'"[^"]*"')
PROPER = PROPERTIES | {"BEGIN", "END"}
LONGEST_PART = 34  # characters of each of two lines that a finding tells
MOST_NAMES = 100  # of unknown properties that are compared with the known ones
ALIKE = 0.75  # of two names, 1.0 being the same


def _written(line: Line) -> str:
    """Return the name that a line begins with, as it is written; empty if with none."""
    found = NAME.match(line.text[:100].removeprefix("\ufeff"))
    return found[1] if found and found[3] else ""


def _is_proper(name: str) -> bool:
    return name.upper() in PROPER or name[:2].upper() == "X-"


def _faults(document: Document) -> Iterator[tuple[str, Line, Line | None]]:
    """Yield each line that is no property that anybody knows, with the line before it.

    The first word says what it is: ``torn``, the first line that is a part of the text in the
    property before it, or ``misread``, where each line of that part looks like a property;
    ``none``, no property; ``unknown``, a property of an unknown name.
    """
    unreadable = {line.number for line in document.unreadable}
    outside = {line.number for line in document.outside}
    before: Line | None = None
    torn: tuple[str, Line, Line | None] | None = None
    is_text = False  # what the line before is
    for line in document.lines:
        if line.number in outside or line == document.torso:
            continue
        name, is_read = _written(line), line.number not in unreadable
        if is_text and not _is_proper(name) and not (is_read and name.isupper()):
            kind, first, text = torn or ("misread", line, before)
            torn = (kind if is_read else "torn", first, text)
        else:
            if torn:
                yield torn
            torn = None
            is_text = _is_proper(name) and name.upper() in WORDS
            if not _is_proper(name):
                yield "unknown" if is_read else "none", line, before
        before = line
    if torn:
        yield torn


def _torn(kind: str) -> Callable[[Document], Iterator[Found]]:
    """Return what finds the texts that are torn, ``torn`` or ``misread``."""

    def find(document: Document) -> Iterator[Found]:
        for found, line, before in _faults(document):
            if found == kind and before:
                shown = (printable(each.text, LONGEST_PART) for each in (before, line))
                yield Found(line.number, " ↵ ".join(shown))

    return find


def _none(document: Document) -> Iterator[Found]:
    for kind, line, _ in _faults(document):
        if kind == "none":
            yield Found(line.number, line.text)


def _own_lines(document: Document) -> set[int]:
    """Return the lines of components of somebody's own, X-: what is in them is theirs."""
    found: set[int] = set()
    last = 0
    for each in document.components:
        if each.name.startswith("X-") and each.end > last:
            last = each.end
            found.update(range(each.line, last))
    return found


def _unknown(document: Document) -> Iterator[tuple[Line, str, str]]:
    """Yield lines with unknown names, each name, and the known one that it is like."""
    likes: dict[str, str] = {}
    own = _own_lines(document)
    for kind, line, _ in _faults(document):
        name = _written(line).upper()
        if kind == "unknown" and "_" not in name and line.number not in own:
            if name not in likes and len(likes) < MOST_NAMES:
                likes[name] = next(iter(get_close_matches(name, PROPERTIES, 1, ALIKE)), "")
            yield line, name, likes.get(name, "")


def _misspelt(document: Document) -> Iterator[Found]:
    for line, name, like in _unknown(document):
        if like:
            yield Found(line.number, f"{name} ({like})")


def _unheard(document: Document) -> Iterator[Found]:
    return (Found(line.number, name) for line, name, like in _unknown(document) if not like)


def _underscored(document: Document) -> Iterator[Found]:
    if b"_" in document.octets:
        for line in document.lines:
            name = _written(line)
            if "_" in name and (name.isupper() or name[:2].upper() == "X-"):
                yield Found(line.number, name)
            elif b"_" in line.octets and _is_proper(name):
                wrong = (found[1] for found in _parameters(line) if "_" in found[1])
                yield from (Found(line.number, each) for each in wrong)


def _broken(fault: str) -> Callable[[Document], Iterator[Found]]:
    """Return what finds properties that cannot be read, by what is wrong behind their names."""

    def find(document: Document) -> Iterator[Found]:
        for line in document.unreadable:
            found = NAME.match(line.text[:100])
            if found and _is_proper(_written(line)):
                is_quote = '"' in line.text.partition(":")[0] or line.text.count('"') % 2 == 1
                kind = "blank" if found[2] else "quote" if is_quote else "parameter"
                if kind == fault:
                    yield Found(line.number, line.text)

    return find


def _parameters(line: Line) -> Iterator[re.Match[str]]:
    """Yield the parameters of a line, each as its name and its value."""
    text = line.text
    name = NAME.match(text)
    place = name.end() - 1 if name and name[3] == ";" else len(text)
    while found := PARAMETER.match(text, place):
        yield found
        place = found.end()


def _unquoted(document: Document) -> Iterator[Found]:
    unreadable = {line.number for line in document.unreadable}
    for line in document.lines:
        if b";" in line.octets and line.number not in unreadable:
            last = None
            for last in _parameters(line):
                if _wants_quotes(last[1].upper(), last[2]):
                    yield Found(line.number, last[0][1:])
            if last and _written(line).upper() in PERSONS:
                yield from _cut_name(line, last)


def _cut_name(line: Line, last: re.Match[str]) -> Iterator[Found]:
    """Find the address of a person behind a second colon: the first is within the last value."""
    text = line.text
    address = text.lower().find(":mailto:", last.end() + 1)
    if address > 0:
        yield Found(line.number, text[last.start() + 1 : address])


def _wants_quotes(name: str, value: str) -> bool:
    if name in ADDRESS_PARAMETERS:
        return bool(value) and not value.startswith('"')
    return name in SINGLE_PARAMETERS and "," in QUOTED.sub("", value)


RULES: tuple[Rule[Document], ...] = (
    Rule(
        "torn-text",
        Severity.ERROR,
        N_("A text is torn by a line break: {value}"),
        N_("The text ends there, and what follows is no property."),
        (STRICT,),
        "RFC 5545, 3.1 and 3.3.11",
        N_("Write line breaks in texts as \\n."),
        _torn("torn"),
        Example(
            Frame.ENTRY,
            fails="DESCRIPTION:Please bring:\na rope\nNote: no knives",
            holds="DESCRIPTION:Please bring:\\na rope\\nNote: no knives",
        ),
    ),
    Rule(
        "torn-text-misread",
        Severity.ERROR,
        N_("A text is torn by a line break: {value}"),
        N_("The text ends there, and what follows is taken for a property that nobody knows."),
        (),
        "RFC 5545, 3.1 and 3.3.11",
        N_("Write line breaks in texts as \\n."),
        _torn("misread"),
        Example(
            Frame.ENTRY,
            fails="DESCRIPTION:Please bring a rope.\nNote: no knives",
            holds="DESCRIPTION:Please bring a rope.\\nNote: no knives",
        ),
    ),
    Rule(
        "line-without-property",
        Severity.ERROR,
        N_("This line is no property: {value}"),
        N_("Each line is a property: a name, a colon, a value."),
        (Effect(Client.APPLE, N_("refuses to import the file"), Shows.NOTHING), STRICT),
        "RFC 5545, 3.1; ietf-tools/datatracker#8498",
        N_("Take the line away; see what template or program prints it."),
        _none,
        Example(
            Frame.BODY,
            fails=f"None\n{VEVENT}",
            holds=VEVENT,
        ),
    ),
    Rule(
        "misspelt-property",
        Severity.NOTE,
        N_("No standard has such a property, but one of a similar name: {value}"),
        N_("Programs pass over names that they do not know, and so over what it says."),
        (),
        "RFC 5545, 3.8.8.1",
        N_("Check the name; a name of your own begins with X-."),
        _misspelt,
        Example(Frame.ENTRY, fails="CATEGORY:Keynote", holds="CATEGORIES:Keynote"),
    ),
    Rule(
        "unknown-property",
        Severity.NOTE,
        N_("No standard has a property {value}."),
        N_("Programs pass over names that they do not know, and so over what it says."),
        (),
        "RFC 5545, 3.8.8.1 and 3.8.8.2",
        N_("Begin a name of your own with X-; put what people should read in DESCRIPTION."),
        _unheard,
        Example(Frame.ENTRY, fails="SPEAKER:Ada Arch", holds="X-SPEAKER:Ada Arch"),
    ),
    Rule(
        "underscore-in-name",
        Severity.ERROR,
        N_("The name {value} has an underscore."),
        N_("Names have letters, digits and hyphens only; a strict reader refuses the file."),
        (STRICT,),
        "RFC 5545, 3.1; allenporter/ical 14.3.1; SimpleMobileTools/Simple-Calendar#1396",
        N_("Write a hyphen in its place."),
        _underscored,
        Example(Frame.ENTRY, fails="X-TALK_ID:17", holds="X-TALK-ID:17"),
    ),
    Rule(
        "blank-behind-name",
        Severity.ERROR,
        N_("A blank stands behind the name of the property: {value}"),
        N_("A colon or a semicolon follows the name at once; else the line is no property."),
        (STRICT,),
        "RFC 5545, 3.1",
        N_("Take the blank away."),
        _broken("blank"),
        Example(Frame.ENTRY, fails="CATEGORIES :Keynote", holds="CATEGORIES:Keynote"),
    ),
    Rule(
        "stray-quotation-mark",
        Severity.ERROR,
        N_("A quotation mark stands within a parameter, or has no second one: {value}"),
        N_("Quotation marks enclose the whole value of a parameter, and cannot be in it."),
        (STRICT,),
        "RFC 5545, 3.2; RFC 6868, 3",
        N_("Enclose the value as a whole; write a quotation mark in it as ^'."),
        _broken("quote"),
        Example(
            Frame.ENTRY,
            fails='CONTACT;ALTREP="https://river.example/help:Desk',
            holds='CONTACT;ALTREP="https://river.example/help":Desk',
        ),
    ),
    Rule(
        "broken-parameter",
        Severity.ERROR,
        N_("What follows the name of the property is no parameter: {value}"),
        N_("A parameter is a name, =, and a value; what cannot be read is lost with its line."),
        (STRICT,),
        "RFC 5545, 3.1 and 3.2",
        N_("Put values with a colon, a semicolon or a comma in quotation marks."),
        _broken("parameter"),
        Example(
            Frame.ENTRY,
            fails="CONTACT;X-TEAM=Help; Ropes:Desk",
            holds='CONTACT;X-TEAM="Help; Ropes":Desk',
        ),
    ),
    Rule(
        "parameter-without-quotation-marks",
        Severity.ERROR,
        N_("The value of the parameter {value} needs quotation marks."),
        N_("Without them it ends at the first colon, semicolon or comma."),
        (),
        "RFC 5545, 3.2",
        N_("Put the value in quotation marks."),
        _unquoted,
        Example(
            Frame.ENTRY,
            fails="CONTACT;ALTREP=https://river.example/help:Desk",
            holds='CONTACT;ALTREP="https://river.example/help":Desk',
        ),
    ),
)
