"""The results tree as the README shows it."""

from collections.abc import Iterator

from gms.base.results import FILES


def listing() -> Iterator[str]:
    """Lines of the tree: path and description of each file that has one."""
    shown = [(file.path, file.words) for file in FILES if file.words]
    shown.append(("checksums/{file}.sha256", "of each file, verified before a job reads it"))
    shown.append(("logs/{rule}/, benchmarks/{rule}/", "messages, time and memory of each job"))
    width = max(len(path) for path, _ in shown)
    yield "results/"
    yield from (f"  {path:<{width}}  {words}" for path, words in shown)
