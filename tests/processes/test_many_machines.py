"""A site on many machines, which are killed, cut off and upgraded while it is used.

Copies of ``calsvc serve`` on PostgreSQL servers under Patroni, behind an nginx with a cache.
"""

import pytest
from conftest import tool

from bench.machines import ACTS, Outcome, run
from bench.sites import has

pytestmark = pytest.mark.slow
TOOLS = ("etcd", "nginx", "patroni", "pg_controldata")


@pytest.fixture(scope="module")
def outcomes() -> dict[str, Outcome]:
    """What became of each act; that all is well again was waited for."""
    for name in TOOLS:
        assert has(name) or tool(name)  # Debian keeps some off PATH
    return {outcome.name: outcome for outcome in run()}


@pytest.mark.parametrize("act", ACTS)
def test_site_on_many_machines_loses_nothing_and_tells_nothing_wrong(
    outcomes: dict[str, Outcome], act: str
) -> None:
    outcome = outcomes[act]

    print(outcome.row())
    assert outcome.tally.wrong == []
    assert outcome.lost == 0
    assert outcome.tally.feeds_refused == 0  # nginx gives what it has
    assert outcome.tally.answers > 100
