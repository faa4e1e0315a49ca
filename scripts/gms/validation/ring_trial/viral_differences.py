"""The first difference of two consensus sequences, and of two folders that are handed over."""

from itertools import zip_longest
from pathlib import Path

from gms.validation.ring_trial.bodies import Unreadable, folder_files, sequences, told, unpacked_digest
from gms.validation.ring_trial.difference import Difference, difference

_TEXTS = (".csv", ".txt", ".properties")


def of_fasta(one: Path, other: Path) -> Difference | None:
    """Of the sequences by name: the first base (1-based) that differs. Raises Unreadable."""
    sides = [sequences(path) for path in (one, other)]
    if list(sides[0]) != list(sides[1]):
        return difference("sequences", "names", *(", ".join(side) for side in sides))
    for name, sequence in sides[0].items():
        second = sides[1][name]
        for number, bases in enumerate(zip_longest(sequence, second), start=1):
            if bases[0] != bases[1]:
                lengths = f"; {len(sequence):,} and {len(second):,} bases" if len(sequence) != len(second) else ""
                return difference(f"{name}:{number}", f"base of the consensus{lengths}", *bases)
    return None


def of_folders(one: Path, other: Path) -> Difference | None:
    """Of the files by their place in the folder: one that the other lacks, else the first line. Raises Unreadable."""
    sides = [folder_files(folder) for folder in (one, other)]
    for name in sorted({*sides[0], *sides[1]}):
        paths = [side.get(name) for side in sides]
        if None in paths:
            return difference(name, "file", *("there" if path else None for path in paths))
        if unpacked_digest(paths[0]) != unpacked_digest(paths[1]):
            return _of_files(name, *paths)
    return None


def _of_files(name: str, one: Path, other: Path) -> Difference:
    if one.suffix == ".fasta" and (found := of_fasta(one, other)):
        return found._replace(where=f"{name} {found.where}")
    if one.suffix not in _TEXTS:
        return difference(name, "content", "as it is", "other")
    try:
        with told():
            texts = [path.read_text(encoding="utf-8").splitlines() for path in (one, other)]
    except Unreadable as error:
        return difference(name, "content", "as it is", str(error))
    for number, lines in enumerate(zip_longest(*texts), start=1):
        if lines[0] != lines[1]:
            return difference(name, f"line {number}", *lines)
    return difference(name, "line ends", "as they are", "others")
