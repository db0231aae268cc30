"""Titles, apart from what stands beside them."""

from calsvc.importers.drafts import DraftPerson
from calsvc.importers.pages import titles
from calsvc.importers.pages.passages import Run, plain, words


def test_links_to_materials_are_no_part_of_a_title() -> None:
    line = words(
        [
            Run("Of Boxes", "https://a.example/"),
            Run(" - "),
            Run("Slides", "https://b.example/"),
            Run(" "),
            Run("Video", "https://c.example/"),
        ]
    )

    title = titles.read(line)

    assert (title.text, title.url) == ("Of Boxes", "https://a.example/")
    assert title.links == [("https://b.example/", "Slides"), ("https://c.example/", "Video")]


def test_linked_person_behind_a_linked_title_is_a_person() -> None:
    line = words([Run("Of Boxes", "#boxes"), Run(" - "), Run("Ada Example", "#ada")])

    title = titles.read(line, "https://a.example/agenda")

    assert (title.text, title.people) == ("Of Boxes", [DraftPerson("Ada Example")])
    assert title.url == "https://a.example/agenda#boxes"


def test_room_and_leads_in_a_title_are_told_apart() -> None:
    assert titles.read(plain("Breakfast - Room: C1-M0")).room == "C1-M0"
    led = titles.read(plain("What is next in boxes? Lead: Ada Example"))
    assert (led.text, led.people) == (
        "What is next in boxes?",
        [DraftPerson("Ada Example", None, "Lead")],
    )


def test_head_of_a_column_is_a_track_or_a_room() -> None:
    assert titles.track_and_room("Track One - Room: C1-M1") == ("Track One", "C1-M1")
    assert titles.track_and_room("Track Two") == ("Track Two", None)
    assert titles.track_and_room("Hall A") == (None, "Hall A")


def test_names_beside_a_title_are_found() -> None:
    assert titles.behind("Of Boxes - Ada Example", "dash") == ("Of Boxes", "Ada Example")
    assert titles.behind("Of Boxes (Ada Example)", "brackets") == ("Of Boxes", "Ada Example")
    assert titles.behind("Of Boxes (No Zoom)", "brackets") is None
    assert titles.behind("Boxes - and how to open them", "dash") is None


def test_addresses_that_are_no_pages_are_left_out() -> None:
    assert titles.absolute("javascript:alert(1)", "https://a.example/") is None
    assert titles.absolute("/talk", None) is None
    assert titles.absolute("/talk", "https://a.example/x") == "https://a.example/talk"
