"""How many copies of a place a person has, and who passes it on: autosomes, sex chromosomes, mitochondrion.

The pseudo-autosomal regions (PAR) of X and Y pair and are inherited as autosomes are. Coordinates: Genome Reference
Consortium, https://www.ncbi.nlm.nih.gov/grc/human and https://www.ncbi.nlm.nih.gov/grc/human/data?asm=GRCh37.
"""

import re
from collections.abc import Mapping, Sequence

from gms.genome.vcf import MATE, info_value

AUTOSOME = re.compile(r"(chr)?([1-9]|1[0-9]|2[0-2])")
X, Y, MITOCHONDRION = ("X", "chrX"), ("Y", "chrY"), ("MT", "chrM", "M", "chrMT")
KINDS = ("autosome", "par", "x", "y", "mitochondrion")
SEX_CHROMOSOMES = {"female": "XX", "male": "XY"}

# Length of the chromosome (bases) -> its pseudo-autosomal regions, 1-based and closed.
PAR_OF_X = {
    155_270_560: ((60_001, 2_699_520), (154_931_044, 155_260_560)),  # GRCh37
    156_040_895: ((10_001, 2_781_479), (155_701_383, 156_030_895)),  # GRCh38
}
PAR_OF_Y = {
    59_373_566: ((10_001, 2_649_520), (59_034_050, 59_363_566)),  # GRCh37
    57_227_415: ((10_001, 2_781_479), (56_887_903, 57_217_415)),  # GRCh38
}
# A contig of another length is a part of a chromosome that begins where it does; PAR1 is what both assemblies call so.
PAR_OF_PART = {"x": ((60_001, 2_699_520),), "y": ((10_001, 2_649_520),)}


BORDER = 500  # bases from the end of a PAR, within which a junction is there; callers place some by pairs alone


class Ploidy:
    """Kinds of places of one reference; `lengths`: bases by contig, as in the header of a VCF."""

    def __init__(self, lengths: Mapping[str, int]):
        self.par = {}
        for names, kind, known in ((X, "x", PAR_OF_X), (Y, "y", PAR_OF_Y)):
            for name in names:
                self.par[name] = kind, known.get(lengths.get(name, 0), PAR_OF_PART[kind])

    def kind(self, contig: str, pos: int, end: int | None = None) -> str:
        """One of KINDS; `pos` is 1-based. That of most bases from `pos` to `end`, where this is given."""
        last = max(pos, end or pos)
        if contig in self.par:
            kind, regions = self.par[contig]
            inside = sum(max(0, min(last, stop) - max(pos, start) + 1) for start, stop in regions)
            return "par" if 2 * inside > last - pos + 1 else kind
        return "mitochondrion" if contig in MITOCHONDRION else "autosome"

    def kinds(self, fields: Sequence[str]) -> tuple[str, ...]:
        """KINDS of the columns of a record: of a breakend those of both ends, in the order of KINDS; of a large event
        that of most of its bases."""
        contig, pos, alt = fields[0], int(fields[1]), fields[4]
        if mate := MATE.search(alt):
            found = {self.kind(contig, pos), self.kind(mate[1], int(mate[2]))}
            return tuple(sorted(found, key=KINDS.index))
        end = info_value(fields[7], "END") if alt[0] == "<" else None
        return (self.kind(contig, pos, end and int(end)),)

    def is_border_of_par(self, one: tuple[str, int], other: tuple[str, int]) -> bool:
        """Whether two places, (contig, 1-based position), are the ends of the same PAR on X and on Y. A reference that
        has the PAR on X alone shows every Y as such a junction."""
        (a, here), (b, there) = one, other
        if not {a, b} <= self.par.keys() or self.par[a][0] == self.par[b][0]:
            return False
        pairs = zip(self.par[a][1], self.par[b][1], strict=False)
        inner = [(x[1 - number], y[1 - number]) for number, (x, y) in enumerate(pairs)]  # PAR1 ends, PAR2 begins
        return any(abs(here - x) <= BORDER and abs(there - y) <= BORDER for x, y in inner)


def is_by_depth(sex: str) -> bool:
    """Whether `sex` names the sex chromosomes of a person as depth shows them: XX, XY, X, XXY ..."""
    return sex.startswith("X")


def chromosomes_of(sex: str) -> str:
    """Sex chromosomes of a person: `sex` itself where it names them, else a woman's or a man's; '' where they are not
    known."""
    return sex if is_by_depth(sex) else SEX_CHROMOSOMES.get(sex, "")


def usual_sex(sex: str) -> str:
    """'female', 'male' or 'unknown', by the presence of Y: those whose copies of X and Y are the usual ones."""
    known = chromosomes_of(sex)
    return ("male" if "Y" in known else "female") if known else "unknown"


def is_haploid(kind: str, sex: str) -> bool:
    """Whether a person has one copy: of a place of X or Y outside of the PAR, with one X or one Y. `sex`: female, male
    or unknown, or sex chromosomes."""
    return kind in ("x", "y") and chromosomes_of(sex).count(kind.upper()) == 1
