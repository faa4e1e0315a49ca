"""What a question about a variant means: an allele or position in any usual spelling, an HGVS name, an rs number, a
gene. Positions are 1-based, as people write them."""

import re
from typing import NamedTuple
from urllib.parse import unquote

from gms.base.errors import GmsError

_ALLELES = r"(?P<ref>[ACGTN]+)\s*[:>\s/_-]\s*(?P<alt>[ACGTN]+)"
# A line of a VCF has an ID, or '.', between position and alleles.
_PLACE = re.compile(
    rf"(?P<chrom>[^\s]+?)[:\s]\s*(?:[gm]\.)?(?P<pos>[0-9]+)(?:(?:[:\s-]?|\s+(?:\.|rs[0-9]+)\s)\s*{_ALLELES})?",
    re.IGNORECASE,
)
_GNOMAD = re.compile(rf"(?P<chrom>[^\s:]+)[-_](?P<pos>[0-9]+)[-_]{_ALLELES}", re.IGNORECASE)
_RS = re.compile(r"(?:dbSNP:)?(?P<name>rs[0-9]+)", re.IGNORECASE)
_LONE_MITOCHONDRIAL = re.compile(r"m\.[0-9]\S*")
# ClinVar's titles end in the protein change: NM_004333.6(BRAF):c.1799T>A (p.Val600Glu).
_HGVS = re.compile(
    r"(?:(?P<subject>[A-Za-z0-9_.-]+?)(?:\((?P<gene>[^)]*)\))?[:\s]\s*)?(?P<change>[cnp]\.\S+)(?:\s+\(p\.\S+\))?"
)
_GENOMIC = re.compile(r"(?P<chrom>[^\s:]+):\s*(?P<change>[gm]\.[0-9]+(?:_[0-9]+)?(?:del|dup|inv|ins)[A-Za-z0-9]*)")
_IN_PARTS = re.compile(r"(?P<start>[^\s:]+:\s*[gm]\.)\[(?P<first>[^;\]]+);[^\]]+\]")
_SHORT_PROTEIN = re.compile(
    r"(?P<subject>[A-Za-z0-9_.-]+)[:\s]\s*(?P<change>[A-Z*][0-9]+(?:[A-Z*]?fs\S*|[A-Z*]|del\S*|dup|_\S+))"
)
_LONE_PROTEIN = re.compile(r"[A-Z][0-9]+(?:[A-Z*]|[A-Z]?fs\S*)")
# A symbolic allele or breakend, or several alleles of a repeat, as VCF 4.3 writes them (section 5).
_SYMBOLIC = re.compile(
    r"(?P<chrom>[^\s:]+?)[:\s_-]\s*(?P<pos>[0-9]+)(?:[:\s_-]\s*|\s+\S+\s+)(?:(?P<ref>[ACGTN]+)[:>\s/_-]\s*)?"
    r"(?P<alt><[^<>\s]+>(?:,<[^<>\s]+>)*|[ACGTN.]*(?P<side>[\[\]])[^\[\]\s]+:[0-9]+(?P=side)[ACGTN.]*)(?:\s.*)?",
    re.IGNORECASE,
)
_EVENT = re.compile(r"(?:DEL|DUP|INS|INV|BND)\.\S+|[A-Za-z0-9_.-]+::[A-Za-z0-9_.-]+")
_REGION = re.compile(r"(?P<chrom>[^\s:]+):\s*(?P<start>[0-9]+)\s*[-\u2013]\s*(?P<end>[0-9]+)")
_CONTIG = r"(?:chr)?(?:[0-9]{1,2}|X|Y)"
_REGIONS = re.compile(
    rf"(?:UPD|ROH|uniparental disomy|homozygosity|chr(?=[0-9XY]))[\s:(]*(?P<chrom>{_CONTIG})?\)?(?:mat|pat)?",
    re.IGNORECASE,
)
_GENE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")
_LETTERS = "ARNDCQEGHILKMFPSTWYVUX"
_NAMES = "AlaArgAsnAspCysGlnGluGlyHisIleLeuLysMetPheProSerThrTrpTyrValSecTer"
_RESIDUES = {letter: _NAMES[3 * n : 3 * n + 3] for n, letter in enumerate(_LETTERS)}


class NotUnderstood(GmsError):
    """A question that is none of the spellings of a variant, position or gene."""

    def __init__(self, text: str):
        super().__init__(
            f"'{text}' is not understood. Write an allele as chr7:140753336:A:T or 7-140753336-A-T (letters of ACGTN),"
            " a position as chr7:140753336, an HGVS name as BRAF:c.1799T>A or BRAF:p.Val600Glu, an rs number, a gene,"
            " an allele of another class as chr3:63912684:C:<STR>, the ID of its record or a fusion as BCR::ABL1, a"
            " region as chr15:22000000-26000000, uniparental disomy and runs of homozygosity as chr15, UPD or ROH"
        )


