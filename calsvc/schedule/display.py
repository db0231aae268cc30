"""How a calendar shows its entries, whichever those are."""

from typing import Annotated, Literal

from pydantic import Field

from calsvc.agenda.fields import Value
from calsvc.schedule.entries import Entry

MAX_ALARM = 28 * 24 * 60  # minutes: four weeks

CancelledPolicy = Literal["status", "mark", "drop"]


class Display(Value):
    """Reminders, busy time, and the treatment of cancelled sessions."""

    alarm: Annotated[int, Field(ge=0, le=MAX_ALARM)] | None = None
    """Minutes before each session; None for no reminder."""
    busy: bool | None = None
    """Whether sessions block their time; None leaves it to the feed."""
    cancelled: CancelledPolicy = "status"
    """How cancelled sessions show: as such, marked in the title, or not at all."""

    def shows(self, entry: Entry) -> bool:
        """Return whether an entry is shown at all."""
        return not (entry.is_cancelled and self.cancelled == "drop")

    def shown(self, entries: list[Entry]) -> list[Entry]:
        """Return those of some entries that are shown at all."""
        return (
            [each for each in entries if self.shows(each)] if self.cancelled == "drop" else entries
        )

    def reminder_of(self, entry: Entry) -> int | None:
        """Return the minutes before an entry at which its reminder is; None for no reminder.

        What has no time, is all day, or is cancelled, has none.
        """
        return self.alarm if entry.content.timed and not entry.is_cancelled else None
