"""The six cases: their samples, and the variants planted in them on either side of the policies' limits.

Limits come from ../shared/reference/clinical-practice.md §3.1 (solid), §3.4 (myeloid, tumour/normal) and §3.5 (QC).
Allele fractions of tumour variants are exact: that share of the fragments that cover the site carries the variant.
"""

from typing import NamedTuple


class Planted(NamedTuple):
    """One variant of one case. `carriers` is sample -> 0/1 haplotype numbers (germline, e.g. "0", "1", "01") or a fraction.

    `expected`: reported; filtered (a record with at least `filters` exists); missed-by-design (not reported, and if there is
    a record it has at least `filters`).
    """

    gene: str
    change: str
    carriers: dict[str, str | float]
    expected: str
    filters: str = ""
    rescued_by: str = ""
    section: str = ""
    note: str = ""
    forward_only: bool = False


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


class Library(NamedTuple):
    """How reads of a case were made: read length, insert size (mean, deviation), duplicates per 1,000, off-target per 1,000."""

    length: int
    insert: int
    deviation: int
    duplicates: int
    off_target: int = 0


class CaseFacts(NamedTuple):
    name: str
    assay: str
    library: Library
    members: tuple[Member, ...]
    planted: tuple[Planted, ...]
    verdict: str
    reason: str


WGS = Library(150, 350, 60, 60)
PANEL = Library(100, 170, 42, 150, 150)

TRIO = (
    Planted("SCN1A", "missense:150", {"rare-proband": "0"}, "reported", section="de_novo", note="de novo"),
    Planted("ABCA4", "c.634C>T", {"rare-proband": "0", "rare-mother": "0"}, "reported", section="pathogenic", note="compound heterozygous, maternal"),
    Planted("ABCA4", "c.1622T>C", {"rare-proband": "1", "rare-father": "0"}, "reported", section="recessive", note="compound heterozygous, paternal"),
    Planted("PAH", "c.1222C>T", {"rare-proband": "01", "rare-mother": "0", "rare-father": "0"}, "reported", section="pathogenic", note="recessive, homozygous"),
    Planted("MECP2", "c.419C>T", {"rare-proband": "0", "rare-mother": "0"}, "reported", section="x_linked", note="X-linked, mother carries it"),
    Planted("CFTR", "missense:120", {"rare-proband": "0", "rare-mother": "0"}, "filtered", "NoInheritanceModel", note="alone in its gene, healthy mother"),
    Planted("JAK2", "synonymous:210", {"rare-proband": "1", "rare-father": "0"}, "filtered", "NoInheritanceModel", note="rare, inherited, silent"),
    Planted("EGFR", "missense:300", {"rare-proband": "01", "rare-mother": "01", "rare-father": "0"}, "filtered", "PopulationFrequency", note="ClinVar benign"),
    Planted("FLT3", "missense:200", {"rare-proband": "0", "rare-mother": "0"}, "filtered", "PopulationFrequency", note="inherited, frequent"),
    Planted("SF3B1", "exon3+60>", {"rare-proband": "01", "rare-mother": "0", "rare-father": "0"}, "filtered", "NotCoding", note="homozygous, deep intronic"),
    Planted("PMS2", "missense:250", {"rare-proband": "0", "rare-mother": "0"}, "filtered", "Mask", note="in the duplicated block"),
)  # fmt: skip

PAIR = (
    Planted("TP53", "c.742C>T", {"pair-tumor": 0.35}, "reported", section="hotspot", note="R248W"),
    Planted("PIK3CA", "c.1633G>A", {"pair-tumor": 0.25}, "reported", section="hotspot", note="E545K"),
    Planted("IDH1", "c.395G>A", {"pair-tumor": 0.30}, "reported", section="hotspot", note="R132H"),
    Planted("EGFR", "missense:100", {"pair-tumor": 0.20}, "reported", section="other"),
    Planted("CFTR", "stop_gained:310", {"pair-tumor": 0.30}, "reported", section="other"),
    Planted("FLT3", "c.900_901del", {"pair-tumor": 0.30}, "reported", section="other"),
    Planted("ABCA4", "exon4+1>", {"pair-tumor": 0.40}, "reported", section="other"),
    Planted("DNMT3A", "missense:300", {"pair-tumor": 0.15}, "reported", section="other"),
    Planted("BRCA1", "c.68_69del", {"pair-tumor": "0", "pair-normal": "0"}, "filtered", "InNormal", note="germline, ClinVar pathogenic: not a somatic finding"),
    Planted("SCN1A", "missense:60", {"pair-tumor": "1", "pair-normal": "1"}, "filtered", "InNormal", note="germline, rare"),
    Planted("PAH", "missense:90", {"pair-tumor": "01", "pair-normal": "01"}, "filtered", "InNormal", note="germline, homozygous"),
    Planted("SF3B1", "exon3+60>", {"pair-tumor": 0.30}, "filtered", "NotCoding", note="somatic, deep intronic"),
)  # fmt: skip

