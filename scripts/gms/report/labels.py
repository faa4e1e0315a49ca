"""Numbers and terms of the workflow in the words of a report."""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import ROUND_CEILING, Decimal
from typing import Any

from gms.families.relatives import MOSAIC, PROBABLE, WITHOUT, has_mitochondrial_allele, shares_of
from gms.families.repeat_modes import UNDETERMINED, counted_states
from gms.filtering.control_variants import FOUND
from gms.genome.alleles import shortened
from gms.genome.ploidy import MITOCHONDRION
from gms.inputs import metrics
from gms.qc.gates import LIMIT
from gms.report.variants import Evidence
from gms.variants.evidence.edges import LONG
from gms.variants.small.haplotypes import TOGETHER

SUFFIXES = {metrics.DEPTH: " ×", metrics.BASES: " bp"}
SIGNS = {"<": "below", "<=": "at most", ">": "above", ">=": "at least", "==": "is", "!=": "is not"}
NO_DISEASE = ("not_provided", "not_specified", "")  # ClinVar's entries without a disease
# ClinVar's gold stars: https://www.ncbi.nlm.nih.gov/clinvar/docs/review_status/
STARS = (
    ("practice_guideline", 4),
    ("reviewed_by_expert_panel", 3),
    ("multiple_submitters", 2),
    ("single_submitter", 1),
    ("conflicting", 1),
)

NOT_CARRIED = "not carried"
# Of a genotype without the allele.
WITHOUT_IT = {WITHOUT: NOT_CARRIED, MOSAIC: "possible mosaic", PROBABLE: "probably carried"}
HOMOPLASMIC = 0.95  # of the reads, as in the policy wgs_rare_mitochondrial


def value_words(metric: str, value: Any) -> str:
    """A metric's value with its unit; fractions as percent."""
    if value is None:
        return "not measured"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    row = metrics.find(metric)
    unit = row.unit if row else metrics.NUMBER
    return percent(value) if unit == metrics.FRACTION else f"{number(value)}{SUFFIXES.get(unit, '')}"


def limit_words(metric: str, limit: str | None) -> str:
    """'< 0.95' as 'below 95 %'; '–' without a limit."""
    found = LIMIT.fullmatch(limit or "")
    if not found:
        return "–"
    sign, bound = found.groups()
    if bound in ("true", "false"):
        return "yes" if (bound == "true") == (sign == "==") else "no"
    return f"{SIGNS[sign]} {value_words(metric, float(bound))}"


def number(value: float) -> str:
    """1234567.0 as '1 234 567' (narrow spaces), 0.25 as '0.25'."""
    text = f"{value:,.0f}" if float(value).is_integer() or abs(value) >= 1_000 else f"{value:,.4g}"
    return text.replace(",", "\u202f")


def percent(fraction: float | None) -> str:
    """A fraction as percent with at most two decimals."""
    if fraction is None:
        return "–"
    # The largest fraction below one must not read as one.
    shown = 99.99 if 0.9999 < fraction < 1 else fraction * 100
    return f"{shown:.2f}".rstrip("0").rstrip(".") + " %"


def detection_words(limit: float | None) -> str:
    """A limit of detection (0-1) as percent of two digits, rounded up: the stated power holds from there."""
    if limit is None:
        return ""
    shown = Decimal(f"{limit * 100:.6g}")
    return f"{shown.quantize(Decimal(10) ** (shown.adjusted() - 1), ROUND_CEILING).normalize():f} %"


def frequency_words(frequency: float | None, loaded: bool, state: str | None = None) -> str:
    """Population frequency; an allele that a loaded population file lacks has not been observed, unless its evidence is
    weak or the file lacks the contig (`state`, INFO/POP_STATE)."""
    if frequency is None and state:
        return "no reliable frequency" if state == "weak" else "not known"
    if frequency is None:
        return "not observed" if loaded else "not known"
    if frequency >= 0.0001 or not frequency:
        return percent(frequency)
    return f"{Decimal(f'{frequency * 100:.2g}'):f} %"  # two digits, without an exponent


