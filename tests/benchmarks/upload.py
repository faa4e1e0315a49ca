"""gms benchmark upload: speed and memory of the transfer to a local S3 server, against boto3 alone."""

import argparse
import io
import os
import resource
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from gms.base.digests import sha256
from gms.base.tables import table, write_json
from gms.sharing.transfer.client import Store
from gms.sharing.transfer.parts import Item, Sender
from gms.sharing.transfer.progress import Progress
from gms.sharing.transfer.resume import Notes
from gms.sharing.transfer.upload import MAGIC
from seaweedfs import BUCKET, S3Server

MIB = 1 << 20
SPEED, MEMORY = 80.0, 300.0  # MiB/s and MB that sending reaches and may take, agreed in the project


def main(argv: list[str]) -> int:
    """Send a file to a local SeaweedFS over TLS, read it back, and send it with boto3 alone, by turns."""
    parser = argparse.ArgumentParser(prog="gms benchmark upload", description=main.__doc__)
    parser.add_argument("--size", type=int, default=200, metavar="MIB", help="size of the file (default: 200)")
    parser.add_argument("--rounds", type=int, default=5, help="the median of so many rounds counts (default: 5)")
    parser.add_argument("--sparse", action="store_true", help="a file of zeros that takes no room: for memory at 10240")
    parser.add_argument(
        "--folder", type=Path, help="where the file and the server's data are (default: temporary files)"
    )
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        server = S3Server(Path(name, "s3")).start()
        try:
            server.create_bucket()
            path = write_file(Path(name, "file.c4gh"), options.size, options.sparse)
            rows = measure(path, server.store(), options.rounds, alone=not options.sparse)
        finally:
            server.stop()
    print(table(("what", "MiB/s", "lowest", "highest", "peak MB", "target"), rows))
    write_json(options.json, rows)
    return 0


def write_file(path: Path, size: int, sparse: bool) -> Path:
    """A file of `size` MiB that begins as Crypt4GH does."""
    with path.open("wb") as file:
        file.write(MAGIC)
        for _ in range(0 if sparse else size):
            file.write(os.urandom(MIB))
        file.truncate(size * MIB)
    return path


def measure(path: Path, store: Store, rounds: int, alone: bool) -> list[tuple[Any, ...]]:
    """The rows of the table; the memory is that of this process after its first file, the server has its own."""
    size, digest = path.stat().st_size, sha256(path)
    names = ("send", "read back", "both", *(["boto3 alone"] if alone else []))
    times: dict[str, list[float]] = {name: [] for name in names}
    peaks: dict[str, float] = {}
    for number in range(rounds):
        item = Item(path, f"study/C{number}/v1/file.c4gh", size, digest)
        sent, read = _send(item, store), _read_back(item, store)
        peaks.setdefault("send", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        for name, seconds in (("send", sent), ("read back", read), ("both", sent + read)):
            times[name].append(seconds)
        if alone:
            times["boto3 alone"].append(_alone(path, store, f"alone/{number}"))
    return [_row(name, [size / MIB / seconds for seconds in times[name]], peaks.get(name)) for name in names]


def _send(item: Item, store: Store) -> float:
    package = item.path.parent / item.key.split("/")[1]
    package.mkdir()
    with Notes(package) as notes:
        begin = time.perf_counter()
        Sender(store, notes, Progress(io.StringIO())).send(item)
        return time.perf_counter() - begin


def _read_back(item: Item, store: Store) -> float:
    begin = time.perf_counter()
    assert store.sha256(store.head(item.key)) == item.sha256
    return time.perf_counter() - begin


def _alone(path: Path, store: Store, key: str) -> float:
    """What NGPIris does: upload_file of boto3, without digests and without reading back."""
    from s3transfer.manager import TransferConfig, TransferManager

    begin = time.perf_counter()
    with TransferManager(store.s3, TransferConfig(multipart_chunksize=16 * MIB, max_request_concurrency=4)) as manager:
        manager.upload(str(path), BUCKET, key).result()
    return time.perf_counter() - begin


def _row(name: str, speeds: list[float], peak: float | None) -> tuple[Any, ...]:
    speed, target = statistics.median(speeds), ""
    if peak is not None:
        met = ("ok" if speed >= SPEED else "miss"), ("ok" if peak <= MEMORY else "miss")
        target = f">= {SPEED:g} MiB/s {met[0]}, <= {MEMORY:g} MB {met[1]}"
    return name, *map(round, (speed, min(speeds), max(speeds))), peak and round(peak), target
