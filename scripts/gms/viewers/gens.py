"""Of viewers/{case}/: depth and B-allele fractions of each sample for Gens, and its case file (`gens load case`).

BED files of a line per value, bgzipped, with tabix index; the contig's name, without chr, has a prefix for each of five
resolutions, o the coarsest (Gens, docs/admin_guide/generate_gens_data.md). Depth: log2 of the reads of a window over
those that two copies give, by GC content and mappability. Fractions: of reads with the alternative base, of single-base
variants that any sample of the case has. Positions of BED files are 0-based half-open.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pysam
import yaml

from gms.base.json_tables import read_json
from gms.base.results import named
from gms.genome.intervals import read_contigs
from gms.genome.vcf import annotated_parts, info_value, open_vcf, read_header, sample_values, samples_of
from gms.variants.copy_number.calls import Sources, measured
from gms.variants.copy_number.correction import Expected
from gms.variants.copy_number.depth import BIN, Reads, looked_at

WINDOWS = {"o": 100_000, "a": 25_000, "b": 5_000, "c": 1_000, "d": BIN}  # bases; Gens' own finest has 100
EVERY = {"o": 160, "a": 40, "b": 10, "c": 4, "d": 1}  # of the variants, as Gens' own script takes them
ENDINGS = {"baf": "baf", "coverage": "cov"}  # of the files, by the keys of the case file
MIN_DEPTH = 10  # reads behind a fraction
COMMON = 0.05  # frequency in the population from which Gens takes variants
LEAST = -4.0  # log2 of a window without reads
_TYPES = ("proband", "mother", "father")
_SEX = {"female": "F", "male": "M"}

Value = tuple[str, int, float]  # contig, 0-based position, value


def write_gens(results: Path, case: str, build: str, threads: int) -> list[Path]:
    """Write the files of a finished case; its case file first. Reads the alignments of all of its samples."""
    folder = results / named("viewers").at(case=case)
    folder.mkdir(parents=True, exist_ok=True)
    document = read_json(results / named("findings").at(case=case))
    samples = [one for one in document["samples"] if (results / named("cram").at(sample=one["sample"])).is_file()]
    fasta = results / named("genome").path
    crams = [results / named("cram").at(sample=one["sample"]) for one in samples]
    expected, reads = measured(Sources(fasta, crams, None, None), looked_at(read_contigs(f"{fasta}.fai")), threads)
    fractions = allele_fractions(results / named("annotated").at(case=case))
    entries, made = [], []
    for sample, known, counted in zip(samples, expected, reads, strict=True):
        name = sample["sample"]
        paths = {key: folder / f"{name}.{ending}.bed.gz" for key, ending in ENDINGS.items()}
        write_bed(fraction_lines(fractions[name]), paths["baf"])
        write_bed(depth_lines(counted, known), paths["coverage"])
        entries.append(_entry(sample, paths))
        made += paths.values()
    path = folder / "gens.yaml"
    path.write_text(yaml.safe_dump({"case_id": case, "genome_build": int(build), "samples": entries}, sort_keys=False))
    return [path, *made]


def _entry(sample: Mapping[str, Any], paths: Mapping[str, Path]) -> dict[str, Any]:
    role, sex = sample["role"], _SEX.get(sample.get("sex", ""))
    entry = {"sample_id": sample["sample"], **{key: str(path) for key, path in paths.items()}}
    return entry | {"sample_type": role if role in _TYPES else "relative"} | ({"sex": sex} if sex else {})


def depth_lines(reads: Mapping[str, Reads], expected: Expected) -> Iterator[str]:
    """Depth in windows of each resolution; windows of which nothing is known are left out."""
    for prefix, window in WINDOWS.items():
        size = window // BIN
        for contig, two in expected.reads.items():
            known = ~np.isnan(two)
            starts = np.arange(0, len(two), size)
            seen = np.add.reduceat(np.where(known, reads[contig].unique, 0), starts)
            usual = np.add.reduceat(np.where(known, two, 0), starts)
            for at in np.flatnonzero(usual > 0):
                ratio = seen[at] / usual[at]
                value = max(LEAST, float(np.log2(ratio))) if ratio > 0 else LEAST
                middle = (int(starts[at]) + min(size, len(two) - int(starts[at])) / 2) * BIN
                yield _line(prefix, contig, int(middle), value)


def allele_fractions(path: Path) -> dict[str, list[Value]]:
    """Fraction of reads with the alternative base at single-base variants, by sample. Common ones only where
    frequencies are known."""
    with open_vcf(path) as lines:
        header = read_header(lines)
        found: dict[str, list[Value]] = {name: [] for name in samples_of(header)}
        with_population = "population" in (annotated_parts(header) or ())
        for line in lines:
            fields = line.rstrip("\n").split("\t")
            if len(fields[3]) != 1 or len(fields[4]) != 1:
                continue
            if with_population and float(info_value(fields[7], "POP_AF") or 0) < COMMON:
                continue
            for name, column in zip(found, fields[9:], strict=True):
                if (value := _fraction(sample_values(fields[8], column).get("AD", ""))) is not None:
                    found[name].append((fields[0], int(fields[1]) - 1, value))
    return found


def _fraction(counts: str) -> float | None:
    reads = [int(count) for count in counts.split(",") if count.isdigit()]
    return reads[1] / sum(reads) if len(reads) == 2 and sum(reads) >= MIN_DEPTH else None


def fraction_lines(values: Sequence[Value]) -> Iterator[str]:
    """Fractions in each resolution."""
    for prefix, step in EVERY.items():
        yield from (_line(prefix, *value) for value in values[::step])


def _line(prefix: str, contig: str, position: int, value: float) -> str:
    name = contig.removeprefix("chr")
    return f"{prefix}_{'MT' if name == 'M' else name}\t{position}\t{position + 1}\t{value:.4g}\n"


def write_bed(lines: Iterable[str], path: Path) -> None:
    """Write lines in the order of contigs, bgzipped, and their tabix index."""
    with pysam.BGZFile(str(path), "wb") as out:
        for line in lines:
            out.write(line.encode())
    pysam.tabix_index(str(path), preset="bed", force=True)
