"""README: what it shows is true, it fits a screen or two, and it leads on."""

import re
import subprocess
from pathlib import Path

from click.testing import CliRunner
from conftest import PROJECT
from flask.testing import FlaskClient
from handbook import README, SITE

from calsvc.cli import main

MOST_LINES = 90


def test_readme_is_read_at_a_sitting() -> None:
    assert len(README.splitlines()) <= MOST_LINES


def test_readme_shows_what_serve_prints(client: FlaskClient, tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/calsvc.db"
    words = ["publish", str(PROJECT / "events"), "--database", database]
    published = CliRunner().invoke(main, words)
    feeds = [each.schedule.event.id for each in client.application.extensions["calsvc"].live.events]
    output = [
        *(
            line if line[0] == " " else f"Published {line}"
            for line in published.stdout.splitlines()
        ),
        f"calsvc serves {len(feeds)} events at {SITE}/",
        *(f"  {SITE}/events/{event_id}.ics" for event_id in feeds),
        "Stop it with Ctrl-C.",
    ]

    assert "calsvc serve events\n" + "\n".join(output) in README.partition("\n## ")[0]


def test_readme_command_prints_what_it_says(client: FlaskClient) -> None:
    ((address, word, output),) = re.findall(
        rf"^\$ curl -s '{SITE}(\S+)' \| grep (\w+)\n(.+?)^```", README, re.MULTILINE | re.DOTALL
    )

    lines = client.get(address).text.splitlines()

    assert [line for line in lines if word in line] == output.splitlines()


def test_ci_runs_the_command_of_the_readme() -> None:
    script = (PROJECT / ".ci" / "run").read_text("utf-8")
    (extraction,) = re.findall(r"^command=\$\((sed .+ README\.md)\)$", script, re.MULTILINE)

    extracted = subprocess.run(
        ["bash", "-c", extraction], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout.splitlines()

    assert extracted == [
        line.removeprefix("$ ") for line in README.splitlines() if line.endswith("/pytest")
    ]
    assert len(extracted) == 1
    assert re.findall(r"^(?:eval|\S+/pytest|exit) .+", script, re.MULTILINE) == [
        'eval "${command:?README.md has no line that ends in /pytest}" || status=$?',
        ".venv/bin/pytest -m slow --cov-append || status=$?",
        'exit "$status"',
    ]


def test_readme_leads_to_security_the_licence_and_each_kind_of_page() -> None:
    linked = set(re.findall(r"\]\(([^)#]+)\)", README))

    assert {"SECURITY.md", "LICENSE", "docs/index.md"} <= linked
    for kind in ("tutorial", "howto", "reference", "why"):
        assert any(link.startswith(f"docs/{kind}/") for link in linked), kind
