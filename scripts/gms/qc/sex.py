"""Sex inferred from the depth of the sex chromosomes."""

MALE_ABOVE = 0.10
FEMALE_BELOW = 0.08


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


def sex_matches(inferred: str, stated: str) -> bool | None:
    """Whether the inferred sex is the stated one; None when either is unknown."""
    return None if "unknown" in (inferred, stated) else inferred == stated
