"""What a biomarker of acquired changes rests on: quality of the tumour, of the pair that it is one of, tumour cells."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from gms.base.json_tables import read_json
from gms.qc.gates import worst

PAIR_METRICS = ("tumor_normal_concordance", "tumor_in_normal", "swapped_alleles")
Facts = Mapping[str, Any]
UNKNOWN_PURITY = " The share of tumour cells is not known; of few cells the value is too low."
REASONS = {
    "failed_quality": "The tumour failed its quality control.",
    "failed_pair": "Tumour and normal failed their quality control as a pair, or the normal its own: what is acquired "
    "is not known.",
    "doubtful_pair": "Tumour and normal warn in their quality control as a pair, as of tumour cells in the normal, "
    "which hide acquired changes.",
}


class Basis(NamedTuple):
    """`quality`, `pair`: QC status of the tumour, and of the pair with its normal; `purity`: 0-1 by the sheet, else by
    alleles and depth, None if not known; `is_poor`: alleles and depth show too few tumour cells to measure them."""

    quality: str = "pass"
    pair: str = "pass"
    purity: float | None = None
    is_poor: bool = False

    @property
    def failed(self) -> str | None:
        """The reason why nothing can be said, high or low; None where something can."""
        if self.quality == "fail":
            return "failed_quality"
        return "failed_pair" if self.pair == "fail" else None

    @property
    def doubt(self) -> str | None:
        """The reason why a low value says nothing; None where it does."""
        return "low_purity" if self.is_poor else "doubtful_pair" if self.pair == "warn" else None

    @property
    def remark(self) -> str:
        """What a reader of a low value should know."""
        return UNKNOWN_PURITY if self.purity is None else ""


def pair_verdict(case: Facts) -> str:
    """The worst QC status of tumour and normal as a pair; `case`: case.json."""
    return worst(["pass", *(gate["verdict"] for gate in case["gates"] if gate["metric"] in PAIR_METRICS)])


def basis_of(case: Facts, samples: Sequence[Facts], purity: float | None, measured: Facts | None) -> Basis:
    """`case`: case.json; `samples`: qc.json of its samples, the tumour first; `purity`: 0-1, of the sheet, which
    precedes `measured`: purity.json, None where none is measured."""
    normals = [one["verdict"] for one in samples[1:] if one["role"] == "normal" and one["verdict"] == "fail"]
    used = measured if purity is None else None
    is_poor = used is not None and used["reason"] == "low_purity"
    known = used["results"][0]["value"] if used else purity
    return Basis(samples[0]["verdict"], worst([pair_verdict(case), *normals]), known, is_poor)


def read_basis(
    case: Path | str, samples: Iterable[Path | str], purity: float | None, measured: Path | str | None
) -> tuple[Facts, Basis]:
    """qc.json of the tumour, and what its biomarkers rest on: the same of files, `measured` None or empty where none
    is."""
    quality = [read_json(path) for path in samples]
    return quality[0], basis_of(read_json(case), quality, purity, read_json(measured) if measured else None)
