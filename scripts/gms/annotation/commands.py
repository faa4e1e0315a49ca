"""What population, ClinVar and other files know of the alleles of a case: the command line that looks them up, and what
follows it in a class of variants besides the small ones."""

import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from shlex import quote
from subprocess import PIPE, Popen
from tempfile import TemporaryDirectory
from typing import TextIO

import pysam

from gms.annotation.annotate import FAMILY, Knowledge
from gms.annotation.class_fields import (
    CHANGES_GENES,
    FREQUENCIES,
    with_class_fields,
    with_normals,
    with_structural_fields,
)
from gms.annotation.knowledge_files import (
    CARRIED,
    Frequency,
    columns_of,
    common_records,
    frequencies_of,
    frequency_fields,
)
from gms.base.errors import GmsError
from gms.base.whole_files import require_whole
from gms.families.mitochondrial_events import with_mitochondrial_events
from gms.families.relatives import Member
from gms.families.repeat_modes import with_repeat_modes
from gms.genome.intervals import read_contigs
from gms.genome.vcf import open_vcf
from gms.inputs.row_files import starts_from_vcf
from gms.inputs.run_model import Case
from gms.normals.structural import MIN_ALLELES
from gms.qc.coverage import measured_by, measured_chromosomes
from gms.variants.mitochondrial.facts import known_alleles, mitochondrial_contig
from gms.variants.repeats.records import shown_lines

# VCF files, of which alleles must be the same; a mask needs to overlap only.
VCF_PARTS = ("population", "clinvar", "normals", "whitelist")
TAKEN = (*VCF_PARTS, "mask")
# What bcftools adds to an allele that it finds in the file of a part.
_FOUND = {"population": ";POP_", "clinvar": ";CLN", "normals": ";PON_", "whitelist": ";WHITELIST", "mask": ";MASK"}
# Of the records of an allele the one with the highest frequency. Columns: 8 of a VCF, then for each frequency, the most
# cautious first, its value, the alleles behind it and a factor of `least`, the fewest; the first with enough counts.
_HIGHEST = """BEGIN { FS = OFS = "\t" }
$1 FS $2 != place { show(); place = $1 FS $2 }
{
    allele = $4 FS $5; high = 0
    for (i = 9; i < NF; i += 3)
        if ($i != "." && ($(i + 1) == "." || $(i + 1) + 0 >= least * $(i + 2))) { high = $i + 0; break }
    if (!(allele in known)) alleles[++number] = allele
    if (!(allele in known) || high > known[allele]) { known[allele] = high; NF = 8; records[allele] = $0 }
}
END { show() }
function show(  i) {
    for (i = 1; i <= number; i++) print records[alleles[i]]
    number = 0; split("", known)
}"""
_REACH = 1_000  # bases between alleles that are looked up together, and within which lists may place an indel


def annotation_params(case: Case) -> list[tuple[str, str, str]]:
    """(role, sex of the sheet, affected) of each sample, in the order of the columns; see `members_of`."""
    return [(sample.role, sample.sex, sample.affected) for sample in case.samples]


def family_quality(case: Case) -> list[str]:
    """Quality of the samples of a family, which has the measured copies of X and Y; none of other cases."""
    is_measured = case.index.role == "proband" and not starts_from_vcf(case)
    return [f"qc/{sample.name}.qc.json" for sample in case.samples] if is_measured else []


def members_of(facts: Iterable[tuple[str, str, str]], quality: Sequence[Path]) -> list[Member]:
    """Members of a case by `annotation_params`, with the sex chromosomes that were measured; `quality`: qc.json of all,
    or none."""
    members = [Member(*of_sheet) for of_sheet in facts]
    if not quality:
        return members
    sexes = measured_by(measured_chromosomes, (one.sex for one in members), quality)
    return [one._replace(sex=sex) for one, sex in zip(members, sexes, strict=True)]


@contextmanager
def looked_up(files: Mapping[str, str], folder: str, log: Path) -> Iterator[TextIO]:
    """Lines of the VCF of a case, `files["vcf"]`, with INFO of every part in `files`; the tools work in `folder`, and
    their messages go to `log`. Raises GmsError at the end where one of them failed or lost a part of its output."""
    with TemporaryDirectory(dir=folder) as work, log.open("a") as messages:
        with open_vcf(Path(files["vcf"])) as records:
            near = near_alleles(records, next(iter(read_contigs(f"{files['fasta']}.fai"))))
            Path(work, "near.bed").write_text("".join(near))
        command = ["bash", "-c", f"set -euo pipefail; {knowledge_commands(files, defined_fields(files))}"]
        with Popen(command, stdout=PIPE, stderr=messages, text=True, env=os.environ | {"work": work}) as stream:
            yield stream.stdout
        if stream.returncode:
            raise GmsError(f"annotation ended with exit code {stream.returncode}; its tools' messages are above")
        for step in Path(work).glob("*.bcf"):
            require_whole(step)


def knowledge_commands(files: Mapping[str, str], defined: Mapping[str, Collection[str]]) -> str:
    """Shell commands that print the merged VCF with INFO of every part in `files`; `defined`: INFO fields of each part.

    Records near the case's alleles (`$work/near.bed`) are split and left-aligned first, as the case's alleles are:
    lists have several alleles in a record, padded ones, or HGVS's right-most placement. bcftools annotate reads
    indexed files only, so its steps write to `$work`, a folder that the caller sets.
    """
    steps, here = [], quote(files["vcf"])
    for part in TAKEN:
        if files.get(part):
            known, taken = quote(files[part]), "--columns CHROM,FROM,TO --mark-sites +MASK"
            if part in VCF_PARTS:
                steps += _indexed(_normalised(known, files["fasta"]), f"{part}.known")
                known, columns = f'"$work"/{part}.known.bcf', columns_of(part, defined.get(part, ()))
                taken = "--mark-sites +WHITELIST" if part == "whitelist" else f"--columns {columns}"
            steps += _indexed(
                f"bcftools annotate --no-version --annotations {known} {taken} --output-type b {here}", part
            )
            here = f'"$work"/{part}.bcf'
            if part == "population":
                steps += _common_ones(known, taken, here, defined.get(part, ()))
                here = '"$work"/common.bcf'
    return " && ".join([*steps, f"bcftools view --no-version {here}"])


