"""Programs that people read calendars with: vdirsyncer fetches, khal shows."""

import json
import os
import subprocess
import sys
from pathlib import Path

from waiting import PATIENCE

PROGRAMS = Path(sys.executable).parent


# As https://atscaleconference.com/events/ai-data-2025/ has them, in Pacific time.
AGENDA = [
    ("08:30", "10:00", "Attendee Registration"),
    ("08:30", "10:00", "Breakfast, Raffle Submissions, Networking"),
    ("09:55", "10:00", "Event Welcome"),
    ("10:00", "10:10", "Opening Remarks"),
    ("10:10", "10:35", "Fireside Chat"),
    ("10:35", "10:55", "Metamate from Chatbot to Coworker"),
    ("10:55", "11:15", "Beyond RAG: Production-Ready AI Agents Powered by Enterprise-Scale Data"),
    ("11:15", "11:35", "Agentic Evals"),
    ("11:35", "11:55", "Silent Errors in Large-Scale LLM training: Challenges and Lessons Learned"),
    ("11:55", "12:20", "Q&A Session"),
    ("12:20", "13:20", "Lunch & Poster Sessions"),
    ("13:20", "13:50", "Live Panel: GenAI Startups"),
    ("13:50", "14:15", "How to Prepare Your Agents for the Ice(berg) Age"),
    ("14:15", "14:40", "Agentic Solution for Data Warehouse Access"),
    ("14:40", "15:05", "Break & Poster Sessions"),
    (
        "15:05",
        "15:30",
        "Agentic Observability - Making LLM Apps Debuggable, Trustworthy, and Scalable",
    ),
    ("15:30", "15:55", "Bringing AI Into the Real World"),
    ("15:55", "16:25", "Live Panel: Infrastructure in an Agentic World"),
    ("16:25", "16:30", "Closing Remarks"),
    ("16:30", "18:00", "Happy Hour & Poster Sessions"),
]
Shown = tuple[str, str, str]
"""Start, end and title, as khal shows them."""


def run(*words: str | Path, home: Path) -> str:
    """Run a program that has a home of its own; return what it prints."""
    environment = {**os.environ, "HOME": str(home), "NO_PROXY": "*"}
    ended = subprocess.run(
        words, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


class Program:
    """A calendar program that has subscribed to one feed: vdirsyncer fetches, khal shows."""

    def __init__(self, home: Path, address: str) -> None:
        self._home = home
        self._kept = home / "kept"
        self._kept.mkdir(parents=True)
        (home / "vdirsyncer.conf").write_text(
            f"""
[general]
status_path = "{home / "status"}"

[pair feed]
a = "web"
b = "disk"
collections = null

[storage web]
type = "http"
url = "{address}"

[storage disk]
type = "filesystem"
path = "{self._kept}"
fileext = ".ics"
"""
        )
        (home / "khal.conf").write_text(
            f"""
[calendars]
[[feed]]
path = {self._kept}
readonly = True

[sqlite]
path = {home / "khal.db"}

[locale]
local_timezone = America/Los_Angeles
default_timezone = America/Los_Angeles
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
"""
        )
        self._vdirsyncer("discover")

    def _vdirsyncer(self, command: str) -> None:
        config = str(self._home / "vdirsyncer.conf")
        run(PROGRAMS / "vdirsyncer", "--config", config, command, home=self._home)

    def fetch(self) -> None:
        """Look at the feed."""
        self._vdirsyncer("sync")

    def shows(self, day: str) -> list[Shown]:
        """Return what is on a day, all-day entries with no times."""
        fields = ("start-time", "end-time", "title")
        asked = [word for name in fields for word in ("--json", name)]
        words = ["--config", str(self._home / "khal.conf"), "list", *asked, day, "1d"]
        listed = run(PROGRAMS / "khal", *words, home=self._home)
        return sorted(
            (each["start-time"], each["end-time"], each["title"])
            for line in listed.splitlines()
            for each in json.loads(line)
        )

    def files(self) -> dict[str, str]:
        """Return the entries that are kept, each in a file that vdirsyncer names by its content."""
        return {path.name: path.read_text("utf-8") for path in self._kept.iterdir()}
