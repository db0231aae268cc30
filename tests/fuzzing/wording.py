"""What a message to people must be, whatever it tells of."""

import re

LONGEST = 4000  # characters of a message
UNFIT = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\ud800-\udfff]")
"""What would end a line of a log, move a terminal's cursor, or turn words round."""


def assert_is_plain(message: str) -> None:
    """Assert that a message can be shown and logged as it is."""
    found = UNFIT.search(message)
    assert not found, f"message has {found[0]!r}: {message[max(0, found.start() - 200) :][:400]!r}"
    assert len(message) <= LONGEST, f"message has {len(message)} characters: {message[:300]!r}"
