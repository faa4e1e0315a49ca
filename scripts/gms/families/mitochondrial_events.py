"""Names and family fields of large deletions and duplications of the mitochondrion, whose records have no bases to be
looked up by."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from gms.families.info_fields import Family
from gms.families.relatives import Member
from gms.genome.vcf import contig_length, info_value

ENDINGS = {"<DEL>": "del", "<DUP>": "dup"}


def with_mitochondrial_events(
    lines: Iterable[str], members: Sequence[Member], accessions: Mapping[str, str]
) -> Iterator[str]:
    """Lines of a VCF of the mitochondrion; its symbolic records with HGVSG (the ends are as exact as the record's) and
    the family's fields, as other records have them. `accessions` by contig."""
    lengths: dict[str, int] = {}
    family = None
    for line in lines:
        lengths.update(contig_length(line))
        fields = line.rstrip("\n").split("\t")
        if line.startswith("#") or fields[4] not in ENDINGS:
            yield line
            continue
        family = family or Family(members, lengths, frozenset())
        name = _name(fields[4], *most_3_prime(int(fields[1]), fields[7]), lengths.get(fields[0]))
        fields[7] += f";HGVSG={accessions.get(fields[0], '') or fields[0]}:{name}"
        yield "\t".join(family.annotated(fields, [])) + "\n"


def _name(alt: str, start: int, end: int, size: int | None) -> str:
    """A duplication of more than half of the circle (`size` bases) is named as the deletion of the rest that it may be:
    HGVS gives positions around the origin of a circular sequence from the larger to the smaller."""
    if alt == "<DUP>" and size and 2 * (end - start + 1) > size:
        return f"m.{end % size + 1}_{(start - 2) % size + 1}del"
    return f"m.{start}_{end}{ENDINGS[alt]}"


def most_3_prime(pos: int, text: str) -> tuple[int, int]:
    """First and last base (1-based) of an event, as far to the right as the bases that both ends share allow: the 3'
    rule of HGVS (https://hgvs-nomenclature.org/stable/recommendations/general/). Records have the leftmost place; it
    begins after POS, or with POS at the first base, and does not reach across the origin. `text`: INFO."""
    end, length, shared = (abs(int(info_value(text, key) or 0)) for key in ("END", "SVLEN", "HOMLEN"))
    start = end - length + 1 if length else pos + 1
    return start + shared, end + shared
