"""Records of the VCF of repeats, and their facts for the report. Positions in the code are 0-based."""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from gms.variants.repeats.alleles import Alleles, Length
from gms.variants.repeats.catalogue import Locus
from gms.variants.repeats.reads import Seen
from gms.variants.repeats.status import STATES, copies_of, worst

_INHERITANCE = re.compile(r"\b(?:AD|AR|XD|XR)\b")
RECURRENT = 3  # alleles of normals; as many persons flag a structural variant InNormals
_FORMAT = "GT:REPCN:REPCI:STATUS:ADSP:ADFL:ADIR:MOTIFS"


class Called(NamedTuple):
    """A locus in one sample: what reads show, its alleles with the state and the reads by motif of each, and the
    deletion of the other copy (CHROM:POS:REF:ALT)."""

    seen: Seen
    alleles: Alleles
    states: tuple[str, ...]
    motifs: tuple[dict[str, int], ...]
    opposite: str = ""


def record(before: str, locus: Locus, calls: Sequence[Called], as_long: tuple[int, int] | None = None) -> str:
    """A line of the VCF: every locus has one, whatever its alleles are. `before`: the base before the repeat;
    `as_long`: alleles of normals that are as long as the longest of the index, and all of them."""
    reference = copies_of(locus.end - locus.start, locus.unit)
    spelled = [name for name in alleles_of_case(locus, calls) if name != f"<STR{reference}>"]
    numbers = {f"<STR{reference}>": 0} | {name: number for number, name in enumerate(spelled, start=1)}
    info = [f"END={locus.end}", f"REPID={locus.gene}", f"RU={locus.motif}", f"REF={reference}"]
    info += [f"GENE={locus.gene.partition('_')[0]}", f"STR_STATUS={worst(list(calls[0].states))}"]
    modes = _INHERITANCE.findall(locus.inheritance)
    info += [f"InheritanceMode={','.join(modes)}"] if modes else []
    info += [f"STR_NORMAL_MAX={locus.benign_max}"] if locus.benign_max is not None else []
    info.append(f"STR_PATHOLOGIC_MIN={min(locus.limits.values()) if locus.is_contraction else locus.limit}")
    if len(set(locus.limits.values())) > 1:
        info.append("STR_LIMITS=" + ",".join(f"{source}:{limit}" for source, limit in locus.limits.items()))
    info += [f"PATHOGENIC_RU={','.join(locus.pathogenic_motifs)}"] if locus.is_by_motif else []
    info += normals_fields(*as_long, is_by_motif=locus.is_by_motif) if as_long else []
    info += [f"NOTE={calls[0].alleles.note}"] if calls[0].alleles.note else []
    info += [f"IN_TRANS={calls[0].opposite}"] if calls[0].opposite else []
    samples = [_sample(call, locus, numbers) for call in calls]
    anchor = locus.start  # the base before the repeat, 1-based
    fields = [locus.contig, str(anchor), ".", before, ",".join(spelled) or ".", ".", ".", ";".join(info), _FORMAT]
    return "\t".join([*fields, *samples]) + "\n"


def alleles_of_case(locus: Locus, calls: Sequence[Called]) -> list[str]:
    """Names of the alleles of a case, those of the index first, of each the most harmful and longest first: a record is
    called by its first allele."""
    named = [
        (number > 0, -STATES.index(state), -length.low, _name(length, locus))
        for number, call in enumerate(calls)
        for length, state in zip(call.alleles.lengths, call.states, strict=True)
    ]
    return list(dict.fromkeys(name for *_, name in sorted(named)))


def normals_fields(as_long: int, alleles: int, *, is_by_motif: bool = False) -> list[str]:
    """INFO of the alleles of normals; a share of fewer than RECURRENT alleles does not show a common length. Where the
    motif decides there is no share: long alleles of the harmless motif may be common, of the other one rare."""
    counts = [f"STR_AS_LONG={as_long}", f"STR_NORMALS={alleles}"]
    share = as_long / alleles if alleles and as_long >= RECURRENT else 0
    return counts if is_by_motif else [*counts, f"STR_AF={share:.4g}"]


def _name(length: Length, locus: Locus) -> str:
    return f"<STR{copies_of(length.low, locus.unit)}>" if length.is_exact else "<STR>"


def _sample(call: Called, locus: Locus, numbers: dict[str, int]) -> str:
    lengths, unit = call.alleles.lengths, locus.unit
    exact = ["." if not length.is_exact else str(copies_of(length.low, unit)) for length in lengths]
    ends = [f"{copies_of(one.low, unit)}-{'.' if one.high is None else copies_of(one.high, unit)}" for one in lengths]
    motifs = "/".join(
        ",".join(f"{motif}*{reads}" for motif, reads in one.items() if reads) or "." for one in call.motifs
    )
    seen = call.seen
    columns = ["/".join(str(numbers[_name(length, locus)]) for length in lengths) or "./."]
    columns += ["/".join(part) or "." for part in (exact, ends, call.states)]
    columns += [str(sum(map(len, seen.spanning.values())))]
    columns += [str(len(seen.left) + len(seen.right)), str(len(seen.inside)), motifs or "."]
    return ":".join(columns)


def locus_facts(locus: Locus, calls: Sequence[Called], as_long: tuple[int, int] | None = None) -> dict[str, Any]:
    """A locus as the report shows it; lengths in copies. `as_long` as of `record`."""
    return {
        "locus": locus.gene,
        "disease": locus.disease,
        "place": {"contig": locus.contig, "start": locus.start + 1, "end": locus.end},
        "motif": locus.motif,
        "pathogenic_motifs": list(locus.pathogenic_motifs) if locus.is_by_motif else [],
        "normal_max": locus.benign_max,
        "limits": locus.limits,
        "premutation_min": locus.premutation_min,
        "inheritance": locus.inheritance,
        "normals": {"as_long": as_long[0], "alleles": as_long[1]} if as_long else None,
        "samples": [_facts(call, locus) for call in calls],
    }


def _facts(call: Called, locus: Locus) -> dict[str, Any]:
    """A sample at a locus; `opposite`: the other copy is deleted. Only IN_TRANS of the index names the deletion: that
    of a healthy relative is no finding, and one of the index may be withheld."""
    unit, seen = locus.unit, call.seen
    spanning: dict[int, int] = {}
    for length, reads in sorted(seen.spanning.items()):
        spanning[copies_of(length, unit)] = spanning.get(copies_of(length, unit), 0) + len(reads)
    return {
        "status": worst(list(call.states)),
        "alleles": [
            {
                "low": copies_of(one.low, unit),
                "high": None if one.high is None else copies_of(one.high, unit),
                "status": state,
                "motifs": {motif: reads for motif, reads in motifs.items() if reads},
            }
            for one, state, motifs in zip(call.alleles.lengths, call.states, call.motifs, strict=True)
        ],
        "note": call.alleles.note or None,
        "opposite": bool(call.opposite),
        "depth": round(seen.depth, 1),
        "spanning": {str(copies): reads for copies, reads in spanning.items()},
        "at_least": sorted(copies_of(len(tail), unit) for tail in (*seen.left, *seen.right)),
        "inside": len(seen.inside),
    }
