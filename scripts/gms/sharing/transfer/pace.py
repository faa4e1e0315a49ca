"""What a connection must move to count as alive."""

import time

from gms.sharing.transfer.errors import TooSlow

BLOCK = 1 << 20
SILENCE = 60  # seconds without a byte
SLOWEST = 20_000  # bytes per second of one connection; below, 1 GB would take 14 hours


def check_pace(begin: float, done: int) -> None:
    """Raise TooSlow for a connection that moved `done` bytes since `begin` and will not end in any useful time."""
    if time.monotonic() - begin > SILENCE + done / SLOWEST:
        raise TooSlow(f"the connection moves less than {SLOWEST // 1000} kB per second")
