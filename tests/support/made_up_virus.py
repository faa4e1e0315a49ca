"""A small made-up virus, a scheme of three amplicons and reads of it, for tests without any real genome."""

import gzip
import subprocess
from pathlib import Path
from random import Random

from gms.alignment.align_reads import LaneReads, Stream
from gms.validation.demo_virus.amplicon_reads import Edit, Library, Tile, amplicon_reads, fastq
from gms.viral.chain.align import align_virus
from gms.viral.chain.reference import write_reference
from gms.viral.checks.sample import ViralSample, examine

GENOME = "".join(Random(7).choices("ACGT", k=1000))
TILES = [Tile("v_1", 20, 44, 376, 400), Tile("v_2", 310, 334, 666, 690), Tile("v_3", 600, 624, 956, 980)]
# A scheme whose amplicons are elsewhere.
OTHER = [Tile("w_1", 100, 124, 456, 480), Tile("w_2", 400, 424, 756, 780), Tile("w_3", 640, 664, 956, 980)]
RULES = {
    "min_depth": 10,
    "consensus_fraction": 0.75,
    "ambiguous_fraction": 0.25,
    "minor_fraction": 0.05,
    "minor_reads": 5,
    "base_quality": 20,
    "mapping_quality": 20,
    "variant_quality": 20,
    "primer_ends": 0.5,
}


def bed(tiles: list[Tile], contig: str = "virus") -> str:
    """The scheme as BED of six columns."""
    rows = []
    for number, tile in enumerate(tiles):
        pool = f"pool_{1 + number % 2}"
        rows.append([contig, tile.start, tile.insert_start, f"{tile.name}_LEFT", pool, "+"])
        rows.append([contig, tile.insert_end, tile.end, f"{tile.name}_RIGHT", pool, "-"])
    return "".join("\t".join(map(str, row)) + "\n" for row in rows)


def reads(edits: list[Edit], seed: int = 1, tiles: list[Tile] = TILES, **more) -> list[tuple[str, str]]:
    """Read pairs of the virus with these edits."""
    library = Library(pairs=more.pop("pairs_each", 60), error=more.pop("error", 0.001))
    return list(amplicon_reads(GENOME, edits, tiles, library, Random(seed), **more))


def write_files(folder: Path) -> dict[str, Path]:
    """The files of an assay: genome, genes and two schemes."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = {name: folder / name for name in ("genome.fa", "v.bed", "w.bed", "genes.gff3")}
    paths["genome.fa"].write_text(f">virus made up\n{GENOME}\n")
    paths["v.bed"].write_text(bed(TILES))
    paths["w.bed"].write_text(bed(OTHER, "alias1"))
    paths["genes.gff3"].write_text("##gff-version 3\n")
    return paths


def write_fastq(folder: Path, name: str, pairs: list[tuple[str, str]]) -> list[Path]:
    """Two FASTQ files."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{name}_{mate}.fastq.gz" for mate in (1, 2)]
    for path, text in zip(paths, fastq(pairs, name), strict=True):
        with gzip.open(path, "wt", compresslevel=1) as out:
            out.write(text)
    return paths


def examined(folder: Path, pairs: list[tuple[str, str]], name: str = "S1", scheme: str = "v", **facts) -> tuple:
    """(record, consensus sequence, VCF fields of each record) of a sample that went through the chain."""
    reference = folder / "reference"
    if not reference.exists():
        files = write_files(folder / "files")
        reference.mkdir()
        write_reference(files["genome.fa"], None, {"v": files["v.bed"], "w": files["w.bed"]}, ["alias1"], reference)
    one, two = write_fastq(folder / "fastq", name, pairs)
    return chain(folder, reference, (one, two), name, scheme, ["v", "w"], **facts)


def chain(folder, reference, fastqs, name, scheme, schemes, **facts) -> tuple:
    """The chain from FASTQ files on."""
    bam, clipped, log = (folder / f"{name}.{ending}" for ending in ("bam", "clipped.txt", "log"))
    lanes = [LaneReads("L001", *map(str, fastqs))]
    stream = Stream(name, lanes, str(reference / "genome.fa"), "bwa", False, 1, str(folder))
    align_virus(stream, reference / f"{scheme}.bed", clipped, bam, log)
    known = {"sample": name, "case": name, "role": "isolate", "assay": "virus", "plate": "P1", "well": ""}
    sample = ViralSample({**known, "scheme": scheme, **facts}, RULES, schemes, bam, clipped, reference)
    vcf, fasta = folder / f"{name}.vcf.gz", folder / f"{name}.fasta"
    record = examine(sample, vcf, fasta)
    shown = subprocess.run(["bcftools", "view", "-H", vcf], capture_output=True, text=True, check=True).stdout
    sequence = "".join(fasta.read_text().split("\n")[1:])
    return record, sequence, [line.split("\t") for line in shown.splitlines()]
