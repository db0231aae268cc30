"""A base address that cannot be is refused before anything is published or served."""

import textwrap
from pathlib import Path

import pytest
from click.testing import CliRunner

from calsvc.cli import main


@pytest.mark.parametrize("path", ["/events", "/my/", "/api/v2"])
def test_serve_refuses_a_base_address_like_one_of_its_own(tmp_path: Path, path: str) -> None:
    (tmp_path / "events").mkdir()
    text = """
        name: Conf
        timezone: Europe/Berlin
        date: 2027-06-15
        sessions: [{id: one, title: One, when: 09:00-10:00}]
        """
    (tmp_path / "events" / "conf.yaml").write_text(textwrap.dedent(text), encoding="utf-8")
    database = f"sqlite:///{tmp_path}/calsvc.db"
    base_url = f"https://conf.example.org{path}"

    words = ["serve", str(tmp_path / "events"), "--database", database, "--base-url", base_url]
    served = CliRunner().invoke(main, words)

    assert served.exit_code == 2
    assert f"{base_url.rstrip('/')!r} cannot be used" in served.output
    assert "Published" not in served.output
    history = CliRunner().invoke(main, ["history", "conf", "--database", database])
    assert history.exit_code == 1
