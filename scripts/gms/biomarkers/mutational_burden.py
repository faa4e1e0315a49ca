"""Tumour mutational burden: the mutations that a policy lets pass, per megabase, with an exact interval.

Size: the callable coding bases of the tumour within the targets, and mutations count where bases do; or a factor that
was fitted to one design (GMS560: max(0, n - 2) x 0.84). The interval is Garwood's for a Poisson count (Garwood 1936,
Biometrika 28:437), 95 %.
"""

import math
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import unquote

import pysam

from gms.biomarkers.basis import REASONS, Basis
from gms.filtering.apply import filter_vcf
from gms.filtering.detection import Detection
from gms.filtering.policy import Burden, Policy
from gms.genome.vcf import annotated_parts, open_vcf, read_header

Facts = Mapping[str, Any]
Roles = Mapping[str, str]
CONFIDENCE = 0.95
UNIT = "mutations/Mb"
NOT_CALLABLE = "NotCallable"
MAY_BE_INHERITED = "MayBeInherited"  # flag
HIDDEN = 0.2  # share of a tumour's mutations, from which a low burden says nothing: 8 mutations/Mb are 10
_LIMITED = "Panels find more by chance and by choice of genes than exomes do; compare values of one assay only."
_REASONS = REASONS | {
    "no_coding_bases": "The coding bases are not known: it needs gene models and target regions.",
    "too_few_bases": "Fewer callable coding bases than a burden needs.",
    "no_population": "Without a normal and without population frequencies inherited variants would be counted.",
    "high_purity": "Without a normal, mutations of so pure a tumour look inherited and are left out.",
    "may_be_inherited": "Without a normal and the share of tumour cells, variants at fractions that inherited ones and "
    "mutations of a pure tumour have decide between low and high.",
    "low_purity": "Too few tumour cells: at half of their share mutations may be below the limit of detection.",
}
_SHOWN = ("GENE", "HGVSC", "HGVSP", "CONSEQUENCE")


def burden_document(  # noqa: PLR0913
    annotated: Path, policy: Policy, roles: Roles, quality: Facts, limits: Facts, basis: Basis
) -> dict[str, Any]:
    """The content of biomarkers/{case}.tmb.json.

    `policy` has a `burden`; `roles`: role -> sample of the case; `quality`: qc.json of the tumour; `limits`: which
    bases of its assay are callable (limits.json).
    """
    with TemporaryDirectory() as folder:
        filtered = _filtered(annotated, policy, roles, Path(folder))
        counted, left_out, unsure = _sorted_out(filtered, quality["sample"], {} if policy.burden.factor else limits)
    bases = quality["metrics"].get("coding_bases_callable")
    known = "normal" in roles or _has_population(annotated)
    reason = _not_assessed(policy, quality, len(counted), known, basis)
    reason = reason if reason or "normal" in roles else _hidden(policy, quality, len(counted), unsure, basis.purity)
    return {
        "sample": quality["sample"],
        "policy": {"name": policy.name, "version": policy.version, "digest": policy.digest},
        "reason": reason,
        "high": policy.burden.high,
        "coding_bases_callable": bases,
        "results": [_result(len(counted), bases, policy.burden, reason, basis.remark)],
        "counted": counted,
        "left_out": left_out,
    }


def _filtered(annotated: Path, policy: Policy, roles: Roles, folder: Path) -> Path:
    """The records with the flags of the policy, in a folder."""
    filtered = folder / "filtered.vcf.gz"
    filter_vcf(annotated, policy, filtered, folder / "reported.vcf.gz", roles)
    return filtered


def _has_population(annotated: Path) -> bool:
    with open_vcf(annotated) as lines:
        return "population" in (annotated_parts(read_header(lines)) or ())


def misses_mutations(policy: Policy, depth: float | None, purity: float | None) -> bool:
    """Whether a heterozygous mutation of all tumour cells, at half of the purity, is below the policy's limit of
    detection at the median depth, so that a low burden says nothing. False where either is not known."""
    if depth is None or purity is None:
        return False
    limit = Detection(policy).limit(int(depth))
    return limit is None or purity / 2 < limit


def _hidden(policy: Policy, quality: Facts, count: int, unsure: int, purity: float | None) -> str | None:
    """Why a low burden of a tumour without a normal says nothing: a heterozygous mutation of all tumour cells, at half
    of the purity, is often taken for inherited; without a purity, it would be high with what is (`unsure`).
    """
    depth, bases = quality["metrics"].get("coverage_median"), quality["metrics"].get("coding_bases_callable")
    if burden(count, bases, policy.burden) >= policy.burden.high:
        return None
    if purity is None:
        is_high = burden(count + unsure, bases, policy.burden) >= policy.burden.high
        return "may_be_inherited" if is_high else None
    is_hidden = depth and Detection(policy).hidden(int(depth), min(purity, 1.0) / 2) > HIDDEN
    return "high_purity" if is_hidden else None


