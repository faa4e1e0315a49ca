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
        start, end = most_3_prime(int(fields[1]), fields[7])
        fields[7] += f";HGVSG={accessions.get(fields[0], '') or fields[0]}:m.{start}_{end}{ENDINGS[fields[4]]}"
        yield "\t".join(family.annotated(fields, [])) + "\n"


def most_3_prime(pos: int, text: str) -> tuple[int, int]:
    """First and last base (1-based) of an event, as far to the right as the bases that both ends share allow: the 3'
    rule of HGVS (https://hgvs-nomenclature.org/stable/recommendations/general/). Records have the leftmost place; it
    begins after POS, or with POS at the first base, and does not reach across the origin. `text`: INFO."""
    end, length, shared = (abs(int(info_value(text, key) or 0)) for key in ("END", "SVLEN", "HOMLEN"))
    start = end - length + 1 if length else pos + 1
    return start + shared, end + shared
