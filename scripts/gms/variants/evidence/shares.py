"""How sure a share is that was counted."""

from math import sqrt

Z95 = 1.96  # standard errors of a normal distribution that a two-sided interval of 95 % reaches


def wilson(count: int, total: int) -> tuple[float, float]:
    """95 % interval of a share, 0-1 (Wilson 1927, J Am Stat Assoc 22:209); 0 to 1 without any observation."""
    if not total:
        return 0.0, 1.0
    share, square = count / total, Z95 * Z95
    middle, width = share + square / (2 * total), Z95 * sqrt(share * (1 - share) / total + square / (4 * total**2))
    low, high = (middle - width) / (1 + square / total), (middle + width) / (1 + square / total)
    return max(0.0, low), min(1.0, high)
