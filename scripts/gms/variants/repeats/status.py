"""What a repeat's length means: normal, intermediate, premutation or full_mutation (stranger has pre_mutation for both
in between), and where reads are too short to tell, expanded or undetermined."""

from collections.abc import Mapping

from gms.variants.repeats.alleles import Length
from gms.variants.repeats.catalogue import Locus

# From harmless to harmful. premutation: where the catalogue has one, an allele that may be as long as that; expanded:
# longer than any harmless allele, and reads cannot exclude the pathogenic limit.
STATES = ("normal", "undetermined", "intermediate", "premutation", "expanded", "full_mutation")
MIN_PATHOGENIC_SHARE = 0.3  # of the reads in a long allele that show a pathogenic motif


def copies_of(bases: float, unit: int) -> int:
    """Whole copies; a base less is a read error."""
    return int((bases + 1) / unit)


def status(length: Length, locus: Locus, motifs: Mapping[str, int]) -> str:
    """One of STATES. `motifs`: reads of the allele that each motif fits best."""
    if locus.is_by_motif and not _is_changed(locus, motifs):
        return "normal" if _is_of_reference(locus, motifs) else "undetermined"
    limit, low = locus.limit, copies_of(length.low, locus.unit)
    high = None if length.high is None else copies_of(length.high, locus.unit)
    if low >= limit:
        return "full_mutation"
    if is_harmless(low, locus) and not (locus.is_by_motif and not length.is_exact):
        reaches = high is None or high >= limit
        return "undetermined" if reaches else "normal" if is_harmless(high, locus) else "intermediate"
    if high is None or high >= limit:
        return "expanded"
    return "premutation" if locus.premutation_min is not None and high >= locus.premutation_min else "intermediate"


def is_harmless(copies: int, locus: Locus) -> bool:
    """Whether an allele of so many copies is within the normal range."""
    if locus.benign_max is not None:
        return copies <= locus.benign_max
    return copies < (locus.intermediate_min or min(locus.limits.values()))


def _is_changed(locus: Locus, motifs: Mapping[str, int]) -> bool:
    """Whether an allele has a pathogenic motif in place of the reference's."""
    changed = sum(reads for motif, reads in motifs.items() if motif in locus.pathogenic_motifs)
    return changed > 0 and changed >= MIN_PATHOGENIC_SHARE * sum(motifs.values())


def _is_of_reference(locus: Locus, motifs: Mapping[str, int]) -> bool:
    """Whether most reads of an allele show the motif of the reference; another one that no list has may be harmful."""
    return 2 * motifs.get(locus.motif, 0) > sum(motifs.values())


def worst(states: list[str]) -> str:
    """The most harmful of an individual's alleles."""
    return max(states, key=STATES.index, default="undetermined")
