"""Where a tumour's variant comes from: the one rule that policies, reports, tables and trials follow.

- inherited: in 30 % or more of the reads of the patient's normal (BALSAMIC's limit; an inherited one has half of them,
  give or take the sampling of 30 reads), 3 of them at least. It is withheld unless the patient agreed to be told
  (`germline_findings: yes` of the sample sheet; no answer counts as no). Every policy of small variants begins with the
  filter Inherited, which no rescue overrides and which only consent and the policy's `inherited_genes` lift.
- in_normal: in fewer of them, but more than 30 % of the tumour's fraction: of tumour cells in the normal, of a blood
  clone, or inherited.
- may_be_inherited: the normal has too few reads there to tell, or there is none, and the tumour's fraction is one of an
  inherited variant.
- acquired: everything else.
"""

from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path
from typing import Protocol

from gms.base.json_tables import read_table
from gms.base.project import PROJECT
from gms.inputs.row_files import tells_germline
from gms.inputs.run_model import Run

FLAG = "Inherited"
SECONDARY = PROJECT / "resources" / "genes" / "acmg_sf.tsv"
CHIP = PROJECT / "resources" / "genes" / "clonal_haematopoiesis.tsv"
SECTION = "germline"  # key of the section of the report
TITLE = "Inherited, reported with consent"
CONDITION = "told"
SHARE = 0.3  # of the reads of the normal
# Reads of the normal with the variant, for it to look inherited: of 10 reads, an inherited one is in fewer of them in 5
# of 100 (binomial), one of tumour cells that are a tenth of the normal's reads in as many in 7 of 100.
LEAST_READS = 3
# Reads of the normal from which it says where a variant is from: 10 % of tumour cells look like 30 % in 1 of 100.
LEAST_DEPTH = 20
OF_TUMOR = 0.3  # of the tumour's fraction, above which the normal has the variant as well (BALSAMIC in_normal)
# Of a tumour's reads, from which a variant may be inherited: substitutions (GMS560's ctDNA burden takes 40-60 % for
MAYBE_INHERITED = (0.4, 0.35)  # it), changes of length, which reads show less; more where the other allele is lost
NOT_TOLD = {"no": "inherited_declined", "unknown": "inherited_not_asked"}  # limits of a report, by the answer
INHERITED, IN_NORMAL, MAY_BE = "inherited", "in_normal", "may_be_inherited"  # labels of findings
WHY = (
    f"In {100 * SHARE:.0f} % or more of the normal's reads, and {LEAST_READS} at least, as inherited variants are, "
    "which are not reported here."
)
WHEN = f"normal_vaf >= {SHARE} and normal_alt_reads >= {LEAST_READS}"

# Label by the INFO flag of a change of copies (gms.variants.panel_copies.inherited).
OF_COPIES = {"IN_NORMAL": INHERITED, "LESS_IN_NORMAL": IN_NORMAL, "MAY_BE_INHERITED": MAY_BE}


class Counts(Protocol):
    """Reads of a sample at a variant: with it, all that are informative, and their fraction, 0-1; None: no counts."""

    alt_reads: int | None
    depth: int | None
    fraction: float | None


def told_when(genes: Collection[str]) -> str:
    """Condition of a policy under which an inherited variant is reported: consent, a gene of the list, and a normal
    that is deep enough to call it inherited."""
    symbols = "".join(f"{gene!r}, " for gene in genes)
    return f"germline_consent and {WHEN} and normal_depth >= {LEAST_DEPTH} and gene in ({symbols})"


def event_told_when(genes: Collection[str]) -> str:
    """The same of structural variants; an expected fusion is acquired."""
    return f"{told_when(genes)} and not expected"


def copies_told_when(genes: Collection[str]) -> str:
    """The same of copy number, with a gene whose own windows show the change."""
    symbols = " or ".join(f"{gene!r} in measured_genes" for gene in genes)
    return f"germline_consent and in_normal and ({symbols})"


TOLD_WHEN = {"small": told_when, "structural": event_told_when, "copy_number": copies_told_when}  # by class of variants


def looks_inherited(normal: Counts | None) -> bool:
    """Whether the normal shows the variant as an inherited one."""
    fraction = normal and normal.fraction
    return fraction is not None and fraction >= SHARE and (normal.alt_reads or 0) >= LEAST_READS


def is_withheld(normal: Counts | None, answer: str | None) -> bool:
    """Whether the patient may not be told of it; `answer`: yes, no or unknown, to be told of inherited variants."""
    return answer != "yes" and looks_inherited(normal)


def tells_origin(normal: Counts | None) -> bool:
    """Whether the normal has enough reads at a variant to say where it is from."""
    return normal is not None and (normal.depth or 0) >= LEAST_DEPTH


def origin(tumor: Counts, normal: Counts | None, changes_length: bool) -> str | None:
    """INHERITED, IN_NORMAL or MAY_BE; None of what is acquired. `normal`: None without one."""
    fraction = tumor.fraction or 0.0
    if looks_inherited(normal):
        return INHERITED
    if normal and normal.alt_reads and (normal.fraction or 0.0) > OF_TUMOR * fraction:
        return IN_NORMAL
    return MAY_BE if not tells_origin(normal) and fraction >= MAYBE_INHERITED[changes_length] else None


def origin_of_copies(marks: Collection[str]) -> str | None:
    """The same label of a change of copies, by its INFO."""
    return next((label for mark, label in OF_COPIES.items() if mark in marks), None)


@cache
def chip_genes(in_blood: bool) -> frozenset[str]:
    """Genes in which blood cells of persons without blood cancer often carry acquired variants, marked in an assay."""
    return frozenset(row["gene"] for row in read_table(CHIP) if in_blood or row["marked_in"] == "all")


@cache
def predisposition_genes(of_policy: tuple[str, ...]) -> frozenset[str]:
    """Genes in which that something is withheld would tell of a predisposition: the `inherited_genes` of a policy and
    those of the ACMG's list of secondary findings."""
    return frozenset(of_policy) | {row["gene"] for row in read_table(SECONDARY)}


def consent_problems(run: Run, policy: Path, genes: Collection[str]) -> Iterator[str]:
    """Sentences about cases whose consent has no effect, as their policy of small variants lists no genes."""
    of_assay = {name for name, assay in run.assays.items() if assay.policy_files.get("small") == policy}
    for case in run.cases.values():
        if case.assay in of_assay and tells_germline(case) and not genes:
            text = (
                f"case '{case.name}' has germline_findings yes, but policy {policy.stem} of assay {case.assay} has no"
            )
            yield f"{text} inherited_genes to tell of; add the genes to the policy, or leave germline_findings empty"
