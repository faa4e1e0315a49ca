"""A bundle: the workflow, its software and references in one file, for a machine without a network. Reading one takes
the standard library only, and no set-up."""

import io
import json
import os
import subprocess
import tarfile
from pathlib import Path

from gms.base.digests import sha256
from gms.base.errors import GmsError
from gms.base.project import PROJECT, version_number
from gms.base.software import ENVIRONMENT, SPECIFICATION
from gms.operations.setup import bundle_debian, bundle_file, bundle_software, install, offline
from gms.operations.setup.bundle_file import SUMS, TOP, Entry

MANIFEST = ".offline/bundle.json"
FORMAT = 1


def make(out: Path, configfile: Path | None, debian: bool) -> list[str]:
    """Collect all parts, write the bundle, and return lines that say what is in it and how to use it."""
    commit, time = git("log", "-1", "--format=%H %ct").decode().split()
    warn_of_changes()
    parts = {"workflow": workflow()}
    if configfile:
        from gms.operations.setup.bundle_references import references  # needs what is not in the standard library

        parts["references"] = references(configfile)
    facts = {"format": FORMAT, "workflow": f"{version_number()} ({commit[:7]})", "commit": commit}
    if bundle_software.is_conda():
        parts["conda environment"] = bundle_software.conda_environment()
        facts |= {"software": offline.CONDA_TAG, "debian": None}
    else:
        parts["Python packages"] = bundle_software.python_packages(int(time))
        parts["Debian packages"], listed = bundle_debian.packages(SPECIFICATION.read_text(), debian)
        facts |= {"software": offline.TAG, "debian": f"{debian_release()}: {listed}"}
    facts["python"] = bundle_software.oldest_python()
    entries = {MANIFEST: Entry((json.dumps(facts, indent=2) + "\n").encode())}
    for part in parts.values():
        entries |= part
    bundle_file.write(out, entries, int(time))
    return summary(out, parts, facts)


def git(*words: str) -> bytes:
    """What git says of the workflow. Raises GmsError outside a clone."""
    try:
        run = subprocess.run(["git", "-C", str(PROJECT), *words], capture_output=True)
    except FileNotFoundError:
        raise GmsError("git, which makes the bundle, is not installed") from None
    if run.returncode or not (PROJECT / ".git").exists():
        reason = run.stderr.decode(errors="replace").strip()
        raise GmsError(
            f"a bundle can only be made in a git clone of the workflow, and {PROJECT} is not one. {reason}".strip()
        )
    return run.stdout


def warn_of_changes() -> None:
    """Say what is not in the bundle; the software must be that of the commit. Raises GmsError."""
    changed = [line[3:] for line in git("status", "--porcelain", "--untracked-files=no").decode().splitlines()]
    if lists := [name for name in changed if name == SPECIFICATION.name or name.startswith("locks/")]:
        raise GmsError(f"uncommitted changes: {' '.join(lists)}; commit them, then make the bundle")
    if changed:
        install.say(f"  uncommitted changes in {len(changed)} files are not in the bundle, for example in {changed[0]}")


def workflow() -> dict[str, Entry]:
    """The files of the commit that is checked out."""
    with tarfile.open(fileobj=io.BytesIO(git("archive", "--format=tar", "HEAD"))) as tar:
        members = [member for member in tar if not member.isdir()]
        if links := [member.name for member in members if not member.isreg()]:
            raise GmsError(f"the workflow contains links, which cannot be packed: {' '.join(links)}")
        return {member.name: Entry(tar.extractfile(member).read(), bool(member.mode & 0o100)) for member in members}


def debian_release() -> str:
    """The release of this machine's Debian, e.g. 12.11."""
    path = Path("/etc/debian_version")
    return f"Debian {path.read_text().strip()}" if path.exists() else "no Debian"


def summary(out: Path, parts: dict[str, dict[str, Entry]], facts: dict) -> list[str]:
    """What was packed, and the commands for the other machine."""
    sizes = [
        f"  {name:<19}{len(part):>6} files {sum(entry.size() for entry in part.values()) / 1e6:>9,.1f} MB"
        for name, part in parts.items()
    ]
    notes = [f"  Debian packages: {facts['debian']}"] if facts["debian"] else []
    name, minor = out.name, facts["python"].rpartition(".")[0]
    return [
        f"{out}: version {facts['workflow']} for {facts['software']}, {out.stat().st_size / 1e6:,.1f} MB",
        *sizes,
        *notes,
        f"  SHA-256 {sha256(out)}   send it separately from the file",
        f"On the other machine, with Python {facts['python']} or a later {minor} and no network:",
        f"  sha256sum {name} && tar -xf {name} && cd {TOP} && sha256sum --quiet -c {SUMS} && ./gms setup && ./gms demo",
        f"or, with an existing gms:  ./gms bundle unpack {name} FOLDER",
    ]


def verified(path: Path) -> tuple[int, dict]:
    """Verify every file of a bundle; returns the number of files, and what it says of itself. Raises GmsError."""
    with bundle_file.opened(path) as tar:
        return bundle_file.verify(path, tar), read_facts(path, tar)


def unpack_new(path: Path, folder: Path) -> tuple[int, dict]:
    """Verify a bundle and unpack it into a new or empty folder; what `verified` returns. Raises GmsError."""
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise GmsError(f"{folder} exists and is not empty; name a new folder")
    with bundle_file.opened(path) as tar:
        count, facts = bundle_file.verify(path, tar), read_facts(path, tar)
        offline.check_python(facts)
        bundle_file.extract(tar, folder)
    return count, facts


def set_up(folder: Path) -> int:
    """Run ./gms setup of an unpacked bundle; its exit code."""
    return subprocess.call([install.base_python(), str(folder / "gms"), "setup"], env=without_own_programs())


def without_own_programs() -> dict[str, str]:
    """The environment variables without the programs of this workflow, which another one must not take for its own."""
    own, path = str(ENVIRONMENT / "bin"), os.environ.get("PATH", os.defpath).split(os.pathsep)
    return {**os.environ, "PATH": os.pathsep.join(place for place in path if place != own)}


def read_facts(path: Path, tar: tarfile.TarFile) -> dict:
    """What a verified bundle says of itself. Raises GmsError where it is of a format that this gms does not know."""
    try:
        facts = json.load(tar.extractfile(TOP + MANIFEST))
        known = facts["format"] == FORMAT and {"workflow", "software", "python"} <= facts.keys()
    except (KeyError, ValueError, TypeError):
        known = False
    if not known:
        raise GmsError(f"{path} is not a bundle that this gms can read; use the gms inside it: tar -xf {path}")
    return facts
