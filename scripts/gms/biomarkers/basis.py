"""What a biomarker of acquired changes rests on: quality of the tumour, of the pair that it is one of, tumour cells."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from gms.qc.gates import worst

PAIR_METRICS = ("tumor_normal_concordance", "tumor_in_normal", "swapped_alleles")
REASONS = {
    "failed_quality": "The tumour failed its quality control.",
    "failed_pair": "Tumour and normal failed their quality control as a pair, or the normal its own: what is acquired "
    "is not known.",
    "doubtful_pair": "The normal may hold tumour cells (quality control), which hide acquired changes.",
}


class Basis(NamedTuple):
    """`quality`, `pair`: QC status of the tumour, and of the pair with its normal; `purity`: 0-1, None if not known."""

    quality: str = "pass"
    pair: str = "pass"
    purity: float | None = None

    @property
    def failed(self) -> str | None:
        """The reason why nothing can be said, high or low; None where something can."""
        if self.quality == "fail":
            return "failed_quality"
        return "failed_pair" if self.pair == "fail" else None

    @property
    def doubt(self) -> str | None:
        """The reason why a low value says nothing; None where it does."""
        return "doubtful_pair" if self.pair == "warn" else None


def basis_of(case: Mapping[str, Any], samples: Sequence[Mapping[str, Any]], purity: float | None) -> Basis:
    """`case`: case.json; `samples`: qc.json of its samples, the tumour first; `purity`: 0-1."""
    gates = [gate["verdict"] for gate in case["gates"] if gate["metric"] in PAIR_METRICS]
    normals = [one["verdict"] for one in samples[1:] if one["role"] == "normal" and one["verdict"] == "fail"]
    return Basis(samples[0]["verdict"], worst(["pass", *gates, *normals]), purity)
