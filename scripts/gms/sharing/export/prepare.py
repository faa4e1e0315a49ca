"""The plain files of a package: de-identified data of a finished case, and metadata in standard formats."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from gms.base.digests import sha256
from gms.base.json_tables import read_json, write_json
from gms.sharing.decision.model import Member
from gms.sharing.deidentify.measurements import deidentify_quality
from gms.sharing.deidentify.own_reads import require_measured_reads
from gms.sharing.deidentify.reads import deidentify_reads
from gms.sharing.deidentify.variants import deidentify_variants
from gms.sharing.export.cases import Results
from gms.sharing.metadata.describe import write_standards
from gms.sharing.metadata.model import PackageFacts
from gms.sharing.package.files import walk


def write_plain(plain: Path, results: Results, facts: PackageFacts) -> None:
    """Fill the new folder `plain`, which only its owner may read. Raises GmsError."""
    data = plain / "data"
    data.mkdir(parents=True)
    names = {member.sample: facts.pseudonyms.sample(member.sample) for member in facts.decision.case.members}
    decision = facts.decision
    deidentify_variants(
        results.reported,
        data / f"{facts.case}.vcf.gz",
        decision.members,
        names,
        decision.categories,
        decision.case.kind,
    )
    for member in shared_samples(facts):
        name = names[member.sample]
        quality = read_json(results.quality[member.sample])
        require_measured_reads(
            results.crams[member.sample], results.fasta, quality, results.fingerprints[member.sample]
        )
        if "reads" in decision.categories:
            deidentify_reads(results.crams[member.sample], data / f"{name}.cram", results.fasta, name, facts.pseudonyms)
        if "quality_metrics" in decision.categories:
            write_json(data / f"{name}.qc.json", deidentify_quality(quality, {**names, decision.case.case: facts.case}))
    write_standards(plain, facts)


def shared_samples(facts: PackageFacts) -> Iterator[Member]:
    """The members of whom data leave: of a study without germline variants not the normal of a tumour."""
    for member in facts.decision.members:
        if facts.germline or member.role != "normal":
            yield member


def plain_digests(plain: Path) -> Mapping[str, str]:
    """Path -> SHA-256 of every file of a folder."""
    return {name: sha256(plain / name) for name, kind in walk(plain) if kind == "file"}
