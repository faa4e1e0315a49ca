"""Reading frames that the indels of a consensus shift."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from gms.viral.chain.decide import Called


def coding(gff: Path) -> list[tuple[str, int, int]]:
    """(gene, start, end), 0-based half-open, of every coding part in a GFF3."""
    found = []
    for line in gff.read_text().splitlines():
        fields = line.split("\t")
        if len(fields) == 9 and fields[2] == "CDS":
            values = dict(part.split("=", 1) for part in fields[8].split(";") if "=" in part)
            name = values.get("gene") or values.get("Name") or values.get("Parent", "").rpartition(":")[2]
            found.append((name, int(fields[3]) - 1, int(fields[4])))
    return found


def frameshifts(passed: Iterable[Called], genes: Iterable[tuple[str, int, int]]) -> list[dict]:
    """Genes with an indel of the consensus that is no multiple of three: which ones, and whether all of them together
    keep the frame behind them."""
    shifts: dict[str, list[Called]] = defaultdict(list)
    genes = list(genes)
    for one in passed:
        ref, alt = one.observed.allele.ref, one.observed.allele.alt
        if (len(alt) - len(ref)) % 3:
            for gene, start, end in genes:
                if one.pos + 1 < end and one.end > start and one.pos + 1 >= start - (len(ref) > 1):
                    shifts[gene].append(one)
    return [
        {
            "gene": gene,
            "indels": [f"{one.pos + 1}:{one.observed.allele.ref}:{one.observed.allele.alt}" for one in found],
            "restored": sum(len(one.observed.allele.alt) - len(one.observed.allele.ref) for one in found) % 3 == 0,
        }
        for gene, found in shifts.items()
    ]
