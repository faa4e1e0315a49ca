"""One screen that says what happened to one variant, position or gene of a case, and why."""

from collections.abc import Iterator

from gms.annotation.changes import Sequence
from gms.base.errors import GmsError
from gms.base.problems import counted
from gms.base.results import named
from gms.explain.asked import (
    Asked,
    Change,
    Event,
    Gene,
    Genomic,
    Place,
    Region,
    Regions,
    Rs,
    Symbolic,
    as_protein_change,
    understand,
)
from gms.explain.classes import explain_classes, explain_near
from gms.explain.family import explain_family, kin_of
from gms.explain.filters import explain_filters, one_line
from gms.explain.genome_wide import explain_regions, explain_smn
from gms.explain.hgvs import on_contig
from gms.explain.question import Question, named_by_reference, open_question
from gms.explain.reads import explain_calls, explain_coverage, explain_reads
from gms.explain.reported import explain_finding, explain_phase
from gms.explain.search import meanings, places_of_rs, require_known, with_change
from gms.explain.spellings import NotOfReference, check_position, contig_of, spellings
from gms.filtering.pairs import allele_of
from gms.genome.alleles import Allele, shortened
from gms.genome.gene_effects import genes_of
from gms.genome.vcf import header_of, header_value, info_value
from gms.inputs.run_model import Run
from gms.variants.structural.events import MIN_LENGTH

_DETAILS, _LINES = 3, 40


def explain(run: Run, case_name: str, asked: str) -> Iterator[str]:
    """The lines of the answer. Raises GmsError for an unknown case, a question that is not understood, a wrong variant
    or results that are not there."""
    question = open_question(run, case_name)
    policy, assay = question.policy, question.case.assay
    yield f"{case_name}: {asked}  (assay {assay}, policy {policy.name} {policy.version}, digest {policy.digest})"
    yield from _other_policy(question)
    meant = named_by_reference(question, understand(asked))
    if isinstance(meant, Regions):
        yield from explain_regions(run, question.case, meant)
        return
    places = [Place(*one) for one in _places(question, meant.name)] if isinstance(meant, Rs) else [meant]
    others = [line for one in places for line in explain_classes(run, question.case, one)]
    others += explain_smn(run, question.case, meant)
    if isinstance(meant, Gene) and not others and not as_protein_change(meant.symbol):
        require_known(run.results / named("transcripts").at(), meant.symbol)
    if not (others and _is_of_others(question, meant, others)):
        yield from _ANSWERS[type(meant)](question, *meant)
    yield from others
    yield from (line for one in places for line in explain_regions(run, question.case, one))


def _is_of_others(question: Question, meant: Asked, others: list[str]) -> bool:
    """Whether records found of other classes are all the answer: small ones cannot be meant, or none is."""
    if isinstance(meant, Place) and meant.alt:
        own = f"  {meant.chrom}:{meant.pos}:{meant.ref}:{meant.alt}  "
        small = _record(question, meant.chrom, Allele(meant.pos - 1, meant.ref, meant.alt))
        return small is None and any(line.startswith(own) for line in others)
    if isinstance(meant, Genomic):
        allele = _meant_by(question, *meant)
        return allele is None or _record(question, meant.chrom, allele) is None
    return isinstance(meant, Symbolic | Event) or isinstance(meant, Gene | Change) and "genes" in question.layout.absent


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
    yield f"{counted(len(records), 'record')} in {gene}"
    yield from explain_coverage(question.run, question.case, gene)
    yield from _explain_records(question, records)


def _explain_change(question: Question, subject: str, change: str, gene: str) -> Iterator[str]:
    if "genes" in question.layout.absent:
        raise GmsError("this run has no gene models (reference: genes), so ask for a position: CHROM:POS")
    asked = Change(subject, change, gene)
    records = with_change(question.records(), asked)
    table = question.run.results / named("transcripts").at()
    if not records:
        require_known(table, subject, gene)
    meant = None if records else meanings(asked, table, Sequence(question.fasta))
    for transcript, *allele in meant or ():
        yield f"{change} on {transcript} is {':'.join(map(str, allele))}"
        yield from _explain_place(question, *allele)
    if meant:
        return
    yield f"{counted(len(records), 'record')} with {' '.join(filter(None, (subject, change)))}"
    if not records:
        unfit = f"It does not fit the transcripts of {subject}: another transcript, or other bases?"
        silent = "No caller reported it; ask for its position, CHROM:POS, to see what the reads show."
        yield silent if meant is None else unfit
    yield from _explain_records(question, _with_wholes(question, records))


