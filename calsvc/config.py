"""Every setting: its default, its help, and its name in the environment."""

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from calsvc.errors import SettingsError

LOOPBACK = {"127.0.0.1", "::1", "localhost"}


# It is copied into calendars unchanged, so it must be ASCII without spaces.
BASE_URL = re.compile(
    r"https?://(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?(?:/[\w.~%!$&'()*+,;=:@-]*)*",
    re.ASCII | re.IGNORECASE,
)


def _base_url(url: str) -> str:
    url = url.strip()
    if not BASE_URL.fullmatch(url):
        raise ValueError("write an address such as https://calendar.example.org")
    return url.rstrip("/")


# Header values: a comma would start another policy, a semicolon another directive.
FRAME_ANCESTORS = re.compile(r"[!-+\--:<-~]+(?: [!-+\--:<-~]+)*")
POLICY = re.compile(r"[ -+\--~]+")


def _frame_ancestors(sources: str) -> str:
    sources = sources.strip()
    if not FRAME_ANCESTORS.fullmatch(sources):
        raise ValueError("write *, 'none', or addresses such as https://conf.example.org")
    return sources


def _policy(policy: str) -> str:
    policy = policy.strip().rstrip("; ")
    if not POLICY.fullmatch(policy):
        raise ValueError("write directives in one line, such as default-src 'self'; img-src *")
    return policy


LOGOS = {
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
}
"""Endings of a file with a logo, with their media types."""
# Words, a sign of equality, and an address; a comma and a space stand between two of them.
FOOTER_LINK = re.compile(r"\s*([^=]+?)\s*=\s*((?:https?://|mailto:|/)[!-~]+?)\s*(?:,\s+|,?$)")


def _logo(path: Path) -> Path:
    if path.suffix.lower() not in LOGOS or not path.is_file():
        raise ValueError(f"name a file that ends in {', '.join(LOGOS)}")
    return path


def _footer_links(text: str) -> str:
    if FOOTER_LINK.sub("", text).strip():
        raise ValueError("write Imprint=https://example.org/imprint, Contact=mailto:hi@example.org")
    return text


TOKEN = re.compile(r"[\w.~+/=-]{16,200}", re.ASCII)  # as in RFC 6750, 2.1


def _token(token: str) -> str:
    token = token.strip()
    if not TOKEN.fullmatch(token):
        raise ValueError("write 16 letters and digits or more, such as openssl rand -hex 16 makes")
    return token


class Settings(BaseSettings):
    """The settings of one process, from ``CALSVC_…`` environment variables and options."""

    model_config = SettingsConfigDict(
        env_prefix="CALSVC_", frozen=True, use_attribute_docstrings=True, extra="ignore"
    )

    host: str = "127.0.0.1"
    """Address to listen on."""
    port: Annotated[int, Field(ge=1, le=65535)] = 8000
    """Port to listen on."""
    workers: Annotated[int, Field(ge=1, le=64)] = 2
    """Number of server processes."""
    base_url: Annotated[str, AfterValidator(_base_url)] | None = None
    """Public address of this site, for the links inside calendars."""
    events: Path = Path("events")
    """Folder of event files."""
    database: str = "sqlite:///calsvc.db"
    """Where schedules are stored: sqlite:///FILE or postgresql://USER@HOST/NAME."""

    feed_memory: Annotated[int, Field(ge=1, le=65536)] = 32
    """MiB of feeds that each worker remembers: of events, of those ready to send, of persons each.

    The least recently asked for go first."""
    event_memory: Annotated[int, Field(ge=1, le=65536)] = 96
    """MiB of events that each worker remembers whole; the others are made again when asked for."""

    changeover: Annotated[int, Field(ge=0, le=240)] = 0
    """Minutes that people need to change rooms; My calendar warns about shorter breaks."""
    new_calendars: Annotated[int, Field(ge=0)] = 1000
    """Personal calendars that one address may create per hour and worker; 0 for no limit.

    A whole venue may share one address."""
    changes: Annotated[int, Field(ge=0)] = 1000
    """Changes that one personal calendar may get per hour and worker; 0 for no limit.

    One address may make a hundred times as many."""
    doctor: bool = False
    """Whether anybody may have a calendar examined, on the page /doctor: 1, or 0 for nobody.

    This server then fetches the addresses that they name, but for those of private networks."""
    examinations: Annotated[int, Field(ge=0)] = 60
    """Calendars that one address may have examined per hour and worker; 0 for no limit."""
    proxies: Annotated[int, Field(ge=0, le=9)] = 0
    """Number of proxies in front whose X-Forwarded-For gives the client's address."""

    log_format: Literal["text", "json"] = "text"
    """How the server logs: in lines of text, or each as a JSON object."""

    site_name: str | None = None
    """Name of this site, on its pages."""
    site_description: str | None = None
    """One line about this site, for its first page and for search engines."""
    site_logo: Annotated[Path, AfterValidator(_logo)] | None = None
    """File with a picture that stands beside the name."""
    footer_links: Annotated[str, AfterValidator(_footer_links)] | None = None
    """Links at the foot of each page: Imprint=https://example.org/imprint, Contact=mailto:…"""

    frame_ancestors: Annotated[str, AfterValidator(_frame_ancestors)] = "*"
    """Sites that may show agendas in frames, written as in CSP's ``frame-ancestors``."""
    hsts_days: Annotated[int, Field(ge=0, le=3650)] = 365
    """Days for which browsers ask by https alone, where the base address is https; 0 for none."""
    operator_token: Annotated[str, AfterValidator(_token)] | None = None
    """What shows operators /metrics and the details on /readyz, as ``Authorization: Bearer``."""
    content_security_policy: Annotated[str, AfterValidator(_policy)] | None = None
    """Content-Security-Policy of pages; by default, one that allows this site alone."""

    @property
    def address(self) -> str:
        """Return the public address of the site, without a trailing slash."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.base_url or f"http://{host}:{self.port}"

    @property
    def is_public_without_address(self) -> bool:
        """Return whether others can reach this server, but not by the links it writes."""
        return self.base_url is None and self.host not in LOOPBACK


def load(**options: object) -> Settings:
    """Return the settings; ``options`` that are not None override the environment.

    Raises ``SettingsError``, with one line for each setting that cannot be used.
    """
    given = {name: value for name, value in options.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        raise SettingsError("\n".join(map(_sentence, error.errors()))) from error


SECRET = {"operator_token"}
"""Settings whose values no message repeats."""


def _sentence(error: object) -> str:
    assert isinstance(error, dict)
    name = str(error["loc"][0])
    reason = error["msg"].removeprefix("Value error, ")
    value = "that" if name in SECRET else repr(error["input"])
    return f"setting {name} (CALSVC_{name.upper()}): {value} cannot be used; {reason}"
