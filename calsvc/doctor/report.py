"""Findings as people read them, and as programs do: JSON, SARIF 2.1.0."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import quote

import calsvc
from calsvc.doctor.clients import Effect
from calsvc.doctor.findings import Finding, Found, Rule, Severity, shortened
from calsvc.importers.fetch.targets import WEB
from calsvc.translations import Translate

MOST_LINES = 8  # that a finding names in one line of text
SARIF = "https://json.schemastore.org/sarif-2.1.0.json"
WRITTEN = "%:/?#[]@!$&'()*+,;=~"
"""What stays as it is in the addresses of SARIF (RFC 3986, 2)."""
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
"""What SARIF calls each severity."""


@dataclass(frozen=True)
class Report:
    """What is wrong with one calendar."""

    name: str
    """A path or an address."""
    findings: Sequence[Finding]
    entries: int
    """How many entries the calendar has."""
    failure: str = ""
    """Why it could not be examined, or not to the end."""

    @property
    def is_sound(self) -> bool:
        """Return whether all was examined, and there is nothing but notes."""
        return not self.failure and all(
            each.rule.severity == Severity.NOTE for each in self.findings
        )

    def count(self, severity: Severity) -> int:
        """Return how many rules of a severity are broken."""
        return sum(each.rule.severity == severity for each in self.findings)


def sentence(rule: Rule[Any], found: Found, translate: Translate = str) -> str:
    """Return what is wrong at a place, in a sentence."""
    return translate(rule.what).format(value=shortened(found.value))


def sufferings(effects: Sequence[Effect], translate: Translate = str) -> list[str]:
    """Return who suffers and how, a sentence for each thing that happens."""
    listed = groupby(effects, key=lambda each: each.does)
    return [
        f"{', '.join(each.client for each in same)}: {translate(does)}" for does, same in listed
    ]


def text(report: Report) -> Iterator[str]:
    """Yield the lines of a report for people, without line ends."""
    for each in report.findings:
        rule, first = each.rule, each.places[0]
        line = f":{first.line}" if first.line else ""
        place = f"{first.component.title}: " if first.component and first.component.title else ""
        yield f"{report.name}{line}: {rule.severity}: {place}{sentence(rule, first)} [{rule.name}]"
        yield from (f"    {told}" for told in _more(each))
    if report.failure:
        yield report.failure
    if report.findings or not report.failure:
        yield f"{report.name}: {_summary(report)}"


def _more(finding: Finding) -> Iterator[str]:
    rule = finding.rule
    if finding.times > 1:
        least = "" if finding.is_counted else "at least "
        others = [str(each.line) for each in finding.places[1:] if each.line][:MOST_LINES]
        where = f", also in lines {', '.join(others)}" if others else ""
        yield f"{least}{finding.times} times{where}."
    yield rule.why
    yield from (f"{told}." for told in sufferings(rule.effects))
    yield f"Cure: {rule.cure}"
    yield f"Source: {rule.source}"


def _summary(report: Report) -> str:
    entries = _counted(report.entries, "entry", "entries")
    if not report.findings:
        return f"{entries}; nothing is wrong"
    counts = (_counted(report.count(each), each.value, f"{each.value}s") for each in Severity)
    return f"{entries}; {', '.join(counts)}"


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def as_json(reports: Sequence[Report]) -> list[dict[str, Any]]:
    """Return reports as values of JSON: each with its findings, each with its places."""
    return [
        {
            "calendar": report.name,
            "entries": report.entries,
            "failure": report.failure,
            "findings": [_finding(each) for each in report.findings],
        }
        for report in reports
    ]


def _finding(finding: Finding) -> dict[str, Any]:
    rule = finding.rule
    return {
        "rule": rule.name,
        "severity": rule.severity.value,
        "why": rule.why,
        "clients": {each.client.value: each.does for each in rule.effects},
        "cure": rule.cure,
        "source": rule.source,
        "times": finding.times,
        "all_counted": finding.is_counted,
        "places": [
            {
                "line": each.line,
                "in": each.component.title if each.component else "",
                "value": shortened(each.value),
                "what": sentence(rule, each),
            }
            for each in finding.places
        ],
    }


def as_sarif(reports: Sequence[Report]) -> dict[str, Any]:
    """Return reports as a SARIF log, which code hosts show beside the lines of files."""
    findings = [(report, each) for report in reports for each in report.findings]
    rules = {each.rule.name: each.rule for _, each in findings}
    driver = {
        "name": "calsvc doctor",
        "version": calsvc.__version__,
        "rules": [_sarif_rule(each) for each in rules.values()],
    }
    results = [
        _sarif_result(report, finding.rule, found)
        for report, finding in findings
        for found in finding.places
    ]
    return {
        "$schema": SARIF,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "invocations": [_sarif_invocation(reports)],
                "columnKind": "unicodeCodePoints",
                "results": results,
            }
        ],
    }


def _sarif_invocation(reports: Sequence[Report]) -> dict[str, Any]:
    failures = [each.failure for each in reports if each.failure]
    told = [{"level": "error", "message": {"text": each}} for each in failures]
    return {"executionSuccessful": not failures, "toolExecutionNotifications": told}


def _sarif_rule(rule: Rule[Any]) -> dict[str, Any]:
    return {
        "id": rule.name,
        "shortDescription": {"text": rule.what.format(value="…")},
        "fullDescription": {"text": rule.why},
        "help": {"text": f"{rule.cure} ({rule.source})"},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
    }


def _sarif_result(report: Report, rule: Rule[Any], found: Found) -> dict[str, Any]:
    region = {"region": {"startLine": found.line}} if found.line else {}
    return {
        "ruleId": rule.name,
        "level": LEVELS[rule.severity],
        "message": {"text": f"{sentence(rule, found)} {rule.cure}"},
        "locations": [
            {"physicalLocation": {"artifactLocation": {"uri": _uri(report.name)}, **region}},
        ],
    }


def _uri(name: str) -> str:
    """Return a path or an address as a URI reference (RFC 3986, 4.1)."""
    if WEB.match(name):
        return quote(name, safe=WRITTEN)
    return quote(os.fsencode(Path(name)))


Form = Callable[[Sequence[Report]], Any]
FORMS: dict[str, Form] = {"json": as_json, "sarif": as_sarif}
"""The forms for programs, by name."""
