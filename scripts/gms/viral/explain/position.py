"""Why a position of a consensus is what it is: the reads over it, the alleles, and the rule that decided."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pysam

from gms.base.errors import GmsError
from gms.base.json_tables import read_json
from gms.base.results import named
from gms.genome.vcf import info_value, records_at, sample_values
from gms.inputs.run_model import Run, Sample, ViralAssay
from gms.viral.chain.decide import REASONS
from gms.viral.chain.primer_scheme import read_primers
from gms.viral.chain.reference import read_genome
from gms.viral.typing.marks import projected

_POSITION = re.compile(r"(?:(?P<contig>[^:\s]+):)?(?:g\.)?(?P<pos>[0-9,]+)(?:[:\s].*)?")
# As samtools depth counts: every mate, and reads without a proper pair.
_ALL_READS = {
    "truncate": True,
    "min_base_quality": 0,
    "max_depth": 1_000_000,
    "ignore_overlaps": False,
    "ignore_orphans": False,
}
_SPAN = 40  # bases of a deletion that reach back from a record to the position asked for


class NotAPosition(GmsError):
    """A question about a virus that names no position of its genome."""

    def __init__(self, text: str, contig: str, length: int):
        super().__init__(f"'{text}' is not a position of the virus. Write {contig}:POS with POS from 1 to {length:,}")


class Question(NamedTuple):
    """What was asked of a sample, and the files that answer it; `pos` is 1-based."""

    run: Run
    sample: Sample
    assay: ViralAssay
    contig: str
    genome: str
    pos: int

    def path(self, name: str) -> Path:
        """A file of the sample in the results."""
        return self.run.results / named(name).at(isolate=self.sample.name)


def explain_position(run: Run, case: str, asked: str) -> Iterator[str]:
    """The lines of the answer. Raises NotAPosition, or GmsError where results are not there yet."""
    question = _question(run, next(s for s in run.viral_samples.values() if s.case == case), asked)
    record = read_json(question.path("virus_qc"))
    ref, base = question.genome[question.pos - 1], projected(record, question.genome)[question.pos - 1]
    scheme = f"primer scheme {question.sample.scheme}"
    yield f"{question.sample.name}: {question.contig}:{question.pos}  (assay {question.assay.name}, {scheme})"
    yield f"reference {ref}, consensus {_consensus(question, record, base)}"
    yield from _reads(question)
    yield from _amplicons(question, record)
    records = list(_records(question))
    yield from (f"  {line}" for line in records)
    if not records:
        yield "No allele other than the reference is reported here."


def _question(run: Run, sample: Sample, asked: str) -> Question:
    assay = run.viruses[sample.assay]
    contig, genome = read_genome(assay.genome)
    found = _POSITION.fullmatch(asked.strip())
    pos = int(found["pos"].replace(",", "") or 0) if found else 0
    if not 1 <= pos <= len(genome) or (found["contig"] and found["contig"] not in (contig, *assay.aliases)):
        raise NotAPosition(asked, contig, len(genome))
    question = Question(run, sample, assay, contig, genome, pos)
    if not question.path("virus_qc").exists():
        missing = f"{question.path('virus_qc')} does not exist yet"
        raise GmsError(f"{missing}; first  ./gms run --profile P --configfile {run.configfile}")
    return question


def _consensus(question: Question, record: Mapping[str, Any], base: str) -> str:
    """The base of the consensus and the rule behind it."""
    rules = question.assay.rules
    for start, end, reason in record["not_called"]:
        if start <= question.pos <= end:
            return f"N: {REASONS[reason]} ({reason}, {start}-{end})"
    states = {v["filter"] for v in record["variants"] if int(v["variant"].split(":")[0]) == question.pos}
    if "AMBIGUOUS" in states:
        limits = f"{rules['ambiguous_fraction']:.0%} to {rules['consensus_fraction']:.0%}"
        return f"an IUPAC code: no base has {rules['consensus_fraction']:.0%} of the reads, two have {limits}"
    if base == "-":
        return "deleted: a deletion passes here"
    what = "the reference" if base == question.genome[question.pos - 1] else "an allele that passes"
    return f"{base}: {what}, with at least {rules['min_depth']} reads and {rules['consensus_fraction']:.0%} of them"


def _reads(question: Question) -> Iterator[str]:
    """Bases of the reads over the position, by what counts."""
    rules, at = question.assay.rules, question.pos - 1
    counts, weak = Counter(), 0
    with pysam.AlignmentFile(str(question.path("virus_reads"))) as file:
        for column in file.pileup(question.contig, at, at + 1, **_ALL_READS):
            for read in column.pileups:
                poor_map = read.alignment.mapping_quality < rules["mapping_quality"]
                if read.is_del:
                    counts["deleted"] += not poor_map
                    weak += poor_map
                    continue
                quality = read.alignment.query_qualities[read.query_position]
                good = not poor_map and quality >= rules["base_quality"]
                counts[read.alignment.query_sequence[read.query_position]] += good
                weak += not good
    shown = ", ".join(f"{base} {number}" for base, number in counts.most_common() if number) or "none"
    total = sum(counts.values())
    yield f"reads: {total} count ({shown}), {weak} are below the limits of quality"
    yield f"minimum depth: {rules['min_depth']}"


def _amplicons(question: Question, record: Mapping[str, Any]) -> Iterator[str]:
    """Primers over the position, whose bases are clipped, and a lost amplicon."""
    bed = question.run.results / named("virus").at(virus=question.assay.name)
    at = question.pos - 1
    names = [p.name for p in read_primers(bed.with_name(f"{question.sample.scheme}.bed")) if p.start <= at < p.end]
    if names:
        yield f"under primer {', '.join(names)}: only reads of neighbouring amplicons count here"
    for tile in record["amplicons"]:
        if tile["dropped"] and tile["start"] <= question.pos <= tile["end"]:
            yield f"amplicon {tile['amplicon']} is lost: median depth {tile['depth']}"


def _records(question: Question) -> Iterator[str]:
    """Records of the VCF over the position, in words."""
    start = max(0, question.pos - 1 - _SPAN)
    for line in records_at(question.path("virus_alleles"), question.contig, start, question.pos):
        _, pos, _, ref, alt, quality, state, info, keys, column = line.split("\t")[:10]
        if int(pos) <= question.pos < int(pos) + len(ref):
            depth, fraction = sample_values(keys, column)["DP"], float(info_value(info, "AF"))
            change = f"; {info_value(info, 'BCSQ')}" if info_value(info, "BCSQ") else ""
            yield f"{pos}:{ref}:{alt}  {state}, {fraction:.1%} of the fragments, depth {depth}, QUAL {quality}{change}"
