"""Help, and misuse, which exits with 2 and says what."""

import re

import pytest
from commands import run, said

from calsvc import __version__
from calsvc.cli import COMMANDS

pytestmark = pytest.mark.usefixtures("elsewhere")


@pytest.mark.parametrize("name", sorted(COMMANDS))
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_of_each_command_has_an_example(name: str, option: str) -> None:
    result = run(name, option)

    assert (result.exit_code, result.stderr) == (0, "")
    assert re.findall(rf"^  Example: calsvc {name}\b", result.stdout, re.MULTILINE)


def test_help_names_every_command() -> None:
    result = run("--help")

    assert result.exit_code == 0
    listed = re.findall(r"^  (\w+)  +(\S.*\.)$", result.stdout, re.MULTILINE)
    assert listed == [(name, COMMANDS[name].words) for name in sorted(COMMANDS)]


def test_version_is_that_of_the_package() -> None:
    assert said(run("--version")) == (0, f"calsvc, version {__version__}\n", "")


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["serf"], "No such command 'serf'."),
        (["--nope"], "No such option '--nope'."),
        (["check", "--format", "xml"], "Invalid value for '--format': 'xml' is not one of"),
        (["serve", "--port", "http"], "Invalid value for '--port': 'http' is not a valid integer."),
        (["serve", "--port", "0"], "setting port (CALSVC_PORT): 0 cannot be used;"),
        (["serve", "--port", "65536"], "setting port (CALSVC_PORT): 65536 cannot be used;"),
        (["serve", "--workers", "0"], "setting workers (CALSVC_WORKERS): 0 cannot be used;"),
        (
            ["serve", "--base-url", "ftp://example.org"],
            "setting base_url (CALSVC_BASE_URL): 'ftp://example.org' cannot be used;"
            " write an address such as https://calendar.example.org",
        ),
        (["new"], "Missing argument 'ID'."),
        (["new", "a", "b"], "Got unexpected extra argument (b)"),
        (["rollback", "conf", "x"], "Invalid value for 'VERSION': 'x' is not a valid integer."),
    ],
)
def test_misuse_exits_with_2_and_says_what(words: list[str], error: str) -> None:
    result = run(*words)

    assert (result.exit_code, result.stdout) == (2, "")
    assert f"Error: {error}" in result.stderr


def test_setting_in_the_environment_that_cannot_be_is_misuse(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CALSVC_PORT", "http")

    result = run("serve")

    assert (result.exit_code, result.stdout) == (2, "")
    assert "Error: setting port (CALSVC_PORT): 'http' cannot be used;" in result.stderr
