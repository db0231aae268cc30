"""Requests for some seconds, and how they were answered: by wrk where it is there."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import NamedTuple

from bench.processes import TICK, Process, cpu_seconds

CONNECTIONS = 16

SCRIPT = """
local asked, turn = {}, 0

function init(words)
  for line in io.lines(words[1]) do
    local path, etag = line:match("^([^\\t]*)\\t?(.*)$")
    local headers = {Host = "127.0.0.1"}
    if etag ~= "" then headers["If-None-Match"] = etag end
    asked[#asked + 1] = wrk.format("GET", path, headers)
  end
  turn = tonumber(words[2])
end

function request()
  turn = turn % #asked + 1
  return asked[turn]
end
"""
"""For wrk: the requests of a file, one after another."""

DONE = """
function done(summary, latency, requests)
  local wrong = summary.errors
  local errors = wrong.connect + wrong.read + wrong.write + wrong.status + wrong.timeout
  io.write(string.format("%d %f %f %f %d\\n", summary.requests, summary.duration / 1e6,
    latency:percentile(50), latency:percentile(99), errors))
end
"""


class Ask(NamedTuple):
    """A request: a path, and the ETag of an answer that is there already, if one is."""

    path: str
    etag: str = ""


class Load(NamedTuple):
    """How requests were answered."""

    answers: int
    seconds: float
    median: float
    """Milliseconds; half of the answers took less."""
    p99: float
    """Milliseconds; 99 of 100 answers took less."""
    cpu: float
    """Seconds of CPU time of all processes that answered."""
    cpu_of_storage: float
    """Seconds of CPU time of the database's own processes."""

    @property
    def a_second(self) -> float:
        """Return the number of answers a second."""
        return self.answers / self.seconds

    @property
    def cpu_of_one(self) -> float:
        """Return the microseconds of CPU time for one answer."""
        return self.cpu / self.answers * 1e6

    @property
    def cpu_with_storage(self) -> float:
        """Return the same, with what the database takes."""
        return (self.cpu + self.cpu_of_storage) / self.answers * 1e6


def load(
    port: int,
    asks: Sequence[Ask],
    seconds: float,
    servers: Sequence[Process],
    storage: Sequence[Process] = (),
    first: int = 0,
) -> Load:
    """Send requests for some seconds, from the one numbered ``first`` on.

    Raises ``RuntimeError`` if an answer is an error.
    """
    with NamedTemporaryFile("w", suffix=".txt") as file, NamedTemporaryFile("w") as script:
        file.write("".join(f"{ask.path}\t{ask.etag}\n" for ask in asks))
        file.flush()
        script.write(DONE if len(asks) == 1 else SCRIPT + DONE)
        script.flush()
        if wrk := shutil.which("wrk"):
            words = _wrk(wrk, port, asks, seconds, Path(script.name))
            words += ["--", file.name, str(first)]
        else:
            asked = [str(port), file.name, str(seconds), str(CONNECTIONS), str(first)]
            words = [sys.executable, "-m", "bench.loader", *asked]
        before, before_of_storage = cpu_seconds(servers), cpu_seconds(storage)
        output = subprocess.run(words, check=True, capture_output=True, text=True).stdout
        cpu = max(cpu_seconds(servers) - before, 1 / TICK)  # it is counted in ticks
        cpu_of_storage = cpu_seconds(storage) - before_of_storage
    answers, taken, median, p99, errors = map(float, output.splitlines()[-1].split())
    if errors or not answers:
        raise RuntimeError(f"{asks[0].path}: {errors:.0f} errors among {answers:.0f} answers")
    return Load(int(answers), taken, median / 1000, p99 / 1000, cpu, cpu_of_storage)


def _wrk(wrk: str, port: int, asks: Sequence[Ask], seconds: float, script: Path) -> list[str]:
    # One request alone needs no script for its turn, which takes CPU time of its own.
    whole = max(1, round(seconds))  # wrk knows no parts of a second
    words = [wrk, "-t", "1", "-c", str(CONNECTIONS), "-d", f"{whole}s", "-s", str(script)]
    words += ["--timeout", "60s"]  # large feeds take longer than its two seconds
    if len(asks) == 1 and asks[0].etag:
        words += ["-H", f"If-None-Match: {asks[0].etag}"]
    return [*words, f"http://127.0.0.1:{port}{asks[0].path}"]
