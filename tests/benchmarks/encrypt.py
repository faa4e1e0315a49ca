"""gms benchmark encrypt: speed and memory of encryption with all digests, against the Crypt4GH library alone."""

import argparse
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from crypt4gh import lib

from gms.base.tables import table, write_json
from gms.sharing.package.encryption import encrypt_file, open_decrypted
from gms.sharing.package.hashing import BLOCK
from gms.sharing.package.keys import public_of

MIB, SPEED = 1 << 20, 200.0  # MiB/s that encryption reaches on two cores, agreed in the project


def main(argv: list[str]) -> int:
    """Encrypt a file of random bytes for three readers, decrypt it, and encrypt it with the library alone, by turns."""
    parser = argparse.ArgumentParser(prog="gms benchmark encrypt", description=main.__doc__)
    parser.add_argument("--size", type=int, default=256, metavar="MIB", help="size of the file (default: 256)")
    parser.add_argument("--rounds", type=int, default=5, help="the median of so many rounds counts (default: 5)")
    parser.add_argument("--folder", type=Path, help="where the file and its copies are made (default: temporary files)")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        rows = measure(Path(folder), options.size, options.rounds)
    print(table(("what", "MiB/s", "lowest", "highest", "cpu s", "peak MB", "target"), rows))
    write_json(options.json, rows)
    return 0


def measure(folder: Path, size: int, rounds: int) -> list[tuple[Any, ...]]:
    """The rows of the table; the memory is the process's highest so far, so the first row's is that of encryption."""
    secrets = [os.urandom(32) for _ in range(4)]
    plain, cipher = folder / "plain", folder / "cipher"
    _write_random(plain, size)
    keys = [(0, secrets[0], public_of(secret)) for secret in secrets]
    tasks: dict[str, Callable[[], None]] = {
        "encrypt, four digests": lambda: _encrypt(plain, cipher, secrets),
        "decrypt": lambda: _decrypt(cipher, secrets[1]),
        "crypt4gh alone": lambda: _library(plain, folder / "library", keys),
    }
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in tasks}
    peaks: dict[str, float] = {}
    for _ in range(rounds):
        for name, task in tasks.items():
            start, cpu = time.perf_counter(), time.process_time()
            task()
            times[name].append((time.perf_counter() - start, time.process_time() - cpu))
            peaks.setdefault(name, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return [_row(name, size, times[name], peaks[name]) for name in tasks]


def _row(name: str, size: int, times: list[tuple[float, float]], peak: float) -> tuple[Any, ...]:
    speeds = [size / wall for wall, _ in times]
    speed = statistics.median(speeds)
    target = f">= {SPEED:g} {'ok' if speed >= SPEED else 'miss'}" if name.startswith("encrypt") else ""
    return (
        name,
        *map(round, (speed, min(speeds), max(speeds))),
        statistics.median(c for _, c in times),
        round(peak),
        target,
    )


def _write_random(path: Path, size: int) -> None:
    with open(path, "wb") as file:
        for _ in range(size):
            file.write(os.urandom(MIB))


def _encrypt(plain: Path, cipher: Path, secrets: list[bytes]) -> None:
    cipher.unlink(missing_ok=True)
    encrypt_file(plain, cipher, [public_of(secret) for secret in secrets[1:]], secrets[0])


def _decrypt(cipher: Path, secret: bytes) -> None:
    with open_decrypted(cipher, secret) as stream:
        while stream.read(BLOCK):
            pass


def _library(plain: Path, cipher: Path, keys: list[tuple[int, bytes, bytes]]) -> None:
    with open(plain, "rb") as source, open(cipher, "wb") as out:
        lib.encrypt(keys, source, out)
