"""Patience: what must happen is waited for, but not for ever."""

import time
from collections.abc import Callable

PATIENCE = 90.0  # seconds that something which must happen may take on a busy machine


def eventually(is_so: Callable[[], bool], within: float = PATIENCE) -> None:
    """Wait until something is so; fail when it does not come to be."""
    deadline = time.monotonic() + within
    while not is_so():
        assert time.monotonic() < deadline, f"not so within {within} seconds"
        time.sleep(0.05)
