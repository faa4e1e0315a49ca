"""The exported small variants as the standards describe them; positions are 1-based as in VCF."""

import gzip
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from gms.genome.vcf import info, read_header, samples_of
from gms.sharing.metadata.model import PackageFacts, Person
from gms.sharing.metadata.terms import GERMLINE, SOMATIC, ZYGOSITY, Term

_BASES = re.compile("[ACGTN]+")
# Pseudo-autosomal regions, 1-based, both ends included (Genome Reference Consortium), where men have two copies too.
PSEUDO_AUTOSOMAL = {
    "GRCh38": {
        "X": ((10_001, 2_781_479), (155_701_383, 156_030_895)),
        "Y": ((10_001, 2_781_479), (56_887_903, 57_217_415)),
    },
    "GRCh37": {
        "X": ((60_001, 2_699_520), (154_931_044, 155_260_560)),
        "Y": ((10_001, 2_649_520), (59_034_050, 59_363_566)),
    },
}


class Variant(NamedTuple):
    """One record, one allele: `genotypes` maps the pseudonym of a sample to its GT, `info` the INFO fields to texts."""

    chrom: str
    pos: int
    ref: str
    alt: str
    info: Mapping[str, str]
    genotypes: Mapping[str, str]

    @property
    def key(self) -> str:
        """'CHROM:POS:REF:ALT'."""
        return f"{self.chrom}:{self.pos}:{self.ref}:{self.alt}"

    @property
    def literal(self) -> bool:
        """Whether the allele is spelled out in bases; symbolic alleles, breakends and '*' are not."""
        return bool(_BASES.fullmatch(self.ref) and _BASES.fullmatch(self.alt))

    @property
    def kind(self) -> str:
        """Beacon's variantType: SNP, MNP, INS, DEL or INDEL."""
        if len(self.ref) == len(self.alt):
            return "SNP" if len(self.ref) == 1 else "MNP"
        if self.alt.startswith(self.ref):
            return "INS"
        return "DEL" if self.ref.startswith(self.alt) else "INDEL"

    @property
    def hgvs(self) -> list[str]:
        """The change of the chosen transcript, 'ENST00000370225:c.1622T>C'; empty without annotation."""
        transcript, change = self.info.get("TRANSCRIPT"), self.info.get("HGVSC")
        return [f"{transcript}:{change}"] if transcript and change else []


def read_variants(vcf: Path) -> list[Variant]:
    """Records of a bgzipped VCF with one allele each, in its order; bases in upper case, as VRS compares them."""
    with gzip.open(vcf, "rt") as lines:
        samples = samples_of(read_header(lines))
        return [_variant(line.rstrip("\n").split("\t"), samples) for line in lines]


def _variant(fields: list[str], samples: list[str]) -> Variant:
    genotypes = {sample: value.partition(":")[0] for sample, value in zip(samples, fields[9:], strict=True)}
    has_genotypes = len(fields) > 8 and fields[8].partition(":")[0] == "GT"
    chrom, pos, _, ref, alt = fields[:5]
    return Variant(chrom, int(pos), ref.upper(), alt.upper(), info(fields[7]), genotypes if has_genotypes else {})


def carried(variants: Iterable[Variant], person: Person, facts: PackageFacts) -> list[Variant]:
    """The variants of a sample: those in its genotype.

    A study that may not see germline variants gets none, whatever a column says.
    """
    if origin(person, facts) == GERMLINE and not facts.germline:
        return []
    return [v for v in variants if "1" in re.split("[/|]", v.genotypes.get(person.sample, "."))]


def origin(person: Person, facts: PackageFacts) -> Term | None:
    """Whether what a sample carries is inherited or acquired; None for a tumour without normal, which may show both.

    Of such a tumour a study without germline variants is given only what is acquired beyond doubt.
    """
    if facts.decision.case.kind == "germline" or person.member.role == "normal":
        return GERMLINE
    return SOMATIC if facts.matched or not facts.germline else None


def zygosity(variant: Variant, person: Person, facts: PackageFacts) -> Term | None:
    """How a germline allele is present in a carrier; None where the genotype leaves it open.

    In a family the genotype has one allele where the measured X and Y, or a deletion, leave one copy. The caller of a
    tumour and its normal is diploid everywhere: a man's 1/1 on X or Y outside the pseudo-autosomal regions is
    hemizygous.
    """
    alleles = re.split("[/|]", variant.genotypes[person.sample])
    if "." in alleles or "1" not in alleles:
        return None
    chrom, all_alternative = variant.chrom.removeprefix("chr"), set(alleles) == {"1"}
    if chrom in ("M", "MT"):
        return ZYGOSITY["homoplasmic" if all_alternative else "heteroplasmic"]
    if not all_alternative:
        return ZYGOSITY["heterozygous"]
    by_sex = facts.decision.case.kind != "germline" and person.member.sex == "male" and chrom in ("X", "Y")
    once = len(alleles) == 1 or (by_sex and not _pseudo_autosomal(variant, facts.assembly))
    return ZYGOSITY["hemizygous" if once else "homozygous"]


def _pseudo_autosomal(variant: Variant, assembly: str) -> bool:
    regions = PSEUDO_AUTOSOMAL.get(assembly, {}).get(variant.chrom.removeprefix("chr"), ())
    return any(start <= variant.pos <= end for start, end in regions)
