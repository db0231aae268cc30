"""The workflow for GitHub, run step by step beside a repository of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from conftest import PROJECT
from readers import READERS

WORKFLOW = PROJECT / "deploy" / "github" / "calendars.yml"
AGENDA = """name: Conf
timezone: Europe/Berlin
date: 2027-06-15
sessions:
  - {id: one, title: One, when: 09:00-10:00, track: Big Data}
"""


class Repository:
    """A repository with event files, in which the steps of the workflow run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.runs = 0
        self.origin = folder / "origin.git"
        self.run(folder, "git", "init", "-q", "--bare", "-b", "main", str(self.origin))
        self.own = folder / "own"
        self.run(folder, "git", "clone", "-q", str(self.origin), str(self.own))
        self.run(self.own, "git", "checkout", "-q", "-B", "main")
        (self.own / "events").mkdir()
        self.commit(AGENDA)

    def run(self, place: Path, *words: str, **also: str) -> None:
        """Run a program that ends well."""
        programs = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        author = {
            f"GIT_{who}_{what}": "a@example.org"
            for who in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        }
        environment = {**os.environ, **author, "PATH": programs, "PYTHONPATH": str(PROJECT), **also}
        ended = subprocess.run(
            words, cwd=place, env=environment, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr

    def commit(self, agenda: str) -> None:
        """Commit an event file, and push it."""
        (self.own / "events" / "conf.yaml").write_text(agenda)
        self.run(self.own, "git", "add", "-A")
        self.run(self.own, "git", "commit", "-qm", "Agenda")
        self.run(self.own, "git", "push", "-q", "origin", "main")

    def runs_for(self, event: str) -> tuple[Path, str]:
        """Run the workflow in a new clone; return where, and the summary that it wrote."""
        self.runs += 1
        clone = self.folder / f"run-{self.runs}"
        self.run(self.folder, "git", "clone", "-q", str(self.origin), str(clone))
        workflow = yaml.safe_load(WORKFLOW.read_text())
        summary = self.folder / f"summary-{self.runs}.md"
        also = {**workflow["env"], "GITHUB_STEP_SUMMARY": str(summary)}
        (job,) = (each for each in workflow["jobs"].values() if f"'{event}'" in each["if"])
        for step in job["steps"]:
            if "run" not in step or "pip install" in step["run"]:
                continue
            place = clone / step.get("working-directory", ".")
            self.run(place, "bash", "-eo", "pipefail", "-c", step["run"], **also)
        return clone, summary.read_text() if summary.exists() else ""


@pytest.mark.slow
def test_workflow_publishes_on_main_and_tells_of_differences_before(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    first, _ = repository.runs_for("push")
    changed = AGENDA.replace("09:00", "09:30").replace(", track: Big Data", "")
    repository.commit(changed)

    proposed, summary = repository.runs_for("pull_request")
    second, _ = repository.runs_for("push")
    third, _ = repository.runs_for("push")

    assert "09:30" in summary and "09:00" in summary
    assert not (proposed / "site").exists()
    track = (third / "site/events/conf/track/big-data.ics").read_bytes()
    assert track.count(b"BEGIN:VEVENT") == 1  # it says that nothing is left of it
    feeds = [(each / "site/events/conf.ics").read_bytes() for each in (first, second, third)]
    before, after = (
        {entry.summary: entry for entry in READERS["ical"](octets)}["One"] for octets in feeds[:2]
    )
    assert (before.uid, before.sequence, after.sequence) == (after.uid, 0, 1)
    assert feeds[1] == feeds[2]


def test_pull_requests_of_anybody_can_write_nothing() -> None:
    workflow = yaml.safe_load(WORKFLOW.read_text())

    assert workflow["permissions"] == {"contents": "read"}
    may_write = [name for name, job in workflow["jobs"].items() if "permissions" in job]
    assert [workflow["jobs"][name]["if"] for name in may_write] == ["github.event_name == 'push'"]
    assert "github.ref" in workflow["concurrency"]