def burden(count: float, bases: int | None, rule: Burden) -> float:
    """Mutations/Mb of so many mutations among so many callable coding bases."""
    return max(0.0, count - rule.subtract) * (rule.factor or 1e6 / bases)


def interval(count: int) -> tuple[float, float]:
    """Bounds of the expected number of which `count` were seen."""
    tail = (1 - CONFIDENCE) / 2
    low = _expected(count - 1, 1 - tail) if count else 0.0
    return low, _expected(count, tail)


def _expected(count: int, probability: float) -> float:
    """The expected number of which at most `count` are seen with this probability, by bisection."""
    low, high = 0.0, 10.0 + 2 * count
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _at_most(count, middle) > probability else (low, middle)
    return (low + high) / 2


def _at_most(count: int, expected: float) -> float:
    """Poisson probability of at most `count`."""
    return math.fsum(math.exp(k * math.log(expected) - expected - math.lgamma(k + 1)) for k in range(count + 1))


def _not_assessed(policy: Policy, quality: Facts, count: int, tells_inherited: bool, basis: Basis) -> str | None:
    """Why nothing can be said, as a code; None where something can."""
    rule, metrics = policy.burden, quality["metrics"]
    bases = metrics.get("coding_bases_callable")
    if bases is None and rule.factor is None:
        return "no_coding_bases"
    if bases is not None and bases < rule.smallest * 1e6:
        return "too_few_bases"
    if basis.failed:
        return basis.failed
    if not tells_inherited:
        return "no_population"
    if burden(count, bases, rule) >= rule.high:
        return None
    misses = misses_mutations(policy, metrics.get("coverage_median"), basis.purity)
    return "low_purity" if misses else basis.doubt


def _result(count: int, bases: int | None, rule: Burden, reason: str | None, remark: str) -> dict[str, Any]:
    """The measure in the shape of QC; `remark`: of a low burden."""
    value, bounds, verdict = None, None, "not_assessed"
    if reason is None:
        value = round(burden(count, bases, rule), 2)
        bounds = [round(burden(bound, bases, rule), 2) for bound in interval(count)]
        verdict = "high" if value >= rule.high else "low"
    return {
        "metric": "tmb",
        "value": value,
        "unit": UNIT,
        "interval": bounds,
        "limit": f">= {rule.high:g} high",
        "verdict": verdict,
        "why": _REASONS.get(reason, _LIMITED) + remark * (verdict == "low"),
    }


def _sorted_out(filtered: Path, sample: str, limits: Facts) -> tuple[list[dict[str, Any]], dict[str, int], int]:
    """The mutations that were counted; by flag the records that it kept from being counted; and the number of those
    that nothing but MAY_BE_INHERITED did."""
    counted, flags, unsure = [], Counter(), 0
    with pysam.VariantFile(str(filtered)) as records:
        for record in records:
            if "PASS" not in record.filter:
                flags.update(record.filter.keys())
                unsure += record.filter.keys() == [MAY_BE_INHERITED] and _is_callable(record, sample, limits)
            elif _is_callable(record, sample, limits):
                counted.append(_mutation(record, sample))
            else:
                flags[NOT_CALLABLE] += 1
    return counted, dict(sorted(flags.items())), unsure


def _is_callable(record: pysam.VariantRecord, sample: str, limits: Facts) -> bool:
    """Whether a mutation is at a base that the size of the burden counts (`coding_bases_callable`)."""
    masked = limits.get("masked") and "MASK" in record.info
    return not masked and (record.samples[sample]["DP"] or 0) >= limits.get("callable", 0)


def _mutation(record: pysam.VariantRecord, sample: str) -> dict[str, Any]:
    found = {name.lower(): record.info.get(name) for name in _SHOWN}
    # HGVS names of silent changes end with =, which INFO spells %3D.
    fields = {name: unquote(text) if isinstance(text, str) else text for name, text in found.items()}
    own = record.samples[sample]
    fraction = own["AF"][0] if isinstance(own["AF"], tuple) else own["AF"]
    variant = f"{record.chrom}:{record.pos}:{record.ref}:{record.alts[0]}"
    return {"variant": variant, **fields, "fraction": None if fraction is None else round(fraction, 4)}
