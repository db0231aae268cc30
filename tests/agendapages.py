"""Small agenda pages that are invented for the tests, and what breaks them."""

import random
from collections.abc import Callable
from datetime import date

from calsvc.errors import SourceError
from calsvc.importers.drafts import Draft, Wishes
from calsvc.importers.fetch.sources import Source
from calsvc.importers.pages import markdown, plaintext, webpages

MARKDOWN = """\
---
title: Sample Conf 2027 Schedule
---

All times are in CEST.

## Day 1 - Tuesday, June 15

| Time | Session | Speaker | Room |
| ---- | ------- | ------- | ---- |
| 9:00 - 9:30 | [Opening](https://a.example/) - [Video](https://b.example/) | Ada Example | Hall A |
| 9:30 - 10:15 | Of Boxes | Bob Sample (Boxworks) | Hall B |
|             | Of Bags | Cora Test | Hall A |
| 12:00 - 1:00 | Lunch | | |
| 1:00 | Close |

## Day 2 - Wednesday, June 16

- 10:00-11:00: Talks (Dan Trial)
  - in two parts
- ~11:00: Coffee
- 11:15 to noon: More talks (Eve Proof)
"""

HTML = """\
<html><head><title>Schedule | Sample Days</title></head><body>
<nav>9:00 is no session</nav><h1>Sample Days</h1>
<h2>Friday 18th June 2027</h2>
<table>
<tr><th>Time</th><th>Hall A</th><th>Hall B</th></tr>
<tr><td>9:00</td><td colspan="2">Opening</td></tr>
<tr><td>10:00</td><td rowspan="2">Long workshop</td><td>Of Boxes</td></tr>
<tr><td>11:00</td><td>Of <b>Bags</b><br>Ada Example</td></tr>
<tr><td>13:00</td><td colspan="2">Lunch</td></tr>
</table>
<script>var time = "9:00 nothing";</script></body></html>
"""

CARDS = """\
<html><body><h1>Sample Cards</h1>
<article class="vevent"><span class="summary">Opening</span>
<time class="dtstart" datetime="2027-06-18T09:00+02:00">9</time> –
<time class="dtend" datetime="2027-06-18T09:30+02:00">9:30</time>
<span class="location">Hall A</span></article>
<article class="vevent"><span class="summary">Of Boxes</span>
<time class="dtstart" datetime="2027-06-18T09:30+02:00">9:30</time>
<p class="speaker">Ada Example</p></article></body></html>
"""

LINKED_DATA = """\
<html><head><script type="application/ld+json">
{"@type": "Event", "name": "Sample Conf", "startDate": "2027-06-18",
 "location": {"name": "Sample Hall", "address": "Street 1, Sampleton"},
 "subEvent": [
  {"@type": "Event", "name": "Opening", "startDate": "2027-06-18T09:00+02:00",
   "endDate": "2027-06-18T09:30+02:00", "location": {"name": "Hall A"},
   "performer": {"name": "Ada Example", "worksFor": {"name": "Engines"}}},
  {"@type": "Event", "name": "Party", "startDate": "2027-06-18T20:00+02:00",
   "eventStatus": "https://schema.org/EventCancelled"}]}
</script></head><body><p>See the app.</p></body></html>
"""

TEXT = """\
Sample Summit
June 25, 2027

08:30 AM - 09:30 AM
Registration
11:55 AM - 12:20 PM
How to Sample

We take samples.

Speaker Ada Example,Engines
"""

READERS: list[Callable[[Source, Wishes], Draft]] = [markdown.read, plaintext.read, webpages.read]
SPLINTERS = [
    b"9:00",
    b"12:00am",
    b"00:00-24:00",
    b"99999999999999999999",
    b"31 Feb 2027",
    b"9999-12-31T23:59",
    b"<table><tr><td>",
    b'rowspan="9999"',
    b"| | |\n|-|\n",
    b"- " * 40,
    b"> " * 40,
    b"\xff\xfe\x00",
    b"Authors: ",
    b"[" * 50,
]


def mutated(octets: bytes, seed: int) -> bytes:
    """Return octets that are cut, doubled, swapped and mixed, by a seed."""
    drawn = random.Random(seed)  # noqa: S311  # no secret
    kept = bytearray(octets)
    for _ in range(drawn.randint(1, 10)):
        start = drawn.randrange(len(kept) + 1)
        end = start + drawn.choice([1, 3, 30, 300])
        match drawn.randrange(5):
            case 0:
                del kept[start:end]
            case 1:
                kept[start:start] = kept[start:end] * drawn.choice([1, 2, 20])
            case 2:
                kept[start:end] = bytes(reversed(kept[start:end]))
            case 3:
                kept[start:start] = drawn.choice(SPLINTERS)
            case _:
                kept[start:end] = drawn.randbytes(min(5, end - start))
    return bytes(kept)


def assert_is_draft_or_error(octets: bytes) -> None:
    """Assert that each reader gives a draft whose sessions have titles, or its own error."""
    for read in READERS:
        for first in (None, date(2027, 6, 15)):
            try:
                draft = read(Source("agenda", octets), Wishes(date=first))
            except SourceError:
                continue
            assert draft.sessions
            assert all(each.title or each.guessed for each in draft.sessions)
            assert all(each.end > each.start for each in draft.sessions if each.start and each.end)
