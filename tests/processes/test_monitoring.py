"""A running server's figures: counted by its workers, and what deploy/ and docs/ say of them."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import PROJECT, TOKEN, tool
from exposed import asked_for, families, names, value
from servers import Answer, caller
from waiting import eventually
from workers import FEED, Serve

from calsvc.schedule.itineraries import derived
from calsvc.web.agents import FAMILIES
from calsvc.web.figures import ACTS, MEMORIES, SOURCES, STATUSES
from calsvc.web.resources import FORMS, KINDS

DEPLOY = PROJECT / "deploy"
MONITOR = (PROJECT / "docs" / "howto" / "monitor.md").read_text("utf-8")
APPLE = {"User-Agent": "iOS/17.5.1 (21F90) dataaccessd/1.0"}
GOOGLE = {"User-Agent": "Google-Calendar-Importer"}


@pytest.fixture(scope="module")
def exposed(served_site: str) -> str:
    """What a server that was asked for something tells."""
    call = caller(int(served_site.rpartition(":")[2]))
    answer = call("GET", "/events/ai-data-2025.ics", headers=GOOGLE)
    etag = {"If-None-Match": answer.headers["ETag"]}
    assert call("GET", "/events/ai-data-2025.ics", headers=GOOGLE | etag).status == 304
    told: list[Answer] = []

    def is_told() -> bool:
        told.append(call("GET", "/metrics"))
        return value(told[-1].body.decode(), "calsvc_followed_sources") is not None

    eventually(is_told)  # the process that watches has begun
    return told[-1].body.decode()


# --- counting -----------------------------------------------------------------------------


@pytest.mark.slow
def test_polls_are_counted_by_all_workers_and_outlive_them(
    sqlite_url: str, events: Path, serve: Serve
) -> None:
    server = serve(sqlite_url, events, workers=2)
    call = caller(server.port)

    def metrics() -> str:
        return call("GET", "/metrics", TOKEN).body.decode()

    etag = {"If-None-Match": call("GET", FEED).headers["ETag"]}
    key = call("POST", "/api/calendars").json["edit_key"]
    call("PUT", "/api/calendars/me/sessions/conf/talk-1", key)
    feed = derived(key, "feed", 1)
    for _ in range(20):
        assert call("GET", FEED, headers=APPLE | etag).status == 304
        assert call("HEAD", f"{FEED}?kind=talk", headers=APPLE).status == 200
        assert call("GET", f"/my/{feed}/x.ics", headers=GOOGLE).status == 200
        assert call("GET", "/my/nobody/x.ics", headers=GOOGLE).status == 404
    before = metrics()
    first, other = server.workers()
    os.kill(first, signal.SIGKILL)
    eventually(lambda: len({*server.workers()} - {first, other}) == 1)
    eventually(lambda: server.answers("/healthz"))
    eventually(lambda: value(metrics(), "calsvc_worker_starts_total") == 3)
    for _ in range(20):
        eventually(lambda: call("GET", FEED, headers=APPLE | etag).status == 304)

    def polls(text: str, **labels: str) -> float | None:
        return value(text, "calsvc_answers_total", **labels)

    assert polls(before, client="apple", kind="event", form="ics", status="304") == 20
    assert polls(before, client="apple", kind="filter", form="ics", status="2xx") == 20
    assert polls(before, client="google", kind="personal", form="ics", status="2xx") == 20
    assert polls(before, client="google", kind="personal", form="ics", status="4xx") == 20
    assert polls(before, client="google", status="5xx") is None
    assert value(before, "calsvc_storage_seconds_count", act="lookup") >= 40  # type: ignore[operator]
    assert value(before, "calsvc_workers") == 2
    after = metrics()
    assert polls(after, client="apple", status="304") == 40
    eventually(lambda: value(metrics(), "calsvc_workers") == 2)
    assert [each for each in (key, feed, "dataaccessd", "127.0.0.1") if each in after] == []


@pytest.mark.slow
def test_stranger_on_the_internet_gets_no_figures(
    sqlite_url: str, events: Path, serve: Serve
) -> None:
    server = serve(sqlite_url, events)

    answer = caller(server.port)("GET", "/metrics")

    assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert b"calsvc_" not in answer.body


# --- what is said of them -----------------------------------------------------------------


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the table that has these names of columns."""
    _, table = MONITOR.split(f"| {heading} |\n", 1)
    lines = table.partition("\n\n")[0].splitlines()[1:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def quoted(cell: str) -> list[str]:
    """Return what is written as code."""
    return re.findall(r"`([^`]+)`", cell)


@pytest.mark.slow
def test_documentation_tells_of_each_metric_with_its_type_and_labels(exposed: str) -> None:
    told = {
        (*quoted(name), kind, frozenset(quoted(labels)))
        for name, kind, labels, _ in rows("name | type | labels | is")
    }
    there = {
        (
            f"{family.name}_total" if family.type == "counter" else family.name,
            family.type,
            frozenset(label for sample in family.samples for label in sample.labels) - {"le"},
        )
        for family in families(exposed)
    }

    assert told == there
    assert all(family.documentation for family in families(exposed))


@pytest.mark.slow
def test_documentation_tells_the_values_of_labels(exposed: str) -> None:
    about = {
        name: quoted(values) for label, values in rows("label | values") for name in quoted(label)
    }
    words = {quoted(name)[0]: what for name, _, _, what in rows("name | type | labels | is")}

    assert about == {
        "client": [each.name for each in FAMILIES],
        "kind": [*KINDS],
        "form": [*FORMS],
        "status": [*STATUSES],
    }
    assert quoted(words["calsvc_storage_seconds"]) == [*ACTS]
    assert {*quoted(words["calsvc_memory_bytes"])} == {*MEMORIES}
    assert quoted(words["calsvc_followed_sources"]) == [*SOURCES]


def test_documentation_tells_of_each_alert() -> None:
    groups = yaml.safe_load((DEPLOY / "alerts.yml").read_text("utf-8"))["groups"]
    alerts = [rule["alert"] for group in groups for rule in group["rules"]]

    assert [quoted(name)[0] for name, _, _ in rows("alert | means | do")] == alerts


# --- the dashboard ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def dashboard() -> Any:
    """The dashboard, as Grafana imports it."""
    return json.loads((DEPLOY / "grafana.json").read_text("utf-8"))


def expressions(dashboard: Any) -> list[str]:
    """Return all that a dashboard asks Prometheus for."""
    targets = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    marks = [each["expr"] for each in dashboard["annotations"]["list"]]
    variables = [each.get("definition", "") for each in dashboard["templating"]["list"]]
    return [*targets, *marks, *variables]


def test_dashboard_asks_for_what_there_is_and_for_all_of_it(dashboard: Any, exposed: str) -> None:
    asked = asked_for(expressions(dashboard))

    assert asked - names(exposed) == set()
    not_shown = {each.removesuffix("_bucket") for each in names(exposed) - asked}
    assert {each for each in not_shown if not each.endswith(("_sum", "_count"))} == set()


def test_labels_that_expressions_choose_by_are_there(dashboard: Any, exposed: str) -> None:
    groups = yaml.safe_load((DEPLOY / "alerts.yml").read_text("utf-8"))["groups"]
    alerts = [rule["expr"] for group in groups for rule in group["rules"]]
    known = {
        label for each in families(exposed) for sample in each.samples for label in sample.labels
    }
    values = {*STATUSES, *ACTS, *SOURCES, *FORMS}
    chosen: set[tuple[str, str]] = set()
    for each in expressions(dashboard) + alerts:
        chosen |= set(re.findall(r'(\w+)=~?"([^"]*)"', each))
    added = {("instance", "$instance"), ("job", "calsvc")}  # by Prometheus itself

    assert len(chosen - added) >= 5
    assert {name for name, _ in chosen - added} <= known
    assert {
        part for _, chosen_values in chosen - added for part in chosen_values.split("|")
    } <= values


def test_dashboard_has_what_grafana_needs(dashboard: Any) -> None:
    panels = dashboard["panels"]
    taken: set[tuple[int, int]] = set()

    assert (dashboard["uid"], dashboard["title"]) == ("calsvc", "calsvc")
    assert dashboard["schemaVersion"] >= 36
    assert {each["type"] for each in dashboard["templating"]["list"]} == {"datasource", "query"}
    assert len({panel["id"] for panel in panels}) == len(panels)
    for panel in panels:
        assert panel["type"] in {"stat", "timeseries"}, panel["title"]
        assert panel["title"]
        assert panel["description"]
        assert panel["fieldConfig"]["defaults"]["unit"]
        assert [target["refId"] for target in panel["targets"]] == sorted(
            {target["refId"] for target in panel["targets"]}
        )
        for each in (panel, *panel["targets"]):
            assert each["datasource"] == {"type": "prometheus", "uid": "${source}"}
        place = panel["gridPos"]
        cells = {
            (place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])
        }
        assert not cells & taken, panel["title"]
        assert max(x for x, _ in cells) < 24
        taken |= cells