def consequence_words(terms: Iterable[str]) -> str:
    """Sequence Ontology terms such as missense_variant, splice_region_variant as 'missense, splice region'."""
    return ", ".join(term.removesuffix("_variant").replace("_", " ") for term in terms)


def change(hgvs: str) -> str:
    """The change of an HGVS name, without its sequence: 'ENST00000646891.2:c.1799T>A' as 'c.1799T>A'."""
    return hgvs.rpartition(":")[2]


def variant_words(spelling: str) -> str:
    """'chr7:100:A:T' as 'chr7:100 A>T', long alleles shortened."""
    chrom, pos, ref, alt = re.fullmatch(r"(.+?):(\d+):([^:]+):(.+)", spelling).groups()
    return f"{chrom}:{pos} {shortened(ref)}>{shortened(alt)}"


def place_words(place: str) -> str:
    """'chr7:100-100' as 'chr7:100'."""
    contig, _, ends = place.rpartition(":")
    return f"{contig}:{'-'.join(dict.fromkeys(ends.split('-')))}"


def event_name(found: Mapping[str, Any]) -> str:
    """The genomic HGVS name of a finding of another class; of a gain of a panel, which has none, its place (1-based,
    ends included), else place and alleles."""
    own, (chrom, pos, *_) = found.get("own", {}), found["variants"][0].split(":")
    place = f"{chrom}:{int(pos) + 1}-{own['END']}" if "LOG2" in own and "END" in own else None
    return found["hgvs"]["g"] or place or variant_words(found["variants"][0])


def event_words(found: Mapping[str, Any]) -> str:
    """Of a finding of another class its name, of a repeat its locus and place."""
    name = event_name(found)
    locus = found.get("own", {}).get("REPID")
    return f"{locus} ({name.partition(' ')[0]})" if locus else name


def with_frames(findings: Iterable[dict[str, Any]]) -> None:
    """Label frameshifts of a transcript that others on the same molecules undo: haplotypes join those of one exon only,
    so that these have the names that each would have alone."""
    shifts = {found["variants"][0]: found for found in findings if "frameshift_variant" in found["consequence"]}
    for name, found in shifts.items():
        near = [one for one in found["in_cis"] if one in shifts and shifts[one]["transcripts"] == found["transcripts"]]
        others = [one for one in near if _is_always_with(found, one)]
        if others and sum(map(_gained, [name, *others])) % 3 == 0:
            found["labels"].append("frame_restored")


def _is_always_with(found: Mapping[str, Any], other: str) -> bool:
    """Whether hardly a fragment of a tumour has this allele alone: where the other came later, as a reversion does, the
    first clone has lost the frame."""
    counts = [one for one in found["phase"] if one["variant"] == other]
    return all(one["both"] >= TOGETHER * (one["both"] + one["this_only"]) for one in counts)


def _gained(spelling: str) -> int:
    """Bases that an allele gains or, below 0, loses."""
    ref, alt = spelling.rsplit(":", 2)[1:]
    return len(alt) - len(ref)


def clinvar_words(significance: str) -> str:
    """ClinVar's significance with spaces."""
    return significance.replace("_", " ").replace("|", ", ").replace("/", " / ")


