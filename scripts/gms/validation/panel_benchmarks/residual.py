"""gms benchmark residual: false and missed calls of residual disease, from simulated plasma reads.

Fragments of cell-free DNA with overlapping mates and copies by PCR, errors of molecules (damage, first cycles of PCR)
and of sequencing, and molecules of the tumour, at 16 loci of 3,000 molecules. Every call is that of the workflow.
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from gms.base.tables import table, write_json
from gms.trials.residual_disease.errors import Controls, at_least, noise, poisson, pooled
from gms.trials.residual_disease.one_locus import Observed, by_context
from gms.trials.residual_disease.sensitivity import Sensitivity, limit_of_sum, power, threshold_of
from gms.trials.residual_disease.sum_test import is_called
from gms.validation.panel_benchmarks.residual_reads import LOCI, Sample, Setting, depths_of_reference, samples

ALPHA, CONTEXTS, CONTROLS, PATIENTS = 0.01, 6, 10, 9
BAD = tuple(20.0 if place == 3 else 1.0 for place in range(LOCI))  # one locus that errs 20 times as often
SPREAD = tuple(10.0 if place in (3, 8) else 1.0 for place in range(LOCI))  # and two that err ten times as often
SETTINGS = (Setting("UMIs, two copies each", "name", 1e-5), Setting("no UMIs", "", 3e-4))
UNEQUAL = (
    Setting("UMIs, one locus errs 20 times as often", "name", 1e-5, unequal=BAD),
    Setting("UMIs, two loci err ten times as often", "name", 1e-5, unequal=SPREAD),
)
COLUMNS = ("reads", "samples", "tumour fraction", "called", "calculated, errors known")
COLUMNS += ("errors from", "called by the workflow", "calculated for the sample", "called if each read counts")


def main(argv: list[str]) -> int:
    """Samples without tumour, with 1e-3, 1e-4 and the limit of detection of known errors, and each with its own limit
    as it is printed. Errors are known from ten controls of the patient, or as well from the loci of nine other patients
    in the controls. Calculations for the sample are means over some of the samples, as many as have their own limit."""
    parser = argparse.ArgumentParser(prog="gms benchmark residual", description=main.__doc__)
    parser.add_argument("--negatives", type=int, default=10_000, metavar="N", help="default: 10000")
    parser.add_argument("--positives", type=int, default=1_000, metavar="N", help="of each fraction; default: 1000")
    parser.add_argument(
        "--limits", type=int, default=500, metavar="N", help="samples with their own limit; default: 500"
    )
    parser.add_argument("--seed", type=int, default=1, help="default: 1")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args(argv)
    sizes = (options.negatives, options.positives, options.limits)
    rows = [row for one in SETTINGS for row in Measure(one, options.seed, options.negatives).rows(*sizes[1:])]
    for one in UNEQUAL:
        rows += Measure(one, options.seed, options.positives).negatives()
    print(table(COLUMNS, rows))
    write_json(options.json, rows)
    return 0


class Measure:
    """Samples of a setting, and how they are called."""

    def __init__(self, setting: Setting, seed: int, negatives: int):
        self.setting, self.random = setting, np.random.default_rng(seed)
        self.depths = depths_of_reference(setting, self.random)
        self.clean = self._made([0.0] * negatives)
        self.noise = poisson(float(np.mean([one.mutant.sum() for one in self.clean])))
        self.threshold, self.carriers = threshold_of(self.noise, ALPHA), LOCI * setting.molecules / 2

    def rows(self, positives: int, limits: int) -> Iterator[tuple]:
        """Rows of the table; none with tumour where there are no `positives`."""
        yield from self.negatives()
        limit = limit_of_sum(self.noise, self.threshold, self.carriers)
        for fraction in (1e-3, 1e-4, limit) if positives else ():
            found, exact = (
                self._made([fraction] * positives),
                power(self.noise, self.threshold, fraction * self.carriers),
            )
            for patients in (0, PATIENTS):
                own = np.mean([self._sample(place, patients).power(fraction) for place in range(min(limits, 100))])
                yield self._row(found, f"{fraction:.1e}", exact, patients, f"{own:.3f}")
        for patients in (0, PATIENTS) if limits else ():
            yield self._at_own_limits(limits, patients)

    def negatives(self) -> Iterator[tuple]:
        """Rows without tumour."""
        for patients in (0, PATIENTS):
            yield self._row(self.clean, "0", at_least(self.noise, self.threshold), patients, "")

    def _at_own_limits(self, limits: int, patients: int) -> tuple:
        own = [self._sample(place, patients).limit() or 1.0 for place in range(limits)]
        found, shown = self._made(own), f"own limit, {np.median(own):.1e}"
        exact = np.mean([power(self.noise, self.threshold, fraction * self.carriers) for fraction in own])
        return self._row(found, shown, float(exact), patients, "0.950")

    def _made(self, fractions: Sequence[float]) -> list[Sample]:
        return samples(self.setting, fractions, self.depths, self.random)

    def _row(self, found: list[Sample], fraction: str, exact: float, patients: int, own: str) -> tuple:
        """`exact`: by calculation with the errors known, `own`: with what the controls say."""
        called = np.mean([self._is_called(one, place, patients) for place, one in enumerate(found)])
        naive, known = (
            np.mean([getattr(one, what).sum() >= self.threshold for one in found]) for what in ("reads", "mutant")
        )
        source = f"{CONTROLS} controls" + (f", {patients} patients" if patients else "")
        shown = (f"{known:.4f}", f"{exact:.4f}", source, f"{called:.4f}", own, f"{naive:.4f}")
        return self.setting.name, len(found), fraction, *shown

    def _is_called(self, sample: Sample, place: int, patients: int) -> bool:
        """The test of the workflow, of which the uncertainty of the errors can only raise the threshold."""
        others = self._others(place, 1 + patients)
        expected = np.mean([one.mutant.sum() for one in others])
        if at_least(poisson(float(expected)), int(sample.mutant.sum())) > ALPHA:
            return False
        return is_called(*self._tested(sample, place, patients), ALPHA)

    def _sample(self, place: int, patients: int) -> Sensitivity:
        """What a sample with these controls would detect."""
        loci, controls = self._tested(self.clean[place % len(self.clean)], place, patients)
        return Sensitivity(loci, noise(by_context(loci), controls), controls, ALPHA)

    def _others(self, place: int, patients: int) -> list[Sample]:
        """The next samples without tumour: ten controls at the loci of so many patients."""
        return [self.clean[(place + number) % len(self.clean)] for number in range(1, CONTROLS * patients + 1)]

    def _tested(self, sample: Sample, place: int, patients: int) -> tuple[list[Observed], Controls]:
        """Loci with their own control molecules, and errors by context."""
        wrong, depth = _sums(self._others(place, 1))
        all_wrong, all_depth = _sums(self._others(place, 1 + patients))
        kinds = [f"c{locus % CONTEXTS}" for locus in range(LOCI)]
        columns = (kinds, sample.mutant.tolist(), sample.depth.tolist(), wrong, depth)
        loci = [Observed(str(n), kind, 0.5, *counts) for n, (kind, *counts) in enumerate(zip(*columns, strict=True))]
        return loci, pooled(zip(kinds, all_wrong, all_depth, strict=True))


def _sums(others: list[Sample]) -> tuple[list[int], list[int]]:
    """Wrong molecules and all, by locus."""
    return sum(one.mutant for one in others).tolist(), sum(one.depth for one in others).tolist()
