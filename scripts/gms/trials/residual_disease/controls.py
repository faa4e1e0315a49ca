"""Control molecules: of healthy persons at the loci of all patients, of other patients' plasma at the patient's loci,
and of the patient's own plasma at other patients' loci.

A locus of which the controls show the change far more often than its context explains errs in a way of its own, and is
left out. A control that the test itself would call holds the patient's tumour (a mix-up), and is none.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from gms.trials.residual_disease.errors import Controls, at_least, negative_binomial, poisson, pooled
from gms.trials.residual_disease.loci import Followed, Locus
from gms.trials.residual_disease.molecules import Counts
from gms.trials.residual_disease.one_locus import Observed
from gms.trials.residual_disease.samples import count
from gms.trials.residual_disease.sum_test import is_called

OWN = 0.1  # fraction from which a change is no error but a variant of the person
NOISY = 0.02  # probability, shared by all loci, with which a locus that errs like its context is left out


class Row(NamedTuple):
    """Control molecules of a locus: its context, with the change, all."""

    locus: Locus
    context: str
    wrong: int
    all: int


class Background(NamedTuple):
    """What a patient's loci show in persons without the tumour: rows by file, of the loci that err like others; the
    other loci with why; names of the files that seem to hold the patient's tumour."""

    samples: Mapping[Path, list[Row]]
    noisy: Mapping[str, str]
    carriers: list[str]

    def rows(self) -> list[Row]:
        """Of all samples."""
        return [row for rows in self.samples.values() for row in rows]

    def by_locus(self) -> dict[Locus, Row]:
        """Sums over the samples."""
        return _summed(self.rows())


def rows_of(reads: Path, fasta: Path, loci: Followed, umi: str) -> list[Row]:
    """Control molecules of a sample; a locus of which a tenth has the change is a variant of its person, and none."""
    found = zip(loci.loci, count(reads, fasta, loci.loci, umi), strict=True)
    return [Row(locus, loci.contexts[locus], one.alt, one.depth) for locus, one in found if one.alt <= OWN * one.depth]


def background_of(samples: Mapping[Path, list[Row]], alpha: float) -> Background:
    """Rows of the patient's loci in persons without the tumour, evaluated."""
    carriers = list(_carriers(samples, alpha))
    clean = {path: rows for path, rows in samples.items() if path not in carriers}
    sums = _summed(row for rows in clean.values() for row in rows)
    noisy = {one.locus: f"{one.wrong} of {one.all} control molecules show it" for one in _noisy(list(sums.values()))}
    kept = {path: [row for row in rows if row.locus not in noisy] for path, rows in clean.items()}
    return Background(kept, {str(locus): why for locus, why in noisy.items()}, [path.stem for path in carriers])


def _carriers(samples: Mapping[Path, list[Row]], alpha: float) -> Iterator[Path]:
    """Files that the test would call against the other ones, at an alpha that they share."""
    for path, rows in samples.items():
        others = controls_of(row for other, found in samples.items() if other != path for row in found)
        if sum(others.all.values()) and is_called(as_observed(rows), others, alpha / len(samples)):
            yield path


def foreign_patients(
    elsewhere: Mapping[str, list[Row]], rows: Sequence[Row], alpha: float
) -> tuple[list[str], list[Row]]:
    """Patients whose tumour a sample seems to hold, going by `rows` and the loci of the remaining patients; and the
    rows of the others."""
    foreign = []
    for name, own in elsewhere.items():
        rest = [row for other, found in elsewhere.items() if other != name for row in found]
        controls = controls_of([*rows, *rest])
        if own and sum(controls.all.values()) and is_called(as_observed(own), controls, alpha):
            foreign.append(name)
    return foreign, [row for name, found in elsewhere.items() if name not in foreign for row in found]


def controls_of(rows: Iterable[Row]) -> Controls:
    """Errors by context."""
    return pooled((row.context, row.wrong, row.all) for row in rows)


def as_observed(rows: Iterable[Row]) -> list[Observed]:
    """Control molecules as those of a sample that is tested."""
    return [Observed(str(row.locus), row.context, row.locus.weight, row.wrong, row.all) for row in rows]


def observed(loci: Followed, counts: Sequence[Counts], controls: Mapping[Locus, Row]) -> list[Observed]:
    """The patient's loci in a plasma sample, each with its own control molecules."""

    def one(locus: Locus, found: Counts) -> Observed:
        row = controls.get(locus)
        own = (row.wrong, row.all) if row else (0, 0)
        return Observed(str(locus), loci.contexts[locus], locus.weight, found.alt, found.depth, *own)

    return [one(locus, found) for locus, found in zip(loci.loci, counts, strict=True)]


def _summed(rows: Iterable[Row]) -> dict[Locus, Row]:
    sums: dict[Locus, Row] = {}
    for row in rows:
        before = sums.get(row.locus)
        sums[row.locus] = row._replace(wrong=row.wrong + before.wrong, all=row.all + before.all) if before else row
    return sums


def _noisy(rows: list[Row]) -> Iterator[Row]:
    """Loci with far more wrong molecules than the others of their context, and those of all contexts, make likely;
    then those that are unlike the ones that remain."""
    limit, left = NOISY / max(1, len(rows)), list(rows)
    while found := {row for row in left if row.wrong > 1 and _chance(row, left, limit) < limit}:
        yield from sorted(found)
        left = [row for row in left if row not in found]


def _chance(row: Row, rows: Sequence[Row], limit: float) -> float:
    """Probability of so many wrong molecules at a locus that errs like the others; exact only below the limit."""
    wrong, everything = sum(one.wrong for one in rows) - row.wrong, sum(one.all for one in rows) - row.all
    total = at_least(poisson(row.all * (wrong + 1) / max(1, everything)), row.wrong)
    if total >= limit:
        return total
    controls, total = controls_of(one for one in rows if one is not row), 0.0
    for common, weight in controls.common:
        shape, scale = controls.gamma(row.context, common)
        total += weight * at_least(negative_binomial(shape, row.all / scale), row.wrong)
    return total
