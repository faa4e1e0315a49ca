"""What a filtered VCF holds for the report: variants to show with their evidence, and what was filtered and why."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pysam

from gms.families.relatives import mitochondrial_state, shares_of, state
from gms.filtering.policy import Policy
from gms.genome.ploidy import MITOCHONDRION

LISTED = ("HOTSPOT", "HOTSPOT_POSITION", "WHITELIST")  # INFO fields of what lies at a listed position


@dataclass(frozen=True, slots=True)
class Evidence:
    """Reads of one sample at a variant; None where it has no genotype or depth there. `quality` is GQ, phred;
    `copies` CN, of classes that count them, with the interval of their mean (CICN), `states` of the alleles of a repeat
    (STATUS)."""

    genotype: tuple[int | None, ...]
    alt_reads: int | None
    depth: int | None
    fraction: float | None
    quality: int | None = None
    copies: int | None = None
    states: tuple[str, ...] = ()
    mean_copies: tuple[float, ...] = ()

    def state(self, chrom: str, alt: str) -> str:
        """What the genotype says of a relative, in the words of gms.families.relatives."""
        genotype = "/".join("." if allele is None else str(allele) for allele in self.genotype)
        mean = ",".join(f"{end:.2f}" for end in self.mean_copies) or None
        counts = {"DP": self.depth, "GQ": self.quality, "AD": self.alt_reads, "CN": self.copies, "CICN": mean}
        known = {"GT": genotype} | {key: str(value) for key, value in counts.items() if value is not None}
        told = mitochondrial_state if chrom in MITOCHONDRION else state
        return told(":".join(known), ":".join(known.values()), shares_of(alt))


@dataclass(frozen=True, slots=True)
class Variant:
    """A variant that the report shows; `pos` is 1-based. Absent annotations are None or empty.

    `flags` are the policy's filters that it did not pass: none where it is reported.
    """

    chrom: str
    pos: int
    ref: str
    alt: str
    section: str
    info: Mapping[str, str]
    population_af: float | None
    callers: tuple[str, ...]
    rescued_by: str
    rescued_from: tuple[str, ...]
    evidence: Mapping[str, Evidence]
    quality: float | None = None
    flags: tuple[str, ...] = ()

    @property
    def spelling(self) -> str:
        """CHROM:POS:REF:ALT."""
        return f"{self.chrom}:{self.pos}:{self.ref}:{self.alt}"

    @property
    def duplicated(self) -> dict[str, dict[str, Any]]:
        """Of an insertion that repeats the reference next to it: its bases, those repeated, and the filler, the others
        between both copies; as the entry of a finding, none of other variants."""
        if "DUPLICATED" not in self.info:
            return {}
        inserted = len(self.alt) - len(self.ref)
        found = {"inserted": inserted, "repeated": int(self.info["DUPLICATED"]), "filler": self.info.get("FILLER")}
        return {"duplicated": found}

    @property
    def in_normals(self) -> dict[str, int | None] | None:
        """Normals of the panel that carry the allele, and all of them; None where none does or no panel was asked."""
        count, total = (self.info.get(f"PON_{key}", "") for key in ("COUNT", "TOTAL"))
        return {"count": int(count), "total": int(total) if total else None} if count not in ("", "0") else None


def normal_of(case: Mapping[str, Any]) -> str:
    """Name of the patient's normal in a case (`case_params`), as in `evidence`; empty without one."""
    return next((sample["sample"] for sample in case["samples"] if sample["role"] == "normal"), "")


@dataclass(slots=True)
class Filtered:
    """Everything the report says about a filtered VCF; `set_aside` are not reported, but shown with their flags;
    `listed` are those at hotspots and in the always-report list, reported or not. `fields`: INFO fields that its header
    defines; `parts`: annotation resources that it names as given."""

    variants: list[Variant] = field(default_factory=list)
    set_aside: list[Variant] = field(default_factory=list)
    listed: list[Variant] = field(default_factory=list)
    records: int = 0
    flagged: Counter = field(default_factory=Counter)
    flagged_alone: Counter = field(default_factory=Counter)
    not_applied: list[tuple[str, str]] = field(default_factory=list)
    fields: frozenset[str] = frozenset()
    parts: frozenset[str] = frozenset()


def nothing_aside(flags: frozenset[str]) -> bool:
    """Show no variant that is not reported."""
    return False


