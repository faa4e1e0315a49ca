"""Facts of a synthetic case for tests of matching: findings, genes and rows of the clinical table."""

from gms.trials.matching.case_facts import facts_of
from gms.trials.matching.clinical_table import Entry

DAY = "2026-11-28"


def make_finding(gene="BRAF", p="p.(Val600Glu)", **more):
    """A reported somatic missense variant of 20 % of the reads."""
    fraction, zygosity = more.pop("fraction", 0.2), more.pop("zygosity", None)
    known = {"clinvar": None, "hotspot": None, "always_report": False}
    evidence = {"sample": "S1", "role": "tumor", "fraction": fraction, "zygosity": zygosity}
    return {
        "genes": [gene],
        "hgvs": {"g": None, "c": "c.1799T>A", "p": p},
        "variants": ["7:100:A:T"],
        "type": "snv",
        "exon": "15/18",
        "consequence": ["missense_variant"],
        "impact": "MODERATE",
        "labels": [],
        "reported": True,
        "flags": [],
        **more,
        "known": known | more.get("known", {}),
        "evidence": [evidence],
    }


def make_gene(gene, status="ok", weak="-", copy="-"):
    """A row of genes.tsv."""
    return {"gene": gene, "status": status, "weak_exons": weak, "copy": copy}


def entry(value, unit="", date="", limit=None):
    """A row of the clinical table."""
    number = value if isinstance(value, int | float) else None
    return Entry(str(value), number, unit, date, limit)


def make_facts(findings=(), clinical=None, **more):
    """Facts of a tumour with BRAF, KRAS, NF1 and TP53 covered, found from 3 % of the reads; purity 40 %."""
    genes = more.get("genes", [make_gene(name) for name in ("BRAF", "KRAS", "NF1", "TP53")])
    limits = more.get("limits", dict.fromkeys((row["gene"] for row in genes), 0.03))
    reference = {"genes": {"file": "g"}, "clinvar": {"file": "c"}, "hotspots": {"file": "h"}}
    told = {"germline_findings": more["answer"]} if "answer" in more else {}
    normal = [{"sample": "S2", "role": "normal"}] if "answer" in more else []
    document = {
        "format": "1.0",
        "case": {"case": "C1", "assay": "panel_solid", "kind": more.get("kind", "somatic")} | told,
        "verdict": more.get("verdict", "pass"),
        "samples": [{"sample": "S1", "role": "tumor", "sex": "unknown", "purity": more.get("purity", 0.4)}] + normal,
        "findings": list(findings),
        "genes": {"rows": [], "left_out": 0},
        "detection": {"genes": [{"gene": gene, "fraction": limit} for gene, limit in limits.items()]},
        "run": {"reference": reference | more.get("reference", {})},
        **{key: more[key] for key in ("biomarkers", "classes", "positions", "inherited_genes") if key in more},
        "limits": more.get("undecided", []),
    }
    rows = {item: [entry(*row) for row in rows] for item, rows in (clinical or {}).items()}
    return facts_of(document, genes, more.get("exons"), rows, more.get("oncotree"), DAY)
