"""Real agendas, tables and data files, damaged: each is read or refused, and no reader fails."""

import json
from random import Random

import pytest
from conftest import SHARED
from readings import damaged_octets, damaged_tree, json_source, read_or_refused
from tiers import slow

from calsvc.importers.fetch.sources import Source
from calsvc.importers.reading import READERS

SCHEDULES = SHARED / "schedules"
FILES = {
    "frab-xml/28c3-pentabarf.xml": "frab-xml",
    "frab-xml/debconf23.xml": "frab-xml",
    "frab-json/pretalx-democon.json": "frab-json",
    "sessionize/global-azure-austria-2021-all.json": "sessionize",
    "sessionize/droidcon-lisbon-2019-gridsmart.json": "sessionize",
    "hoverboard/sunnytech-2023.json": "hoverboard",
    "other/xdc2021-indico.json": "indico",
    "csv/gpn11.csv": "csv",
    "csv/purplecon-2019-schedule.csv": "csv",
    "spreadsheet/c3voc-example-2016.xlsx": "spreadsheet",
    "spreadsheet/c3voc-example-2016.ods": "spreadsheet",
    "yaml/devopsdays-2019-geneva-main.excerpt.yml": "data",
    "other/scale14x-sign.xml": "data",
}
TREES = {
    **{name: [form] for name, form in FILES.items() if name.endswith(".json")},
    "other/srccon-work-2017-sessions.json": [*READERS],
}
"""What is JSON, and the readers that are given it with wrong values."""
SEEDS = [0, 1, *(slow(seed) for seed in range(2, 30))]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("seed", SEEDS)
def test_damaged_file(name: str, seed: int) -> None:
    random = Random(seed)  # noqa: S311 (the same damage in each run)
    octets = SCHEDULES.joinpath(name).read_bytes()

    read_or_refused(Source(name, damaged_octets(octets, random, seed + 1)), [FILES[name]])


@pytest.mark.parametrize("name", TREES)
@pytest.mark.parametrize("seed", SEEDS)
def test_wrong_values_in_a_file(name: str, seed: int) -> None:
    random = Random(seed)  # noqa: S311 (the same damage in each run)
    tree = json.loads(SCHEDULES.joinpath(name).read_text("utf-8"))

    read_or_refused(json_source(damaged_tree(tree, random, 40)), TREES[name])


@pytest.mark.parametrize("name", ["OTS16", "PyCon17"])
@pytest.mark.parametrize("seed", SEEDS)
def test_damaged_folder(name: str, seed: int) -> None:
    random = Random(seed)  # noqa: S311 (the same damage in each run)
    folder = SCHEDULES / "open-event" / name
    members = {
        path.name: Source(path.name, damaged_octets(path.read_bytes(), random, random.randrange(2)))
        for path in sorted(folder.iterdir())
    }

    read_or_refused(Source(name, members=members), ["open-event"])
