"""VRS identifiers of alleles: one id for one change of one sequence, however a VCF spells it.

GA4GH Variation Representation Specification 2.0 by its own library ga4gh.vrs, without a network: the sequence is named
by its refget accession, computed from the FASTA, and an indel is fully justified against that FASTA.
https://vrs.ga4gh.org/en/2.0/conventions/normalization.html
"""

from pathlib import Path

import pysam
from ga4gh.core import ga4gh_identify
from ga4gh.vrs import models, normalize
from ga4gh.vrs.dataproxy import _DataProxy

from gms.base.json_tables import write_table
from gms.sharing.metadata.classifications import Alleles
from gms.sharing.metadata.model import MetadataUnusable
from gms.sharing.metadata.refget import refget_digests
from gms.sharing.metadata.variants import Variant

HEADER = ("CHROM", "POS", "REF", "ALT", "VRS_Allele_ID")
NAMESPACE = "ga4gh:"


class FastaSequences(_DataProxy):
    """Bases of a FASTA by refget accession, as ga4gh.vrs asks for them; the only class it offers to derive from."""

    def __init__(self, fasta: Path):
        self._path = fasta
        self._fasta = pysam.FastaFile(str(fasta))
        self._contigs: dict[str, str] = {}

    def accession(self, contig: str) -> str:
        """Refget accession of a contig, digested when first asked for. Raises FastaUnusable for an unknown contig."""
        accession = refget_digests(self._path, [contig])[contig]
        self._contigs[NAMESPACE + accession] = contig
        return accession

    def get_sequence(self, identifier: str, start: int | None = None, end: int | None = None) -> str:
        """Bases of a 0-based half-open interval in upper case; soft-masked ones mean the same."""
        return self._fasta.fetch(self._contigs[identifier], start, end).upper()

    def get_metadata(self, identifier: str) -> dict:
        """Length and names of a sequence."""
        return {"length": self._fasta.get_reference_length(self._contigs[identifier]), "aliases": [identifier]}


class Identifier:
    """Gives VRS allele ids ('ga4gh:VA.…') of variants on one FASTA (plain, with .fai).

    `accessions` are the refget accessions of the contigs met so far.
    """

    def __init__(self, fasta: Path):
        self._sequences = FastaSequences(fasta)
        self.accessions: dict[str, str] = {}

    def __call__(self, variant: Variant) -> str:
        """The id of a variant that is spelled out in bases.

        Raises MetadataUnusable where the reference allele is not what the FASTA has there: then the variant lies on
        another genome, and the id would name another change. Raises FastaUnusable for a contig that is not in it.
        """
        start, end = variant.pos - 1, variant.pos - 1 + len(variant.ref)
        accession = self._accession(variant.chrom)
        if not _agree(variant.ref, self._sequences.get_sequence(NAMESPACE + accession, start, end)):
            words = f"variants of {variant.chrom} do not match the given reference genome"
            raise MetadataUnusable(f"{words}; export with the FASTA that they were called against")
        reference = models.SequenceReference(refgetAccession=accession)
        location = models.SequenceLocation(sequenceReference=reference, start=start, end=end)
        allele = models.Allele(location=location, state=models.LiteralSequenceExpression(sequence=variant.alt))
        return ga4gh_identify(normalize(allele, self._sequences))

    def _accession(self, contig: str) -> str:
        if contig not in self.accessions:
            self.accessions[contig] = self._sequences.accession(contig)
        return self.accessions[contig]


def write_vrs(path: Path, alleles: Alleles) -> None:
    """Table of the variants, in their order, with their ids; '.' for alleles not spelled out in bases."""
    write_table(path, HEADER, ((v.chrom, v.pos, v.ref, v.alt, alleles.ids.get(v.key, ".")) for v in alleles.variants))


def _agree(written: str, bases: str) -> bool:
    """Whether REF is the sequence; VCF writes N, or one of its bases, for a base that the FASTA leaves ambiguous."""
    pairs = zip(written, bases, strict=False)
    return len(written) == len(bases) and all(a in (b, "N") or b not in "ACGT" for a, b in pairs)
