"""Where a database is: its address, as SQLAlchemy, libpq and database hosts write them."""

import re
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError

from calsvc.errors import SettingsError

SEVERAL_HOSTS = re.compile(
    r"(?P<user>postgres\w*(?:\+\w+)?://(?:[^:/]*(?::[^@]*)?@)?)"
    r"(?P<hosts>[^/?@,]+(?:,[^/?@,]+)+)(?P<database>/[^?]*)?(?:\?(?P<query>.*))?"
)


def parts_of(url: str) -> sa.URL:
    """Return the parts of an address.  Raises ``SettingsError`` for one that cannot be used."""
    try:
        parts = sa.make_url(_in_query(url))
    except (ArgumentError, ValueError):  # ValueError: the port is not a number
        raise _unusable("that") from None
    if parts.drivername == "postgres":  # as database hosts write it
        parts = parts.set(drivername="postgresql")
    if "," in ",".join(parts.normalized_query.get("host", ())):
        # Of several hosts, the one is meant that can write, unless something else is said.
        parts = parts.set(query={"target_session_attrs": "read-write", **parts.query})
    if parts.get_backend_name() not in {"sqlite", "postgresql"}:
        raise _unusable(repr(parts.render_as_string(hide_password=True)))
    return parts


def _in_query(url: str) -> str:
    """Return an address that names several hosts as libpq's do (``a:5432,b``) in SQLAlchemy's way.

    Any other address comes back as it was given.  Raises ``ValueError``.
    """
    several = SEVERAL_HOSTS.fullmatch(url)
    if several is None:
        return url
    hosts = [urlsplit(f"//{each}") for each in several["hosts"].split(",")]
    query = {
        "host": ",".join(each.hostname or "" for each in hosts),
        "port": ",".join(str(each.port or "") for each in hosts),
    }
    return (
        f"{several['user']}{several['database'] or ''}?{urlencode(query)}&{several['query'] or ''}"
    )


def _unusable(value: str) -> SettingsError:
    # A value that cannot be parsed is not repeated: it may contain a password.
    return SettingsError(
        f"setting database: {value} cannot be used;"
        " write sqlite:///FILE or postgresql://USER@HOST/NAME"
    )


def file_of(url: sa.URL) -> Path:
    """Return the file of an SQLite database.  Raises ``SettingsError`` for none."""
    if not url.database or url.database == ":memory:":
        raise SettingsError("setting database: SQLite needs a file; write sqlite:///calsvc.db")
    return Path(url.database).absolute()
