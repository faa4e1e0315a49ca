"""What the reference files of GMSmini know: hotspots, ClinVar-like records, normals, panel regions."""

from typing import NamedTuple


class Classified(NamedTuple):
    """A ClinVar-like record."""

    gene: str
    change: str
    significance: str
    disease: str
    review: str = "criteria_provided,_multiple_submitters,_no_conflicts"


class Background(NamedTuple):
    """An allele seen in normals: how many of 36 carry it, the median and the SD of its fraction there in 1/1,000."""

    panel: str
    gene: str
    change: str
    count: int
    fraction: int
    deviation: int


NORMALS = 36

HOTSPOT_RESIDUES = {
    "BRAF": (600,), "KRAS": (12, 13, 61), "NRAS": (12, 13, 61), "EGFR": (790, 858), "PIK3CA": (542, 545, 1047),
    "TP53": (175, 248, 273), "IDH1": (132,), "IDH2": (140, 172), "JAK2": (617,), "FLT3": (835,), "DNMT3A": (882,),
    "SF3B1": (700,),
}  # fmt: skip
HOTSPOT_CODONS = (
    *((gene, residue, residue) for gene, residues in HOTSPOT_RESIDUES.items() for residue in residues),
    ("EGFR", 745, 753),
)
"""Gene, first and last codon: positions, of which any change is looked at with fewer reads."""
HOTSPOT_ALLELES = (
    ("TERT", "c.-124C>T", "TERT_C228T"), ("TERT", "c.-146C>T", "TERT_C250T"), ("NPM1", "c.860_863dup", "NPM1_W288fs"),
    ("CALR", "c.1154_1155insTTGTC", "CALR_K385fs"), ("BRAF", "c.1799T>A", "BRAF_V600E"),
    ("KRAS", "c.35G>A", "KRAS_G12D"), ("NRAS", "c.35G>A", "NRAS_G12D"), ("JAK2", "c.1849G>T", "JAK2_V617F"),
    ("IDH1", "c.395G>A", "IDH1_R132H"),
    ("IDH2", "c.419G>A", "IDH2_R140Q"), ("DNMT3A", "c.2645G>A", "DNMT3A_R882H"), ("SF3B1", "c.2098A>G", "SF3B1_K700E"),
    ("TP53", "c.742C>T", "TP53_R248W"), ("PIK3CA", "c.1633G>A", "PIK3CA_E545K"),
    ("EGFR", "c.2235_2249del", "EGFR_E746_A750del"),
)  # fmt: skip
"""Gene, change and name of very alleles; the list writes insertions and deletions to the right, as HGVS does."""

PATHOGENIC, LIKELY = "Pathogenic", "Likely_pathogenic"
CLINVAR = (
    Classified("ABCA4", "c.634C>T", LIKELY, "Stargardt_disease"),
    Classified("PAH", "c.1222C>T", PATHOGENIC, "Phenylketonuria", "reviewed_by_expert_panel"),
    Classified("EGFR", "missense:300", "Benign", "not_provided"),
    Classified(
        "CFTR", "missense:120", "Uncertain_significance", "Cystic_fibrosis", "criteria_provided,_single_submitter"
    ),
    Classified(
        "BRCA1", "c.68_69del", PATHOGENIC, "Hereditary_breast_ovarian_cancer_syndrome", "reviewed_by_expert_panel"
    ),
    Classified(
        "BRCA1", "c.181T>G", PATHOGENIC, "Hereditary_breast_ovarian_cancer_syndrome", "reviewed_by_expert_panel"
    ),
    Classified(
        "IDH2",
        "missense:100",
        "Conflicting_classifications_of_pathogenicity",
        "D-2-hydroxyglutaric_aciduria_2",
        "criteria_provided,_conflicting_classifications",
    ),
    Classified("TP53", "c.637C>T", PATHOGENIC, "Li-Fraumeni_syndrome"),
    Classified("TP53", "c.844C>T", PATHOGENIC, "Li-Fraumeni_syndrome"),
    Classified("TP53", "c.742C>T", PATHOGENIC, "Li-Fraumeni_syndrome"),
    Classified("TP53", "c.524G>A", PATHOGENIC, "Li-Fraumeni_syndrome"),
    Classified("TP53", "synonymous:240", LIKELY, "Li-Fraumeni_syndrome", "criteria_provided,_single_submitter"),
    Classified("BRAF", "c.1799T>A", PATHOGENIC, "Melanoma"),
    Classified("KRAS", "c.35G>A", PATHOGENIC, "Non-small_cell_lung_carcinoma"),
    Classified("JAK2", "c.1849G>T", PATHOGENIC, "Polycythemia_vera"),
    Classified("IDH2", "c.419G>A", PATHOGENIC, "Acute_myeloid_leukemia"),
    Classified("FLT3", "missense:200", "Benign/Likely_benign", "not_provided"),
    Classified("IDH1", "missense:140", "Uncertain_significance", "not_provided", "criteria_provided,_single_submitter"),
)
# Frequencies of planted germline variants, in 1/10,000.
FREQUENCIES = (
    ("ABCA4", "c.634C>T", 4), ("PAH", "c.1222C>T", 9), ("CFTR", "missense:120", 2), ("JAK2", "synonymous:210", 3),
    ("EGFR", "missense:300", 3100), ("FLT3", "missense:200", 600), ("EGFR", "missense:865", 30),
    ("PIK3CA", "missense:1060", 80), ("IDH1", "missense:140", 100), ("FLT3", "missense:838", 300),
)  # fmt: skip
BACKGROUND = (
    Background("panel_solid", "EGFR", "missense:800", 9, 28, 8),
    Background("panel_solid", "KRAS", "missense:18", 2, 15, 4),
    Background("panel_solid", "TP53", "missense:225", 14, 40, 12),
    Background("panel_solid", "PIK3CA", "c.3140A>G", 9, 28, 8),
    Background("panel_solid", "BRAF", "missense:610", 6, 12, 3),
    Background("panel_myeloid", "ASXL1", "c.1934dup", 21, 35, 10),
    Background("panel_myeloid", "NRAS", "c.35G>A", 5, 20, 6),
    Background("panel_myeloid", "SF3B1", "c.2098A>G", 6, 10, 5),
    Background("panel_myeloid", "CALR", "missense:400", 8, 22, 6),
    Background("panel_myeloid", "DNMT3A", "missense:890", 2, 14, 4),
)
# gene -> residues whose exons the panel covers; empty: every coding exon.
PANELS = {
    "panel_solid": {
        "NRAS": (12, 61), "PIK3CA": (545, 1047), "EGFR": (720, 750, 790, 858), "BRAF": (469, 600), "KRAS": (12, 61),
        "TP53": (), "IDH1": (132,), "CDKN2A": (), "CCNE1": (20, 90, 150, 210, 270),
    },
    "panel_myeloid": {
        "NRAS": (12, 61), "DNMT3A": (300, 882), "SF3B1": (700,), "IDH1": (132,), "NPM1": (288,), "JAK2": (540, 617),
        "KRAS": (12, 61), "FLT3": (600, 835), "IDH2": (140, 172), "TP53": (175, 220, 248, 273), "CALR": (385,),
        "ASXL1": (646,),
    },
    "panel_ctdna": {"EGFR": (750,), "BRAF": (600,), "KRAS": (12,)},
}  # fmt: skip
PROMOTERS = {"panel_solid": (("TERT", -160, -100),)}
IDENTITY_SITES = {"panel_solid": 12, "panel_myeloid": 12}
"""Common variants outside of genes that a panel reads as well, to recognise a person (GMS560 has 44)."""
