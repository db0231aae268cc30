"""Real tables and data files, damaged: each is read or refused, and no reader fails otherwise."""

import json
from random import Random

import pytest
from conftest import SHARED
from readings import damaged_octets, damaged_tree, json_source, read_or_refused
from tiers import slow

from calsvc.importers.fetch.sources import Source

SCHEDULES = SHARED / "schedules"
FILES = {
    "csv/gpn11.csv": "csv",
    "csv/purplecon-2019-schedule.csv": "csv",
    "spreadsheet/c3voc-example-2016.xlsx": "spreadsheet",
    "spreadsheet/c3voc-example-2016.ods": "spreadsheet",
    "yaml/devopsdays-2019-geneva-main.excerpt.yml": "data",
    "other/scale14x-sign.xml": "data",
}
SEEDS = [0, *(slow(seed) for seed in range(1, 20))]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("seed", SEEDS)
def test_damaged_file(name: str, seed: int) -> None:
    random = Random(seed)  # noqa: S311 (the same damage in each run)
    octets = SCHEDULES.joinpath(name).read_bytes()

    read_or_refused(Source(name, damaged_octets(octets, random, seed + 1)), [FILES[name]])


@pytest.mark.parametrize("seed", SEEDS)
def test_wrong_values_in_a_file(seed: int) -> None:
    random = Random(seed)  # noqa: S311 (the same damage in each run)
    path = SCHEDULES / "other" / "srccon-work-2017-sessions.json"

    read_or_refused(json_source(damaged_tree(json.loads(path.read_text("utf-8")), random, 40)))
