"""The figures of a site as Prometheus reads them, for operators."""

from collections.abc import Iterator, Mapping
from itertools import accumulate

from flask import Flask
from prometheus_client import generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from calsvc import __version__
from calsvc.web.figures import BOUNDS, Figures
from calsvc.web.finished import FINISHED
from calsvc.web.personal_feeds import PERSONAL_FEEDS
from calsvc.web.site import EXTENSION, Site

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def exposition(site: Site) -> bytes:
    """Return what is counted, in Prometheus's text format."""
    return generate_latest(_Site(site))


def remembered(app: Flask) -> dict[str, int]:
    """Return the octets of each memory of this process, by ``figures.MEMORIES``."""
    site: Site = app.extensions[EXTENSION]
    found = {
        "feeds": site.live.feeds,
        "events": site.live.wholes,
        "answers": app.extensions[FINISHED],
        "personal": app.extensions.get(PERSONAL_FEEDS),
        "pages": site.memory,
    }
    return {name: memory.octets for name, memory in found.items() if memory}


class _Site(Collector):
    """What one process knows of a site, and what all of them counted."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def collect(self) -> Iterator[Metric]:
        """Yield the families of metrics."""
        yield from _counted(self._site.figures)
        yield from _served(self._site)
        yield from _chosen(self._site)


def _counted(figures: Figures) -> Iterator[Metric]:
    """Yield what all workers counted."""
    answers = CounterMetricFamily(
        "calsvc_answers",
        "Answers, by who asked, what for, in which form, and how that ended.",
        labels=("client", "kind", "form", "status"),
    )
    for labels, number in figures.answers.items():
        answers.add_metric(labels, number)
    yield answers
    times = HistogramMetricFamily(
        "calsvc_storage_seconds", "How long what was asked of storage took.", labels=["act"]
    )
    for act, (buckets, seconds) in figures.times.items():
        bounds = [*map(str, map(float, BOUNDS)), "+Inf"]
        times.add_metric([act], [*zip(bounds, accumulate(buckets), strict=True)], seconds)
    yield times
    yield _gauge("calsvc_workers", "Worker processes that live.", figures.workers)
    yield CounterMetricFamily(
        "calsvc_worker_starts", "Worker processes that were started.", figures.starts
    )
    yield _gauges(
        "calsvc_memory_bytes", "What all workers remember, by what it is.", "of", figures.octets
    )
    yield _gauges(
        "calsvc_followed_sources",
        "Sources that event files follow, by how that goes; nothing where no folder is watched.",
        "state",
        figures.sources,
    )


def _served(site: Site) -> Iterator[Metric]:
    """Yield what the process that answers serves."""
    live = site.live
    build = GaugeMetricFamily("calsvc_build_info", "The release that runs.", labels=["version"])
    build.add_metric([__version__], 1)
    yield build
    is_ready = not (live.trouble or live.is_waiting)
    yield _gauge("calsvc_ready", "1 where /readyz says ok, else 0.", is_ready)
    yield _gauge(
        "calsvc_notices", "What /readyz tells operators to see to, by number.", len(live.notices)
    )
    yield _gauge("calsvc_events", "Events that are served.", len(live.events))
    versions = sum(each.version for each in live.served())
    yield _gauge("calsvc_versions", "Versions that were published, of all events.", versions)


def _chosen(site: Site) -> Iterator[Metric]:
    """Yield how much people have chosen in all; nothing while that is not known."""
    calendars, stars = (site.census and site.census.latest()) or (None, None)
    yield _gauge("calsvc_calendars", "Personal calendars.", calendars)
    yield _gauge("calsvc_stars", "Sessions that are chosen in all of them.", stars)


def _gauge(name: str, words: str, value: float | None) -> Metric:
    return GaugeMetricFamily(name, words, value)


def _gauges(name: str, words: str, label: str, values: Mapping[str, int]) -> Metric:
    gauge = GaugeMetricFamily(name, words, labels=[label])
    for value, number in values.items():
        gauge.add_metric([value], number)
    return gauge
