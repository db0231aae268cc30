"""What event files were called before, and what can be wrong with that between several files."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from calsvc.agenda.folder import event_files
from calsvc.agenda.model import Event
from calsvc.agenda.outline import Fault
from calsvc.errors import Problem


def former_files(event: Event, path: Path) -> Iterator[tuple[int, Path]]:
    """Yield the files beside an event's own that still have a former name, each with its place.

    The place is the former id's index in ``formerly``.
    """
    if event.formerly:
        files = {file.stem: file for file in event_files(path.parent)}
        for place, former_id in enumerate(event.formerly):
            if former_id in files:
                yield place, files[former_id]


def still_there(file: Path) -> tuple[str, str]:
    """Return what is wrong if the file of a former id is still there, and what to do."""
    what = f"formerly names {file.stem}, which still has a file of its own"
    return what, f"delete {file.name}; or, if it is another event, take {file.stem} out"


def doubts(event: Event, path: Path) -> Iterator[Fault]:
    """Yield a fault for each former id that still has a file of its own."""
    for place, file in former_files(event, path):
        yield Fault(("formerly", place), *still_there(file))


def claimed_twice(events: Iterable[tuple[Event, Path]]) -> Iterator[Problem]:
    """Yield an error for each former id that another file of the same folder names too."""
    first: dict[str, Path] = {}
    for event, path in events:
        for former_id in event.formerly:
            other = first.setdefault(former_id, path)
            if other != path:
                what = f"names {former_id}, as {other.name} does"
                advice = "an event goes on in one file only: take it out of one of the two"
                yield Problem(str(path), 0, 0, "formerly", what, advice)