SOLID = (
    Planted("BRAF", "c.1799T>A", {"solid-tumor": 0.08}, "reported", section="hotspot", note="V600E"),
    Planted("KRAS", "c.35G>A", {"solid-tumor": 0.03}, "reported", section="hotspot", note="G12D: hot-spots need 10 reads, not 20"),
    Planted("EGFR", "c.2235_2249del", {"solid-tumor": 0.12}, "reported", section="hotspot", note="E746_A750del"),
    Planted("TERT", "c.-124C>T", {"solid-tumor": 0.06}, "reported", section="hotspot", note="C228T"),
    Planted("TP53", "c.637C>T", {"solid-tumor": 0.15}, "reported", section="pathogenic", note="R213*"),
    Planted("PIK3CA", "missense:550", {"solid-tumor": 0.10}, "reported", section="other"),
    Planted("TP53", "synonymous:240", {"solid-tumor": 0.12}, "reported", "NotCoding", "ClinVar", "pathogenic", "silent, but pathogenic in ClinVar"),
    Planted("TP53", "c.844C>T", {"solid-tumor": 0.016}, "filtered", "LowAltReads", note="R282W: ClinVar does not make up for 8 reads"),
    Planted("EGFR", "missense:865", {"solid-tumor": "0"}, "reported", section="other", note="germline, population frequency 0.003 below the limit 0.005"),
    Planted("PIK3CA", "missense:1060", {"solid-tumor": "1"}, "filtered", "PopulationFrequency", note="germline, population frequency 0.008"),
    Planted("TP53", "missense:300", {"solid-tumor": 0.016}, "filtered", "LowAltReads", note="fewer than 20 alternative reads"),
    Planted("EGFR", "missense:800", {"solid-tumor": 0.03}, "filtered", "PanelOfNormals", note="artefact at 0.028 in 9 of 36 normals"),
    Planted("TP53", "c.672+15>", {"solid-tumor": 0.20}, "filtered", "NotCoding", note="intronic, inside the padded target"),
    Planted("NRAS", "missense:25", {"solid-tumor": 0.004}, "missed-by-design", "LowVaf", note="below the limit of detection 0.01"),
    Planted("BRAF", "c.1741+60>", {"solid-tumor": 0.25}, "missed-by-design", "OffTarget", note="40 bases outside the padded target"),
)  # fmt: skip

MYELOID = (
    Planted("JAK2", "c.1849G>T", {"myeloid-tumor": 0.05}, "reported", section="hotspot", note="V617F"),
    Planted("IDH2", "c.419G>A", {"myeloid-tumor": 0.03}, "reported", section="hotspot", note="R140Q"),
    Planted("DNMT3A", "c.2645G>A", {"myeloid-tumor": 0.02}, "reported", section="hotspot", note="R882H"),
    Planted("NPM1", "c.860_863dup", {"myeloid-tumor": 0.05}, "reported", section="hotspot", note="W288Cfs*12, type A"),
    Planted("SF3B1", "c.2098A>G", {"myeloid-tumor": 0.08}, "reported", section="hotspot", note="K700E: far above its background of 0.01 in the normals"),
    Planted("NRAS", "c.35G>A", {"myeloid-tumor": 0.04}, "reported", "PanelOfNormals", "Hotspot", "hotspot", "G12D: at 0.02 in 5 of 36 normals"),
    Planted("ASXL1", "stop_gained:660", {"myeloid-tumor": 0.12}, "reported", section="other"),
    Planted("IDH1", "missense:140", {"myeloid-tumor": "0"}, "reported", section="other", note="germline, population frequency 0.010 below the limit 0.02"),
    Planted("FLT3", "missense:838", {"myeloid-tumor": "1"}, "filtered", "PopulationFrequency", note="germline, population frequency 0.030"),
    Planted("ASXL1", "c.1934dup", {"myeloid-tumor": 0.04}, "filtered", "PanelOfNormals", note="G646Wfs*12 in eight G: at 0.035 in 21 of 36 normals"),
    Planted("CALR", "missense:390", {"myeloid-tumor": 0.05}, "filtered", "StrandBias", note="artefact on forward reads only", forward_only=True),
    Planted("KRAS", "missense:25", {"myeloid-tumor": 0.004}, "missed-by-design", "LowVaf", note="below the limit of detection 0.01"),
    Planted("FLT3", "c.1770_1811dup", {"myeloid-tumor": 0.10}, "missed-by-design", note="internal tandem duplication of 42 bases, for a later caller"),
)  # fmt: skip

SHALLOW = (
    Planted("DNMT3A", "missense:875", {"shallow-tumor": 0.30}, "filtered", "LowDepth", note="60 reads deep; the limit is 100"),
)  # fmt: skip

CASES = (
    CaseFacts("rare-trio", "wgs_rare", WGS, (
        Member("rare-proband", "proband", 34, "male", "subject-01", "yes", lanes=2),
        Member("rare-mother", "mother", 34, "female", "subject-02", "no"),
        Member("rare-father", "father", 34, "male", "subject-03", "no"),
    ), TRIO, "pass", "every gate is met"),
    CaseFacts("pair-somatic", "wgs_cancer", WGS, (
        Member("pair-tumor", "tumor", 78, "female", "subject-04", purity="0.8"),
        Member("pair-normal", "normal", 34, "female", "subject-04"),
    ), PAIR, "pass", "every gate is met"),
    CaseFacts("solid-ffpe", "panel_solid", PANEL, (
        Member("solid-tumor", "tumor", 480, "female", "subject-05", purity="0.5"),
    ), SOLID, "pass", "every gate is met"),
    CaseFacts("solid-clean", "panel_solid", PANEL, (
        Member("clean-control", "control", 400, "male", "subject-06"),
    ), (), "pass", "normal DNA: every gate is met and nothing is reported"),
    CaseFacts("myeloid-deep", "panel_myeloid", PANEL, (
        Member("myeloid-tumor", "tumor", 760, "male", "subject-07"),
    ), MYELOID, "pass", "every gate is met"),
    CaseFacts("myeloid-shallow", "panel_myeloid", PANEL, (
        Member("shallow-tumor", "tumor", 60, "female", "subject-08"),
    ), SHALLOW, "fail", "depth of 60 where 95 % of the bases must reach 500"),
)  # fmt: skip
