"""What a package says of itself in the formats that others read: Phenopackets, Beacon v2, VRS, FEGA, RO-Crate, portal.

Every id in them is a pseudonym, no date is a patient's. The same facts and files give the same bytes.
"""

from pathlib import Path

from gms.sharing.metadata.classifications import Alleles
from gms.sharing.metadata.model import PackageFacts
from gms.sharing.metadata.variants import read_variants


def write_standards(plain: Path, facts: PackageFacts) -> None:
    """Describe the plain package in the folder `plain`, whose data/ is complete: metadata/ and ro-crate-metadata.json.

    Raises GmsError: MetadataUnusable for what a standard does not allow, FastaUnusable, and `Problems` for the table of
    classifications, a variant of which the portal has in another group included.
    """
    # Imported here: these libraries take a second, which only an export should wait for.
    from gms.sharing.metadata import beacon, fega, phenopackets, portal, ro_crate, vrs

    metadata = plain / "metadata"
    metadata.mkdir(exist_ok=True)
    vcf = plain / "data" / f"{facts.case}.vcf.gz"
    variants = read_variants(vcf) if vcf.is_file() else []
    identifier = vrs.Identifier(facts.fasta)
    ids = {variant.key: identifier(variant) for variant in variants if variant.literal}
    found = portal.classified_variants(facts, variants, ids, identifier)
    alleles = Alleles(variants, ids, identifier.accessions, found)
    if vcf.is_file():
        vrs.write_vrs(metadata / "vrs.tsv", alleles)
    phenopackets.write_phenopackets(plain, facts, alleles)
    beacon.write_beacon(plain, facts, alleles)
    fega.write_fega(plain, facts)
    if found:
        portal.write_portal(metadata / "variant_portal.xlsx", facts, alleles)
    ro_crate.write_crate(plain, facts)
