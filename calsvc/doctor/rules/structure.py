"""What is in what: calendars, components, properties."""

from calsvc.doctor.documents import Document
from calsvc.doctor.findings import Rule

RULES: tuple[Rule[Document], ...] = ()