def read_filtered(path: Path | str, worth_a_look: Callable[[frozenset[str]], bool] = nothing_aside) -> Filtered:
    """Read a filtered VCF in one pass; only what may be shown is kept in memory.

    `worth_a_look`: whether a record with these flags may have to be shown although it is not reported.
    """
    with pysam.VariantFile(str(path)) as vcf:
        result = Filtered(not_applied=list(_not_applied(vcf.header)), fields=frozenset(vcf.header.info))
        result.parts = frozenset(_parts(vcf.header))
        known: dict[tuple[str, ...], bool] = {}
        for record in vcf:
            result.records += 1
            flags = tuple(record.filter.keys())
            if any(name in record.info for name in LISTED):
                result.listed.append(_variant(record, () if flags == ("PASS",) else flags))
            if flags in ((), ("PASS",)):
                result.variants.append(_variant(record))
                continue
            result.flagged.update(flags)
            if len(flags) == 1:
                result.flagged_alone.update(flags)
            if flags not in known:
                known[flags] = worth_a_look(frozenset(flags))
            if known[flags]:
                result.set_aside.append(_variant(record, flags))
    return result


def _not_applied(header: pysam.VariantHeader) -> Iterator[tuple[str, str]]:
    """(filter, missing part) pairs of the policy's line: NotApplied="filter:part,filter:part"."""
    line = next((dict(line.items()) for line in header.records if line.key == "gms_policy"), {})
    for pair in filter(None, line.get("NotApplied", "").strip('"').split(",")):
        name, _, part = pair.partition(":")
        yield name, part


def _parts(header: pysam.VariantHeader) -> Iterator[str]:
    """Annotation resources of the header's line ##gms_parts=genes,clinvar."""
    for record in header.records:
        if record.key == "gms_parts":
            yield from (record.value or "").split(",")


def _text(value: Any) -> str:
    """An INFO value as text; percent-encoded characters decoded (VCF 4.3, section 1.2)."""
    if isinstance(value, tuple):
        return ",".join(_text(item) for item in value)
    if isinstance(value, float):
        return f"{value:.6g}"  # htslib keeps 32 bits
    return "" if value is None else unquote(str(value))


def _variant(record: pysam.VariantRecord, flags: tuple[str, ...] = ()) -> Variant:
    info = {key: _text(value) for key, value in record.info.items()}
    if record.alts and record.alts[0].startswith("<"):
        info["END"] = str(record.stop)  # which pysam keeps apart
    frequency = record.info.get("POP_AF")
    return Variant(
        chrom=record.chrom,
        pos=record.pos,
        ref=record.ref,
        alt=(record.alts or (".",))[0],
        section=info.get("SECTION", ""),
        info=info,
        population_af=frequency[0] if isinstance(frequency, tuple) else frequency,
        callers=tuple(filter(None, info.get("CALLERS", "").split(","))),
        rescued_by=info.get("RESCUED", ""),
        rescued_from=tuple(filter(None, info.get("RESCUED_FROM", "").split(","))),
        evidence={name: sample_evidence(sample) for name, sample in record.samples.items()},
        quality=record.qual,
        flags=flags,
    )


def sample_evidence(sample: Any) -> Evidence:
    counts = sample.get("AD") or (None, None)
    fraction = sample.get("AF")
    return Evidence(
        genotype=tuple(sample.get("GT") or ()),
        alt_reads=counts[1] if len(counts) > 1 else None,
        depth=sample.get("DP"),
        fraction=fraction[0] if isinstance(fraction, tuple) else fraction,
        quality=sample.get("GQ"),
        copies=sample.get("CN"),
        states=tuple(state for state in (sample.get("STATUS") or "").split("/") if state not in ("", ".")),
        mean_copies=tuple(end for end in sample.get("CICN") or () if end is not None),
    )


def filter_facts(filtered: Filtered, policy: Policy) -> dict[str, Any]:
    """What the policy did: candidates, and for each of its filters the records flagged, and flagged by it alone."""
    absent = {name for name, _ in filtered.not_applied}
    return {
        "records": filtered.records,
        "policy": {"title": policy.title, "name": policy.name, "version": policy.version},
        "filters": [
            {
                "flag": entry.flag,
                "why": entry.why,
                "flagged": filtered.flagged[entry.flag],
                "alone": filtered.flagged_alone[entry.flag],
            }
            for entry in policy.filters
            if entry.flag not in absent
        ],
        "rescues": [{"name": entry.name, "why": entry.why} for entry in policy.rescues],
        "whys": {entry.flag: entry.why for entry in policy.filters},
        "not_applied": list(_named_not_applied(filtered, policy)),
    }


def _named_not_applied(filtered: Filtered, policy: Policy) -> Iterator[dict[str, Any]]:
    """What could not be applied, and the part that was missing."""
    why = {entry.flag: entry.why for entry in policy.filters} | {entry.name: entry.why for entry in policy.rescues}
    for name, part in filtered.not_applied:
        yield {"name": name, "part": part, "why": why.get(name)}
