"""Which drawings the page of a case has, from report/{case}.json."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gms.drawings.along_genome import allele_plot
from gms.drawings.depth_plot import depth_plot
from gms.drawings.fractions import Row, fraction_plot
from gms.drawings.pedigree import pedigree
from gms.drawings.pileup import end_pileup, pileup
from gms.drawings.strip import strip
from gms.genome.ploidy import MITOCHONDRION

Data = Mapping[str, Any]
MOST = 40  # findings in a plot


def case_drawings(document: Data) -> dict[str, Any]:
    """`pedigree` and `fractions` as SVG, None where there is nothing to draw; `more`: findings left out of the plot;
    `reads`: at how many findings reads are drawn, and how many are reported; `depth` and `families`: drawings by
    structural finding, `ends`: reads at each of its ends; `mitochondrial`: reads by allele; `tmb`, `msi`, `hrd`;
    `alleles`: fractions of SNPs."""
    samples = document["samples"]
    shared = {"reads": _reads(document), "depth": _depths(document), "mitochondrial": _mitochondrial(document)}
    shared |= _strips(document) | {"ends": _ends(document)}
    if document["case"]["kind"] == "germline":
        families = {"pedigree": pedigree(samples, {}), "families": _families(document)}
        return {**shared, **families, "fractions": None, "more": 0}
    reported = [found for found in document["findings"] if found["reported"]]
    reported.sort(key=lambda found: -(found["evidence"][0]["fraction"] or 0))
    rows = [Row(short_name(found), found["evidence"]) for found in reported]
    found = document["detection"] or {}
    limits = {"found from": found.get("fraction"), "hotspots from": found.get("hotspot")}
    if limits["hotspots from"] == limits["found from"]:
        del limits["hotspots from"]
    limits = {words: limit for words, limit in limits.items() if limit}
    is_alone = "normal" not in {sample["role"] for sample in samples}
    plot = fraction_plot(rows[:MOST], "Allele fractions of the reported variants", limits, is_alone)
    return {**shared, "pedigree": None, "families": {}, "fractions": plot, "more": len(rows[MOST:])}


def _reads(document: Data) -> dict[str, int]:
    return {
        "drawn": sum(found["variants"][0] in document.get("read_views", ()) for found in document["findings"]),
        "reported": sum(found["reported"] for found in document["findings"]),
    }


def _mitochondrial(document: Data) -> dict[str, str]:
    """CHROM:POS:REF:ALT of a mitochondrial allele -> the reads at it."""
    spelled = [spelling for spelling in document.get("read_views", ()) if spelling.split(":")[0] in MITOCHONDRION]
    return {spelling: pileup(document["read_views"][spelling], spelling) for spelling in spelled}


def _depths(document: Data) -> dict[str, str]:
    """CHROM:POS:REF:ALT of a structural finding -> the depth around its ends."""
    usual = {sample["sample"]: sample["metrics"].get("coverage_median") for sample in document["samples"]}
    return {spelling: depth_plot(view, usual) for spelling, view in document.get("depth_views", {}).items()}


def _ends(document: Data) -> dict[str, list[str]]:
    """CHROM:POS:REF:ALT of a structural finding -> the reads at each of its ends."""
    return {spelling: list(map(end_pileup, views)) for spelling, views in document.get("end_views", {}).items()}


def _families(document: Data) -> dict[str, str]:
    """CHROM:POS:REF:ALT of a structural finding -> the family with its genotypes."""
    drawn = {
        found["variants"][0]: card_pedigree(document["samples"], [found])
        for section in document.get("classes", ())
        if section["variants"] not in ("mitochondrial", "repeats")
        for found in section["findings"]
    }
    return {spelling: drawing for spelling, drawing in drawn.items() if drawing}


def _strips(document: Data) -> dict[str, str | None]:
    """`tmb`, `msi`, `hrd` and `alleles`, None where they were not measured."""
    tmb, msi, hrd, purity = (document.get(name) for name in ("tmb", "msi", "hrd", "purity"))
    return {
        "alleles": purity and allele_plot({**purity, "contigs": _contigs(document) or purity["contigs"]}),
        "hrd": hrd and strip(hrd["results"][0], "Deficiency of homologous recombination", hrd["high"]),
        "tmb": tmb and strip(tmb["results"][0], "Tumour mutational burden", tmb["high"]),
        "msi": msi and strip(msi["results"][0], "Microsatellite instability", msi["high_from"], msi["grey_from"]),
    }


def _contigs(document: Data) -> Mapping[str, int] | None:
    """Lengths of the contigs that the drawing of depth shows, so that the one below has the same axis."""
    facts = (section["facts"] for section in document.get("classes", ()) if section["variants"] == "copy_number")
    return next((found.get("contigs") for found in facts if found), None)


def heteroplasmy(findings: Iterable[Data]) -> str | None:
    """Fractions of mitochondrial alleles, child and relatives side by side; not those of all molecules."""
    mixed = [found for found in findings if found["section"] != "homoplasmic"]
    rows = [Row(short_name(found), found["evidence"]) for found in mixed[:MOST]]
    return fraction_plot(rows, "Heteroplasmy of the reported mitochondrial alleles")


def card_pedigree(samples: Sequence[Data], findings: Sequence[Data]) -> str | None:
    """The family with the genotypes of a gene's findings, numbered where there are several."""
    if len(findings) > 4 or any(one["zygosity"] is None for found in findings for one in found["evidence"]):
        return None
    lines: dict[str, list[str]] = {sample["sample"]: [] for sample in samples}
    for number, found in enumerate(findings, start=1):
        for one in found["evidence"]:
            words = one["zygosity"]
            lines[one["sample"]].append(f"{number}: {words}" if len(findings) > 1 else words)
    return pedigree(samples, lines)


def finding_reads(document: Data, found: Data) -> str | None:
    """The reads at a finding, None where they were not looked at."""
    spelling = found["variants"][0]
    view = document.get("read_views", {}).get(spelling)
    return pileup(view, spelling) if view else None


def short_name(found: Data) -> str:
    """Gene and change: BRAF p.Val600Glu."""
    names = found["hgvs"]
    gene, change = " ".join(found["genes"][:1]), names["p"] or names["c"]
    return f"{gene} {change}" if gene and change else names["g"] or found["variants"][0]