class Place(NamedTuple):
    """A position, with an allele or, both being None, without."""

    chrom: str
    pos: int
    ref: str | None
    alt: str | None


class Region(NamedTuple):
    """All bases from start to end, both included."""

    chrom: str
    start: int
    end: int


class Regions(NamedTuple):
    """Homozygous and uniparental regions of a chromosome, or of all ('')."""

    chrom: str


class Symbolic(NamedTuple):
    """An allele without bases, such as <DEL>, or a breakend, by the position of its record; `ref` may be empty."""

    chrom: str
    pos: int
    alt: str
    ref: str = ""


class Event(NamedTuple):
    """The ID of a record, or a fusion of two genes."""

    name: str


class Change(NamedTuple):
    """An HGVS c., n. or p. change as `normalised` gives it, and the gene or transcript it was given for, or ''."""

    subject: str
    change: str
    gene: str = ""  # where it was given besides the transcript


class Genomic(NamedTuple):
    """An HGVS g. or m. change other than a substitution, and its contig or accession."""

    chrom: str
    change: str


class Rs(NamedTuple):
    """A dbSNP number."""

    name: str


class Gene(NamedTuple):
    """Anything that may be a gene symbol, or the locus of a repeat."""

    symbol: str


Asked = Place | Region | Regions | Symbolic | Event | Change | Genomic | Rs | Gene


def understand(text: str) -> Asked:
    """What is asked for. Raises NotUnderstood."""
    text = text.strip()
    if match := _REGIONS.fullmatch(text):
        return Regions(match["chrom"] or "")
    return _of_other_classes(text) or _of_any_class(text)


def _of_other_classes(text: str) -> Symbolic | Event | None:
    if match := _SYMBOLIC.fullmatch(re.sub("(?<=[0-9]),(?=[0-9])", "", text)):
        return Symbolic(match["chrom"], int(match["pos"]), match["alt"], (match["ref"] or "").upper())
    return Event(text) if _EVENT.fullmatch(text) else None


def _of_any_class(text: str) -> Asked:
    if match := _IN_PARTS.fullmatch(text):  # its first part leads to the joined allele
        text = f"{match['start']}{match['first']}"
    if _LONE_MITOCHONDRIAL.fullmatch(text):
        text = f"MT:{text}"
    if match := _HGVS.fullmatch(text) or _SHORT_PROTEIN.fullmatch(text):
        named = match.groupdict()
        return Change(named["subject"] or "", normalised(named["change"]), named.get("gene") or "")
    if match := _GENOMIC.fullmatch(text):
        return Genomic(match["chrom"], normalised(match["change"]))
    if match := _RS.fullmatch(text):
        return Rs(match["name"].lower())
    plain = text.replace(",", "")  # positions come with commas from a genome browser
    if match := _GNOMAD.fullmatch(plain) or _PLACE.fullmatch(plain):
        ref, alt = (allele and allele.upper() for allele in (match["ref"], match["alt"]))
        return Place(match["chrom"], int(match["pos"]), ref, alt)
    if (match := _REGION.fullmatch(plain)) and int(match["start"]) <= int(match["end"]):
        return Region(match["chrom"], int(match["start"]), int(match["end"]))
    if _GENE.fullmatch(text):
        return Gene(text)
    if _LONE_PROTEIN.fullmatch(text):
        return Change("", normalised(text))
    raise NotUnderstood(text)


def as_protein_change(symbol: str) -> Change | None:
    """A protein change without gene, such as V600E, which may be a symbol as well (C1R)."""
    return Change("", normalised(symbol)) if _LONE_PROTEIN.fullmatch(symbol) else None


def normalised(change: str) -> str:
    """An HGVS change in one form, for comparison: without its sequence's name and the brackets of a prediction,
    residues with three letters and Ter for a stop, and without the bases of del and dup, which may be left out."""
    change = unquote(change.rpartition(":")[2]).replace("(", "").replace(")", "").replace("*", "Ter")
    if not re.match(r"[cnmg]\.", change):
        change = _long_residues(change.removeprefix("p."))
        return "p." + re.sub(r"(del|dup)(?:[A-Z][a-z]{2}|[0-9])+(?=ins|$)", r"\1", change)
    change = change.replace("Ter", "*")  # in c. names a position behind the stop codon
    return re.sub(r"(del|dup|inv)(?:[ACGT]+|[0-9]+)(?=ins|$)", r"\1", change)


def _long_residues(change: str) -> str:
    """V600E as Val600Glu; what has three letters stays."""
    if re.search(r"(?!Ter)[A-Z][a-z]{2}[0-9]", change):
        return change
    return re.sub(r"[ARNDCQEGHILKMFPSTWYVUX](?=[^a-z]|fs|$)", lambda hit: _RESIDUES[hit[0]], change)
