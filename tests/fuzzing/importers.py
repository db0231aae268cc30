"""Foreign agendas of any format: each is refused in plain words, or makes a right event file."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path
from random import Random
from typing import NamedTuple

from workbooks import ods, xlsx

from calsvc.errors import SourceError
from calsvc.importers.apart import DRAFT
from calsvc.importers.drafts import Wishes
from calsvc.importers.drawing.drawing import draw
from calsvc.importers.fetch.archives import unpacked
from calsvc.importers.fetch.sources import Source
from calsvc.importers.reading import READERS, read
from calsvc.importers.updating.updating import planned, write
from fuzzing.octets import damaged, seeds
from fuzzing.wording import assert_is_plain

WISHES = (
    Wishes(),
    Wishes(timezone="Europe/Berlin", date=date(2027, 6, 15)),
    Wishes(timezone="America/New_York", date=date(2027, 11, 6), name="Wished"),
)
SEEDS = tuple(seed for seed in seeds() if not seed.name.startswith("event-file"))
SHEETS_SHARE = 0.01  # of inputs: each of them takes a process
ROWS = [["Title", "Date", "Start", "End", "Speaker"], ["A", "2027-06-15", "9:00", "9:30", "Ada"]]
BOOKS = (xlsx({"Agenda": ROWS}, merged=["A1:B2"]), ods(ROWS))


class Thrown(NamedTuple):
    """A file, and how it is asked to be read."""

    name: str
    octets: bytes
    form: str | None
    """The reader that is named; None lets content tell."""
    wishes: int
    later: bytes = b""
    """A later state of the same source; empty for none."""


@dataclass
class Importers:
    """The door."""

    folder: Path

    def made(self, random: Random) -> Thrown:
        """Return a damaged file, and now and then a later state of it."""
        if random.random() < SHEETS_SHARE:
            return Thrown("agenda.xlsx", _book(random), "spreadsheet", 1)
        seed = random.choice(SEEDS)
        octets = damaged(random, seed, SEEDS)
        form = random.choice((form_of(seed.name), form_of(seed.name), None, random.choice(FORMS)))
        later = damaged(random, seed, SEEDS) if random.random() < 0.1 else b""
        return Thrown(seed.name, octets, form, random.randrange(len(WISHES)), later)

    def taken(self, thrown: Thrown) -> None:
        """Import it, and its later state into the same event file."""
        path = self.folder / "conf.yaml"
        for each in self.folder.iterdir():
            each.unlink()
        for octets in filter(None, (thrown.octets, thrown.later)):
            with suppress(Refused):
                _import(path, thrown._replace(octets=octets), is_written=bool(thrown.later))


class Refused(Exception):
    """A source was refused, in plain words."""


def form_of(name: str) -> str:
    """Return the format of a seed, by its name."""
    return max((form for form in READERS if name.startswith(form)), key=len)


FORMS = [form for form in READERS if form != "spreadsheet"]


def _import(path: Path, thrown: Thrown, *, is_written: bool) -> None:
    """Import a source.  Raises ``Refused``."""
    wishes = WISHES[thrown.wishes]
    try:
        source = unpacked(Source(thrown.name, thrown.octets))
        draft, reader = read(source, wishes, thrown.form)
        assert all(each.title or each.guessed for each in draft.sessions)
        # As it comes from the process that reads.
        told = json.loads(json.dumps(DRAFT.dump_python(draft, mode="json")))
        draft = DRAFT.validate_python(told)
        draft.name = draft.name or "Conf"
        drawing = draw(draft, wishes, source.name)
    except SourceError as error:
        assert_is_plain(str(error))
        raise Refused from error
    is_later = path.exists()
    try:
        done = planned(path, drawing, source.name, reader.name)
    except SourceError as error:  # what the file has may contradict a later state
        assert is_later, error
        raise Refused from error
    for told in chain(*drawing.guesses.values(), *drawing.left_out.values()):
        assert_is_plain(told)
    assert len(done.event.sessions) <= len(draft.sessions) or done.merge
    if is_written:
        write(done)


def _book(random: Random) -> bytes:
    octets = random.choice(BOOKS)
    place = random.randrange(len(octets))
    return random.choice(
        (
            octets[:place] + random.randbytes(3) + octets[place + 3 :],
            octets[:place],
            octets + octets[place:],
            xlsx(
                {"A": [[random.choice(("9:00", 1e308, -1, "", "=1", None)) for _ in range(5)]] * 4}
            ),
        )
    )


@contextmanager
def door() -> Iterator[Importers]:
    """Open the door."""
    with tempfile.TemporaryDirectory() as folder:
        yield Importers(Path(folder))
