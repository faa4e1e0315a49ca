"""Records of the VCF of repeats, and their facts for the report. Positions in the code are 0-based."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from gms.genome.vcf import sample_values
from gms.variants.repeats.alleles import Alleles, Length
from gms.variants.repeats.catalogue import Locus
from gms.variants.repeats.reads import Seen
from gms.variants.repeats.status import STATES, copies_of, worst

_INHERITANCE = re.compile(r"\b(?:AD|AR|XD|XR)\b")
RECURRENT = 3  # alleles of normals; as many persons flag a structural variant InNormals
FINDINGS = ("premutation", "expanded", "full_mutation")  # of the index, for which healthy relatives are shown
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
    info.append(f"STR_PATHOLOGIC_MIN={locus.limit}")
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


def shown_lines(lines: Iterable[str], affected: Sequence[str]) -> Iterator[str]:
    """Lines of a VCF of repeats without lengths of relatives who are not ill, but where the index has a long allele: as
    of their copies of SMN, they were not asked, and a father's long allele of HTT that the child does not have
    foretells his disease. `affected`: yes, no or unknown, of each sample, index first."""
    for line in lines:
        yield (
            line if line.startswith("#") else "\t".join(_shown_columns(line.rstrip("\n").split("\t"), affected)) + "\n"
        )


def _shown_columns(fields: Sequence[str], affected: Sequence[str]) -> list[str]:
    states = sample_values(fields[8], fields[9]).get("STATUS", "").split("/")
    missing = ":".join("./." if key == "GT" else "." for key in fields[8].split(":"))
    kept = zip(fields[9:], _are_shown(states, affected), strict=True)
    return _with_used_alleles([*fields[:9], *(column if is_shown else missing for column, is_shown in kept)])


def shown_facts(facts: Mapping[str, Any], affected: Sequence[str]) -> dict[str, Any]:
    """Facts of a case (variants/repeats/{case}.json) with null in place of relatives that are not shown."""
    return {**facts, "loci": [_shown_locus(locus, affected) for locus in facts.get("loci", ())]}


def _shown_locus(locus: Mapping[str, Any], affected: Sequence[str]) -> dict[str, Any]:
    index, *_ = samples = locus["samples"]
    kept = _are_shown([allele["status"] for allele in index["alleles"]], affected)
    return {**locus, "samples": [sample if one else None for sample, one in zip(samples, kept, strict=True)]}


def _are_shown(states: Sequence[str], affected: Sequence[str]) -> list[bool]:
    """Whether each sample is shown; `states`: of the alleles of the index."""
    is_long = any(state in FINDINGS for state in states)
    return [is_long or not number or ill == "yes" for number, ill in enumerate(affected)]


def _with_used_alleles(fields: Sequence[str]) -> list[str]:
    """A record with only the alleles that some sample has, numbered anew."""
    genotypes = [column.partition(":") for column in fields[9:]]
    used = sorted({int(number) for genotype, *_ in genotypes for number in re.findall(r"\d+", genotype)} - {0})
    numbers = {"0": "0"} | {str(old): str(new) for new, old in enumerate(used, 1)}
    alleles = fields[4].split(",")
    columns = [
        re.sub(r"\d+", lambda one: numbers[one[0]], genotype) + colon + rest for genotype, colon, rest in genotypes
    ]
    return [*fields[:4], ",".join(alleles[old - 1] for old in used) or ".", *fields[5:9], *columns]
