"""How properties are written: names and parameters."""

from calsvc.doctor.documents import Document
from calsvc.doctor.findings import Rule

RULES: tuple[Rule[Document], ...] = ()
