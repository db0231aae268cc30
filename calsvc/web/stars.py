"""A reader's own stars, pressed on a page that was rendered for everybody."""

import re
from html import escape

from calsvc.schedule.itineraries import Sessions

# As the macro ``star`` writes it: a session, and one of its times where it has several.
STAR = re.compile(rb'value="([^"/]+)(?:/([^"]+))?" aria-pressed="false"')


def pressed(page: bytes, chosen: Sessions, remove: str) -> bytes:
    """Return an event's page with the stars of the chosen sessions pressed.

    ``chosen`` maps session ids to the uids of chosen slots, None for all of them; ``remove``
    is the address that takes a session out of the choice again.
    """

    def press(star: re.Match[bytes]) -> bytes:
        session, uid = (name.decode() for name in star.groups(b""))
        slots = chosen.get(session, frozenset())
        if not slots or (uid and not slots & {uid, None}):
            return star[0]
        # If the whole session was chosen, all of it is taken out again.
        value = f"{session}/{uid}" if uid and uid in slots else session
        return f'value="{value}" aria-pressed="true" formaction="{escape(remove)}"'.encode()

    return STAR.sub(press, page)
