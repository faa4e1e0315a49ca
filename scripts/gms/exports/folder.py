"""Target 'folder': the package as plain files, for a centre that moves them itself."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gms.manifest import NAME, manifest
from gms.qc.files import write_json


def write_package(
    package: Path, files: Mapping[str, Path], case: Mapping[str, Any], study: str, run: Mapping[str, Any]
) -> None:
    """Copy the files (name in the package -> source) into the empty folder `package` and write its manifest."""
    for name, source in files.items():
        shutil.copyfile(source, package / name)
    write_json(package / NAME, manifest(package, case, study, run))
