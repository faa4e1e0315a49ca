"""The eight cases: their samples and libraries, and the variants planted in them (planted.tsv).

The planted variants lie on either side of the policies' limits, which come from the published pipelines: GMS560
(solid), poppy (myeloid), BALSAMIC (tumour/normal and QC), MIP (rare disease). Allele fractions of tumour variants are
exact: that share of the fragments that cover the site carries the variant.
"""

from pathlib import Path
from typing import NamedTuple

from gms.base.json_tables import read_table
from gms.validation.demo_reads.fragments import Acquired, Library
from gms.validation.demo_reads.molecules import STRUCTURE


class Planted(NamedTuple):
    """One variant of one case, a row of planted.tsv.

    `kind` is what it stands for, several separated by `; `. `carriers` says who has it: sample -> haplotypes ("0", "1"
    or "01": germline) or Acquired (tumour). `expected` is reported; filtered (there is a record, with at least the
    flags `filters`); or missed-by-design (not reported, and if there is a record, with at least these flags). With
    `one_strand`, only forward reads show it. `shallow` gives samples in which no more than so many fragments show the
    site.
    """

    case: str
    kind: str
    gene: str
    change: str
    carriers: dict[str, str | Acquired]
    one_strand: bool
    shallow: dict[str, int]
    expected: str
    filters: str
    rescued_by: str
    section: str
    note: str


class Member(NamedTuple):
    """One sample; `depth` is the mean depth without duplicates, `lanes` the number of lanes."""

    sample: str
    role: str
    depth: int
    sex: str
    subject: str
    affected: str = ""
    purity: str = ""
    lanes: int = 1
    umi: str = ""


class CaseFacts(NamedTuple):
    """A case and its expected QC verdict."""

    name: str
    assay: str
    library: Library
    members: tuple[Member, ...]
    verdict: str
    reason: str

    @property
    def planted(self) -> list[Planted]:
        return [planted for planted in PLANTED if planted.case == self.name]


def _read_planted() -> tuple[Planted, ...]:
    rows = read_table(Path(__file__).parent / "planted.tsv")
    for row in rows:
        row.update(carriers=_carriers(row["carriers"]), one_strand=row["one_strand"] == "yes")
        row.update(shallow={sample: int(number) for sample, number in _pairs(row["shallow"])})
    return tuple(Planted(**row) for row in rows)


def _carriers(text: str) -> dict[str, str | Acquired]:
    return {sample: _acquired(amount) if "." in amount else amount for sample, amount in _pairs(text)}


def _acquired(text: str) -> Acquired:
    fraction, _, rest = text.partition(" ")
    word, _, of = rest.partition(" ")
    if word == "on":
        return Acquired(float(fraction), int(of))
    return Acquired(float(fraction), None, of, word == "with")


def _pairs(text: str) -> list[list[str]]:
    return [pair.split("=", 1) for pair in text.split(",") if pair]


PLANTED = _read_planted()
WGS = Library(150, 350, 60, 60)
PANEL = Library(100, 170, 42, 150, 150)
"""Short inserts, as from fixed tissue; about one read in twenty runs into the adapter."""

CELL_FREE = Library(100, 166, 10, 0)
"""DNA of plasma with UMIs: fragments of one nucleosome; copies of a molecule are made with it."""

MET = "every gate is met"
IN_PART = "every gate that was measured is met; a small panel without X and Y shows neither sex nor contamination"
TRIO = (
    Member("rare-proband", "proband", 31, "male", "subject-01", "yes", lanes=2),
    Member("rare-mother", "mother", 31, "female", "subject-02", "no"),
    Member("rare-father", "father", 31, "male", "subject-03", "no"),
)
DUO = (
    Member("duo-proband", "proband", 30, "female", "subject-10", "yes"),
    Member("duo-mother", "mother", 30, "female", "subject-11", "yes"),
)
PAIR = (
    Member("pair-tumor", "tumor", 72, "female", "subject-04", purity="0.8"),
    Member("pair-normal", "normal", 34, "female", "subject-04"),
)
SOLID = (Member("solid-tumor", "tumor", 520, "female", "subject-05", purity="0.5"),)
CLEAN = (Member("clean-control", "control", 400, "male", "subject-06"),)
MYELOID = (Member("myeloid-tumor", "tumor", 660, "male", "subject-07"),)
SHALLOW = (Member("shallow-tumor", "tumor", 60, "female", "subject-08"),)
PLASMA = (Member("ctdna-control", "control", 700, "female", "subject-09", umi=STRUCTURE),)
CASES = (
    CaseFacts("rare-trio", "wgs_rare", WGS, TRIO, "pass", MET),
    CaseFacts("rare-duo", "wgs_rare", WGS, DUO, "pass", MET),
    CaseFacts("pair-somatic", "wgs_cancer", WGS, PAIR, "pass", MET),
    CaseFacts("solid-ffpe", "panel_solid", PANEL, SOLID, "not_assessed", IN_PART),
    CaseFacts("solid-clean", "panel_solid", PANEL, CLEAN, "not_assessed", f"nothing is reported; {IN_PART}"),
    CaseFacts("myeloid-deep", "panel_myeloid", PANEL, MYELOID, "not_assessed", IN_PART),
    CaseFacts(
        "myeloid-shallow", "panel_myeloid", PANEL, SHALLOW, "fail", "60 reads deep; 95 % of the bases must reach 500"
    ),
    CaseFacts("ctdna-control", "panel_ctdna", CELL_FREE, PLASMA, "warn", "one listed variant is below its range"),
)
