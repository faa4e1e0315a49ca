"""Picks the transcript that a person reads, of all that snpEff annotated; writes its consequence in plain fields."""

import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from gms.genome.intervals import open_text

BESIDE = ("upstream_gene_variant", "downstream_gene_variant", "intergenic_region", "intragenic_variant")
RANKS = {"MANE_Select": 0, "MANE_Plus_Clinical": 1, "Ensembl_canonical": 2}
UNRANKED = 3
UNCHANGED = re.compile(r"^p\.([A-Z][a-z]{2})(\d+)\1$")  # snpEff repeats the residue where HGVS writes =


class Transcripts(NamedTuple):
    """What the gene models say beyond the annotation: symbols of genes, and how preferred each transcript is."""

    symbols: dict[str, str]
    ranks: dict[str, int]


def read_transcripts(gff: Path) -> Transcripts:
    """Read an Ensembl-style GFF3 (plain or gzipped): gene names, and the tags MANE_Select, Ensembl_canonical …"""
    symbols: dict[str, str] = {}
    ranks: dict[str, int] = {}
    with open_text(gff) as lines:
        for line in lines:
            if line.startswith("#") or "ID=" not in line:
                continue
            notes = dict(part.partition("=")[::2] for part in line.rstrip("\n").split("\t")[8].split(";"))
            kind, _, name = notes.get("ID", "").partition(":")
            if kind == "gene":
                symbols[name] = notes.get("Name", name)
            elif kind == "transcript":
                tags = notes.get("tag", "").split(",")
                ranks[name] = min((RANKS[tag] for tag in tags if tag in RANKS), default=UNRANKED)
    return Transcripts(symbols, ranks)


def pick(ann: str, transcripts: Transcripts) -> dict[str, str]:
    """GENE, CONSEQUENCE, IMPACT, HGVSC, HGVSP and TRANSCRIPT of the one annotation to show; empty if there is none.

    Transcripts that the variant lies in go before those it lies beside, then MANE Select, MANE Plus Clinical, the
    Ensembl canonical one and others, as Ensembl's VEP picks; snpEff's own order, most severe first, breaks ties. MANE
    Plus Clinical has the exons that MANE Select lacks: it goes first where only there the protein changes.
    """
    entries = [entry.split("|") for entry in ann.split(",")]
    found = [entry for entry in entries if len(entry) > 10 and entry[5] == "transcript"]
    if not found:
        return {}

    def preference(entry: list[str]) -> tuple[bool, int, bool, int]:
        rank = transcripts.ranks.get(plain_id(entry[6]), UNRANKED)
        silent = entry[2] in ("LOW", "MODIFIER") and "splice" not in entry[1]
        return entry[1].split("&")[0] in BESIDE, max(rank, RANKS["MANE_Plus_Clinical"]), silent, rank

    best = min(found, key=preference)
    gene = transcripts.symbols.get(best[4], best[3])
    values = (gene, best[1], best[2], best[9], UNCHANGED.sub(r"p.\1\2=", best[10]), best[6])
    names = ("GENE", "CONSEQUENCE", "IMPACT", "HGVSC", "HGVSP", "TRANSCRIPT")
    return {name: escape(value) for name, value in zip(names, values, strict=True) if value}


def plain_id(identifier: str) -> str:
    return re.sub(r"\.\d+$", "", identifier)


def escape(value: str) -> str:
    """A value that may stand in INFO: VCF 4.2 allows no white space, semicolon, equals sign or comma."""
    return re.sub(r"[\s;,]", "_", unquote(value).replace("=", "%3D"))
