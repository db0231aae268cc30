"""Habits of agenda pages, each found on a real one: what must become of it, written by hand."""

from datetime import date

import pytest

from calsvc.importers.drafts import Draft, DraftPerson, Wishes
from calsvc.importers.fetch.sources import Source
from calsvc.importers.pages import markdown, plaintext, webpages

READERS = {"txt": plaintext, "md": markdown, "html": webpages}


def read(suffix: str, text: str, first: date | None = None) -> Draft:
    """Return the draft of a page in a format."""
    return READERS[suffix].read(Source(f"agenda.{suffix}", text.encode()), Wishes(date=first))


def times(draft: Draft) -> list[str]:
    """Return each session as day, hours and title: ``14 9:00-10:00 Opening``."""
    found = []
    for each in draft.sessions:
        start = f"{each.start:%-d %-H:%M}" if each.start else "?"
        end = f"{each.end:%-H:%M}" if each.end else ""
        if each.start and each.end and each.end.date() != each.start.date():
            end = f"{each.end:%-d %-H:%M}"
        found.append(f"{start}-{end} {each.title}")
    return found


HABITS = {
    "a date before each time": (
        "txt",
        "Seminar\nJune 14, 2027 9:00-10:00 Of Boxes\nJune 14, 2027, 10:00: Of Bags\n"
        "Tue 15 June 2027, 18:30–20:00: Dinner\n",
        ["14 9:00-10:00 Of Boxes", "14 10:00- Of Bags", "15 18:30-20:00 Dinner"],
    ),
    "a date in figures before each time": (
        "txt",
        "2027-06-14 09:00 Of Boxes\n2027-06-15 10:00 Of Bags\n",
        ["14 9:00- Of Boxes", "15 10:00- Of Bags"],
    ),
    "days with their hours as headings": (
        "txt",
        "June 14, 2027, 9:00 - 17:00\n9:00 Opening\nJune 15, 2027, 9:00 - 12:00\n9:00 Of Bags\n",
        ["14 9:00- Opening", "15 9:00- Of Bags"],
    ),
    "deadlines beside an agenda": (
        "txt",
        "May 1, 2027, 23:59: Submission deadline\nMay 20, 2027, 23:59: Camera-ready papers due\n"
        "\nJune 14, 2027\n9:00 Opening\n10:00 Of Boxes\n",
        ["14 9:00- Opening", "14 10:00- Of Boxes"],
    ),
    "letters for halves of the day": (
        "txt",
        "14 June 2027\n1030a Coffee\n11a-12p Of Boxes\n2:30-3p Break\n6p Dinner\n",
        ["14 10:30- Coffee", "14 11:00-12:00 Of Boxes", "14 14:30-15:00 Break", "14 18:00- Dinner"],
    ),
    "after, and till late": (
        "txt",
        "14 June 2027\nAfter 18:00 Networking\n9 PM till late: Party\n",
        ["14 18:00- Networking", "14 21:00- Party"],
    ),
    "a title, its time and its room, in paragraphs": (
        "txt",
        "14 June 2027\nOpening\n09:00 - 09:30\nMain hall\n\nOf Boxes\n09:30 - 10:30\nRoom 2\n"
        "\nBreak\n10:30 - 11:00\n",
        ["14 9:00-9:30 Opening", "14 9:30-10:30 Of Boxes", "14 10:30-11:00 Break"],
    ),
    "titles that end like a list of people": (
        "txt",
        "14 June 2027\n9:00 Hidden Boxes with Unobservable Corners\n10:00 Of Bags by Ada Example\n"
        "11:00 How Radio Hosts Change Minds\n",
        [
            "14 9:00- Hidden Boxes with Unobservable Corners",
            "14 10:00- Of Bags",
            "14 11:00- How Radio Hosts Change Minds",
        ],
    ),
    "fields with names": (
        "txt",
        "14 June 2027\nTime: 10:00 - 11:00\nTitle: Of Boxes\nSpeaker: Ada Example\n",
        ["14 10:00-11:00 Of Boxes"],
    ),
    "a numbered session before its hours": (
        "md",
        "## 14 June 2027\n### Session 1: 9:00 – 10:00\n* Of Boxes (20 min)\n"
        "### Session 2: 10:30 - 12:00\n* Of Bags\n",
        ["14 9:00-10:00 Session 1", "14 10:30-12:00 Session 2"],
    ),
    "a weekday in the title of each": (
        "md",
        "June 14-15, 2027\n\n##### Plenary Monday 9:00 - 10:00\nAda Example, Engines\n\n"
        "##### Plenary Tuesday 9:00 - 10:00\nBob Sample, Boxworks\n",
        ["14 9:00-10:00 Plenary Monday", "15 9:00-10:00 Plenary Tuesday"],
    ),
    "boxes to tick": (
        "md",
        "## 14 June 2027\n- [ ] 9:00 Opening\n- [x] 10:00 Of Boxes\n1. 11:00 Of Bags\n",
        ["14 9:00- Opening", "14 10:00- Of Boxes", "14 11:00- Of Bags"],
    ),
    "a list of definitions": (
        "md",
        "## 14 June 2027\n9:00\n: Opening\n\n10:00\n: Of Boxes\n",
        ["14 9:00- Opening", "14 10:00- Of Boxes"],
    ),
    "the day in the page's own title": (
        "md",
        '---\ntitle: "Agenda, June 14, 2027"\n---\n- 9:00 Opening\n- 10:00 Of Boxes\n',
        ["14 9:00- Opening", "14 10:00- Of Boxes"],
    ),
    "a comma behind the month": (
        "md",
        "**Date:** June, 14th 2027\n\n- 9:00 Opening\n",
        ["14 9:00- Opening"],
    ),
    "days in Italian": (
        "md",
        "## Lunedì 14 giugno 2027\n- 9:00 Apertura\n## Martedì\n- 9:00 Fine\n",
        ["14 9:00- Apertura", "15 9:00- Fine"],
    ),
    "days in Japanese": ("md", "## 2027年6月14日\n- 9:00 開会\n", ["14 9:00- 開会"]),
    "a column of dates with times": (
        "md",
        "| Date/Time | Title |\n|---|---|\n| June 14, 2027, 9:00-10:00 | Opening |\n"
        "| June 14, 10:00 | Of Boxes |\n| June 15, 9:00 | Of Bags |\n",
        ["14 9:00-10:00 Opening", "14 10:00- Of Boxes", "15 9:00- Of Bags"],
    ),
    "the day as the head of a table": (
        "md",
        "| Monday 14 June 2027 | |\n|---|---|\n| 9:00 - 9:30 | Opening |\n| 9:30 | Of Bags |\n",
        ["14 9:00-9:30 Opening", "14 9:30- Of Bags"],
    ),
    "heads with pictures": (
        "md",
        "14 June 2027\n\n| 🕘 Time | 📌 Event Description |\n|---|---|\n| 9:00 | Opening |\n",
        ["14 9:00- Opening"],
    ),
    "two columns of times in two zones": (
        "md",
        "## 14 June 2027\n| Time (UTC) | Time (PDT) | Session |\n|---|---|---|\n"
        "| 16:00 | 9:00 AM | Opening |\n| 17:00 | 10:00 AM | Of Boxes |\n",
        ["14 16:00- Opening", "14 17:00- Of Boxes"],
    ),
    "rooms below each other and times side by side": (
        "html",
        "<h2>14 June 2027</h2><table><tr><th>Room</th><th>9:00-10:00</th><th>10:00-11:00</th></tr>"
        "<tr><td>Hall A</td><td colspan=2>Of Boxes</td></tr>"
        "<tr><td>Hall B</td><td>Of Bags</td><td>Of Bins</td></tr></table>",
        ["14 9:00-11:00 Of Boxes", "14 9:00-10:00 Of Bags", "14 10:00-11:00 Of Bins"],
    ),
    "days as columns, with cells over several rows": (
        "html",
        "<p>June 14-15, 2027</p><table><tr><th></th><th>Monday</th><th>Tuesday</th></tr>"
        "<tr><td>9:00</td><td rowspan=2>Of Boxes</td><td>Of Bags</td></tr>"
        "<tr><td>10:00</td><td>Of Bins</td></tr>"
        "<tr><td>11:00</td><td>Lunch</td><td>Lunch</td></tr></table>",
        [
            "14 9:00-11:00 Of Boxes",
            "15 9:00-10:00 Of Bags",
            "15 10:00-11:00 Of Bins",
            "14 11:00- Lunch",
            "15 11:00- Lunch",
        ],
    ),
    "a cell over several rows with ends": (
        "html",
        "<h2>14 June 2027</h2><table><tr><th>Time</th><th>Hall A</th><th>Hall B</th></tr>"
        "<tr><td>9:00-10:00</td><td rowspan=2>Of Boxes</td><td>Of Bags</td></tr>"
        "<tr><td>10:00-11:00</td><td>Of Bins</td></tr></table>",
        ["14 9:00-11:00 Of Boxes", "14 9:00-10:00 Of Bags", "14 10:00-11:00 Of Bins"],
    ),
    "a start above its end": (
        "html",
        "<h2>14 June 2027</h2><div><div>09:00<br>09:30</div><div><h4>Opening</h4></div></div>"
        "<div><div>09:30<br>10:30</div><div><h4>Of Boxes</h4></div></div>",
        ["14 9:00-9:30 Opening", "14 9:30-10:30 Of Boxes"],
    ),
    "a start above its end in a table": (
        "html",
        "<h2>14 June 2027</h2><table><tr><td>09:00<br>09:30</td><td>Opening</td></tr>"
        "<tr><td>09:30<br>10:30</td><td>Of Boxes</td></tr></table>",
        ["14 9:00-9:30 Opening", "14 9:30-10:30 Of Boxes"],
    ),
    "a length between the time and the title": (
        "html",
        "<h2>14 June 2027</h2><div><span>9:00 - 9:45</span> <span>45 min</span><h3>Of Boxes</h3>"
        "</div><div><span>9:45</span><p>30 min</p><h3>Of Bags</h3></div>",
        ["14 9:00-9:45 Of Boxes", "14 9:45-10:15 Of Bags"],
    ),
    "days as tabs": (
        "html",
        '<h1>Sample Conf 2027</h1><ul><li><a href="#d1">Day 1 - June 14</a></li>'
        '<li><a href="#d2">Day 2 - June 15</a></li></ul>'
        '<div id="d1"><ul><li>9:00 Opening</li><li>10:00 Of Boxes</li></ul></div>'
        '<div id="d2"><ul><li>9:00 Of Bags</li></ul></div>',
        ["14 9:00- Opening", "14 10:00- Of Boxes", "15 9:00- Of Bags"],
    ),
    "a page without a body, as HTML lets leave it out": (
        "html",
        "<!doctype html><title>Sample Conf</title><section><h2>14 June 2027</h2><ul>"
        '<li><time datetime="2027-06-14T09:00">9:00</time>–<time datetime="2027-06-14T10:00">'
        "10:00</time> <b>Opening</b> <i>Ada Example</i></li></ul></section>",
        ["14 9:00-10:00 Opening"],
    ),
    "hCalendar with values in titles": (
        "html",
        '<ol><li class="vevent"><span class="summary">Opening</span> <span class="dtstart">'
        '<span class="value-title" title="2027-06-14T09:00"></span>9 am</span> <span class="dtend">'
        '<span class="value-title" title="2027-06-14T10:00"></span>10 am</span> in '
        '<span class="location">Hall B</span></li></ol>',
        ["14 9:00-10:00 Opening"],
    ),
    "a start above the title, and its hours below": (
        "html",
        "<h4>Wednesday, April 14, 2027</h4><ul><li><span class='time'>9:00 AM</span><h3>Doors</h3>"
        "<p>9:00 – 10:00 AM</p></li><li><span class='time'>7:00 PM</span><h3>Party</h3>"
        "<p>7:00 – 9:30 PM</p></li></ul><p>Thursday, April 15, 2027</p><ul><li>"
        "<span class='time'>9:00 AM</span><h3>Of Boxes</h3><p>9:00 – 10:00 AM</p></li></ul>",
        ["14 9:00-10:00 Doors", "14 19:00-21:30 Party", "15 9:00-10:00 Of Boxes"],
    ),
    "a day below a time that waits for its title": (
        "html",
        "<p>14 June 2027</p><p>9:00</p><p>Opening</p><p>18:00</p><p>15 June 2027</p><p>9:00</p>"
        "<p>Of Boxes</p>",
        ["14 9:00- Opening", "15 9:00- Of Boxes"],
    ),
    "a title, its weekday and hours, and its people": (
        "html",
        "<p>June 14-15, 2027</p><p>Of Boxes</p><p>(Mon. 9:30 a.m. – 6 p.m.)</p><p>Ada Example,"
        f" Bob Sample</p><p>{'Boxes hold things. ' * 12}</p><p>Of Bags</p><p>(Tue. 9:30 a.m. –"
        f" 1 p.m.)</p><p>Cara Trial</p><p>{'Bags hold things, too. ' * 12}</p>",
        ["14 9:30-18:00 Of Boxes", "15 9:30-13:00 Of Bags"],
    ),
    "a page for wide and for narrow screens": (
        "html",
        "<h2>14 June 2027</h2>"
        + 2
        * "<table><tr><td>9:00</td><td>Doors</td></tr><tr><td>10:00</td><td>Bags</td></tr></table>",
        ["14 9:00- Doors", "14 10:00- Bags"],
    ),
    "people and a title in rows of one time": (
        "html",
        "<h2>14 June 2027</h2><table><tr><td rowspan=3>9:00</td><td>Session 1</td></tr>"
        "<tr><td>Speaker: Ada Example</td></tr><tr><td>Title: Of Boxes</td></tr></table>",
        ["14 9:00- Session 1"],
    ),
    "wrapped items of a list": (
        "md",
        "## 14 June 2027\n\n- **9:00** Of boxes that are made of cardboard and\n  paper bags\n"
        "- **10:00** [Of\n  Bags](https://conf.example/)\n- **11:00** Of Bins\n  a text of it\n",
        [
            "14 9:00- Of boxes that are made of cardboard and paper bags",
            "14 10:00- Of Bags",
            "14 11:00- Of Bins",
        ],
    ),
    "heads of what has no times of its own": (
        "html",
        "<p>14 June 2027</p><ul><li>9:00 Of Boxes</li></ul><h3>June 14, 5:10 - 5:45</h3><ul>"
        "<li>Ada Example, Bob Sample</li></ul><h3>June 14, 6:10 - 6:45</h3><ul>"
        "<li>Cara Trial</li></ul>",
        ["14 9:00- Of Boxes"],
    ),
    "the offset of a zone that is no time": (
        "html",
        "<h2>14 June 2027</h2><h3>Times are those of Japan [UTC+09:00]</h3>"
        "<h4>Keynote (13:00-14:00)</h4><h4>Party (18:00-20:00)</h4>",
        ["14 13:00-14:00 Keynote", "14 18:00-20:00 Party"],
    ),
    "fields of a site generator above HTML": (
        "html",
        '+++\ntitle = "Sample Conf 2027"\n+++\n<h2>14 June</h2><ul><li>9:00 Opening</li></ul>',
        ["14 9:00- Opening"],
    ),
    "a head with two names": (
        "md",
        "14 June 2027\n\n| Time | Title / Activity |\n|---|---|\n| 9:00 | Opening |\n",
        ["14 9:00- Opening"],
    ),
    "a date and its weekday on two lines": (
        "html",
        "<h1>Horário 2027</h1><h4>14 JUN.</h4><h4>SEGUNDA</h4><p>9:00 Abertura</p>"
        "<h4>15 JUN.</h4><h4>TERÇA</h4><p>9:00 Fim</p>",
        ["14 9:00- Abertura", "15 9:00- Fim"],
    ),
    "weekdays with numbers": (
        "md",
        "June 14-15, 2027\n\n## Mon 14th\n- 9:00 Opening\n## Tue 15th\n- 9:00 Of Bags\n",
        ["14 9:00- Opening", "15 9:00- Of Bags"],
    ),
    "a cell with a time of its own beside another": (
        "html",
        "<h2>14 June 2027</h2><table><tr><td>9:00-9:30</td><td>Opening</td><td rowspan=2>"
        "9:10-10:00<br>Of Bins</td></tr><tr><td>9:30-10:00</td><td>Of Boxes</td></tr></table>",
        ["14 9:00-9:30 Opening", "14 9:10-10:00 Of Bins", "14 9:30-10:00 Of Boxes"],
    ),
    "a break below a session, without a time": (
        "html",
        "<h2>14 June 2027</h2><p>9:00-10:00</p><h3>Of Boxes</h3><h3>Coffee break</h3>"
        "<p>11:00-12:00</p><h3>Of Bags</h3>",
        ["14 9:00-10:00 Of Boxes", "?- Coffee break", "14 11:00-12:00 Of Bags"],
    ),
}


