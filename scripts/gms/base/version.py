"""Version of the workflow: one semantic version number, raised together with CHANGELOG.md, and the commit."""

import json
import subprocess
from pathlib import Path

VERSION = "1.0.0"


def workflow_version(project: Path) -> str:
    """`1.0.0 (commit)`, with `-dirty` after the commit where tracked files were changed; the version alone outside git.

    What came from a bundle has the version that it had where the bundle was made.
    """
    bundle = project / ".offline" / "bundle.json"
    if bundle.exists():
        return json.loads(bundle.read_text())["workflow"]
    commit = _commit(project)
    return f"{VERSION} ({commit})" if commit else VERSION


def _commit(project: Path) -> str:
    command = ["git", "-C", str(project), "describe", "--always", "--dirty", "--exclude", "*"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""
