"""A Workflow Run RO-Crate of the package: what it holds, and with which workflow, tools and settings it was made.

RO-Crate 1.1 with the profiles Workflow Run Crate 0.5, Process Run Crate 0.5 and Workflow RO-Crate 1.0
(https://www.researchobject.org/workflow-run-crate/). The metadata file lies at the root of the package, where the
specification wants it; it describes the decrypted files.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rocrate.model.contextentity import ContextEntity
from rocrate.model.entity import Entity
from rocrate.rocrate import ROCrate

from gms.base.digests import sha256
from gms.base.personal_numbers import is_personal_number
from gms.base.project import PROJECT
from gms.sharing.decision.model import ORGANISATIONS
from gms.sharing.metadata.model import PackageFacts

NAME = "ro-crate-metadata.json"
VERSION = "1.1"
WORKFLOW = PROJECT / "workflow" / "Snakefile"
CONTEXT = "https://w3id.org/ro/terms/workflow-run/context"
PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": ("Process Run Crate", "0.5"),
    "https://w3id.org/ro/wfrun/workflow/0.5": ("Workflow Run Crate", "0.5"),
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0": ("Workflow RO-Crate", "1.0"),
}
_EDAM = "http://edamontology.org/"
# Media type, and the format's EDAM id and name where the media type says too little.
_FORMATS: dict[str, tuple[str, str, str]] = {
    ".vcf.gz": ("application/gzip", "format_3016", "VCF"),
    ".tbi": ("application/octet-stream", "format_3700", "Tabix index file format"),
    ".cram": ("application/octet-stream", "format_3462", "CRAM"),
    ".crai": ("application/octet-stream", "", ""),
    ".json": ("application/json", "", ""),
    ".tsv": ("text/tab-separated-values", "", ""),
    ".csv": ("text/csv", "", ""),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "", ""),
}


def write_crate(plain: Path, facts: PackageFacts) -> None:
    """Describe every file below `plain` in ro-crate-metadata.json; to be called when all of them are there."""
    crate = ROCrate(version=VERSION)
    crate.metadata.extra_contexts.append(CONTEXT)
    organisation = _add(
        crate, "#disclosing-party", "Organization", name=ORGANISATIONS[facts.sharing.study.disclosing_party]
    )
    files = [_file(crate, plain, path) for path in _paths(plain)]
    workflow = _workflow(crate, facts)
    action = _add(
        crate,
        f"#{facts.case}",
        "CreateAction",
        name=f"Analysis of case {facts.case}",
        description=f"{facts.pipeline}, assay {facts.decision.case.assay} {facts.assay['version']}",
        instrument=workflow,
        agent=organisation,
        object=list(_settings(crate, facts)),
        result=[file for file in files if file.id.startswith("data/")],
    )
    _describe_root(crate, facts, organisation, action)
    text = json.dumps(crate.metadata.generate(), indent=2, sort_keys=True, ensure_ascii=False)
    (plain / NAME).write_text(text + "\n", encoding="utf-8")


def _describe_root(crate: ROCrate, facts: PackageFacts, organisation: Entity, action: Entity) -> None:
    study, root = facts.sharing.study, crate.root_dataset
    profiles = [_add(crate, uri, "CreativeWork", name=name, version=v) for uri, (name, v) in PROFILES.items()]
    terms = f"Only for the study {study.id}, ethics approval {study.ethics_approval}, until {study.retention_until}"
    licence = f"{terms}. Data use: {', '.join(facts.sharing.data_use)}."
    root["name"] = f"{study.title}: {facts.case}"
    root["description"] = study.purpose
    root["datePublished"] = facts.day.isoformat()
    root["conformsTo"] = profiles
    root["license"] = _add(crate, "#data-use", "CreativeWork", name="Controlled access", description=licence)
    root["publisher"] = organisation
    root["mentions"] = [action]


def _paths(plain: Path) -> Iterator[Path]:
    found = sorted(path.relative_to(plain) for path in plain.rglob("*") if path.is_file())
    return (path for path in found if path.as_posix() != NAME)


def _file(crate: ROCrate, plain: Path, path: Path) -> Entity:
    suffix = next((suffix for suffix in _FORMATS if path.name.endswith(suffix)), "")
    media, edam, name = _FORMATS.get(suffix, ("application/octet-stream", "", ""))
    kind = [media, _add(crate, _EDAM + edam, "Website", name=name)] if edam else media
    facts = {"name": path.name, "encodingFormat": kind} | _content(plain / path)
    return crate.add_file(dest_path=path.as_posix(), properties=facts)


def _content(path: Path) -> dict[str, str]:
    """Size and digest. A size that could be read as a personal number would stop the package's leak scan for ever."""
    size = str(path.stat().st_size)
    return ({} if is_personal_number(size) else {"contentSize": size}) | {"sha256": sha256(path)}


def swhid(path: Path) -> str:
    """Software Heritage identifier of a file's content (ISO/IEC 18670), which `git hash-object` computes too."""
    content = path.read_bytes()
    blob = b"blob %d\0" % len(content) + content
    return f"swh:1:cnt:{hashlib.sha1(blob, usedforsecurity=False).hexdigest()}"


def _workflow(crate: ROCrate, facts: PackageFacts) -> Entity:
    """The main workflow, which is not in the package but named by its content, and every tool with its version."""
    tools: Mapping[str, str | None] = facts.run["tools"]
    language = tools.get("snakemake")
    workflow = crate.add_workflow(swhid(WORKFLOW), main=True, lang="snakemake", lang_version=language)
    workflow["name"] = facts.run["workflow"]["name"]
    workflow["version"] = facts.run["workflow"]["version"]
    workflow["sha256"] = sha256(WORKFLOW)
    workflow["softwareRequirements"] = [
        _add(crate, f"#tool-{name}", "SoftwareApplication", name=name, softwareVersion=version)
        for name, version in sorted(tools.items())
        if version
    ]
    return workflow


def _settings(crate: ROCrate, facts: PackageFacts) -> Iterator[Entity]:
    """Digests of the settings of the analysis: configuration, assay, policy, panel, reference."""
    assay, reference = facts.assay, facts.run["reference"]
    values: dict[str, Any] = {
        "configuration sha256": facts.run["config"]["sha256"],
        "assay sha256": assay["sha256"],
        "policy": f"{assay['policy']['name']} {assay['policy']['version']}",
        "policy sha256": assay["policy"]["sha256"],
        "targets sha256": (assay["targets"] or {}).get("sha256"),
        "reference": reference["name"],
        "reference index sha256": reference["fasta_index_sha256"],
    }
    for name, value in values.items():
        if value:
            yield _add(crate, f"#{name.replace(' ', '-')}", "PropertyValue", name=name, value=value)


def _add(crate: ROCrate, identifier: str, kind: str, **properties: Any) -> Entity:
    return crate.add(ContextEntity(crate, identifier, properties={"@type": kind, **properties}))
