"""The site's own face: its name, a logo, a line about it, and the links at its foot."""

from dataclasses import dataclass
from hashlib import sha256

from calsvc.answers import Body
from calsvc.config import FOOTER_LINK, LOGOS, Settings


@dataclass(frozen=True)
class Face:
    """What the pages of a site have in common, as its operator wishes."""

    name: str | None = None
    description: str | None = None
    logo: Body | None = None
    logo_type: str = ""
    footer: tuple[tuple[str, str], ...] = ()
    """Words and addresses of the links at the foot."""

    @property
    def digest(self) -> str:
        """Return what changes with the logo, for an address that caches may keep."""
        return sha256(self.logo.octets).hexdigest()[:12] if self.logo else ""


def face_of(settings: Settings) -> Face:
    """Return the face that the settings describe; the logo is read now."""
    logo = settings.site_logo
    return Face(
        settings.site_name,
        settings.site_description,
        Body(logo.read_bytes()) if logo else None,
        LOGOS[logo.suffix.lower()] if logo else "",
        tuple(FOOTER_LINK.findall(settings.footer_links or "")),
    )