def _explain_genomic(question: Question, chrom: str, change: str) -> Iterator[str]:
    allele = _meant_by(question, chrom, change)
    if allele is None:
        raise NotOfReference(f"{chrom}:{change} does not fit the reference; another assembly?")
    yield f"{chrom}:{change} is {chrom}:{allele.pos + 1}:{shortened(allele.ref)}:{shortened(allele.alt)}"
    yield from _explain_place(question, chrom, allele.pos + 1, allele.ref, allele.alt)


def _meant_by(question: Question, chrom: str, change: str) -> Allele | None:
    meant = on_contig(change, chrom, Sequence(question.fasta))
    return meant and Allele(meant.pos - 1, meant.ref, meant.alt)


def _explain_symbolic(question: Question, chrom: str, pos: int, alt: str, _ref: str) -> Iterator[str]:
    yield f"No caller proposed {alt} at this position."
    yield from explain_near(question.run, question.case, chrom, pos)
    yield from explain_reads(question.run, question.case, chrom, pos - 1, None)


def _explain_event(question: Question, name: str) -> Iterator[str]:
    yield f"No record of this case has the ID or fusion {name}; ask for a position, CHROM:POS, or a gene."


def _places(question: Question, name: str) -> list[tuple[str, int, str, str]]:
    """Alleles of an rs number. Raises GmsError where no file can tell."""
    reference = question.run.reference
    files = tuple(path for path in (reference.clinvar, reference.population) if path)
    if not files:
        raise GmsError(f"{name} cannot be looked up: this run has neither ClinVar nor population frequencies")
    return places_of_rs(name, files)


def _explain_rs(question: Question, name: str) -> Iterator[str]:
    found = _places(question, name)
    if not found:
        yield f"{name} is in no file of this run's knowledge (ClinVar, population); ask for its position, CHROM:POS"
    for chrom, pos, ref, alt in found:
        yield f"{name} is {chrom}:{pos}:{ref}:{alt}"
        yield from _explain_place(question, chrom, pos, ref, alt)


def _explain_place(question: Question, chrom: str, pos: int, ref: str | None, alt: str | None) -> Iterator[str]:
    chrom = contig_of(chrom, question.fasta)
    check_position(pos, chrom, question.fasta)
    spelled = spellings(question.fasta, chrom, pos - 1, ref, alt) if ref and alt else []
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


def _explain_region(question: Question, chrom: str, start: int, end: int) -> Iterator[str]:
    records = list(question.records(chrom, start - 1, end))
    yield f"small variants: {counted(len(records), 'record')}"
    yield from _explain_records(question, records)


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
    if allele and max(len(allele.ref), len(allele.alt)) > MIN_LENGTH:
        yield from explain_near(question.run, question.case, chrom, pos + 1)
    yield from explain_reads(question.run, question.case, chrom, pos, allele)


def _explain_records(question: Question, records: list[str]) -> Iterator[str]:
    if len(records) > 1:
        for line in records[:_LINES]:
            yield f"  {one_line(question.policy, question.layout, question.paired(line))}"
        if len(records) > _LINES:
            yield f"  … and {len(records) - _LINES} more; ask for a position: CHROM:POS"
    family = kin_of(question.case, question.run.results, header_of(question.annotated))
    for line in records if len(records) <= _DETAILS else ():
        yield ""
        yield from explain_calls(question.run, question.case, line)
        seen = question.paired(line)
        yield from explain_family(family, seen)
        if question.run.assays[question.case.assay].kind == "somatic":
            yield from explain_phase(question.run.results / named("reported").at(case=question.case.name), line)
        yield from explain_filters(question.policy, question.layout, seen)
        yield from explain_finding(
            question.run.results / named("findings").at(case=question.case.name), allele_of(line)
        )


_ANSWERS = {
    Place: _explain_place,
    Region: _explain_region,
    Symbolic: _explain_symbolic,
    Event: _explain_event,
    Change: _explain_change,
    Genomic: _explain_genomic,
    Rs: _explain_rs,
    Gene: _explain_gene,
}