def classifications(known: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """ClinVar's classifications of a finding (`known` of report.json) in words, each with its `kind`."""
    for kind in ("clinvar", "oncogenicity", "somatic_impact"):
        if one := known[kind]:
            conflicting = [clinvar_words(entry) for entry in one.get("conflicting", ())]
            yield one | {"kind": kind, "class": clinvar_words(one["class"]), "conflicting": conflicting}


def stars(review_status: str) -> int:
    """ClinVar's gold stars, 0-4."""
    return next((count for text, count in STARS if text in review_status.lower()), 0)


def zygosity(evidence: Evidence, chrom: str, alt: str = "") -> str:
    """'heterozygous', 'homozygous', 'hemizygous', 'heteroplasmic', 'not carried' … Hemizygous has a genotype of one
    allele: an only X or Y outside of the pseudo-autosomal regions, or opposite of a deletion. Few reads or a low
    quality do not show that it is not carried: 'not informative'."""
    alleles = [allele for allele in evidence.genotype if allele is not None]
    if len(alleles) == 1 < len(evidence.genotype):
        return "two copies more"  # both on one chromosome, or one on each (relatives.TWO_GAINED)
    if evidence.states:  # of a repeat, of which harmless alleles differ, too
        alleles = [int(state in counted_states(evidence.states)) for state in evidence.states]
    if not alleles or UNDETERMINED in evidence.states:
        return "no genotype"
    if chrom in MITOCHONDRION and evidence.fraction is not None:
        alleles = _mitochondrial(evidence, alt)  # a diploid caller's genotype says little
        if not alleles:
            return "no genotype"
    if not any(alleles):
        return NOT_CARRIED if evidence.states else WITHOUT_IT.get(evidence.state(chrom, alt), "not informative")
    if chrom in MITOCHONDRION:
        return "homoplasmic" if all(alleles) else "heteroplasmic"
    if len(alleles) == 1:
        return "hemizygous"
    return "homozygous" if all(alleles) else "heterozygous"


def _mitochondrial(evidence: Evidence, alt: str) -> list[int]:
    """The alleles that the mitochondria of a sample have: 1 for this one, 0 for others; none where few reads may be
    errors."""
    reads = evidence.alt_reads or 0, evidence.depth or 0
    carries = has_mitochondrial_allele(1 in evidence.genotype, *reads, shares_of(alt))
    if not carries:
        return [] if carries is None else [0]
    return [1] if evidence.fraction >= HOMOPLASMIC else [0, 1]


def reads_words(alt_reads: int | None, depth: int | None) -> str:
    """'61 of 496 reads'."""
    if depth is None or alt_reads is None:
        return "no reads"
    return f"{number(alt_reads)} of {number(depth)} reads"


def is_weighted(variant: str, evidence: Mapping[str, Any]) -> bool:
    """Whether the fraction is not that of the reads counted, as they do not show a long change as often as the
    reference (gms.variants.evidence.counts). `variant`: CHROM:POS:REF:ALT."""
    *_, ref, alt = variant.split(":")
    fraction, depth = evidence["fraction"], evidence["depth"]
    if abs(len(ref) - len(alt)) < LONG or fraction is None or not depth:
        return False
    return percent(fraction) != percent(round(evidence["alt_reads"] / depth, 4))


def weighted_words(evidence: Mapping[str, Any]) -> str:
    """What the reads of such a change are, and how its fraction, that of the molecules, differs from theirs."""
    often = "more" if evidence["fraction"] < evidence["alt_reads"] / evidence["depth"] else "less"
    return f" that distinguish the alleles; the fraction corrects that they show the change {often} often"


def control_words(control: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What a control shows, with fractions and long alleles for a reader; None of other cases."""
    if control is None:
        return None
    shown = {key: [_in_words(one) for one in control[key]] for key in ("variants", "unexpected")}
    listed = [one for one in control["variants"] if one["state"] != "off_target"]
    found = sum(one["state"] in FOUND for one in listed)
    return {**control, **shown, "listed": len(listed), "found": found}


def _in_words(one: Mapping[str, Any]) -> dict[str, Any]:
    """A variant of a control; the middle of a long spelling is left out."""
    name, words = one["variant"], {key: percent(one[key]) for key in ("fraction", "expected") if key in one}
    bounds = {"range": [percent(bound) for bound in one["range"]]} if one.get("range") else {}
    return {**one, **words, **bounds, "variant": name if len(name) <= 60 else f"{name[:40]}…{name[-10:]}"}