@pytest.mark.parametrize("habit", HABITS)
def test_habit_is_understood(habit: str) -> None:
    suffix, page, sessions = HABITS[habit]

    assert times(read(suffix, page)) == sessions


def test_days_named_above_all_times_are_those_of_the_lists_below_and_that_is_told() -> None:
    table = "<table><tr><td>9:00</td><td>{}</td></tr></table>"
    page = "<ul><li>June 14, 2027</li><li>June 15, 2027</li></ul>"

    two = read("html", page + table.format("Of Boxes") + table.format("Of Bags"))
    one = read("html", page + table.format("Of Boxes"))

    assert times(two) == ["14 9:00- Of Boxes", "15 9:00- Of Bags"]
    assert two.guessed == [
        "2 days are named above all times: the 2 lists below are taken for theirs"
    ]
    assert times(one) == ["15 9:00- Of Boxes"]
    assert one.guessed == ["2 days are named above all times, and all is taken to be on the last"]


def test_title_is_below_the_names_where_a_page_has_it_so() -> None:
    draft = read(
        "md",
        "## 14 June 2027\n- **9:00** Opening\n- **9:30** Ada Example, Bob Sample  \n"
        "[*Of Boxes and their lids*](https://conf.example/boxes)\n"
        "- **10:00** Cara Trial  \n*Of Bags.*\n",
    )

    assert times(draft) == [
        "14 9:00- Opening",
        "14 9:30- Of Boxes and their lids",
        "14 10:00- Of Bags.",
    ]
    assert draft.sessions[1].people == [DraftPerson("Ada Example"), DraftPerson("Bob Sample")]
    assert draft.sessions[1].url == "https://conf.example/boxes"
    assert draft.guessed == [
        "in 2 sessions, the names are taken for people, and the line below for the title"
    ]


