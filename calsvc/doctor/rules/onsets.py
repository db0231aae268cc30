"""How a VTIMEZONE says on which day clocks change: its RRULEs and RDATEs."""

import re
from collections.abc import Callable, Iterator

from calsvc.doctor import offsets
from calsvc.doctor.clients import Client, Effect, Shows
from calsvc.doctor.documents import Component, Document, Property
from calsvc.doctor.examples import ZONE, Example, Frame
from calsvc.doctor.findings import Found, Rule, Severity, at, within
from calsvc.importers.ics.recurrence import parts
from calsvc.translations import N_

WEEKDAY = re.compile(r"[+-]?[1-5](?:MO|TU|WE|TH|FR|SA|SU)")
MONTHDAY = re.compile(r"-?[0-9]{1,2}")
MONTH = re.compile(r"[0-9]{1,2}")
DAYS = ("BYDAY", "BYMONTHDAY")
NO_OTHERS = {"FREQ", "INTERVAL", "BYMONTH", "BYDAY", "BYMONTHDAY", "COUNT", "UNTIL", "WKST"}


def _observances(document: Document) -> Iterator[tuple[Component, Component]]:
    for zone in document.vtimezones:
        for each in offsets.observances_of(zone):
            yield zone, each


def _ruled(is_wrong: Callable[[dict[str, str]], bool]) -> Callable[[Document], Iterator[Found]]:
    """Return what finds the rules of zones that are wrong in one way."""

    def find(document: Document) -> Iterator[Found]:
        for zone, observance in _observances(document):
            for each in observance.each("RRULE"):
                if is_wrong(parts(each.value)):
                    yield at(each, zone)

    return find


def _has_no_day(said: dict[str, str]) -> bool:
    return not any(said.get(name) for name in DAYS)


def _is_intricate(said: dict[str, str]) -> bool:
    """Tell whether Outlook cannot read a rule, though it names a day."""
    if _has_no_day(said):
        return False
    is_one = (
        WEEKDAY.fullmatch(said["BYDAY"])
        if said.get("BYDAY")
        else MONTHDAY.fullmatch(said["BYMONTHDAY"])
    )
    is_yearly = said.get("FREQ") == "YEARLY" and said.get("INTERVAL", "1") == "1"
    is_both = all(said.get(name) for name in DAYS)
    month = said.get("BYMONTH")
    is_other = bool(said.keys() - NO_OTHERS) or bool(month and not MONTH.fullmatch(month))
    return not is_one or not is_yearly or is_both or is_other


def _ends_locally(said: dict[str, str]) -> bool:
    return not said.get("UNTIL", "Z").endswith("Z")


def _dates(observance: Component) -> list[Property]:
    """Return the RDATEs that say more than the DTSTART does."""
    start = observance.text("DTSTART")
    return [each for each in observance.each("RDATE") if each.value.strip() != start]


def _listed(document: Document) -> Iterator[Found]:
    for zone in document.vtimezones:
        for observance in offsets.newest_of(zone):
            dates = _dates(observance)
            if dates and not observance.one("RRULE"):
                yield at(dates[0], zone)


def _both(document: Document) -> Iterator[Found]:
    for zone, observance in _observances(document):
        if observance.one("RRULE"):
            yield from (at(each, zone) for each in [*observance.each("RDATE")][:1])


def _without_rule(document: Document) -> Iterator[Found]:
    for zone in document.vtimezones:
        newest = offsets.newest_of(zone)
        has_summer = len({offsets.offset_of(each.one("TZOFFSETTO")) for each in newest}) == 2
        if has_summer and not any(each.one("RRULE") or _dates(each) for each in newest):
            yield within(zone)


_MARCH = "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU"
_OCTOBER = "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"
_IN_2027 = ZONE.replace("20260329", "20270328").replace("20261025", "20271031")


def _march(rule: str, start: str = "20260329") -> Example:
    """Return an example: the zone of the other examples, with another rule for March."""
    fails = ZONE.replace(_MARCH, rule, 1).replace("20260329", start)
    return Example(Frame.ZONE, fails=fails, holds=ZONE)


