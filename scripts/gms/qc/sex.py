"""Sex and copy numbers of the sex chromosomes, from their depth."""

MALE_ABOVE = 0.10
FEMALE_BELOW = 0.08
# Copies of Y: reads of X that fit Y as well make a female's up to 0.1; repeats that cannot be mapped halve a male's.
Y_THERE = 0.3
Y_TWICE = 1.5
CLEAR = 0.3  # copies of X further than this from a whole number are not one: a mosaic, or a tumour


def infer_sex(depth_x: float | None, depth_y: float | None) -> str:
    """'male', 'female' or 'unknown' from the mean depths of X and Y; None where the contig is not measured.

    Y/X above 0.1 is male, below 0.08 female, between is unknown (BALSAMIC 19, clinical-practice 3.5; there on medians).
    """
    if not depth_x or depth_y is None:
        return "unknown"
    ratio = depth_y / depth_x
    if ratio > MALE_ABOVE:
        return "male"
    return "female" if ratio < FEMALE_BELOW else "unknown"


def sex_chromosomes(copies_x: float | None, copies_y: float | None) -> str | None:
    """'XX', 'XY', 'X' (as in 45,X), 'XXY' (as in 47,XXY) …; 'unclear' for part of an X; None where not measured."""
    if copies_x is None or copies_y is None:
        return None
    if not round(copies_x) or abs(copies_x - round(copies_x)) > CLEAR:
        return "unclear"
    return "X" * round(copies_x) + "Y" * ((copies_y >= Y_THERE) + (copies_y >= Y_TWICE))


def sex_matches(inferred: str, stated: str) -> bool | None:
    """Whether the inferred sex is the stated one; None when either is unknown."""
    return None if "unknown" in (inferred, stated) else inferred == stated
