"""Where calendars and components begin and end."""

from collections import Counter
from collections.abc import Iterator

from calsvc.doctor.clients import STRICT
from calsvc.doctor.documents import Document
from calsvc.doctor.examples import OTHER_VEVENT, VEVENT, Example, Frame, whole
from calsvc.doctor.findings import Found, Rule, Severity, within
from calsvc.translations import N_

SOUND = whole()
BOTH = whole(body=VEVENT + OTHER_VEVENT)


def _text_before(document: Document) -> Iterator[Found]:
    first = document.calendars[0].line if document.calendars else 0
    return (Found(each.number, each.text) for each in document.outside if each.number < first)


def _text_after(document: Document) -> Iterator[Found]:
    if document.calendars:
        first = document.calendars[0].line
        for each in document.outside:
            if each.number > first:
                yield Found(each.number, each.text)


def _cut_off(document: Document) -> Iterator[Found]:
    if document.cut_off:
        last = document.lines[-1]
        yield Found(last.number, last.text, document.cut_off[-1])


def _without_end(document: Document) -> Iterator[Found]:
    cut_off = {id(each) for each in document.cut_off}
    for each in document.unclosed:
        if id(each) not in cut_off:
            yield within(each, each.name)


def _without_begin(document: Document) -> Iterator[Found]:
    if document.calendars:
        unclosed = Counter(each.name for each in document.unclosed)
        for line in document.unopened:
            name = line.text.partition(":")[2].strip().upper()
            unclosed[name] -= 1
            if unclosed[name] < 0:
                yield Found(line.number, line.text)


def _outside(document: Document) -> Iterator[Found]:
    return (within(each, each.name) for each in document.calendars if each.name != "VCALENDAR")


def _several(document: Document) -> Iterator[Found]:
    return (within(each) for each in document.vcalendars[1:])


RULES: tuple[Rule[Document], ...] = (
    Rule(
        "text-before-calendar",
        Severity.ERROR,
        N_("Text stands before the calendar: {value}"),
        N_("A reader that looks at the beginning of a file takes this one for no calendar."),
        (),
        "RFC 5545, 3.4",
        N_("See what prints it: a warning of the server's program, or a template."),
        _text_before,
        Example(Frame.FILE, fails=f"Warning: no time zone is set\n{SOUND}", holds=SOUND),
    ),
    Rule(
        "text-after-calendar",
        Severity.WARNING,
        N_("Text stands behind the calendar: {value}"),
        N_("A file holds calendars and nothing else; a strict reader refuses it."),
        (),
        "RFC 5545, 3.4",
        N_("See what prints it: a warning of the server's program, or a template."),
        _text_after,
        Example(Frame.FILE, fails=f"{SOUND}<!-- 0.2 s -->\n", holds=SOUND),
    ),
    Rule(
        "cut-off",
        Severity.ERROR,
        N_("The file is cut off behind {value}"),
        N_("What was to follow is missing, and many readers refuse such a file as a whole."),
        (),
        "RFC 5545, 3.4",
        N_("Write the whole file before it is sent; see whether the server ran into a limit."),
        _cut_off,
        Example(Frame.FILE, fails=SOUND.removesuffix("END:VCALENDAR\n"), holds=SOUND),
    ),
    Rule(
        "component-without-end",
        Severity.ERROR,
        N_("No END follows on this BEGIN:{value}."),
        N_("Readers disagree about what belongs to it, or refuse the file."),
        (STRICT,),
        "RFC 5545, 3.6",
        N_("Write an END for each BEGIN, and close what is inside first."),
        _without_end,
        Example(Frame.FILE, fails=BOTH.replace("END:VEVENT\n", "", 1), holds=BOTH),
    ),
    Rule(
        "end-without-begin",
        Severity.ERROR,
        N_("{value} ends what has not begun."),
        N_("Readers disagree about what belongs together, or refuse the file."),
        (STRICT,),
        "RFC 5545, 3.6",
        N_("Take the line away, or write the BEGIN that is missing."),
        _without_begin,
        Example(Frame.FILE, fails=SOUND.replace("END:VE", "END:VALARM\nEND:VE"), holds=SOUND),
    ),
    Rule(
        "component-outside-calendar",
        Severity.ERROR,
        N_("{value} stands outside of any calendar."),
        N_("Programs read what is between BEGIN:VCALENDAR and END:VCALENDAR."),
        (),
        "RFC 5545, 3.4 and 3.6",
        N_("Put it into the calendar."),
        _outside,
        Example(Frame.FILE, fails=f"{SOUND}{OTHER_VEVENT}", holds=BOTH),
    ),
    Rule(
        "several-calendars",
        Severity.WARNING,
        N_("Another calendar begins in the same file."),
        N_(
            "The standard allows it, but a subscription is to one calendar: some readers take the"
            " first alone, and others refuse the file."
        ),
        (),
        "RFC 5545, 3.4",
        N_("Write one calendar with all entries, or a file for each."),
        _several,
        Example(Frame.FILE, fails=f"{SOUND}{whole(body=OTHER_VEVENT)}", holds=BOTH),
    ),
)