RULES: tuple[Rule[Document], ...] = (
    Rule(
        "zone-rule-counted",
        Severity.ERROR,
        N_("{value} ends after so many times."),
        N_("The rule of a zone goes on until another one replaces it."),
        (Effect(Client.OUTLOOK_WEB, N_("refuses the calendar"), Shows.NOTHING),),
        "RFC 5545, 3.6.5; nixxo/nixxo.github.io#2, ics-py/ics-py#389",
        N_("Take the COUNT away."),
        _ruled(lambda said: "COUNT" in said),
        _march(f"{_MARCH};COUNT=5"),
    ),
    Rule(
        "zone-rule-without-day",
        Severity.ERROR,
        N_("{value} does not say on which day clocks change."),
        N_("Outlook reads rules with a BYDAY or a BYMONTHDAY."),
        (Effect(Client.OUTLOOK, N_("refuses the zone"), Shows.TIME),),
        "MS-OXCICAL, 2.1.3.1.1.19; skarim/vobject#151",
        N_("Write the day, as BYDAY=-1SU; a zone without summer time needs no rule at all."),
        _ruled(_has_no_day),
        _march("RRULE:FREQ=YEARLY;BYMONTH=3", "20260328"),
    ),
    Rule(
        "zone-rule-intricate",
        Severity.ERROR,
        N_("{value} is more than Outlook reads of the rule of a zone."),
        N_("It reads yearly rules with one day: BYDAY=-1SU, or BYMONTHDAY=1, and never both."),
        (Effect(Client.OUTLOOK, N_("does not know when clocks change"), Shows.TIME),),
        "MS-OXCICAL, 2.1.3.1.1.19",
        N_("Write the rule with one day of one month, as FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU."),
        _ruled(_is_intricate),
        _march("RRULE:FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=25,26,27,28,29,30,31;BYDAY=SU"),
    ),
    Rule(
        "zone-rule-until-local",
        Severity.WARNING,
        N_("{value} does not end at a time in UTC."),
        N_("In the rule of a zone, UNTIL is a time in UTC, with a Z."),
        (),
        "RFC 5545, 3.3.10",
        N_("Write UNTIL in UTC, with a Z; better leave it away."),
        _ruled(_ends_locally),
        _march(f"{_MARCH};UNTIL=20350325T020000"),
    ),
    Rule(
        "zone-dates-listed",
        Severity.ERROR,
        N_("{value} lists when clocks change."),
        N_("Outlook does not read such lists; it reads yearly rules."),
        (
            Effect(Client.OUTLOOK, N_("shows times of the summer an hour off"), Shows.TIME),
            Effect(Client.GOOGLE, N_("may refuse the calendar"), Shows.NOTHING),
        ),
        "MS-OXCICAL, 2.1.3.1.1.19; iCalcreator/iCalcreator#86, #106, ics-py/ics-py#419",
        N_("Write a yearly RRULE in STANDARD and DAYLIGHT, without any RDATE."),
        _listed,
        Example(
            Frame.ZONE,
            fails=ZONE.replace(_MARCH, "RDATE:20270328T020000").replace(
                _OCTOBER, "RDATE:20271031T030000"
            ),
            holds=ZONE,
        ),
    ),
    Rule(
        "zone-rule-and-dates",
        Severity.WARNING,
        N_("{value} stands beside a rule."),
        N_("A STANDARD or a DAYLIGHT has an RRULE or RDATEs, and not both."),
        (Effect(Client.OUTLOOK, N_("reads the rule alone"), Shows.TIME),),
        "RFC 5546, erratum 3932; MS-OXCICAL, 2.1.3.1.1.19",
        N_("Take the RDATE away."),
        _both,
        _march(f"{_MARCH}\nRDATE:20270328T020000"),
    ),
    Rule(
        "zone-without-rule",
        Severity.WARNING,
        N_("The VTIMEZONE {value} has summer time, and no rule for when it comes again."),
        N_("Its clocks change once and never again, or every year on the same date."),
        (Effect(Client.OUTLOOK, N_("may show times of other years an hour off"), Shows.TIME),),
        "RFC 5545, 3.6.5; MS-OXCICAL, 2.1.3.1.1.19",
        N_("Write a yearly RRULE in STANDARD and in DAYLIGHT."),
        _without_rule,
        Example(
            Frame.ZONE,
            fails=_IN_2027.replace(f"{_MARCH}\n", "").replace(f"{_OCTOBER}\n", ""),
            holds=_IN_2027,
        ),
    ),
)
