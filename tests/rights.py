"""Folders that may be read, and not written, whoever runs the tests."""

import os
import pwd
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SOMEBODY = "nobody"  # rights do not hold for root


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Let nobody write into a folder while the block runs."""
    is_root = os.geteuid() == 0
    mode = folder.stat().st_mode
    folder.chmod(0o555)
    if is_root:
        for parent in folder.parents:
            if not parent.stat().st_mode & 0o001:
                parent.chmod(parent.stat().st_mode | 0o011)
        os.seteuid(pwd.getpwnam(SOMEBODY).pw_uid)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)
        folder.chmod(mode)
