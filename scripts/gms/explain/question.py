"""What was asked of a case, against the files that answer it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pysam

from gms.base.errors import GmsError
from gms.base.problems import unknown
from gms.base.results import named
from gms.explain.asked import Asked, Genomic, Place, Region, Regions, Symbolic
from gms.explain.classes import halves_elsewhere
from gms.explain.reads import reference_fasta
from gms.explain.spellings import check_bases, check_position, contig_of
from gms.filtering.apply import make_layout, partners_of
from gms.filtering.compile import Layout, needs_pairs
from gms.filtering.pairs import paired
from gms.filtering.policy import Policy, load_policy
from gms.genome.gene_list import read_gene_list
from gms.genome.vcf import header_of
from gms.inputs.row_files import tells_germline
from gms.inputs.run_model import Case, Run

REACH = 3_000_000  # bases beside a record within which its gene lies: the longest human gene has 2.5 million


@dataclass(frozen=True)
class Question:
    """What was asked, against the files that answer it."""

    run: Run
    case: Case
    policy: Policy
    layout: Layout
    annotated: Path

    @cached_property
    def fasta(self) -> pysam.FastaFile:
        """The reference, which not every answer needs."""
        return pysam.FastaFile(str(reference_fasta(self.run)))

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
        near = self.records(chrom, max(0, int(pos) - REACH), int(pos) + REACH)
        halves = halves_elsewhere(self.run, self.case)
        return paired(line, partners_of(self.annotated, self.policy, self.layout, near, halves) or {})


def not_made(run: Run, path: Path) -> str:
    """What to do where a result is not there."""
    return f"{path} does not exist yet; first  ./gms run --profile P --configfile {run.configfile}"


def open_question(run: Run, case_name: str) -> Question:
    """Find the case, its policy and its annotated records. Raises GmsError."""
    if case_name not in run.cases:
        raise GmsError(unknown("case", case_name, run.cases))
    case = run.cases[case_name]
    annotated = run.results / named("annotated").at(case=case_name)
    if not annotated.exists():
        raise GmsError(not_made(run, annotated))
    assay = run.assays[case.assay]
    policy = load_policy(assay.policy_files["small"])
    roles = {sample.role: sample.name for sample in reversed(case.samples)}
    genes = read_gene_list(run.gene_list_of(case))
    layout = make_layout(annotated, header_of(annotated), roles, genes, policy.variants, tells_germline(case))
    return Question(run, case, policy, layout, annotated)


def named_by_reference(question: Question, meant: Asked) -> Asked:
    """What is asked for with its contig as the reference calls it. Raises NotOfReference, also for a position that the
    contig does not have, and for a symbolic allele with another REF than the reference's; N is any base."""
    if not isinstance(meant, Place | Region | Regions | Symbolic | Genomic) or not meant.chrom:
        return meant
    chrom = contig_of(meant.chrom, question.fasta)
    for name in ("pos", "start", "end"):
        check_position(getattr(meant, name, 1), chrom, question.fasta)
    if isinstance(meant, Symbolic) and meant.ref.strip("N"):
        found = question.fasta.fetch(chrom, meant.pos - 1, meant.pos - 1 + len(meant.ref)).upper()
        check_bases(meant.ref, chrom, meant.pos, found)
    return meant._replace(chrom=chrom)
