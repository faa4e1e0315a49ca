"""Effects on genes as INFO/CSQ of Ensembl's VEP, which Scout reads genes and transcripts from (scout/parse/variant)."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from gms.annotation.gene_models import hgnc_symbols
from gms.annotation.transcripts import Transcript, from_line
from gms.genome.gene_effects import effects_of
from gms.genome.gff3 import UNRANKED

KEYS = ("Allele", "Consequence", "IMPACT", "SYMBOL", "Gene", "Feature_type", "Feature", "BIOTYPE", "EXON", "INTRON")
KEYS += ("HGVSc", "HGVSp", "STRAND", "HGNC_ID", "CANONICAL", "MANE_SELECT")
HEADER = (
    '##INFO=<ID=CSQ,Number=.,Type=String,Description="Consequence annotations, one transcript of each gene, in the'
    f' format of Ensembl VEP. Format: {"|".join(KEYS)}">\n'
)
# Terms that VEP, and so Scout, does not have, and its more general ones: the parents of these in the Sequence Ontology.
VEP_TERMS = {
    "disruptive_inframe_insertion": "inframe_insertion",
    "conservative_inframe_insertion": "inframe_insertion",
    "disruptive_inframe_deletion": "inframe_deletion",
    "conservative_inframe_deletion": "inframe_deletion",
    "exon_loss_variant": "feature_truncation",
}
_MANE, _CANONICAL = 0, 2  # ranks of transcripts


class Genes(NamedTuple):
    """HGNC number by symbol, and transcripts by id."""

    hgnc: Mapping[str, int]
    transcripts: Mapping[str, Transcript]


def read_genes(gff: Path, transcripts: Path, wanted: Iterable[str]) -> Genes:
    """HGNC numbers of the gene models (GFF3), and of reference/transcripts.tsv those that are wanted, by id."""
    numbers, _ = hgnc_symbols(gff)
    names, found = frozenset(wanted), {}
    with open(transcripts) as lines:
        for line in lines:
            if line.split("\t", 4)[3] in names:
                one = from_line(line.rstrip("\n"))
                found[one.id] = one
    return Genes({symbol: number for number, symbol in numbers.items()}, found)


def consequences(info: str, alt: str, genes: Genes) -> str | None:
    """INFO/CSQ of a record, one entry for each gene, the shown one first; None without a gene."""
    return ",".join("|".join(entry) for entry in _entries(info, alt, genes)) or None


def _entries(info: str, alt: str, genes: Genes) -> Iterator[list[str]]:
    for effect in effects_of(info):
        name = effect.get("TRANSCRIPT", "")
        one = genes.transcripts.get(name)
        number = genes.hgnc.get(effect["GENE"])
        values = {
            "Allele": alt.strip("<>"),
            "Consequence": _terms(effect.get("CONSEQUENCE", "")),
            "IMPACT": effect.get("IMPACT", ""),
            "SYMBOL": effect["GENE"],
            "Feature_type": "Transcript" if name else "",
            "Feature": name,
            "EXON": effect.get("EXON", ""),
            "INTRON": effect.get("INTRON", ""),
            "HGVSc": f"{name}:{effect['HGVSC']}" if effect.get("HGVSC") else "",
            "HGVSp": f"{name}:{effect['HGVSP']}" if effect.get("HGVSP") else "",
            "HGNC_ID": f"HGNC:{number}" if number else "",
        }
        values |= _of_transcript(one, effect.get("REFSEQ", "")) if one else {}
        yield [values.get(key, "") for key in KEYS]


def _terms(text: str) -> str:
    return "&".join(dict.fromkeys(VEP_TERMS.get(term, term) for term in text.split("&")))


def _of_transcript(one: Transcript, refseq: str) -> dict[str, str]:
    return {
        "Gene": one.gene_id,
        "BIOTYPE": one.biotype,
        "STRAND": "1" if one.forward else "-1",
        "CANONICAL": "YES" if one.rank <= _CANONICAL < UNRANKED else "",
        "MANE_SELECT": refseq if one.rank == _MANE else "",
    }
