"""What a manifest says of a decision and of a run: the content of a package's manifest but its files' digests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gms.sharing.decision.model import Decision, Sharing
from gms.sharing.decision.pseudonyms import Pseudonyms
from gms.sharing.package.grants import check_recipients, readers_of
from gms.sharing.package.keys import encryption_fingerprint


@dataclass(frozen=True, slots=True)
class Basis:
    """What a package rests on; `run` is run.json, `refget` contig -> 'SQ.…', `centre_key` its Crypt4GH public key."""

    decision: Decision
    sharing: Sharing
    pseudonyms: Pseudonyms
    run: Mapping[str, Any]
    assembly: str
    refget: Mapping[str, str]
    centre_key: bytes


def manifest_content(
    basis: Basis, files: Sequence[Mapping[str, Any]], version: int = 1, supersedes: str | None = None
) -> dict[str, Any]:
    """The content for `write_manifest`; `files` are the entries of `encrypt_tree`.

    Raises GmsError for a recipient whose key is expired, revoked or not usable.
    """
    decision = basis.decision
    check_recipients(decision.recipients, basis.centre_key, decision.date)
    return {
        "package": basis.pseudonyms.case(decision.case.case),
        "version": version,
        "supersedes": supersedes,
        "study": _study(basis.sharing),
        "rule_set": decision.rule_set,
        "decided": decision.date.isoformat(),
        "data_categories": sorted(decision.categories),
        "writer": encryption_fingerprint(basis.centre_key),
        "readers": readers_of(basis.sharing.study.disclosing_party, basis.centre_key, decision.recipients),
        "subjects": _subjects(decision, basis.pseudonyms),
        "pseudonym_key_id": basis.pseudonyms.key_id,
        "files": list(files),
    } | _results(basis)


def _results(basis: Basis) -> dict[str, Any]:
    """What made the results."""
    run, name = basis.run, basis.decision.case.assay
    assay = run["assays"][name]
    reference = {"name": run["reference"]["name"], "assembly": basis.assembly, "refget": dict(basis.refget)}
    return {
        "gmc": run["gmc"],
        "workflow": run["workflow"],
        "assay": {"name": name, "version": assay["version"], "sha256": assay["sha256"]},
        "policy": assay["policy"],
        "panel": assay["targets"],
        "reference": reference,
    }


def _study(sharing: Sharing) -> dict[str, Any]:
    study = sharing.study
    return {
        "id": study.id,
        "ethics_approval": study.ethics_approval,
        "purpose": study.purpose,
        "disclosing_party": study.disclosing_party,
        "disclosing_decision": study.disclosing_decision,
        "retention_until": study.retention_until.isoformat(),
        "data_use": list(sharing.data_use),
    }


def _subjects(decision: Decision, pseudonyms: Pseudonyms) -> list[dict[str, Any]]:
    samples: dict[str, list[dict[str, str]]] = {}
    for member in decision.members:
        subject = pseudonyms.subject(member.subject or "")
        samples.setdefault(subject, []).append({"pseudonym": pseudonyms.sample(member.sample), "role": member.role})
    return [{"pseudonym": subject, "samples": theirs} for subject, theirs in samples.items()]
