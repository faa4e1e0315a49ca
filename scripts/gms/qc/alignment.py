"""Alignment metrics from `samtools stats`."""

from collections.abc import Iterable


def alignment_metrics(lines: Iterable[str], on_target: int | None) -> dict[str, float | int | None]:
    """Metrics of one sample from the lines of `samtools stats`; fractions 0-1, insert size in bases.

    Duplicates are counted over mapped reads (as Picard does), proper pairs over paired reads, and `on_target` (primary
    mapped reads that overlap a target, or None without targets) over mapped reads.
    """
    numbers, inserts = {}, []
    for line in lines:
        fields = line.rstrip("\n").split("\t")
        if fields[0] == "SN":
            numbers[fields[1].rstrip(":")] = float(fields[2])
        elif fields[0] == "IS":
            inserts.append((int(fields[1]), int(fields[2])))
    mapped = numbers["reads mapped"]
    return {
        "reads": int(numbers["raw total sequences"]),
        "mapped_fraction": fraction(mapped, numbers["raw total sequences"]),
        "duplicate_fraction": fraction(numbers["reads duplicated"], mapped),
        "insert_size_median": weighted_median(inserts),
        "proper_pair_fraction": fraction(numbers["reads properly paired"], numbers["reads paired"]),
        "on_target_fraction": None if on_target is None else fraction(on_target, mapped),
    }


def fraction(part: float, whole: float) -> float | None:
    """part / whole to five decimals; None of nothing."""
    return round(part / whole, 5) if whole else None


def weighted_median(counts: Iterable[tuple[int, int]]) -> int | None:
    """Smallest value at which half of the counts is reached, of (value, count) in rising order; None of nothing."""
    counts = list(counts)
    half, seen = sum(count for _, count in counts) / 2, 0
    for value, count in counts:
        seen += count
        if count and seen >= half:
            return value
    return None
