"""Export: whether a case may leave the centre, and the package each target receives (one module per target)."""

import importlib
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from gms.manifest import NAME
from gms.model import Case
from gms.provenance import sha256
from gms.qc.files import write_json
from gms.sharing import Sharing


def export_facts(case: Case) -> dict[str, Any]:
    """What the export rule hands to its script: case, assay, samples (index first) and their subjects."""
    subjects = {sample.name: sample.subject for sample in case.samples}
    return {"case": case.name, "assay": case.assay, "samples": list(subjects), "subjects": subjects}


def refusals(case: Mapping[str, Any], verdict: str, sharing: Sharing | None) -> list[str]:
    """Why a case may not be exported; empty when it may.

    `case` holds the case and `subjects`: sample -> opaque subject id or None. A subject is never named in a reason.
    """
    reasons = [] if sharing else ["no study: the configuration names no sharing file"]
    for sample, subject in case["subjects"].items():
        if subject is None:
            reasons.append(f"sample {sample} has no subject in the sample sheet, so no consent can be looked up")
        elif sharing and (status := sharing.consent(subject)) != "granted":
            said = f"is {status}" if status else "is not recorded"
            reasons.append(f"consent of the subject of sample {sample} for study {sharing.study.id} {said}")
    if verdict == "fail":
        reasons.append("quality control of the case failed")
    return reasons


def export(
    target: str, case: Mapping[str, Any], files: Mapping[str, Path], results: Mapping[str, Any], decision: Path
) -> None:
    """Write the package of a case for a target beside `decision` (its name without suffix), then the decision.

    `files` maps names in the package to files; `results` holds the case's verdict, the sharing or None, and run.json as
    verdict, sharing and run. A package that is there already is removed first: after a withdrawn consent nothing of it
    must be left.
    """
    package, sharing = decision.with_suffix(""), results["sharing"]
    shutil.rmtree(package, ignore_errors=True)
    reasons = refusals(case, results["verdict"], sharing)
    content = {
        "case": case["case"],
        "target": target,
        "study": sharing.study.id if sharing else None,
        "decision": "refused" if reasons else "exported",
        "reasons": reasons,
    }
    if not reasons:
        _write_package(target, package, files, (case, sharing.study.id, results["run"]))
        content["manifest_sha256"] = sha256(package / NAME)
    write_json(decision, content)


def _write_package(target: str, package: Path, files: Mapping[str, Path], facts: tuple) -> None:
    """Let the target fill a folder, which gets its name when it is whole."""
    unfinished = package.with_name(f"{package.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    importlib.import_module(f"gms.exports.{target}").write_package(unfinished, files, *facts)
    unfinished.rename(package)


def consent_files(sharing: Path | None) -> list[Path]:
    """The files a decision rests on, as far as they exist: the sharing file and the consents table it names."""
    if sharing is None or not sharing.is_file():
        return []
    content = yaml.safe_load(sharing.read_text())
    consents = content.get("consents") if isinstance(content, dict) else None
    return [path for path in (sharing, sharing.parent / (consents or "")) if path.is_file()]
