"""Addresses and files of entries."""

import re

from calsvc.doctor.clients import Client, Effect, Shows
from calsvc.doctor.documents import Document, Property
from calsvc.doctor.examples import Example, Frame
from calsvc.doctor.findings import Rule, Severity, where
from calsvc.translations import N_

ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,30}:[^\s<>\"{}|\\^`]+")
LONGEST_WORD = 10  # characters of what programs write that have no address: None, undefined
WORDS = frozenset({"none", "null", "undefined", "nan", "nil", "(null)", "(none)"})


def _value(each: Property) -> str:
    return each.parameters.get("VALUE", "").strip().upper()


def _is_no_address(each: Property) -> bool:
    value = each.value.strip()
    if len(value) <= LONGEST_WORD and value.casefold() in WORDS:
        return False  # told as such
    return not value.startswith("[object") and ADDRESS.fullmatch(value) is None


def _is_inline(each: Property) -> bool:
    is_binary = each.parameters.get("ENCODING", "").strip().upper() == "BASE64"
    return is_binary or _value(each) == "BINARY" or each.value[:5].lower() == "data:"


def _is_untyped(each: Property) -> bool:
    return not _value(each) and not _is_inline(each)


RULES: tuple[Rule[Document], ...] = (
    Rule(
        "url-unreadable",
        Severity.WARNING,
        N_("{value} is no whole address."),
        N_("A calendar has no place of its own: /talks/12 leads nowhere from there."),
        (),
        "RFC 5545, 3.3.13, 3.8.4.6",
        N_("Write https:// and the whole address, without blanks and backslashes."),
        where(_is_no_address, "URL"),
        Example(Frame.ENTRY, fails="URL:/talks/12", holds="URL:https://river.example/talks/12"),
    ),
    Rule(
        "file-inside",
        Severity.WARNING,
        N_("{value} holds a whole file."),
        N_("All who subscribe fetch it again and again, and calendars over a megabyte are cut."),
        (
            Effect(Client.GOOGLE, N_("leaves out what lies behind a megabyte"), Shows.MISSING),
            Effect(Client.NEXTCLOUD, N_("takes it out"), Shows.ODD),
        ),
        "RFC 5545, 3.8.1.1; ilios/ilios#1229",
        N_("Put the file on the web, and write its address."),
        where(_is_inline, "ATTACH", "IMAGE"),
        Example(
            Frame.ENTRY,
            fails="ATTACH;FMTTYPE=image/png;ENCODING=BASE64;VALUE=BINARY:iVBORw0KGgo=",
            holds="ATTACH;FMTTYPE=image/png:https://river.example/hall.png",
        ),
    ),
    Rule(
        "address-without-its-kind",
        Severity.WARNING,
        N_("{value} does not say that it is an address."),
        N_("CONFERENCE and IMAGE have no kind of value by default: VALUE=URI must be there."),
        (),
        "RFC 7986, 5.10, 5.11",
        N_("Write VALUE=URI: CONFERENCE;VALUE=URI:https://…"),
        where(_is_untyped, "CONFERENCE", "IMAGE"),
        Example(
            Frame.ENTRY,
            fails="CONFERENCE;FEATURE=VIDEO:https://river.example/live",
            holds="CONFERENCE;VALUE=URI;FEATURE=VIDEO:https://river.example/live",
        ),
    ),
    Rule(
        "link-without-relation",
        Severity.WARNING,
        N_("{value} does not say what it leads to."),
        N_("LINKREL must stand on each LINK: nothing tells programs what to do with it else."),
        (),
        "RFC 9253, 6.1",
        N_("Write LINKREL, such as LINK;LINKREL=alternate;VALUE=URI:https://…"),
        where(lambda each: not each.parameters.get("LINKREL", "").strip(), "LINK"),
        Example(
            Frame.ENTRY,
            fails="LINK;VALUE=URI:https://river.example/talks/12",
            holds="LINK;LINKREL=alternate;VALUE=URI:https://river.example/talks/12",
        ),
    ),
)
