"""What a result rests on: versions of workflow, tools, assays and policies; digests of the files that define them."""

import hashlib
import json
import re
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from itertools import takewhile
from pathlib import Path
from typing import Any

from gms.annotation.knowledge_files import missing_contigs
from gms.base import software
from gms.base.digests import content_key, sha256
from gms.base.project import workflow_version
from gms.filtering.policy import load_policy
from gms.genome.intervals import open_text, read_contigs
from gms.inputs.assay_files import ASSAY_FILES, RANK_MODELS, REFERENCE_PARTS
from gms.inputs.assays import DEEPVARIANT, uses_gatk
from gms.inputs.row_files import germline_answer
from gms.inputs.run_model import Assay, Case, Run, ViralAssay

# Of these the whole content is hashed; other parts of a reference are too large, so their index stands for them.
SMALL = (
    "targets",
    "genes",
    "expected",
    "msi",
    "copy_number",
    "repeat_normals",
    *set(RANK_MODELS.values()),
    "secondary_genes",
)
SMALL_PARTS = ("phenotypes", "smn", "mobile_elements")  # of a reference
GENOME_WIDE = ("population", "clinvar")  # parts of a reference of which a chromosome without records is reported


def recorded(run: Run) -> Run:
    """What of a run its record tells: not the samples, nor where results are sent, which does not change them."""
    config = {key: value for key, value in run.config.items() if key not in ("sharing", "export")}
    nobody = {"samples": {}, "cases": {}, "viral_samples": {}, "plates": {}}
    return replace(run, **nobody, sharing=None, export={}, config=config)


def recorded_files(run: Run) -> list[Path]:
    """Files outside the results folder of which the record holds digests or dates."""
    paths = [getattr(run.reference, part) for part in REFERENCE_PARTS]
    paths += [getattr(assay, name) for assay in run.assays.values() for name in ASSAY_FILES]
    for assay in run.viruses.values():
        paths += [assay.genome, assay.genes, *assay.schemes.values(), assay.marks]
        paths += [assay.pangolin, assay.nextclade, assay.nextclade_dataset]
    return [path for path in paths if isinstance(path, Path)]


def config_digest(config: Mapping[str, Any]) -> str:
    """SHA-256 of the configuration in canonical JSON (sorted keys), whatever its layout and comments."""
    return hashlib.sha256(json.dumps(config, sort_keys=True, default=str).encode()).hexdigest()


def file_facts(path: Path | None, small: bool) -> dict[str, Any] | None:
    """Name and digest of a file; of a large indexed one its size and the digest of its index."""
    if path is None:
        return None
    facts: dict[str, Any] = {"file": path.name}
    if small:
        return facts | {"sha256": sha256(path)}
    if date := file_date(path):
        facts["dated"] = date
    index = next((path.with_name(path.name + suffix) for suffix in (".tbi", ".csi") if _beside(path, suffix)), None)
    size = {"bytes": path.stat().st_size, "index_sha256": sha256(index) if index else None}
    return facts | size | ({} if index else {"sha256": sha256(path)})


def file_date(path: Path) -> str | None:
    """The date that the header of a VCF or GFF3 file gives (##fileDate, #!genebuild-last-updated …); None without."""
    if ".vcf" not in path.name and ".gff" not in path.name:
        return None
    with suppress(OSError), open_text(path) as lines:
        header = (line.lstrip("#!").strip() for line in takewhile(lambda line: line.startswith("#"), lines))
        found = (re.match(r"(?:fileDate|genebuild-last-updated|date)[= ]([0-9-]{6,10})", line) for line in header)
        return next((match[1] for match in found if match), None)
    return None


def _beside(path: Path, suffix: str) -> bool:
    return path.with_name(path.name + suffix).is_file()