def test_names_behind_bold_titles_are_people() -> None:
    draft = read(
        "html",
        "<h2>14 June 2027</h2><ul><li>9:00 <b>Of Boxes</b> <i>Ada Example</i></li></ul>"
        "<h4>10:00 Of Bags <small>Bob Sample, Boxworks Inc.</small></h4>",
    )

    assert times(draft) == ["14 9:00- Of Boxes", "14 10:00- Of Bags"]
    assert draft.sessions[0].people == [DraftPerson("Ada Example")]
    assert draft.sessions[1].people == [DraftPerson("Bob Sample", "Boxworks Inc")]


def test_first_day_is_that_of_the_event_that_a_page_marks() -> None:
    draft = read(
        "html",
        '<script type="application/ld+json">{"@type": "Event", "name": "Sample &amp; Conf",'
        ' "startDate": "2027-06-14"}</script>'
        "<table><tr><td>9:00</td><td>Opening</td></tr><tr><td>10:00</td><td>Of Boxes</td></tr>"
        "</table>",
    )

    assert (draft.name, times(draft)) == (
        "Sample & Conf",
        ["14 9:00- Opening", "14 10:00- Of Boxes"],
    )
    assert draft.guessed == [
        "the first day is taken to be 2027-06-14, which the page marks as the event's"
    ]


