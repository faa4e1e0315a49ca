"""The manifest of an export package: its files with sizes and checksums, and what they rest on."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from gms.provenance import sha256

NAME = "manifest.json"


def file_entries(package: Path) -> list[dict[str, Any]]:
    """Every file of a package but the manifest itself, by path: size in bytes and SHA-256."""
    files = sorted(path for path in package.rglob("*") if path.is_file() and path != package / NAME)
    return [
        {"path": path.relative_to(package).as_posix(), "bytes": path.stat().st_size, "sha256": sha256(path)}
        for path in files
    ]


def manifest(package: Path, case: Mapping[str, Any], study: str, run: Mapping[str, Any]) -> dict[str, Any]:
    """The manifest of the files in `package`; `case` holds case, assay and samples, `run` is run.json."""
    assay = run["assays"][case["assay"]]
    return {
        "schema": 1,
        "case": case["case"],
        "samples": list(case["samples"]),
        "study": study,
        "gmc": run["gmc"],
        "workflow": run["workflow"],
        "assay": {"name": case["assay"], "version": assay["version"], "sha256": assay["sha256"]},
        "policy": assay["policy"],
        "panel": assay["targets"],
        "reference": {key: run["reference"][key] for key in ("name", "fasta_index_sha256")},
        "files": file_entries(package),
    }


def problems(package: Path, content: Mapping[str, Any]) -> Iterable[str]:
    """What of a package does not agree with its manifest: files missing, changed or unlisted."""
    listed = {entry["path"]: entry for entry in content["files"]}
    found = {entry["path"]: entry for entry in file_entries(package)}
    for path in sorted(listed.keys() | found.keys()):
        if path not in found:
            yield f"{path} is missing"
        elif path not in listed:
            yield f"{path} is not in the manifest"
        elif found[path] != listed[path]:
            yield f"{path} has changed"