def counting(lines: Iterable[str], found: Counter) -> Iterator[str]:
    """The annotated lines as they come from bcftools; counts the alleles that each part knows, and all under ''."""
    for line in lines:
        if not line.startswith("#"):
            info = line.split("\t", 8)[7]
            found.update(["", *(part for part, field in _FOUND.items() if field in f";{info}")])
        yield line


def defined_fields(files: Mapping[str, str]) -> dict[str, set[str]]:
    """INFO fields that the headers of the VCF parts define, by part."""
    found = {}
    for part in VCF_PARTS:
        if files.get(part):
            with pysam.VariantFile(files[part]) as records:
                found[part] = set(records.header.info)
    return found


def _common_ones(known: str, taken: str, here: str, defined: Collection[str]) -> list[str]:
    """Steps that look up `common_records` once more, on top, of each allele the one with the highest frequency: of an
    allele that a file has twice, bcftools takes the first record."""
    known_info = ";".join(f"{name}=%INFO/{name}" for name in frequency_fields(defined))
    columns = rf"%CHROM\t%POS\t.\t%REF\t%ALT\t.\t%FILTER\t{known_info}"
    columns += "".join(map(_with_alleles, frequencies_of(defined))) + r"\n"
    query = f"bcftools query --include {quote(common_records(defined))} --format {quote(columns)} {known}"
    query += f" | awk -v least={MIN_ALLELES} {quote(_HIGHEST)}"
    common = f"{{ bcftools view --no-version --header-only {known} && {query}; }}"
    common += " | bcftools view --no-version --output-type b"
    annotate = f'bcftools annotate --no-version --annotations "$work"/common.known.bcf {taken} --output-type b {here}'
    return [*_indexed(common, "common.known"), *_indexed(annotate, "common")]


def _with_alleles(one: Frequency) -> str:
    """Columns of `_HIGHEST` for a frequency; behind one whose carried alleles alone are known are these over it."""
    factor = f"%INFO/{one.field}" if one.alleles == CARRIED else "1"
    return rf"\t%INFO/{one.field}\t{f'%INFO/{one.alleles}' if one.alleles else '.'}\t{factor}"


def _indexed(command: str, name: str) -> list[str]:
    """The steps that write what a command prints to `$work`, with its index."""
    return [f'{command} > "$work"/{name}.bcf', f'bcftools index "$work"/{name}.bcf']


def _normalised(known: str, fasta: str) -> str:
    """Records near the alleles, one allele each, left-aligned; those whose REF is not the reference's are left out."""
    near = f'bcftools view --no-version --regions-file "$work"/near.bed --output-type u {known}'
    norm = f"bcftools norm --no-version --multiallelics -any --check-ref x --fasta-ref {quote(fasta)}"
    return f"{near} | {norm} --output-type b"


def near_alleles(records: Iterable[str], contig: str) -> Iterator[str]:
    """BED lines around the records of a sorted VCF, joined where they are near each other; the first base of `contig`
    where there are none, because bcftools takes no empty file."""
    first = f"{contig}\t0\t1\n"
    contig, start, end = "", 0, 0
    for record in records:
        if record.startswith("#"):
            continue
        chrom, pos, _, ref, _ = record.split("\t", 4)
        low, high = max(0, int(pos) - _REACH), int(pos) + len(ref) + _REACH
        if chrom == contig and low <= end:
            end = max(end, high)
            continue
        if contig:
            yield f"{contig}\t{start}\t{end}\n"
        contig, start, end = chrom, low, high
    yield f"{contig}\t{start}\t{end}\n" if contig else first


def with_own_fields(
    lines: Iterable[str], variants: str, knowledge: Knowledge, own: Mapping[str, str], normals: str | None
) -> Iterator[str]:
    """Annotated VCF lines of a class with what its own files (`class_parts`), a centre's `normals` and the family say;
    of repeats the family's fields rest on the alleles that are shown alone."""
    members, bases = knowledge.members, knowledge.bases
    if variants in CHANGES_GENES:
        lines = with_structural_fields(lines, knowledge, own.get(FREQUENCIES))
        return with_normals(lines, normals) if normals else lines
    contig = mitochondrial_contig(bases.lengths)
    mitochondrion = bases.bases(contig, True, 0, bases.lengths[contig]) if contig else ""
    lines = with_class_fields(lines, known_alleles(own, mitochondrion), own)
    if FAMILY not in knowledge.parts:
        return lines
    if variants == "repeats":
        shown = shown_lines(lines, [one.affected for one in members])
        return with_repeat_modes(shown, members, knowledge.transcripts is not None)
    return with_mitochondrial_events(lines, members, knowledge.facts.accessions)


def present_parts(files: Mapping[str, str], members: Sequence[Member]) -> list[str]:
    """Reference parts that this case's annotation draws on; `family` where it is about a proband."""
    known = ["genes", *TAKEN, "hotspots", "targets"]
    parts = [part for part in known if files.get("transcripts" if part == "genes" else part)]
    return [*parts, FAMILY] if members and members[0].role == "proband" else parts