@pytest.mark.parametrize(
    "line", ["All times are CEST.", "🗓️ Schedule", "A few notes about the agenda"]
)
def test_what_is_no_name_names_no_event(line: str) -> None:
    draft = read("md", f"{line}\n\n## 14 June 2027\n- 9:00 Opening\n")

    assert draft.name is None


def test_tracks_as_columns_are_no_rooms() -> None:
    draft = read(
        "md",
        "14 June 2027\n\n| Time | Developer Track | Operator Track |\n|---|---|---|\n"
        "| 9:00 | Of Boxes | Of Bags |\n",
    )

    found = [(each.title, each.track, each.room) for each in draft.sessions]
    assert found == [("Of Boxes", "Developer Track", None), ("Of Bags", "Operator Track", None)]


def test_what_stands_twice_on_a_page_is_left_out_and_told() -> None:
    table = "<table><tr><td>9:00</td><td>Opening</td></tr></table>"

    draft = read("html", f"<h2>14 June 2027</h2>{table}{table}")

    assert draft.left_out == ["one session that stands on the page once more"]


def test_lists_that_begin_in_the_morning_again_are_told() -> None:
    rooms = "".join(
        f"<h3>{room}</h3><ul><li>9:00 Of {room}</li><li>16:00 On {room}</li></ul>"
        for room in ("Boxes", "Bags")
    )

    draft = read("html", f"<h2>14 June 2027</h2>{rooms}")

    assert times(draft) == [
        "14 9:00- Of Boxes",
        "14 16:00- On Boxes",
        "14 9:00- Of Bags",
        "14 16:00- On Bags",
    ]
    assert draft.guessed == ["2 lists that begin in the morning are all taken to be on 2027-06-14"]


