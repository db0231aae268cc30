"""Reading in a process of its own: the same as here, and always over in time."""

import pytest

from calsvc.errors import SourceError
from calsvc.importers import apart
from calsvc.importers.apart import drafted
from calsvc.importers.drafts import Wishes
from calsvc.importers.fetch.sources import Source
from calsvc.importers.reading import read

CSV = b"Title,Date,Start,End,Room\nOne,2027-06-15,09:00,10:00,A\nZwei,2027-06-15,10:00,11:00,B\n"
WISHES = Wishes(timezone="Europe/Berlin", name="Conf")


def test_it_is_what_reading_here_gives() -> None:
    source = Source("agenda.csv", CSV)
    draft, reader = read(source, WISHES)

    assert drafted(source, WISHES, None) == (draft, reader.name)


def test_what_is_no_agenda_is_said() -> None:
    with pytest.raises(SourceError) as raised:
        drafted(Source("agenda.json", b"{"), WISHES, None)

    assert raised.value.what.startswith("is broken JSON")


def test_what_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "BOUNDS", apart.BOUNDS._replace(patience=1))

    with pytest.raises(SourceError, match="takes too long to read"):
        drafted(Source("agenda.md", b"[" * 400_000), WISHES, "markdown")


def test_fault_of_its_own_is_told_and_harms_nobody() -> None:
    with pytest.raises(SourceError, match="by a fault of calsvc's own"):
        drafted(Source("agenda.csv", CSV), "no wishes", None)  # type: ignore[arg-type]
