"""Commands on versions: publish and history."""

import pytest
from desk import NEWER, TALKS, Desk, agenda


def test_publish_tells_what_came_of_each_file(desk: Desk) -> None:
    desk.publish(agenda(1), "other")
    desk.write(TALKS)
    broken = desk.write("name: Broken\ntimezone: UTC\ndate: 2027-06-15\nsesions: []\n", "x")

    result = desk.run("publish", str(desk.folder), "--message", "For \x1b[31mall\n")

    assert result.exit_code == 1
    assert result.stdout == (
        "conf version 1 (For)\n  First published, with 4 sessions\nother: nothing changed\n"
    )
    assert result.stderr == f"{broken}:4:1: unknown key 'sesions'; did you mean sessions?\n"
    assert desk.storage.numbers() == {"conf": 1, "other": 1}


def test_publish_tells_of_a_file_that_is_gone(small_desk: Desk) -> None:
    small_desk.publish(agenda(1), "other")
    small_desk.publish(TALKS)
    (small_desk.folder / "conf.yaml").unlink()

    result = small_desk.run("publish", str(small_desk.folder))

    assert (result.exit_code, result.stdout) == (0, "other: nothing changed\n")
    assert result.stderr == (
        f"{small_desk.folder}/conf.yaml: warning: is gone, and its event stays as it was"
        " published; to take it back, run calsvc publish --withdraw conf\n"
    )


def test_publish_dry_run_shows_the_differences_and_publishes_nothing(desk: Desk) -> None:
    desk.publish(TALKS)
    desk.publish(agenda(1), "other")
    desk.write(NEWER.replace("10:00-10:30", "10:15-10:45"))
    desk.write(agenda(2), "third")

    result = desk.run("publish", str(desk.folder), "--dry-run")

    assert (result.exit_code, result.output) == (
        0,
        "conf would be version 2\n"
        "  Better Talk: moved 10:00 → 10:15, renamed, was First Talk\n"
        "other: nothing changed\n"
        "third would be version 1\n"
        "  First published, with 2 sessions\n",
    )
    assert desk.storage.numbers() == {"conf": 1, "other": 1}


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (("--dry-run", "--withdraw", "conf"), "--dry-run and --withdraw"),
        (("--watch", "--dry-run"), "--dry-run and --watch"),
        (("--withdraw", "conf", "--watch"), "--withdraw and --watch"),
    ],
)
def test_publish_of_two_minds_is_misuse(
    small_desk: Desk, words: tuple[str, ...], names: str
) -> None:
    small_desk.publish(TALKS)

    result = small_desk.run("publish", str(small_desk.folder), *words)

    assert result.exit_code == 2
    assert result.stderr.endswith(f"Error: {names} exclude each other\n")
    assert small_desk.storage.numbers() == {"conf": 1}


def test_history_lists_the_newest_first(desk: Desk) -> None:
    desk.publish(TALKS)
    desk.write(NEWER)
    desk.run("publish", str(desk.folder), "--message", "A better title")
    desk.run("publish", "--withdraw", "conf")
    desk.run("rollback", "conf", "1")

    result = desk.run("history", "conf")

    records = desk.storage.history("conf")
    times = [f"{record.published:%Y-%m-%d %H:%M}" for record in records]
    host = records[-1].source.removeprefix("events/conf.yaml on ")
    assert result.exit_code == 0
    assert result.output == (
        f"4  {times[0]} UTC  from version 1\n"
        "     Published again\n"
        "     First Talk: renamed, was Better Talk\n"
        f"3  {times[1]} UTC  from calsvc on {host}\n"
        "     Withdrawn\n"
        f"2  {times[2]} UTC  from events/conf.yaml on {host}: A better title\n"
        "     Better Talk: renamed, was First Talk\n"
        f"1  {times[3]} UTC  from events/conf.yaml on {host}\n"
        "     First published, with 4 sessions\n"
    )
    assert times == sorted(times, reverse=True)


def test_history_of_what_is_not_there_says_so(small_desk: Desk) -> None:
    small_desk.publish(TALKS)

    result = small_desk.run("history", "konf")

    assert (result.exit_code, result.stderr) == (
        1,
        "There is no event 'konf'. Did you mean conf? The events are: conf.\n",
    )
