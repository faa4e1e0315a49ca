"""Quality metrics, one row each: gates, QC records, reports, MultiQC and the documentation read this table.

To add a metric, add its row here and the value where it is measured (gms/qc). A name with a part in braces, such as
`kinship_{one}_{other}`, stands for one metric for each relation of a case.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from gms.base.errors import GmsError
from gms.base.problems import unknown

FRACTION, DEPTH, READS, BASES, YES_NO, TEXT, NUMBER = "fraction", "depth", "reads", "bases", "yes/no", "text", "number"
DEPTHS = (10, 20, 60, 100, 250, 500, 1_000)  # reads, of the metrics fraction_10x ...


class Metric(NamedTuple):
    """A metric. `kind`: 'sample', 'case' or 'viral' (of a sample of a virus); `unit`: of UNITS; `words`: its name for a
    reader; `source`: how it is measured; `whole`: shown without decimals; `values`: all that a text may be."""

    name: str
    kind: str
    unit: str
    words: str
    source: str
    whole: bool = False
    values: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """The name with its open parts as a reader expects them: kinship_<one>_<other>."""
        return self.name.replace("{", "<").replace("}", ">")


# Unit -> how a documentation page explains it.
UNITS = {
    FRACTION: "fraction, 0-1",
    DEPTH: "reads over a base",
    READS: "reads",
    BASES: "base pairs",
    YES_NO: "true or false",
    TEXT: "text",
    NUMBER: "number without a unit",
}
_VIRUS, _CONSENSUS = "reads aligned to the virus", "consensus sequence"
_ALLELES = "alleles of the virus (variants/viral)"
_CONTROL = "reported variants of a control and those that its list expects"
_STATS, _DEPTHS, _SITES = "samtools stats", "mosdepth, mapping quality 20 or more", "common variants (fingerprint)"
_MARKED = "neither of amplicons nor of molecules by UMIs"
_GC = f"{_DEPTHS}; of targets, as by Picard's CollectHsMetrics"
_UMI = "families of read pairs with the same ends and UMI"
# Name, kind, unit, words, whole; of samples whose reads are joined by UMIs.
_MOLECULES = (
    ("molecules", "sample", NUMBER, "Molecules", True),
    ("pairs_per_molecule", "sample", NUMBER, "Read pairs per molecule", False),
    ("duplex_fraction", "sample", FRACTION, "Molecules read from both strands", False),
    ("consensus_fraction", "sample", FRACTION, "Molecules with a consensus", False),
    ("pairs_in_molecules", "sample", FRACTION, "Read pairs in molecules", False),
)
MOLECULE_METRICS = tuple(name for name, *_ in _MOLECULES)
# In the order in which a record and a report show them.
METRICS = (
    Metric("reads", "sample", READS, "Reads", _STATS, whole=True),
    Metric("mapped_fraction", "sample", FRACTION, "Mapped reads", _STATS),
    Metric("duplicate_fraction", "sample", FRACTION, "Duplicate reads", f"{_STATS}; of the mapped reads, {_MARKED}"),
    Metric("insert_size_median", "sample", BASES, "Median insert size", _STATS, whole=True),
    Metric("proper_pair_fraction", "sample", FRACTION, "Properly paired reads", f"{_STATS}; of the paired reads"),
    *(Metric(*row, _UMI, whole) for *row, whole in _MOLECULES),
    Metric("coverage_mean", "sample", DEPTH, "Mean coverage", _DEPTHS),
    Metric("coverage_median", "sample", DEPTH, "Median coverage", _DEPTHS, whole=True),
    *(
        Metric(f"fraction_{depth}x", "sample", FRACTION, f"Bases covered at least {depth} ×", _DEPTHS)
        for depth in DEPTHS
    ),
    Metric("at_dropout", "sample", FRACTION, "AT dropout", _GC),
    Metric("gc_dropout", "sample", FRACTION, "GC dropout", _GC),
    Metric("on_target_fraction", "sample", FRACTION, "Reads on target", "samtools view; of the mapped reads"),
    Metric(
        "coding_bases_callable", "sample", BASES, "Callable coding bases", f"{_DEPTHS}; within the targets", whole=True
    ),
    Metric("housekeeping_depth", "sample", DEPTH, "Depth of the housekeeping genes", f"{_DEPTHS}; of RNA, lowest mean"),
    Metric("contamination", "sample", FRACTION, "Estimated contamination", _SITES),
    Metric(
        "sex_inferred", "sample", TEXT, "Sex from coverage", "depth of X and Y", values=("female", "male", "unknown")
    ),
    Metric("sex_matches", "sample", YES_NO, "Sex agrees with the sheet", "sex_inferred and the sample sheet"),
    Metric("copies_x", "sample", NUMBER, "Copies of X", f"{_DEPTHS}; twice the depth over that of the autosomes"),
    Metric("copies_y", "sample", NUMBER, "Copies of Y", f"{_DEPTHS}; twice the depth over that of the autosomes"),
    Metric("sex_chromosomes", "sample", TEXT, "Sex chromosomes", "copies_x and copies_y: XX, XY, X, XXY ..."),
    Metric("lane_concordance", "sample", FRACTION, "Identity of lanes", f"{_SITES}; the lane most unlike the others"),
    Metric("tumor_normal_concordance", "case", FRACTION, "Identity of tumour and normal", _SITES),
    Metric("tumor_in_normal", "case", FRACTION, "Tumour cells in the normal", "acquired alleles of the pair"),
    Metric("normal_in_tumor", "case", FRACTION, "Normal cells in the tumour", "acquired alleles of the pair"),
    Metric("swapped_alleles", "case", FRACTION, "Acquired alleles of the normal", "acquired alleles of the pair"),
    Metric("parent_child_{parent}_concordance", "case", FRACTION, "Sites consistent with the {parent}", _SITES),
    Metric("kinship_{one}_{other}", "case", NUMBER, "Kinship, {one} and {other}", f"{_SITES}; KING-robust"),
    Metric("ibs0_{one}_{other}", "case", FRACTION, "Sites without a shared allele, {one} and {other}", _SITES),
    Metric("control_missed", "case", NUMBER, "Expected variants not reported", _CONTROL, whole=True),
    Metric("control_outside", "case", NUMBER, "Expected variants outside their range", _CONTROL, whole=True),
    Metric("control_ratio", "case", NUMBER, "Fraction over the expected one, median", _CONTROL),
    Metric("control_unexpected", "case", FRACTION, "Highest fraction of an unlisted variant", _CONTROL),
    Metric("control_fraction_{variant}", "case", FRACTION, "Fraction of {variant} in the control", _CONTROL),
    Metric("virus_reads", "viral", READS, "Reads of the virus", _VIRUS, whole=True),
    Metric("virus_depth_median", "viral", DEPTH, "Median depth of the virus", "samtools depth", whole=True),
    Metric("virus_covered_fraction", "viral", FRACTION, "Genome at the minimum depth", "samtools depth"),
    Metric("virus_covered_10x", "viral", FRACTION, "Genome covered at least 10 ×", "samtools depth"),
    Metric("consensus_n_fraction", "viral", FRACTION, "N in the consensus", _CONSENSUS),
    Metric("consensus_longest_run", "viral", BASES, "Longest stretch without N", _CONSENSUS, whole=True),
    Metric("consensus_variants", "viral", NUMBER, "Variants in the consensus", _ALLELES, whole=True),
    Metric("low_depth_variants", "viral", NUMBER, "Variants below the minimum depth", _ALLELES, whole=True),
    Metric("frameshifts", "viral", NUMBER, "Genes with a shifted reading frame", _ALLELES, whole=True),
    Metric("primer_trimmed_fraction", "viral", FRACTION, "Reads with trimmed primers", "samtools ampliconclip"),
    Metric("primer_ends_fraction", "viral", FRACTION, "Read ends in primers of the scheme", _VIRUS),
    Metric("scheme_fits", "viral", YES_NO, "Primer scheme fits", "read ends in primers of every scheme"),
    Metric("amplicons_dropped", "viral", NUMBER, "Amplicons without depth", "samtools depth", whole=True),
    Metric("intermediate_sites", "viral", NUMBER, "Sites with a second base", "bcftools mpileup", whole=True),
    Metric("intermediate_share", "viral", FRACTION, "Share of sites with a second base", "bcftools mpileup"),
    Metric("mixed", "viral", YES_NO, "Mixture of two genomes", "second bases, marks of lineages, other samples"),
    Metric("swapped_index", "viral", YES_NO, "Second bases are another sample's", "samples of the plate"),
    Metric("controls_empty", "viral", YES_NO, "Negative controls of the plate are empty", "samples of the plate"),
    Metric("human_fraction", "viral", FRACTION, "Human reads", "bwa mem against the human reference"),
)
VIRAL_METRICS = tuple(metric.name for metric in METRICS if metric.kind == "viral")
SAMPLE_METRICS = tuple(metric.name for metric in METRICS if metric.kind == "sample")
_OF_TARGETS = ("at_dropout", "gc_dropout", "on_target_fraction")
_OF_GENOMES = ("copies_x", "copies_y", "sex_chromosomes")
# Of even amounts of both alleles and of all chromosomes, which RNA does not have.
OF_DNA = ("at_dropout", "gc_dropout", "contamination", "sex_inferred", "sex_matches", *_OF_GENOMES)
_EXACT = {metric.name: metric for metric in METRICS if "{" not in metric.name}
_PARTS = {"{variant}": "(?P<variant>.+)"}  # names of a list, as c.35G>A; other parts are roles and samples
_PATTERNS = [
    (re.compile(re.sub(r"\{(\w+)\}", lambda part: _PARTS.get(part[0], rf"(?P<{part[1]}>[\w-]+)"), metric.name)), metric)
    for metric in METRICS
    if "{" in metric.name
]
_ROLES = {"tumor": "tumour"}
# A condition of a gate, as the schemas of assays have it.
_CONDITION = re.compile(r"(<|<=|>|>=|==|!=) ?(-?[0-9]+(?:\.[0-9]+)?|true|false)")


class UnknownMetric(GmsError):
    """A gate asks for a metric that nothing measures: it would never fail, and nobody would notice."""

    def __init__(self, metric: str):
        names = ", ".join(metric.shown for metric in METRICS)
        super().__init__(f"QC gate on unknown metric '{metric}' (known: {names})")


def find(name: str) -> Metric | None:
    """The row of a metric; None of an unknown name."""
    return _EXACT.get(name) or next((metric for pattern, metric in _PATTERNS if pattern.fullmatch(name)), None)


def known(name: str) -> Metric:
    """The row of a metric. Raises UnknownMetric."""
    if (metric := find(name)) is None:
        raise UnknownMetric(name)
    return metric


def gate_problems(gate: Mapping[str, Any], is_viral: bool) -> Iterator[str]:
    """Why a gate of an assay would be without effect: a metric that nothing measures there, or a condition that its
    values cannot meet. What breaks the schema is left to that."""
    other = gate.get("unless")
    other = other if isinstance(other, dict) else {}
    asked = [(gate.get("metric"), key, gate.get(key)) for key in ("warn", "fail")]
    asked.append((other.get("metric"), "holds", other.get("holds")))
    for name in dict.fromkeys(str(name) for name, *_ in asked if name):
        metric = find(name)
        if metric is None or (metric.kind == "viral") != is_viral:
            yield unknown("metric", name, VIRAL_METRICS if is_viral else SAMPLE_METRICS)
            continue
        own = ((key, str(condition)) for of, key, condition in asked if of == name and condition is not None)
        yield from (f"{key} '{text}': {name} is {needs}" for key, text in own if (needs := _unmet(metric, text)))


def _unmet(metric: Metric, condition: str) -> str:
    """What the values of a metric are, where a condition does not suit them; empty where it does."""
    if (parts := _CONDITION.fullmatch(condition)) is None:
        return ""
    sign, bound = parts.groups()
    is_word = bound in ("true", "false")
    if metric.unit == TEXT:
        return "text, which has no limits"
    if metric.unit == YES_NO:
        return "" if is_word and sign in ("==", "!=") else "true or false; write '== true' or '== false'"
    if is_word:
        return "a number; write a comparison such as '< 0.95'"
    return "a fraction, 0-1" if metric.unit == FRACTION and not 0 <= float(bound) <= 1 else ""


def never_measured(name: str, assay: Mapping[str, Any], roles: Collection[str]) -> str | None:
    """Why no sample of an assay (the keys of its file) has a metric, so that a gate on it would never apply; None where
    samples may have it. `roles`: all that samples may have."""
    parts = next((found.groupdict() for pattern, _ in _PATTERNS if (found := pattern.fullmatch(name))), {})
    if other := next((part for key, part in parts.items() if key != "variant" and part not in roles), None):
        return f"is of '{other}', which is no role (known: {', '.join(roles)})"
    return next((why for names, why in _lacking(assay) if name in names), None)


def _lacking(assay: Mapping[str, Any]) -> Iterator[tuple[Collection[str], str]]:
    """Metrics that no sample of an assay has, and why."""
    if assay.get("targets") or assay.get("needs_targets"):
        yield _OF_GENOMES, "is measured without targets only"
    else:
        yield _OF_TARGETS, "needs targets"
    if assay.get("aligner") == "star":
        yield OF_DNA, "is not measured in RNA"
    else:
        yield ("housekeeping_depth",), "is measured in RNA only"
    if assay.get("amplicon"):
        yield ("duplicate_fraction",), "is not measured with amplicon: true, as no duplicates are marked"
    if assay.get("min_reads"):
        yield ("duplicate_fraction",), "is not measured of molecules (min_reads), as no duplicates are marked"
    else:
        yield MOLECULE_METRICS, "needs min_reads, by which reads are joined to molecules"


def metric_words(name: str) -> str:
    """Name of a metric for a reader; of an unknown one the name itself, with blanks."""
    if name in _EXACT:
        return _EXACT[name].words
    for pattern, metric in _PATTERNS:
        if found := pattern.fullmatch(name):
            return metric.words.format(**{part: role_words(role) for part, role in found.groupdict().items()})
    return name.replace("_", " ")


def role_words(role: str) -> str:
    """A role in British spelling."""
    return _ROLES.get(role, role)


def is_fraction(name: str) -> bool:
    """Whether a metric is a fraction, 0-1."""
    metric = find(name)
    return metric is not None and metric.unit == FRACTION
