"""gms benchmark audit: time of the audit log's operations at its length, and memory."""

import argparse
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit_entries import decided
from gms.base.tables import table, write_json
from gms.sharing.audit.anchors import Trust, anchor
from gms.sharing.audit.log import append
from gms.sharing.audit.lookup import entries_about, verify_again
from gms.sharing.audit.verification import check_log, verify_log
from long_log import package, person, write_log

APPEND_MS = 50  # agreed in the project, at 1,000,000 entries


def main(argv: list[str]) -> int:
    """Write a log of a given length, append to it, check it as an export does, look cases up, and verify it all."""
    parser = argparse.ArgumentParser(prog="gms benchmark audit", description=main.__doc__)
    parser.add_argument("--entries", type=int, default=100_000, help="length of the log (default: 100000)")
    parser.add_argument("--rounds", type=int, default=20, help="the median of so many counts (default: 20)")
    parser.add_argument("--folder", type=Path, help="where the log is made (default: temporary files)")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        rows = list(measure(Path(folder), options.entries, options.rounds))
    print(table(("what", "entries", "ms", "longest ms", "peak MB", "target"), rows))
    write_json(options.json, rows)
    return 0


def measure(folder: Path, entries: int, rounds: int) -> Iterator[tuple[Any, ...]]:
    """The rows of the table; the memory is the process's highest so far."""
    key, log, mine = Ed25519PrivateKey.generate(), folder / "audit.jsonl", folder / "mine.json"
    write_log(log, entries, key)
    keys, trust = key.public_key(), Trust([key.public_key()])

    def look_up(number: int) -> None:
        asked = {package(entries // (number + 2)), person(100)}
        assert entries_about(log, asked, trust, [anchor(log)])

    def check(_: int) -> None:
        check_log(log, keys, [anchor(log)], signing=key)
        verify_again(log, trust)

    def row(what: str, task: Callable[[int], Any], times: int, target: str = "") -> tuple[Any, ...]:
        return what, entries, *_milliseconds(task, times), _peak(), target

    yield row("append", lambda number: append(log, decided(version=number + 1), key), rounds, f"<= {APPEND_MS}")
    yield row("first check, with checkpoints", lambda _: check_log(log, keys, [anchor(log)], signing=key), 1)
    yield row("check of an export", check, rounds)
    yield row("look a case and a person up", look_up, rounds)
    yield row("append after that", lambda number: append(log, decided(version=number + 1), key), rounds)
    yield row("verify everything", lambda _: _verify(log, keys, mine), 1)
    yield row("verify again, by one's own notes", lambda _: _verify(log, keys, mine), 1)


def _verify(log: Path, keys: Any, memory: Path) -> None:
    assert verify_log(log, keys, [anchor(log)], memory=memory) == []


def _milliseconds(task: Callable[[int], Any], times: int) -> tuple[float, float]:
    taken = []
    for number in range(times):
        start = time.perf_counter()
        task(number)
        taken.append((time.perf_counter() - start) * 1000)
    return round(statistics.median(taken), 1), round(max(taken), 1)


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
