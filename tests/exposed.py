"""What ``/metrics`` tells, read as Prometheus reads it."""

import re
from collections.abc import Iterable

from prometheus_client.core import Metric
from prometheus_client.parser import text_string_to_metric_families

Sample = tuple[str, frozenset[tuple[str, str]]]


def families(text: str) -> list[Metric]:
    """Return the families of metrics of an answer."""
    return [*text_string_to_metric_families(text)]


def samples(text: str) -> dict[Sample, float]:
    """Return the values of an answer, by the name and the labels of each."""
    return {
        (each.name, frozenset(each.labels.items())): each.value
        for family in families(text)
        for each in family.samples
    }


def value(text: str, name: str, **labels: str) -> float | None:
    """Return the sum of the values of a name with these labels, and maybe others; None if none."""
    found = [
        number
        for (of, with_labels), number in samples(text).items()
        if of == name and with_labels >= frozenset(labels.items())
    ]
    return sum(found) if found else None


def names(text: str) -> set[str]:
    """Return the names by which expressions may ask for what an answer tells."""
    found = set()
    for family in families(text):
        ends = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum")}
        found |= {family.name + end for end in ends.get(family.type, ("",))}
    return found


def asked_for(expressions: Iterable[str]) -> set[str]:
    """Return the names of calsvc's metrics that expressions ask for."""
    return {name for each in expressions for name in re.findall(r"\bcalsvc_\w+", each)}
