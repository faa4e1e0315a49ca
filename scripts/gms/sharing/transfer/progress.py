"""Progress of a transfer, its rate and time left: a bar on a terminal, elsewhere a line now and then."""

import os
import sys
import threading
import time
from collections import deque
from typing import TextIO

from gms.base.tables import duration

WINDOW = 10.0  # seconds that the shown rate is the mean of
UNITS = ("B", "KiB", "MiB", "GiB", "TiB")


class Progress:
    """Counts bytes sent and read back, from any thread; holds sending to a rate (bytes per second) if one is given."""

    def __init__(self, out: TextIO | None = None, rate: float | None = None):
        self.out, self.rate = out or sys.stdout, rate
        self.total = self.done = 0
        self.label = ""
        self.stopped = False  # set once a transfer has failed, to end the others
        self._is_terminal = self.out.isatty()
        self.lock = threading.Lock()
        self._free_from = 0.0
        self._marks: deque[tuple[float, int]] = deque([(time.monotonic(), 0)])
        self._shown = time.monotonic()

    def moved(self, number: int) -> None:
        """Count bytes that were transferred; a negative number takes a failed attempt back."""
        with self.lock:
            self.done += number
            self._show()

    def skipped(self, number: int) -> None:
        """Count bytes that need no transfer."""
        with self.lock:
            self.total -= number

    def wait(self, number: int) -> None:
        """Wait until the rate allows so many bytes."""
        if self.rate:
            with self.lock:
                self._free_from = max(self._free_from, time.monotonic()) + number / self.rate
                pause = self._free_from - time.monotonic()
            time.sleep(max(pause, 0.0))

    def note(self, text: str) -> None:
        """A line that stays."""
        with self.lock:
            self._clear()
            print(text, file=self.out, flush=True)

    def end(self) -> None:
        """Take the bar away."""
        with self.lock:
            self._clear()

    def line(self, now: float, width: int = 100) -> str:
        """One line: file, bar, percent, rate, time left."""
        begin, before = self._marks[0]
        rate = max(self.done - before, 0) / max(now - begin, 0.001)
        share = min(max(self.done / self.total, 0.0), 1.0) if self.total > 0 else 1.0
        left = duration((self.total - self.done) / rate) + " left" if rate and share < 1 else ""
        end = f"{100 * share:3.0f} %  {readable(rate)}/s  {left}".rstrip()
        room = min(width - len(end) - len(self.label) - 6, 30)
        bar = f"[{'#' * int(share * room):<{room}}]  " if self._is_terminal and room >= 10 else ""
        return f"{self.label}  {bar}{end}"[:width]

    def _show(self) -> None:
        now = time.monotonic()
        if now - self._marks[-1][0] > WINDOW / 20:
            self._marks.append((now, self.done))
            while now - self._marks[0][0] > WINDOW:
                self._marks.popleft()
        if now - self._shown < (0.2 if self._is_terminal else 30):
            return
        self._shown = now
        if self._is_terminal:
            print(f"\r\033[K{self.line(now, self._width() - 1)}", end="", file=self.out, flush=True)
        else:
            print(self.line(now), file=self.out, flush=True)

    def _width(self) -> int:
        try:
            return os.get_terminal_size(self.out.fileno()).columns or 80
        except (OSError, ValueError):  # a terminal of unknown size
            return 80

    def _clear(self) -> None:
        if self._is_terminal:
            print("\r\033[K", end="", file=self.out, flush=True)


def readable(number: float) -> str:
    """Bytes with a unit: 92.1 MiB."""
    step = 0
    while number >= 1024 and step < len(UNITS) - 1:
        number, step = number / 1024, step + 1
    return f"{number:.1f} {UNITS[step]}" if step else f"{number:.0f} B"
