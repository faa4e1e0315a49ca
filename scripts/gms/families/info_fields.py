"""INFO fields of a record that come from the family, and genotypes with as many alleles as the person has copies."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from gms.base.json_tables import read_table
from gms.base.project import PROJECT
from gms.families import inheritance
from gms.families.relatives import (
    PARENTS,
    TWO_GAINED,
    Member,
    Relative,
    as_usual,
    child_copies,
    is_whole,
    relatives,
    sex_of,
    shares_of,
)
from gms.genome.ploidy import Ploidy, chromosomes_of, is_by_depth, is_haploid
from gms.genome.vcf import info_value, record_lines

HEADER = """\
##INFO=<ID=MODES,Number=.,Type=String,Description="Modes of inheritance that no certain genotype rules out; or none">
##INFO=<ID=INHERITANCE,Number=1,Type=String,Description="The one of MODES that is shown first to a reader">
##INFO=<ID=ORIGIN,Number=.,Type=String,Description="Chromosomes that the only copy may be on: maternal, paternal">
##INFO=<ID=PARENTS_WITH,Number=.,Type=String,Description="Parents who certainly carry a possible half of a pair">
##INFO=<ID=LABELS,Number=.,Type=String,Description="What limits the modes: parents not informative, mosaicism ...">
##INFO=<ID=UNAFFECTED_WITH,Number=.,Type=String,Description="Unaffected relatives who certainly carry the allele">
"""
REDUCED_PENETRANCE = PROJECT / "resources" / "genes" / "reduced_penetrance.tsv"
RECURRENT_EVENTS = PROJECT / "resources" / "genes" / "recurrent_events.tsv"
DOMINANT = frozenset(("autosomal_dominant", "x_linked_dominant"))
HAPLOID = {"0/0": "0", "1/1": "1"}
MIN_DELETION_QUALITY = 20  # genotype quality (phred) of a deletion that makes an allele opposite of it hemizygous


class Deletion(NamedTuple):
    """Bases `start` to `end` (1-based, closed) that are lost on one chromosome of the samples in `columns`; `allele` as
    CHROM:POS:REF:ALT."""

    contig: str
    start: int
    end: int
    columns: frozenset[int]
    allele: str


def reduced_penetrance_genes(path: Path = REDUCED_PENETRANCE) -> frozenset[str]:
    """Symbols of genes with dominant disease of reduced penetrance."""
    return frozenset(row["gene"] for row in read_table(path))


class Recurrent(NamedTuple):
    """A recurrent loss or gain of reduced penetrance: ALT, and genes that such an event changes."""

    alt: str
    genes: frozenset[str]


def recurrent_events(path: Path = RECURRENT_EVENTS) -> tuple[Recurrent, ...]:
    """Losses and gains that a healthy carrier does not rule out."""
    alts = {"loss": "<DEL>", "gain": "<DUP>"}
    return tuple(Recurrent(alts[row["kind"]], frozenset(row["genes"].split(","))) for row in read_table(path))


class Family:
    """Adds the family's fields to the records of a sorted VCF, one after the other.

    `members` are in the order of the samples, the person investigated first; `lengths`: bases by contig;
    `reduced`: genes of reduced penetrance, `recurrent`: such events; `large`: deletions of the case that the VCF does
    not hold.
    """

    def __init__(
        self,
        members: Sequence[Member],
        lengths: Mapping[str, int],
        reduced: frozenset[str],
        large: Sequence[Deletion] = (),
        recurrent: Sequence[Recurrent] = (),
    ):
        self.members, self.reduced, self.large, self.recurrent = members, reduced, large, recurrent
        self.ploidy = Ploidy(lengths)
        self.sexes = [sex_of(member) for member in members]
        self.deletions: list[Deletion] = []
        usual = as_usual(members)
        self.of_chromosomes = self if usual == list(members) else Family(usual, lengths, reduced, large, recurrent)

    def annotated(self, fields: list[str], genes: Sequence[str]) -> list[str]:
        """The columns of a record with MODES and the other fields, and haploid genotypes; `genes`: what it changes."""
        if self.of_chromosomes is not self and is_whole(fields[7]):
            return self.of_chromosomes.annotated(fields, genes)
        kinds = self.ploidy.kinds(fields)
        opposite = self.opposite_of_deletion(fields)
        columns = list(self.genotyped(fields[9:], kinds, opposite, fields[4] == "<DUP>"))
        if "1" not in columns[0].partition(":")[0]:
            return [*fields[:9], *columns]
        known = with_in_trans(fields[7], opposite.get(0, ()))
        info = ";".join([known, *self.info(kinds, fields, columns, genes, 0 in opposite)])
        return [*fields[:7], info.removeprefix(".;"), fields[8], *columns]

    def info(
        self, kinds: Sequence[str], fields: Sequence[str], columns: Sequence[str], genes: Sequence[str], opposite: bool
    ) -> Iterator[str]:
        """KEY=value of the fields in HEADER; `columns`: of the samples, with genotypes of their copies. A breakend that
        joins two `kinds` of places has the modes of both, and else is judged by the first, as that of two copies."""
        copies, shares = child_copies(fields[8], columns[0]), shares_of(fields[4])
        kin_of = {kind: relatives(self.members, kind, fields[8], columns, shares) for kind in kinds}
        kind, kin = next(iter(kin_of.items()))
        reduced = self.has_reduced_penetrance(fields[4], genes)
        modes = self.modes(kin_of, copies, fields[4] == "<DUP>" and copies == (1, 2), reduced)
        yield f"MODES={','.join(modes) or 'none'}"
        yield f"INHERITANCE={modes[0] if modes else 'none'}"
        for key, values in origin_fields(modes, kind, self.sexes[0], kin).items():
            yield f"{key}={','.join(values)}"
        carriers = [
            who for who, one in zip(self.names(), kin, strict=True) if one.affected == "no" and one.is_certain_carrier
        ]
        if carriers:
            yield f"UNAFFECTED_WITH={','.join(carriers)}"
        labels = inheritance.labels(kind, self.sexes[0], copies, modes, kin)
        labels += self.sex_labels(kinds, fields[8], columns[0])
        labels += ["opposite_deletion"] if opposite else []
        labels += ["reduced_penetrance"] if reduced and carriers and DOMINANT.intersection(modes) else []
        if labels:
            yield f"LABELS={','.join(labels)}"

    def modes(
        self, kin_of: Mapping[str, tuple[Relative, ...]], copies: tuple[int, ...], gained: bool, reduced: bool
    ) -> Sequence[str]:
        """Modes at one of the kinds of places of a record, in the order in which they are shown. `kin_of`: relatives by
        kind; `copies` of the person investigated; `gained`: one or two more, of which nothing shows where."""
        found = []
        for kind, kin in kin_of.items():
            if gained:
                found.append(inheritance.modes_of_gain(kind, self.sexes[0], kin, reduced))
            else:
                found.append(inheritance.modes_in_order(kind, self.sexes[0], copies, kin, reduced))
        return found[0] if len(found) == 1 else [mode for mode in inheritance.MODES if any(mode in m for m in found)]

    def sex_labels(self, kinds: Sequence[str], keys: str, column: str) -> list[str]:
        """What to know of an allele on X or Y in the column of the person investigated; CN in `keys`: seen by depth."""
        known, by_depth = chromosomes_of(sex := self.sexes[0]), is_by_depth(sex)
        if have_one(kinds, sex):
            return ["two_alleles_of_one_copy" if "/" in column.partition(":")[0] else "one_copy"]
        if set(kinds) == {"y"} and known and "Y" not in known and not (by_depth and "CN" in keys.split(":")):
            return ["no_y" if by_depth else "y_of_a_woman"]  # the sheet may state the sex of appearance (SRY)
        if "x" not in kinds or known and "XXY" not in known:
            return []
        return ["two_x_of_a_male" if known else "sex_not_stated"]

    def has_reduced_penetrance(self, alt: str, genes: Sequence[str]) -> bool:
        """Whether healthy carriers rule nothing out of what changes `genes`."""
        is_recurrent = any(one.alt == alt and one.genes.issubset(genes) for one in self.recurrent)
        return is_recurrent or not self.reduced.isdisjoint(genes)

    def names(self) -> Iterator[str]:
        """Relatives as mother, father, sibling1, sibling2, half-sibling1 …: sample names stay in the columns."""
        seen: Counter[str] = Counter()
        for member in self.members[1:]:
            seen[member.role] += 1
            yield member.role if member.role in PARENTS else f"{member.role}{seen[member.role]}"

    def genotyped(
        self, columns: Sequence[str], kinds: Sequence[str], opposite: Collection[int], gained: bool = False
    ) -> Iterator[str]:
        """Sample columns; the genotype of one copy has one allele (VCF 4.3, section 1.6.2), that of two copies more of
        what is `gained` has one that is known."""
        for number, column in enumerate(columns):
            genotype, _, rest = column.partition(":")
            if genotype in HAPLOID and (number in opposite or have_one(kinds, self.sexes[number])):
                column = f"{HAPLOID[genotype]}:{rest}"
            elif gained and genotype == "1/1":
                column = f"{TWO_GAINED}:{rest}"
            yield column

    def opposite_of_deletion(self, fields: Sequence[str]) -> dict[int, list[str]]:
        """Sample columns in which the allele looks homozygous because the other chromosome lacks the place, with the
        deletions there. Keeps the deletions for the records that follow."""
        contig, pos, ref, alt = fields[0], int(fields[1]), fields[3], fields[4]
        self.deletions = [d for d in self.deletions if d.contig == contig and d.end >= pos]
        known = (*self.deletions, *self.large)
        covering = [d for d in known if d.contig == contig and d.start <= pos and pos + len(ref) - 1 <= d.end]
        if len(ref) > len(alt) == 1:
            lost = heterozygous_columns(fields)
            allele = f"{contig}:{pos}:{ref}:{alt}"
            self.deletions += [Deletion(contig, pos + 1, pos + len(ref) - 1, lost, allele)] if lost else []
        found: dict[int, list[str]] = {}
        for deletion in covering:
            for number in deletion.columns:
                if fields[9 + number].startswith("1/1") and deletion.allele not in found.setdefault(number, []):
                    found[number].append(deletion.allele)
        return found


def origin_fields(modes: Sequence[str], kind: str, sex: str, kin: Sequence[Relative]) -> dict[str, Sequence[str]]:
    """Values of ORIGIN and PARENTS_WITH of an allele that may be half of a compound pair; none of others."""
    if "compound" not in modes:
        return {}
    giving = [role for role, one in inheritance.parents(kin).items() if one.is_certain_carrier]
    return {"ORIGIN": inheritance.origins(kind, sex, kin)} | ({"PARENTS_WITH": giving} if giving else {})


def has_one(kind: str, sex: str) -> bool:
    """Whether a carrier of that sex has one copy: of a Y also who is not said to be male."""
    return is_haploid(kind, "male" if kind == "y" and sex == "unknown" else sex)


def have_one(kinds: Iterable[str], sex: str) -> bool:
    """Whether a carrier of that sex has one copy of all places of a record."""
    return all(has_one(kind, sex) for kind in kinds)


def with_in_trans(info: str, alleles: Sequence[str]) -> str:
    """INFO with more alleles in IN_TRANS: the chromosome with a deletion has none of the alleles within it."""
    if not alleles:
        return info
    known = info_value(info, "IN_TRANS")
    named = [*known.split(","), *alleles] if known else alleles
    kept = [part for part in info.split(";") if not part.startswith("IN_TRANS=")]
    return ";".join([*kept, f"IN_TRANS={','.join(named)}"])


def certain_deletions(path: Path) -> Iterator[tuple[int, str, int, int, str]]:
    """(Column, contig, start, end, CHROM:POS:REF:ALT), 0-based half-open, for each sample that certainly has a <DEL> of
    a VCF on one chromosome."""
    for line in record_lines(path):
        if "\t<DEL>\t" in line:
            fields = line.rstrip("\n").split("\t")
            start, end = int(fields[1]), int(info_value(fields[7], "END") or fields[1])
            allele = ":".join((fields[0], fields[1], *fields[3:5]))
            yield from ((number, fields[0], start, end, allele) for number in heterozygous_columns(fields))


def heterozygous_columns(fields: Sequence[str]) -> frozenset[int]:
    """Sample columns of a record that are certainly heterozygous."""
    keys = fields[8].split(":")
    quality = keys.index("GQ") if "GQ" in keys else None
    return frozenset(n for n, column in enumerate(fields[9:]) if is_heterozygous(column.split(":"), quality))


def is_heterozygous(values: Sequence[str], quality: int | None) -> bool:
    """Whether a sample's column is certainly heterozygous; `quality`: the place of GQ in it."""
    certain = quality is not None and quality < len(values) and values[quality].isdigit()
    return values[0] == "0/1" and certain and int(values[quality]) >= MIN_DELETION_QUALITY
