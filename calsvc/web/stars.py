"""A reader's own stars, pressed on a page that was rendered for everybody."""

import re
from collections.abc import Mapping
from html import escape

# As the macro ``star`` writes it: a session, and one of its times where it has several.
STAR = re.compile(rb'value="([^"/]+)(?:/([^"]+))?" aria-pressed="false"')


def pressed(page: bytes, chosen: Mapping[str | None, set[str | None]], remove: str) -> bytes:
    """Return a page of an event with the stars of what somebody chose pressed.

    ``chosen`` has sessions with the uids of chosen slots, None for all of a session's;
    ``remove`` is the address that takes a session out of the choice again.
    """

    def press(star: re.Match[bytes]) -> bytes:
        session, uid = (name.decode() for name in star.groups(b""))
        slots = chosen.get(session, set())
        if not slots or (uid and not slots & {uid, None}):
            return star[0]
        # Who chose the whole session takes all of it out again.
        value = f"{session}/{uid}" if uid and uid in slots else session
        return f'value="{value}" aria-pressed="true" formaction="{escape(remove)}"'.encode()

    return STAR.sub(press, page)
