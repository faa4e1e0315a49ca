"""One screen that says what happened to one variant, position or gene of a case, and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pysam

from gms.annotation.changes import Sequence
from gms.base.errors import GmsError
from gms.base.problems import unknown
from gms.base.results import named
from gms.explain.asked import Change, Gene, Genomic, Place, Rs, as_protein_change, understand
from gms.explain.classes import explain_classes, halves_elsewhere
from gms.explain.family import explain_family, kin_of
from gms.explain.filters import explain_filters, one_line
from gms.explain.hgvs import on_contig
from gms.explain.phase import explain_phase
from gms.explain.rank import explain_rank
from gms.explain.reads import explain_calls, explain_coverage, explain_reads, reference_fasta
from gms.explain.search import meanings, places_of_rs, with_change
from gms.explain.spellings import NotOfReference, check_position, contig_of, spellings
from gms.filtering.apply import make_layout, partners_of
from gms.filtering.compile import Layout, needs_pairs
from gms.filtering.pairs import allele_of, paired
from gms.filtering.policy import Policy, load_policy
from gms.genome.alleles import Allele
from gms.genome.gene_effects import genes_of
from gms.genome.gene_list import read_gene_list
from gms.genome.vcf import header_of, header_value, info_value
from gms.inputs.row_files import tells_germline
from gms.inputs.run_model import Case, Run

_DETAILS, _LINES = 3, 40
_REACH = 3_000_000  # bases beside a record within which its gene lies: the longest human gene has 2.5 million


@dataclass(frozen=True)
class Question:
    """What was asked, against the files that answer it."""

    run: Run
    case: Case
    policy: Policy
    layout: Layout
    annotated: Path

    def records(self, chrom: str | None = None, start: int | None = None, end: int | None = None) -> Iterator[str]:
        """Annotated records, as lines, that overlap the 0-based half-open interval; all without one."""
        with pysam.TabixFile(str(self.annotated)) as file:
            if chrom is None or chrom in file.contigs:
                yield from file.fetch(chrom, start, end)

    def paired(self, line: str) -> str:
        """The record as filtering sees it: with its partners, which are near."""
        if not needs_pairs(self.policy, self.layout):
            return line
        chrom, pos = line.split("\t", 2)[:2]
        near = self.records(chrom, max(0, int(pos) - _REACH), int(pos) + _REACH)
        halves = halves_elsewhere(self.run, self.case)
        return paired(line, partners_of(self.annotated, self.policy, self.layout, near, halves) or {})


def explain(run: Run, case_name: str, asked: str) -> Iterator[str]:
    """The lines of the answer. Raises GmsError for an unknown case, a question that is not understood, a wrong variant
    or results that are not there."""
    question = open_question(run, case_name)
    policy, assay = question.policy, question.case.assay
    yield f"{case_name}: {asked}  (assay {assay}, policy {policy.name} {policy.version}, digest {policy.digest})"
    yield from _other_policy(question)
    meant = understand(asked)
    answers = {
        Place: _explain_place,
        Change: _explain_change,
        Genomic: _explain_genomic,
        Rs: _explain_rs,
        Gene: _explain_gene,
    }
    others = list(explain_classes(run, question.case, meant))
    if not (others and isinstance(meant, Gene) and "genes" in question.layout.absent):
        yield from answers[type(meant)](question, *meant)
    yield from others


def open_question(run: Run, case_name: str) -> Question:
    """Find the case, its policy and its annotated records. Raises GmsError."""
    if case_name not in run.cases:
        raise GmsError(unknown("case", case_name, run.cases))
    case = run.cases[case_name]
    annotated = run.results / named("annotated").at(case=case_name)
    if not annotated.exists():
        raise GmsError(f"{annotated} does not exist yet; first  ./gms run --profile P --configfile {run.configfile}")
    assay = run.assays[case.assay]
    policy = load_policy(assay.policy_files["small"])
    roles = {sample.role: sample.name for sample in reversed(case.samples)}
    genes = read_gene_list(run.gene_list_of(case))
    layout = make_layout(annotated, header_of(annotated), roles, genes, policy.variants, tells_germline(case))
    return Question(run, case, policy, layout, annotated)


def _other_policy(question: Question) -> Iterator[str]:
    filtered = question.run.results / named("filtered").at(case=question.case.name)
    used = header_value(header_of(filtered) if filtered.exists() else [], "gms_policy")
    if used and f"Digest={question.policy.digest}," not in used:
        yield f"note: the results were filtered with another state of the policy: {used}"


def _explain_gene(question: Question, gene: str) -> Iterator[str]:
    if "genes" in question.layout.absent:
        raise GmsError("this run has no gene models (reference: genes), so ask for a position: CHROM:POS")
    records = [line for line in question.records() if gene in line and gene in genes_of(line.split("\t", 8)[7])]
    if not records and (change := as_protein_change(gene)):
        yield from _explain_change(question, *change)
        return
    yield f"{len(records)} record{'' if len(records) == 1 else 's'} in {gene}"
    yield from explain_coverage(question.run, question.case, gene)
    yield from _explain_records(question, records)


def _explain_change(question: Question, subject: str, change: str, gene: str) -> Iterator[str]:
    if "genes" in question.layout.absent:
        raise GmsError("this run has no gene models (reference: genes), so ask for a position: CHROM:POS")
    asked = Change(subject, change, gene)
    records = with_change(question.records(), asked)
    with pysam.FastaFile(str(reference_fasta(question.run))) as fasta:
        table = question.run.results / named("transcripts").at()
        meant = None if records else meanings(asked, table, Sequence(fasta))
    for transcript, *allele in meant or ():
        yield f"{change} on {transcript} is {':'.join(map(str, allele))}"
        yield from _explain_place(question, *allele)
    if meant:
        return
    yield f"{len(records)} record{'' if len(records) == 1 else 's'} with {' '.join(filter(None, (subject, change)))}"
    if not records:
        unfit = f"It does not fit the transcripts of {subject}: another transcript, or other bases?"
        silent = "No caller reported it; ask for its position, CHROM:POS, to see what the reads show."
        yield silent if meant is None else unfit
    yield from _explain_records(question, _with_wholes(question, records))


def _explain_genomic(question: Question, chrom: str, change: str) -> Iterator[str]:
    with pysam.FastaFile(str(reference_fasta(question.run))) as fasta:
        meant = on_contig(change, contig_of(chrom, fasta), Sequence(fasta))
    if meant is None:
        raise NotOfReference(f"{chrom}:{change} does not fit the reference; another assembly?")
    _, *allele = meant
    yield f"{chrom}:{change} is {':'.join(map(str, allele))}"
    yield from _explain_place(question, *allele)


def _explain_rs(question: Question, name: str) -> Iterator[str]:
    reference = question.run.reference
    files = [path for path in (reference.clinvar, reference.population) if path]
    if not files:
        raise GmsError(f"{name} cannot be looked up: this run has neither ClinVar nor population frequencies")
    found = places_of_rs(name, files)
    if not found:
        yield f"{name} is neither in {' nor in '.join(path.name for path in files)}; ask for its position, CHROM:POS"
    for chrom, pos, ref, alt in found:
        yield f"{name} is {chrom}:{pos}:{ref}:{alt}"
        yield from _explain_place(question, chrom, pos, ref, alt)


def _explain_place(question: Question, chrom: str, pos: int, ref: str | None, alt: str | None) -> Iterator[str]:
    with pysam.FastaFile(str(reference_fasta(question.run))) as fasta:
        chrom = contig_of(chrom, fasta)
        check_position(pos, chrom, fasta.get_reference_length(chrom))
        spelled = spellings(fasta, chrom, pos - 1, ref, alt) if ref and alt else []
    if not spelled:
        records = list(question.records(chrom, pos - 1, pos))
        yield from _explain_records(question, records)
        if not records:
            yield from _explain_silence(question, chrom, pos - 1, None)
        return
    whole, *parts = spelled
    for allele in [whole] if _record(question, chrom, whole) or not parts else parts:
        if allele != Allele(pos - 1, ref, alt):
            yield f"normalised: {chrom}:{allele.pos + 1}:{allele.ref}:{allele.alt}"
        yield from _explain_allele(question, chrom, allele)


def _explain_allele(question: Question, chrom: str, allele: Allele) -> Iterator[str]:
    if record := _record(question, chrom, allele):
        yield from _explain_records(question, _with_wholes(question, [record]))
        return
    yield from _explain_silence(question, chrom, allele.pos, allele)
    if here := list(question.records(chrom, allele.pos, allele.pos + len(allele.ref))):
        yield "Other alleles were called here:"
        yield from (f"  {one_line(question.policy, question.layout, question.paired(line))}" for line in here)


def _record(question: Question, chrom: str, allele: Allele) -> str | None:
    """The annotated record of an allele in its normalised representation."""
    key = [str(allele.pos + 1), allele.ref, allele.alt]
    here = question.records(chrom, allele.pos, allele.pos + 1)
    return next((line for line in here if [line.split("\t", 5)[i] for i in (1, 3, 4)] == key), None)


def _with_wholes(question: Question, records: list[str]) -> list[str]:
    """The records, and after those that are parts of joined alleles the records of these."""
    wanted = list(records)
    for line in records:
        if whole := info_value(line.split("\t", 8)[7], "PART_OF"):
            chrom, pos, ref, alt = whole.rsplit(":", 3)
            wanted.append(_record(question, chrom, Allele(int(pos) - 1, ref, alt)))
    return [line for line in dict.fromkeys(wanted) if line]


def _explain_silence(question: Question, chrom: str, pos: int, allele: Allele | None) -> Iterator[str]:
    yield "Nobody called it." if allele else "Nobody called anything here."
    yield from explain_reads(question.run, question.case, chrom, pos, allele)


def _explain_records(question: Question, records: list[str]) -> Iterator[str]:
    if len(records) > 1:
        for line in records[:_LINES]:
            yield f"  {one_line(question.policy, question.layout, question.paired(line))}"
        if len(records) > _LINES:
            yield f"  … and {len(records) - _LINES} more; ask for a position: CHROM:POS"
    family = kin_of(question.case, header_of(question.annotated))
    for line in records if len(records) <= _DETAILS else ():
        yield ""
        yield from explain_calls(question.run, question.case, line)
        seen = question.paired(line)
        yield from explain_family(family, seen)
        if question.run.assays[question.case.assay].kind == "somatic":
            yield from explain_phase(question.run.results / named("reported").at(case=question.case.name), line)
        yield from explain_filters(question.policy, question.layout, seen)
        yield from explain_rank(question.run.results / named("findings").at(case=question.case.name), allele_of(line))
