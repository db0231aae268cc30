"""A folder of event files: which of its names are events, and what is told of the others."""

from pathlib import Path

import pytest

from calsvc.agenda.folder import event_files, named_files
from calsvc.errors import Problem


def listed(folder: Path) -> tuple[list[str], list[str]]:
    """Return the names of a folder's event files, and what is told of the others."""
    problems: list[Problem] = []
    files = event_files(folder, on_problem=problems.append)
    return [path.name for path in files], [
        str(problem).removeprefix(f"{folder}/") for problem in problems
    ]


def filled(folder: Path, *names: str) -> Path:
    """Put empty files into a folder."""
    for name in names:
        (folder / name).touch()
    return folder


def test_event_files_are_those_of_a_folder_by_event(tmp_path: Path) -> None:
    filled(tmp_path, "b.yaml", "a.yml", "README.md", ".#b.yaml", "._a.yml", "c.yaml.bak", "d.yaml~")

    assert listed(tmp_path) == (["a.yml", "b.yaml"], [])


def test_event_files_may_end_in_capitals(tmp_path: Path) -> None:
    filled(tmp_path, "a.YAML", "b.YML", "c.Yaml")

    assert listed(tmp_path) == (["a.YAML", "b.YML", "c.Yaml"], [])


@pytest.mark.parametrize("end", [".txt", ".TXT", ".rtf", ".docx", ".html"])
@pytest.mark.parametrize("suffix", [".yaml", ".YML"])
def test_event_file_to_which_an_editor_appended_is_told_of(
    tmp_path: Path, suffix: str, end: str
) -> None:
    name = f"conf{suffix}"
    filled(tmp_path, "other.yaml", name + end)

    assert listed(tmp_path) == (
        ["other.yaml"],
        [f"{name}{end}: warning: is not read: its name must end in .yaml; rename it to {name}"],
    )


@pytest.mark.parametrize(
    ("names", "is_read", "twins"),
    [
        (("conf.yaml", "conf.yml"), "conf.yaml", ["conf.yml"]),
        (("conf.yml", "conf.YAML", "conf.yaml"), "conf.yaml", ["conf.yml", "conf.YAML"]),
        (("conf.YML", "conf.yml"), "conf.yml", ["conf.YML"]),
    ],
)
def test_event_in_two_files_is_read_from_one_and_the_other_told_of(
    tmp_path: Path, names: tuple[str, ...], is_read: str, twins: list[str]
) -> None:
    filled(tmp_path, *names, "conf-a.yaml")

    files, told = listed(tmp_path)

    assert files == [is_read, "conf-a.yaml"]
    assert sorted(told) == sorted(
        f"{twin}: is the same event as {is_read}; keep one of them" for twin in twins
    )


def test_folder_named_as_an_event_takes_nothing_from_the_file_of_that_event(
    tmp_path: Path,
) -> None:
    (tmp_path / "conf.yaml").mkdir()
    filled(tmp_path, "conf.yml")

    assert listed(tmp_path) == (
        ["conf.yml"],
        ["conf.yaml: is the same event as conf.yml; keep one of them"],
    )


def test_folder_that_is_none_is_told_of(tmp_path: Path) -> None:
    problem = "is not a folder; name a folder of event files"
    file = tmp_path / "file"
    file.touch()

    for path in (tmp_path / "evnets", file):
        assert listed(path) == ([], [f"{path}: {problem}"])


def test_folder_that_cannot_be_read_is_told_of(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)

    files, (told,) = listed(loop)

    assert files == []
    assert told == (
        f"{loop}: cannot be read: Too many levels of symbolic links; check its name and rights"
    )


def test_folder_without_event_files_is_told_of(tmp_path: Path) -> None:
    filled(tmp_path, "conf.yaml.txt")

    assert listed(tmp_path) == (
        [],
        [
            "conf.yaml.txt: warning: is not read: its name must end in .yaml;"
            " rename it to conf.yaml",
            f"{tmp_path}: holds no event file; start one with calsvc new",
        ],
    )


def test_path_of_the_command_line_is_a_file_or_a_folder_of_files(tmp_path: Path) -> None:
    filled(tmp_path, "a.YAML", "plain")
    missing = tmp_path / "b.yaml"
    (tmp_path / "c.yaml").mkdir()
    filled(tmp_path / "c.yaml", "d.yaml")

    problems: list[Problem] = []
    named = {
        path.name: [each.name for each in named_files(path, on_problem=problems.append)]
        for path in (tmp_path, tmp_path / "plain", missing, tmp_path / "c.yaml")
    }

    assert named == {
        tmp_path.name: ["a.YAML", "c.yaml"],
        "plain": ["plain"],
        "b.yaml": ["b.yaml"],
        "c.yaml": ["d.yaml"],
    }
    assert problems == []
