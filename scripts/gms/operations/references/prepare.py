"""The forms that the workflow reads: contigs named as in the FASTA, alleles normalised, compressed, indexed."""

import gzip
import re
import shlex
import subprocess
import zlib
from collections.abc import Iterable
from itertools import takewhile
from pathlib import Path

import pysam

from gms.annotation.knowledge_files import frequencies_of
from gms.base.errors import GmsError
from gms.genome.intervals import open_text, read_contigs

FILES = {"fasta": "genome.fa", "genes": ".gff3.gz", "variants": ".vcf.gz", "frequencies": ".vcf.gz"}
# Gives the lines of a VCF the names of contigs in a table, and its header the contigs of the reference: ClinVar's has
# none, and what is on other contigs is left out.
ON_CONTIGS = """
BEGIN { while ((getline line < names) > 0) { split(line, pair, "\\t"); known[pair[1]] = pair[2] } }
/^##contig=/ { next }
/^#CHROM/ { while ((getline line < header) > 0) print line }
/^#/ { print; next }
{ end = index($0, "\\t"); contig = substr($0, 1, end - 1); if (contig in known) print known[contig] substr($0, end) }
"""


class CannotPrepare(GmsError):
    """A downloaded file cannot be brought into its form."""

    def __init__(self, path: Path, reason: str):
        super().__init__(f"{path} could not be prepared: {reason.strip()[-600:]}")


def made_name(part: str, how: str) -> str:
    """The file that a part becomes."""
    return FILES[how] if how == "fasta" else f"{part}{FILES[how]}"


def fasta(source: Path, out: Path) -> str:
    """Unpack a gzipped FASTA and index it for samtools and bwa. Returns a note. Raises CannotPrepare."""
    draft = out.with_name(f".{out.name}")
    try:
        with gzip.open(source) as packed, draft.open("wb") as plain:
            while block := packed.read(1 << 22):
                plain.write(block)
    except (OSError, EOFError, zlib.error) as error:
        raise CannotPrepare(source, unpacking_problem(error)) from None
    draft.replace(out)
    run(source, f"samtools faidx {quoted(out)} && bwa index {quoted(out)}")
    return f"{len(read_contigs(f'{out}.fai'))} contigs; indexed for samtools and bwa"


def unpacking_problem(error: Exception) -> str:
    """Why a gzipped file could not be unpacked: the disk, or the file."""
    return getattr(error, "strerror", None) or f"it is not a whole gzip file ({error})"


def renamed(contigs: Iterable[str]) -> dict[str, str]:
    """Other names of the contigs of a reference: with and without `chr`, M and MT."""
    names = {}
    for contig in contigs:
        bare = contig.removeprefix("chr")
        mitochondrial = ("M", "MT", "chrM", "chrMT") if bare in ("M", "MT") else ()
        names |= dict.fromkeys((bare, f"chr{bare}", *mitochondrial), contig)
    return names


def genes(source: Path, out: Path, reference: Path) -> str:
    """A GFF3 with the reference's names of contigs, without contigs that it lacks. Raises CannotPrepare."""
    names, left, kept = renamed(read_contigs(f"{reference}.fai")), set(), 0
    draft = out.with_name(f".{out.name}")
    try:
        with open_text(source) as lines, pysam.BGZFile(str(draft), "w") as packed:
            for line in lines:
                place = re.match(r"(##sequence-region\s+)?([^\s#]\S*)", line)
                contig = place[2] if place else None
                if contig and contig not in names:
                    left.add(contig)
                    continue
                if contig:
                    line = f"{place[1] or ''}{names[contig]}{line[place.end() :]}"
                    kept += not place[1]
                packed.write(line.encode())
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise CannotPrepare(source, unpacking_problem(error)) from None
    if not kept:
        raise CannotPrepare(source, "none of its contigs is in the reference")
    draft.replace(out)
    return f"{kept} features; left out {len(left)} contigs that the reference lacks"


def variants(source: Path, out: Path, reference: Path, only_frequencies: bool) -> str:
    """A VCF with the reference's names of contigs, one allele per record, left-aligned, without records whose REF is
    not the reference's; with all INFO fields, or only the frequency that annotation reads. Raises CannotPrepare."""
    contigs, draft = read_contigs(f"{reference}.fai"), out.with_name(f".{out.name}")
    names, header = out.with_name(f".{out.name}.names"), out.with_name(f".{out.name}.header")
    names.write_text("".join(f"{old}\t{new}\n" for old, new in renamed(contigs).items()))
    header.write_text("".join(f"##contig=<ID={name},length={length}>\n" for name, length in contigs.items()))
    steps = [
        f"bgzip -dc {quoted(source)}",
        f"awk -v names={quoted(names)} -v header={quoted(header)} {shlex.quote(ON_CONTIGS)}",
        *([f"bcftools annotate --no-version {reduction(source)}"] if only_frequencies else []),
        f"bcftools norm --no-version --multiallelics -any --check-ref x --fasta-ref {quoted(reference)}",
        f"bcftools view --no-version --output-type z --output {quoted(draft)}",
    ]
    said = run(source, " | ".join(steps))
    with pysam.VariantFile(str(draft)) as file:
        if next(file, None) is None:
            raise CannotPrepare(source, "no record is on a contig of the reference with its REF")
    names.unlink(), header.unlink(), draft.replace(out)
    return "; ".join(line for line in said.splitlines() if line.startswith("Lines")) or "normalised"


def reduction(source: Path) -> str:
    """The option by which bcftools keeps only the frequencies that annotation reads. Raises CannotPrepare."""
    with open_text(source) as lines:
        header = list(takewhile(lambda line: line.startswith("##"), lines))
    found = frequencies_of({match[1] for line in header if (match := re.match(r"##INFO=<ID=([^,>]+)", line))})
    if not found:
        raise CannotPrepare(source, "it has no INFO field with a frequency that annotation knows")
    fields = dict.fromkeys(field for one in found for field in one if field)
    return f"--remove {','.join(f'^INFO/{field}' for field in fields)}"


def join(pieces: list[Path], out: Path) -> None:
    """One VCF of several, in their order, and its index. Raises CannotPrepare."""
    draft = out.with_name(f".{out.name}")
    listed = " ".join(map(quoted, pieces))
    run(out, f"bcftools concat --no-version --output-type z --output {quoted(draft)} {listed}")
    draft.replace(out)
    index(out)


def index(vcf: Path) -> None:
    """Index a VCF. Raises CannotPrepare."""
    run(vcf, f"tabix --force --preset vcf {quoted(vcf)}")


def quoted(path: Path) -> str:
    """A path in a shell command."""
    return shlex.quote(str(path))


def run(about: Path, command: str) -> str:
    """Run a command of tools; what they said. Raises CannotPrepare."""
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, errors="replace")
    if done.returncode:
        raise CannotPrepare(about, done.stderr or f"exit code {done.returncode}")
    return done.stderr