# --- alerts -------------------------------------------------------------------------------


def test_alerts_ask_for_what_there_is(exposed: str) -> None:
    groups = yaml.safe_load((DEPLOY / "alerts.yml").read_text("utf-8"))["groups"]
    rules = [rule for group in groups for rule in group["rules"]]

    assert asked_for(rule["expr"] for rule in rules) - names(exposed) == set()
    for rule in rules:
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert rule["annotations"].keys() == {"summary", "description"}


ALERTING = """
rule_files: [{rules}]
evaluation_interval: 1m
tests:
  - interval: 1m
    input_series:
      - series: 'up{{job="calsvc", instance="a"}}'
        values: '1+0x30'
      - series: 'calsvc_ready{{job="calsvc", instance="a"}}'
        values: '1+0x10 0+0x20'
      - series: 'calsvc_answers_total{{instance="a", status="5xx"}}'
        values: '0+0x10 0+60x20'
      - series: 'calsvc_answers_total{{instance="a", status="2xx"}}'
        values: '0+600x30'
      - series: 'calsvc_storage_seconds_bucket{{instance="a", act="lookup", le="0.1"}}'
        values: '0+100x30'
      - series: 'calsvc_storage_seconds_bucket{{instance="a", act="lookup", le="+Inf"}}'
        values: '0+100x30'
      - series: 'calsvc_followed_sources{{instance="a", state="waiting"}}'
        values: '0+0x10 2+0x20'
    alert_rule_test:
      - {{eval_time: 9m, alertname: CalsvcIsNotReady, exp_alerts: []}}
      - {{eval_time: 9m, alertname: CalsvcFails, exp_alerts: []}}
      - {{eval_time: 25m, alertname: CalsvcIsAway, exp_alerts: []}}
      - {{eval_time: 25m, alertname: CalsvcStorageIsSlow, exp_alerts: []}}
    promql_expr_test:
      - expr: count by (alertname) (ALERTS{{alertstate="firing"}})
        eval_time: 25m
        exp_samples:
          - {{labels: '{{alertname="CalsvcIsNotReady"}}', value: 1}}
          - {{labels: '{{alertname="CalsvcFails"}}', value: 1}}
          - {{labels: '{{alertname="CalsvcSourceWaits"}}', value: 1}}
"""


