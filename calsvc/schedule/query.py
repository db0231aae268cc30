"""The query string of a feed's address → ``Selection``.

``!`` before a value excludes the sessions that have it.  Equal selections have one
canonical form, whatever their order and spelling, so caches and clients see one feed.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, get_args

from calsvc.agenda.fields import UNSAFE
from calsvc.agenda.names import in_address, plain
from calsvc.errors import QueryError, listed, nearest
from calsvc.schedule.display import MAX_ALARM, CancelledPolicy, Display
from calsvc.schedule.selection import AS_WRITTEN, DISPLAY_OPTIONS, FILTERS, OPTIONS, Selection

MAX_VALUES = 100
UNFIT = re.compile(f"{UNSAFE.pattern}|[\u202a-\u202e\ufffd]")
"""Characters that no name has, but texts that do harm: controls, bidi overrides, half a
surrogate pair; and U+FFFD, which stands for octets that are not UTF-8."""

TRACKERS = {
    "Google": "gclid gbraid wbraid dclid gclsrc srsltid gad_* _ga* _gl* gs_l ved si utm_*",
    "Meta": "fbclid fb_* fbc_id igsh igshid mibextid rdid sfnsn wpcc __tn__ __cft__*",
    "Microsoft, LinkedIn": "msclkid ocid cvid li_* lipi lici trk trk_* trkinfo trkcampaign",
    "Yahoo, Alibaba, Awin, comScore": "soc_* guc* guccounter spm scm zanpid awc rb_* ns_*",
    "other sites": "twclid ttclid _t _r epik rdt_cid sccid yclid ysclid ymclid _openstat aff",
    "HubSpot": "_hs* __hs* hs_* hsa_* hsctatracking hslang",
    "Marketo, Pardot, Salesforce": "mkt_* pi_* sfmc_* sfmcid et_rid et_cid et_mid",
    "Klaviyo, Kit, Vero, Drip, beehiiv": "_kx _ke ck_* vero_* __s bhlid _bhlid",
    "Mailchimp and other newsletters": "mc_* ml_* cm_* dm_i bta_* vgo_ee gr_* oly_* sc_* ss_*",
    "Mailjet, Dotdigital": "mj_* dm_t",
    "Oracle": "elq*",
    "Adobe": "s_cid s_kwcid ef_id icid adobe_mc adobe_mc_*",
    "Matomo, AT Internet, Webtrekk": "mtm_* matomo_* piwik_* pk_* at_* xtor xtref wt_* wt.* wtrid",
    "Branch, Outbrain, Taboola, Marin": "_branch_* obclid dicbo tblci mkwid pcrid",
    "Cloudflare": "cf_chl_* __cf_*",
    "portals": "ref ref_* referrer referer source src via share campaign cid cmpid ncid wickedid",
    "social networks": "from s",
    "caches": "v _ cb _cb cachebust cachebuster nocache no_cache rand rnd random t ts timestamp",
}
"""Who adds what to the addresses that people pass on, in small letters; ``*`` stands for any
letters.  The last row makes Google and others fetch anew."""
IGNORED = {name for names in TRACKERS.values() for name in names.split() if name[-1] != "*"}
IGNORED_BEGINNINGS = tuple(
    name[:-1] for names in TRACKERS.values() for name in names.split() if name[-1] == "*"
)


def is_ignored(name: str) -> bool:
    """Tell whether a parameter is what a tracker or a cache adds, and no filter.

    In an address that was copied from the source of a page, ``&amp;`` is before it.
    """
    bare = name.lower().removeprefix("amp;")
    return bare in IGNORED or bare.startswith(IGNORED_BEGINNINGS)


def selection_of(
    pairs: Iterable[tuple[str, str]],
    *,
    filters: Collection[str] = FILTERS,
    options: Collection[str] = OPTIONS,
) -> Selection:
    """Return the selection that the name and value pairs of a query string describe.

    Raises ``QueryError`` for a parameter that is not in ``filters`` or ``options``, for an
    option with an invalid value or two values, for characters that no name has, and for more
    than 100 filter values.  What trackers add is ignored (``TRACKERS``).
    """
    known = (*filters, *options)
    wanted: dict[str, set[str]] = {}
    unwanted: dict[str, set[str]] = {}
    given: dict[str, str] = {}
    for name, value in pairs:
        if name not in known and is_ignored(name):
            continue
        if name not in known:
            suggestion = nearest(name, known)
            guess = f" Did you mean {suggestion}?" if suggestion else ""
            raise QueryError(f"Unknown parameter {name!r}.{guess} {listed('parameters', known)}")
        if unfit := UNFIT.search(value):
            raise QueryError(f"{name} has U+{ord(unfit[0]):04X}, which no value has; take it out.")
        if name in options:
            value = value.strip()
            if given.setdefault(name, value) != value:
                raise QueryError(f"{name} is given twice: {given[name]!r} and {value!r}.")
        elif text := plain(value).lstrip("! "):
            side = unwanted if plain(value).startswith("!") else wanted
            side.setdefault(name, set()).add(text if name in AS_WRITTEN else in_address(value))
    if sum(map(len, (*wanted.values(), *unwanted.values()))) > MAX_VALUES:
        raise QueryError(f"More than {MAX_VALUES} values; ask for fewer.")
    read = {name: OPTION_VALUES[name](name, value) for name, value in given.items()}
    display = Display(**{name: read.pop(name) for name in DISPLAY_OPTIONS if name in read})
    return Selection(_ordered(wanted), _ordered(unwanted), display, **read)


def _ordered(values: Mapping[str, set[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(sorted(values[name])) for name in sorted(values)}


def _minutes(name: str, value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", value) or int(value) > MAX_ALARM:
        raise QueryError(f"{name}={value} cannot be: give minutes, 0 to {MAX_ALARM}.")
    return int(value)


def _policy(name: str, value: str) -> str:
    *others, last = get_args(CancelledPolicy)
    if value not in {*others, last}:
        raise QueryError(f"{name}={value} cannot be: give {', '.join(others)} or {last}.")
    return value


def _yes_or_no(name: str, value: str) -> bool:
    if value not in {"yes", "no"}:
        raise QueryError(f"{name}={value} cannot be: give yes or no.")
    return value == "yes"


OPTION_VALUES: Mapping[str, Callable[[str, str], Any]] = {
    "alarm": _minutes,
    "busy": _yes_or_no,
    "cancelled": _policy,
    "banner": _yes_or_no,
    "parts": _yes_or_no,
}
"""Option → the function that reads its value, given its name and the text."""
