"""Inherited variants of tumour patients: the one rule that policies, reports and tables follow.

A variant in 30 % or more of the reads of the patient's normal looks inherited (BALSAMIC's limit; an inherited one has
half of them, give or take the sampling of 30 reads). It is reported only with consent (`germline_findings: yes` of the
sample sheet; no answer counts as no). Every policy of small variants begins with the filter Inherited,
which no rescue overrides and which only consent and the policy's `inherited_genes` lift.
"""

from collections.abc import Collection, Iterator
from pathlib import Path

from gms.inputs.row_files import tells_germline
from gms.inputs.run_model import Run

FLAG = "Inherited"
SECTION = "germline"  # key of the section of the report
TITLE = "Inherited, reported with consent"
CONDITION = "told"
SHARE = 0.3  # of the reads of the normal
# Reads of the normal from which a variant is called inherited: 10 % of tumour cells there look like 30 % in 1 of 100.
LEAST_DEPTH = 20
WHY = f"In {100 * SHARE:.0f} % or more of the normal's reads, as inherited variants are, which are not reported here."
WHEN = f"normal_vaf >= {SHARE}"


def told_when(genes: Collection[str]) -> str:
    """Condition of a policy under which an inherited variant is reported: consent, a gene of the list, and a normal
    that is deep enough to call it inherited."""
    symbols = "".join(f"{gene!r}, " for gene in genes)
    return f"germline_consent and {WHEN} and normal_depth >= {LEAST_DEPTH} and gene in ({symbols})"


def copies_told_when(genes: Collection[str]) -> str:
    """The same of copy number, with a gene whose own windows show the change."""
    symbols = " or ".join(f"{gene!r} in measured_genes" for gene in genes)
    return f"germline_consent and in_normal and ({symbols})"


TOLD_WHEN = {"small": told_when, "copy_number": copies_told_when}  # by class of variants


def looks_inherited(fraction: float | None) -> bool:
    """Whether so large a share of the normal's reads (0-1, None without reads) is that of an inherited variant."""
    return fraction is not None and fraction >= SHARE


def is_withheld(fraction: float | None, answer: str | None) -> bool:
    """Whether the patient may not be told of it; `answer`: yes, no or unknown, to be told of inherited variants."""
    return answer != "yes" and looks_inherited(fraction)


def consent_problems(run: Run, policy: Path, genes: Collection[str]) -> Iterator[str]:
    """Sentences about cases whose consent has no effect, as their policy of small variants lists no genes."""
    of_assay = {name for name, assay in run.assays.items() if assay.policy_files.get("small") == policy}
    for case in run.cases.values():
        if case.assay in of_assay and tells_germline(case) and not genes:
            text = (
                f"case '{case.name}' has germline_findings yes, but policy {policy.stem} of assay {case.assay} has no"
            )
            yield f"{text} inherited_genes to tell of; add the genes to the policy, or leave germline_findings empty"
