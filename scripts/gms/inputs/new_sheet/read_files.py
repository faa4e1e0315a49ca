"""The FASTQ files of folders as pairs, and every file that is left out or cannot be used, with the reason."""

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gms.genome.fastq import BrokenFastq, are_mates, first_reads
from gms.inputs.new_sheet.fastq_names import ENDING, FastqName, flowcell_and_lane, parse

# Reads in forms that cannot be used, by the end of the name.
OTHER_READS = re.compile(r"\.(((fastq|fq)\.(bz2|xz|zst|ora|zip|Z))|sra|spring|fast5|pod5|bcl|cbcl)$", re.IGNORECASE)


@dataclass(frozen=True)
class Pair:
    """The two files of a lane, or of a part of it; flow cell and lane as their reads say, empty where they do not."""

    name: FastqName
    fastq_1: Path
    fastq_2: Path
    flowcell: str = ""
    read_lane: str = ""


@dataclass(frozen=True)
class Odd:
    """A file that is not taken and why; `sample`: whose reads are missing then, empty where nobody's are."""

    path: Path
    reason: str
    sample: str = ""


@dataclass
class Found:
    """What the folders hold."""

    pairs: list[Pair] = field(default_factory=list)
    odd: list[Odd] = field(default_factory=list)


def find_reads(folders: Iterable[Path]) -> Found:
    """Pairs of FASTQ files in and below the folders, in the order of their paths."""
    found = Found()
    by_pair: dict[tuple[Path, str], dict[str, tuple[FastqName, Path]]] = {}
    for path in files_below(folders, _holds_reads):
        name = parse(path.name) if ENDING.search(path.name) else None
        if reason := _unusable(path, name):
            found.odd.append(Odd(path, reason, name.sample if name and _misses_reads(name) else ""))
        elif name:
            mates = by_pair.setdefault((path.parent, name.pair), {})
            mates[name.mate] = (name, path)
    for mates in by_pair.values():
        _pair(mates, found)
    _check_copies(found)
    return found


def files_below(folders: Iterable[Path], is_wanted: Callable[[str], object]) -> Iterator[Path]:
    """Files in and below the folders whose names are wanted, each once and in a stable order; no hidden ones."""
    seen = set()
    for folder in folders:
        for place, inside, names in os.walk(folder):
            inside[:] = sorted(name for name in inside if not name.startswith("."))
            paths = [Path(place, name) for name in sorted(names) if not name.startswith(".") and is_wanted(name)]
            yield from (path for path in paths if path not in seen)
            seen.update(paths)


def one_file_each(
    by_sample: Mapping[str, list[Path]], taken: Collection[str], why: tuple[str, str], found: Found
) -> dict[str, Path]:
    """File by sample. Files of samples in `taken`, and several of one sample, are noted as odd; `why`: the reasons of
    either, with places for {sample} and {number}."""
    for sample, paths in by_sample.items():
        if sample in taken:
            found.odd += [Odd(path, why[0].format(sample=sample)) for path in paths]
        elif len(paths) > 1:
            found.odd += [Odd(path, why[1].format(sample=sample, number=len(paths)), sample) for path in paths]
    return {sample: paths[0] for sample, paths in by_sample.items() if sample not in taken and len(paths) == 1}


def _holds_reads(name: str) -> bool:
    return bool(ENDING.search(name) or OTHER_READS.search(name))


def _misses_reads(name: FastqName) -> bool:
    return not name.is_of_no_sample and name.mate[0] == "R"


def _unusable(path: Path, name: FastqName | None) -> str:
    """Why a file is left out by its name alone."""
    if OTHER_READS.search(path.name):
        return "is not a gzipped FASTQ file; convert it with the program that made it"
    if name is None:
        return "does not say whether it holds first or second reads (_R1, _R2, _1 or _2); single reads cannot be used"
    if name.is_of_no_sample or name.sample == "NoBarcode":
        return "holds reads of no sample"
    if name.mate[0] == "I":
        return "holds index reads"
    if not path.name.lower().endswith(".gz"):
        return "is not gzipped; compress it with gzip"
    return ""


def _pair(mates: dict[str, tuple[FastqName, Path]], found: Found) -> None:
    """Add the pair of these files, or each of them as odd."""
    name = next(iter(mates.values()))[0]
    reason, heads = "", {}
    if extra := sorted(mates.keys() - {"R1", "R2"}):
        reason = f"there is {extra[0]} as well, so R2 may hold barcodes; remove the barcodes and name the pair R1, R2"
    elif len(mates) == 1:
        reason = f"has no {'R2' if 'R1' in mates else 'R1'} beside it; both files of a pair are needed"
    for mate, (_, path) in mates.items():
        try:
            heads[mate] = first_reads(path, whole=False)[0].name
        except BrokenFastq as broken:
            found.odd.append(Odd(path, broken.reason, name.sample))
    if not reason and len(heads) == 2 and not are_mates(heads["R1"], heads["R2"]):
        reason = "its first read is not of the same molecule as that of the other file: they are not a pair"
    if reason:
        found.odd += [Odd(path, reason, name.sample) for _, path in mates.values()]
    elif len(heads) == 2:
        where = flowcell_and_lane(heads["R1"])
        found.pairs.append(Pair(name, mates["R1"][1], mates["R2"][1], *where))


def _check_copies(found: Found) -> None:
    """Move pairs that are the same reads twice, by links or copies, to the odd ones: evidence would count twice."""
    first: dict[tuple, Pair] = {}
    for pair in list(found.pairs):
        status = pair.fastq_1.stat()
        head = first_reads(pair.fastq_1, whole=False)
        key = (head[0].name, head[0].bases, len(head), status.st_size)
        other = first.setdefault(key, pair)
        if other is not pair:
            found.pairs.remove(pair)
            reason = f"begins with the same reads as '{other.fastq_1}' and has its size: a copy, or a link"
            found.odd += [Odd(path, reason) for path in (pair.fastq_1, pair.fastq_2)]
