"""Stylesheets have what pages need, and nothing else."""

import re
from pathlib import Path

from conftest import PROJECT
from flask.testing import FlaskClient

from calsvc.web.plan import MOST_ABREAST, STEP, TALLEST

PACKAGE = PROJECT / "calsvc"


def test_stylesheet_has_the_heights_and_widths_of_all_tables(client: FlaskClient) -> None:
    stylesheet = client.get("/static/calsvc.css").text

    for minutes in range(STEP, TALLEST + 1, STEP):
        assert f".by-room .m-{minutes} {{ height: {minutes // STEP}rem; }}" in stylesheet
    for columns in range(2, MOST_ABREAST + 1):
        assert re.search(rf"\.fits-{columns}\b", stylesheet)


def classes_in(path: Path) -> set[str]:
    """Return the classes that a template, a script or a module names."""
    text = re.sub(r"\{[{%].*?[%}]\}", " ", path.read_text("utf-8"))
    named = re.findall(r'class(?:Name|List\.\w+)?(?:=| = |\()["`]([^"`]*)', text)
    return {name for names in named for name in names.split()}


def test_stylesheets_have_no_class_that_nothing_has() -> None:
    sources = [path for path in PACKAGE.rglob("*.*") if path.suffix in {".html", ".js", ".py"}]
    named = set().union(*map(classes_in, sources))
    made = re.compile(r"color-\w+|(m|fits)-\d+")  # from what stands in an agenda
    sheets = [path.read_text("utf-8") for path in (PACKAGE / "web" / "static").glob("*.css")]
    selectors = re.sub(r"/\*.*?\*/|\{[^{}]*\}", "", "".join(sheets), flags=re.DOTALL)
    styled = {
        each for each in re.findall(r"\.([a-z][\w-]*)", selectors) if not made.fullmatch(each)
    }

    assert {"star", "embedded", "qr"} <= styled
    assert styled - named == set()