def assay_facts(assay: Assay, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Versions and digests of an assay, its policy, its panel and its other files; what the configuration `changes`
    of the assay, other than these files."""
    policies = {kind: policy_facts(path, kind) for kind, path in assay.policy_files.items()}
    policies |= {"tmb": policy_facts(assay.tmb, "small")} if assay.tmb else {}
    return {
        "title": assay.title,
        "version": assay.version,
        "sha256": sha256(assay.file),
        **({"policy": policies.pop("small")} if "small" in policies else {}),  # none where plasma is followed
        **({"policies": policies} if policies else {}),  # of other classes of variants, and of the mutational burden
        "changed": {key: value for key, value in sorted(changes.items()) if key not in (*ASSAY_FILES, DEEPVARIANT)},
    } | {name: file_facts(getattr(assay, name), name in SMALL) for name in ASSAY_FILES}


def virus_facts(assay: ViralAssay, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Version of a viral assay, its rules and gates, and digests of the files that it reads: genome, genes, primer
    schemes and what it is typed with."""
    return {
        "title": assay.title,
        "version": assay.version,
        "sha256": sha256(assay.file),
        "changed": {key: value for key, value in sorted(changes.items()) if key != "laboratory"},
        "genome": file_facts(assay.genome, True),
        "genes": file_facts(assay.genes, True),
        "marks": file_facts(assay.marks, True),
        "schemes": {name: file_facts(path, True) for name, path in assay.schemes.items()},
        "rules": assay.rules,
        "trim": assay.trim,
        "gates": config_digest({"gates": [asdict(gate) for gate in assay.gates]}),
        "pangolin": _typing_facts(assay.pangolin),
        "nextclade": _typing_facts(assay.nextclade),
        "nextclade_dataset": _typing_facts(assay.nextclade_dataset),
    }


def _typing_facts(given: Path | str | None) -> Any:
    """Of results of a typing tool or of its data set, a file or a folder; 'run' where the workflow runs the tool."""
    return given if given is None or isinstance(given, str) else {"file": given.name, "key": content_key(given)}


def policy_facts(path: Path, variants: str) -> dict[str, str]:
    """Name, version and digest of a filter policy."""
    return {"name": path.stem, "version": load_policy(path, variants).version, "sha256": sha256(path)}


def reference_facts(run: Run, fai: Path | str) -> dict[str, Any]:
    """Name of the reference, digest of its FASTA index (contig names, lengths, layout), and its parts; nothing where a
    run of viral samples has none."""
    if not run.reference.fasta:
        return {}
    parts = {name: file_facts(getattr(run.reference, name), name in SMALL_PARTS) for name in REFERENCE_PARTS}
    contigs = read_contigs(fai)
    for name in GENOME_WIDE:
        if parts[name] and (lacking := lacking_contigs(getattr(run.reference, name), contigs)):
            parts[name]["no_records_of"] = lacking
    return {"name": run.reference.name, "fasta": run.reference.fasta.name, "fasta_index_sha256": sha256(fai)} | parts


def lacking_contigs(path: Path, contigs: Iterable[str]) -> list[str]:
    """Chromosomes of which a file has no record; none of a file without an index that can be read."""
    with suppress(OSError, ValueError):
        return missing_contigs(path, contigs)
    return []


def tool_versions(with_gatk: bool, with_star: bool = False) -> dict[str, str | None]:
    """Version of every program and package that a run uses, as found; None where missing."""
    used = [*software.used(with_gatk), *([software.star()] if with_star else [])]
    found = software.found(used, Path(sys.prefix))
    return {"python": sys.version.split()[0]} | {item.wanted.name: item.version for item in found}


def other_tool_versions(accepted: Mapping[str, str], with_gatk: bool = False) -> dict[str, dict[str, str | None]]:
    """Tools of another version than the workflow is tested with, all accepted by the config. Raises OtherToolVersions:
    nodes and containers may have others than the machine where the run was started and checked."""
    items = software.differing(Path(sys.prefix), with_gatk)
    if refused := software.not_accepted(items, accepted):
        raise software.OtherToolVersions(refused)
    return {item.wanted.name: {"found": item.version, "tested": item.wanted.version} for item in items}


def run_record(run: Run, fai: Path | str, twice: Iterable[str] = ()) -> dict[str, Any]:
    """run.json: deterministic for the same configuration, files and machine; holds no time and no sample.
    `twice`: codes of the limits of a reference that has places twice."""
    changes, with_gatk = run.config.get("assays") or {}, any(map(uses_gatk, run.assays.values()))
    return {
        "workflow": {"name": "gms", "version": workflow_version(run.project)},
        "gmc": run.gmc,
        "config": {"file": run.configfile.name, "sha256": config_digest(run.config)},
        "reference": reference_facts(run, fai) | dict.fromkeys(twice, True),
        "assays": {name: assay_facts(assay, changes.get(name) or {}) for name, assay in sorted(run.assays.items())},
        **(
            {
                "viruses": {
                    name: virus_facts(assay, changes.get(name) or {}) for name, assay in sorted(run.viruses.items())
                }
            }
            if run.viruses
            else {}
        ),
        "tools": tool_versions(with_gatk, any("rna" in assay.callers for assay in run.assays.values())),
        "other_tool_versions": other_tool_versions(run.config.get("other_tool_versions") or {}, with_gatk),
    }


def answers(case: Case) -> dict[str, str]:
    """What persons of a case agreed to be told: yes, no or unknown."""
    return {"germline_findings": germline_answer(case), "secondary_findings": case.index.secondary_findings}


def case_params(case: Case, assay: Assay) -> dict[str, Any]:
    """What the report says was asked: case, assay and samples, index first; nothing but the sheet's own ids."""
    samples = [
        {
            "sample": s.name,
            "role": s.role,
            "sex": s.sex,
            "affected": s.affected,
            "purity": s.purity,
            "accession": s.accession or None,
            "received": s.received or None,
            "phenotype": list(s.phenotype),
        }
        for s in case.samples
    ]
    return {
        "case": case.name,
        "assay": case.assay,
        "kind": assay.kind,
        "blood_derived": assay.blood_derived,
        "callable_depth": assay.callable_depth,
        **answers(case),
        "gene_list": case.gene_list.name if case.gene_list else None,
        "samples": samples,
    }
