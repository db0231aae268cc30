"""What moves between two states of a calendar."""

from calsvc.doctor.changes import Change
from calsvc.doctor.findings import Rule

RULES: tuple[Rule[Change], ...] = ()
