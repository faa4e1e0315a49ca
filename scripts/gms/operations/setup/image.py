"""The container image with all software, which Apptainer builds from containers/gms.def. Standard library only."""

import io
import re
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from gms.base.digests import sha256
from gms.base.errors import GmsError
from gms.base.project import PROJECT
from gms.operations.clusters.containers import uses_containers
from gms.operations.clusters.profile import Profile
from gms.operations.setup.offline import extraction

PROGRAMS = ("apptainer", "singularity")
DEFINITION = "gms/containers/gms.def"  # in the folder of the build


class NoApptainer(GmsError):
    """The program that builds images is not here."""

    def __init__(self) -> None:
        super().__init__(
            "Apptainer, which builds the image, is not installed here; run the same command on a machine that has it, "
            "with a network, and copy the image"
        )


class BuildFailed(GmsError):
    """Apptainer did not finish; what it printed says why."""

    def __init__(self, command: list[str], code: int):
        super().__init__(f"no image was made: {' '.join(command)} ended with {code}; see above for its reason")


def build(out: Path, archive: bytes) -> list[str]:
    """Build the image from the files of a commit (`archive`, tar); returns lines that say how to use it. Raises
    NoApptainer, BuildFailed."""
    program = next(filter(shutil.which, PROGRAMS), None)
    if program is None:
        raise NoApptainer
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            tar.extractall(Path(folder, "gms"), **extraction("data"))
        command = [program, "build", "--force", str(out.absolute()), DEFINITION]
        if code := subprocess.call(command, cwd=folder):
            raise BuildFailed(command, code)
    return [
        f"{out}: SHA-256 {sha256(out)}",
        "Jobs run in it under a profile with  software-deployment-method: apptainer  and",
        f"config: [gmc=..., container={out.absolute()}]",
    ]


def jobs_bring_tools(arguments: list[str]) -> bool:
    """Whether a command with these arguments runs its jobs in a container, so that this machine needs no tools."""
    words = [word for option in arguments for word in option.split("=", 1)]
    named = next((after for word, after in zip(words, words[1:], strict=False) if word in ("--profile", "-p")), None)
    if named is None:
        return False
    paths = [folder / "profile.yaml" for folder in (PROJECT / "profiles" / named, Path(named))]
    text = next((path.read_text() for path in paths if path.is_file()), "")
    asked = re.search(r"^software-deployment-method:(.*(?:\n[ -].*)*)", text, re.MULTILINE)
    keys = {"software-deployment-method": asked[1] if asked else ""}
    return uses_containers(Profile(named, Path(named), keys), arguments)
