"""The event files of a folder, and what lies there that looks like one and is not read.

What is wrong with one file never hides the others.
"""

import os
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from calsvc.errors import Problem

SUFFIXES = (".yaml", ".yml")
"""The ends of an event file's name, in small letters or capitals; the first is preferred."""
APPENDED = (".txt", ".text", ".rtf", ".doc", ".docx", ".odt", ".htm", ".html")
"""What text editors and browsers append to ``conf.yaml`` unasked."""


def event_files(folder: Path, *, on_problem: Callable[[Problem], None] | None = None) -> list[Path]:
    """Return the event files of a folder, one for each event, by the event's id.

    Hidden files are those of editors, and copies such as ``conf.yaml.bak`` are nobody's
    mistake; each other file that cannot be one is handed to ``on_problem``, and so is a
    folder that cannot be read or holds none.
    """
    tell = on_problem or (lambda problem: None)
    try:
        found = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except (FileNotFoundError, NotADirectoryError):
        tell(_problem(folder, "is not a folder", "name a folder of event files"))
        return []
    except OSError as error:
        reason = error.strerror or str(error)
        tell(_problem(folder, f"cannot be read: {reason}", "check its name and rights"))
        return []
    for path in found:
        if misnamed := _without_appended(path):
            what = f"is not read: its name must end in {SUFFIXES[0]}"
            tell(_problem(path, what, f"rename it to {misnamed}", is_warning=True))
    files = sorted((path for path in found if has_suffix(path)), key=_preference)
    if not files:
        tell(_problem(folder, "holds no event file", "start one with calsvc new"))
    read = files[:1]
    for one, other in pairwise(files):
        if one.stem != other.stem:
            read.append(other)
        else:
            what = f"is the same event as {read[-1].name}"
            tell(_problem(other, what, "keep one of them"))
    return read


def named_files(path: Path, *, on_problem: Callable[[Problem], None]) -> list[Path]:
    """Return the event files that a path of the command line names: itself, or a folder's."""
    is_file = os.path.isfile(path) or (path.suffix and not os.path.isdir(path))
    return [path] if is_file else event_files(path, on_problem=on_problem)


def has_suffix(path: Path) -> bool:
    """Tell whether a file's name ends as that of an event file."""
    return path.suffix.lower() in SUFFIXES


def _preference(path: Path) -> tuple[object, ...]:
    """Sort by event; of two files of one event, that comes first which is read."""
    place = SUFFIXES.index(path.suffix.lower())
    return path.stem, not os.path.isfile(path), path.suffix not in SUFFIXES, place, path.name


def _without_appended(path: Path) -> str:
    """Return the name that ``conf.yaml.txt`` should have; nothing for other names."""
    return path.stem if path.suffix.lower() in APPENDED and has_suffix(Path(path.stem)) else ""


def _problem(path: Path, what: str, advice: str, *, is_warning: bool = False) -> Problem:
    return Problem(str(path), 0, 0, "", what, advice, "warning" if is_warning else "error")
