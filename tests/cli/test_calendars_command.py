"""``calsvc calendars`` counts personal calendars, and deletes the unused."""

from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from itineraries import DAYS, fates, fetched

from calsvc.cli import main
from calsvc.storage.calendars import Calendars


def test_command_counts_by_the_day_of_the_last_use(calendars: Calendars, database_url: str) -> None:
    fetched(calendars, *DAYS[1:4], DAYS[3])

    result = CliRunner().invoke(main, ["calendars", "--database", database_url])

    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "4 personal calendars",
        "  2025-06-04  2 last used",
        "  2025-06-03  1 last used",
        "  2025-06-02  1 last used",
    ]


def test_command_purges_by_months_and_first_only_says_so(
    calendars: Calendars, database_url: str
) -> None:
    today = datetime.now(UTC).date()
    since = today - timedelta(days=60)
    secrets = fetched(calendars, since - timedelta(days=1), since, today)
    purge = ["calendars", "--purge", "2", "--database", database_url]

    tried = CliRunner().invoke(main, [*purge, "--dry-run"])
    counted = calendars.count()
    done = CliRunner().invoke(main, purge)

    assert (tried.exit_code, tried.output) == (
        0,
        f"1 not used since {since} would be deleted\n",
    )
    assert counted == 3
    assert (done.exit_code, done.output) == (0, f"1 not used since {since} are deleted\n")
    assert [edit for edit, _, _ in fates(calendars, *secrets)] == ["retired", "found", "found"]


@pytest.mark.parametrize("months", ["0", "-1", "soon"])
def test_command_refuses_months_that_cannot_be(months: str) -> None:
    result = CliRunner().invoke(main, ["calendars", "--purge", months])

    assert result.exit_code == 2