def test_alerts_are_raised_when_they_should_be_and_else_not(tmp_path: Path) -> None:
    promtool = tool("promtool")
    test = tmp_path / "test.yml"
    test.write_text(ALERTING.format(rules=DEPLOY / "alerts.yml"))

    checked = subprocess.run(
        [promtool, "check", "rules", DEPLOY / "alerts.yml"], capture_output=True, text=True
    )
    tried = subprocess.run([promtool, "test", "rules", test], capture_output=True, text=True)

    assert (checked.returncode, tried.returncode) == (0, 0), tried.stdout + tried.stderr


# --- the unit -----------------------------------------------------------------------------


def test_unit_is_right_and_lets_the_service_do_little(tmp_path: Path) -> None:
    analyze = tool("systemd-analyze")
    unit = tmp_path / "calsvc.service"
    text = (DEPLOY / "calsvc.service").read_text("utf-8")
    program = "/opt/calsvc/bin/calsvc"  # which is not installed here
    assert f"ExecStart={program} serve events\n" in text
    unit.write_text(text.replace(program, sys.executable))

    verified = subprocess.run([analyze, "verify", unit], capture_output=True, text=True)
    # Of 100: a service without any of it has more than 90.
    words = [analyze, "security", "--offline=true", "--threshold=15", "--no-pager", unit]
    judged = subprocess.run(words, capture_output=True, text=True)

    assert (verified.returncode, verified.stdout + verified.stderr) == (0, "")
    assert judged.returncode == 0, judged.stdout[-200:]
