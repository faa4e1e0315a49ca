"""The set-up starts where nothing is installed, so its modules may import the standard library only."""

import subprocess
import sys

from gms.base.project import PROJECT

SCRIPTS = PROJECT / "scripts"
SAYING_SO = [
    ".".join(path.relative_to(SCRIPTS).with_suffix("").parts).removesuffix(".__init__")
    for path in SCRIPTS.glob("gms/**/*.py")
    if "standard library only" in " ".join(path.read_text()[:1000].split('"""')[1].lower().split())
]
COMMANDS = [f"gms.commands.installation.{name}" for name in ("setup", "lock", "doctor", "bundle")]
WITHOUT_PACKAGES = (sys.executable, "-I", "-S")  # no site-packages


def test_modules_of_the_set_up_import_without_any_package():
    assert "gms.operations.setup.image" in SAYING_SO
    modules = ["gms.commands.table", *COMMANDS, *SAYING_SO]
    code = f"import sys; sys.path.insert(0, {str(SCRIPTS)!r}); import {', '.join(modules)}"
    run = subprocess.run([*WITHOUT_PACKAGES, "-c", code], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
