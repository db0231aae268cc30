"""What came out, as a picture: bars of CPU time, in SVG, readable on light and on dark."""

from collections.abc import Sequence
from html import escape

from bench.rounds import Contest

WIDTH, LABEL, ROW, GAP, TOP, BAR = 760, 250, 22, 14, 44, 14  # pixels
VALUE = 150  # pixels beside the longest bar, for its words
STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #24292f }
  .head { font-weight: 600 }
  .soft { fill: #57606a }
  .ours { fill: #0969da }
  .first { fill: #8c959f }
  .other { fill: #cf222e }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .soft { fill: #9198a1 }
    .ours { fill: #4493f8 }
    .first { fill: #6e7681 }
    .other { fill: #f85149 }
  }
"""


def bars(contests: Sequence[Contest]) -> str:
    """Return a picture of the CPU time for one answer, each contest to a scale of its own."""
    parts, top = [], TOP
    for contest in contests:
        parts.append(_text(0, top, contest.name, "head"))
        top += ROW
        longest = max(result.load.cpu_of_one for result in contest.results)
        for number, result in enumerate(contest.results):
            length = result.load.cpu_of_one / longest * (WIDTH - LABEL - VALUE)
            kind = "first" if number == 0 else "ours" if result.name == "calsvc" else "other"
            parts.append(_text(14, top, result.name, "soft"))
            parts.append(
                f'<rect class="{kind}" x="{LABEL}" y="{top - BAR + 2}" rx="2"'
                f' width="{max(length, 1):.1f}" height="{BAR}"/>'
            )
            words = f"{result.load.cpu_of_one:,.0f} µs, {result.load.a_second:,.0f}/s"
            parts.append(_text(LABEL + length + 8, top, words, "soft"))
            top += ROW
        top += GAP
    title = "CPU time for one answer, and answers a second, side by side on one machine"
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top}" role="img">',
            f"<title>{title}</title>",
            f"<style>{STYLE}</style>",
            _text(0, 16, title, "soft"),
            *parts,
            "</svg>",
            "",
        )
    )


def _text(left: float, top: float, words: str, kind: str) -> str:
    return f'<text class="{kind}" x="{left:.1f}" y="{top}">{escape(words)}</text>'