def test_weekday_that_does_not_fit_is_told() -> None:
    draft = read("html", "<h4>14 June 2027</h4><h4>Friday</h4><p>9:00 Opening</p>")

    assert times(draft) == ["14 9:00- Opening"]
    assert draft.guessed == ["2027-06-14 is taken, though its weekday is another one than is said"]


def test_deadline_is_no_first_day() -> None:
    draft = read(
        "md", "2nd March 2027: deadline for papers\n\n14 June 2027\n\n### Day 1\n- 9:00 Opening\n"
    )

    assert times(draft) == ["14 9:00- Opening"]


def test_end_that_is_not_after_its_start_is_left_out_and_told() -> None:
    draft = read(
        "html",
        '<article class="vevent"><time class="dtstart" datetime="2027-06-14T09:30">9:30</time>'
        '<time class="dtend" datetime="2027-06-14T09:30">9:30</time><b>Opening</b></article>',
    )

    assert times(draft) == ["14 9:30- Opening"]
    assert draft.sessions[0].guessed == ["its end is not after its start, and left out"]


def test_weekday_that_is_headed_again_is_the_same_day_and_that_is_told() -> None:
    draft = read(
        "md",
        "June 14-15, 2027\n\n## Room A\n### Monday\n- 9:00 Of Boxes\n### Tuesday\n- 9:00 Of Bags\n"
        "## Room B\n### Monday\n- 9:00 Of Bins\n",
    )

    assert times(draft) == ["14 9:00- Of Boxes", "15 9:00- Of Bags", "14 9:00- Of Bins"]
    assert "Monday stands there again, and is taken for 2027-06-14 once more" in draft.guessed
