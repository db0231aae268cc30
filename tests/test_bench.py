"""What the benchmark works out of its rounds; how fast anything is, no test says."""

from xml.etree import ElementTree

from bench import chart, tables
from bench.load import Load
from bench.rounds import Contest, Result, compared


def load(answers: int, cpu: float, cpu_of_storage: float = 0.0) -> Load:
    """Return a round of two seconds."""
    return Load(answers, 2.0, 1.0, 5.0, cpu, cpu_of_storage)


def test_contenders_are_compared_round_by_round() -> None:
    first = [load(2000, 0.2), load(1000, 0.2), load(4000, 0.4)]
    second = [load(1000, 0.2), load(1000, 0.4), load(1000, 0.2, 0.2)]

    one, other = compared(["nginx", "calsvc"], [100, 100], [first, second], [1.0, 50.0])

    assert (one.rate, one.economy, one.economy_with_storage) == (1.0, 1.0, 1.0)
    assert other.rate == 0.5  # of 0.5, 1 and 0.25
    assert other.economy == 0.5  # of 0.5, 0.5 and 0.5
    assert other.economy_with_storage == 0.5  # of 0.5, 0.5 and 0.25
    assert (other.load.a_second, other.load.cpu_of_one) == (500.0, 200.0)


def test_table_and_picture_say_the_same() -> None:
    result = Result("a < b", 25_052, load(3000, 0.15), 0.7, 0.45, 0.4, 61.4)
    contest = Contest("event feed, 200", [result])

    row = tables.of_contests([contest]).splitlines()[2]
    picture = ElementTree.fromstring(chart.bars([contest]))  # noqa: S314 -- our own
    words = {each.text for each in picture.iter()}

    assert row == (
        "| event feed, 200 | a < b | 25,052 | 1,500 | 0.7 | 50 | 0.45 |  | 1.0 | 5.0 | 61 |"
    )
    assert {"event feed, 200", "a < b", "50 µs, 1,500/s"} <= words
