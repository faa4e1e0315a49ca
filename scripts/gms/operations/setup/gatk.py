"""GATK, an optional part of the software: its files from Maven Central, or bioconda's package. Standard library only.

Every file must have the SHA-256 of locks/gatk.txt, whichever mirror Maven is configured to use.
"""

import os
import shlex
import shutil
from pathlib import Path

from gms.base import software
from gms.base.digests import sha256
from gms.base.errors import GmsError
from gms.base.software import ENVIRONMENT, GATK_POM
from gms.operations.setup import install, locks

LOCK = locks.FOLDER / "gatk.txt"
PLACE = ENVIRONMENT / "gatk"
PROGRAM = ENVIRONMENT / "bin" / "gatk"
DEBIAN = {"java": "openjdk-17-jre-headless", "mvn": "maven"}  # GATK 4.6 needs Java 17
# As the program of conda's package: options of Java first, then the tool and its own.
LAUNCHER = """\
#!/bin/sh
# Made by ./gms setup --with gatk
if [ "$1" = --java-options ]; then options=$2; shift 2; fi
exec java $options -cp {files} org.broadinstitute.hellbender.Main "$@"
"""


class GatkDiffers(GmsError):
    """What Maven fetched is not what the lock lists."""

    def __init__(self, differing: list[str]):
        named = ", ".join(differing[:5]) + (f" and {len(differing) - 5} more" if len(differing) > 5 else "")
        super().__init__(
            f"files of GATK are not those of locks/{LOCK.name}: {named}. They were not installed. Remove damaged ones "
            "from Maven's own folder (~/.m2/repository) and run the same command again; if it stays, ask whoever runs "
            "the mirror of Maven Central that you use"
        )


class NoGatk(GmsError):
    """GATK could not be fetched or does not start."""

    def __init__(self, reason: str):
        super().__init__(
            f"GATK could not be installed: {reason}\nIt comes from Maven Central, or from the mirror that Maven's "
            "settings (~/.m2/settings.xml) name. All else is set up; assays that list neither haplotypecaller nor "
            "mutect2 run without it"
        )


def ensure() -> None:
    """Install GATK into the environment unless it is there; takes milliseconds and no network then. Raises GmsError."""
    if is_installed():
        return
    install.refuse_shared("setup --with gatk")
    wanted = software.gatk()
    install.say(f"GATK {wanted.version} (once, some minutes: 420 MB)")
    try:
        if (ENVIRONMENT / "conda-meta").exists():
            install_with_conda(wanted.version)
        else:
            install_with_maven()
    except install.SetupError as error:
        raise NoGatk(str(error)) from None
    require_start(wanted)


def is_installed() -> bool:
    """Whether the environment has the GATK that is asked for."""
    stamp = PLACE / ".complete"
    return PROGRAM.exists() and stamp.exists() and stamp.read_text() == made_from()


def made_from() -> str:
    """What an installation was made from, and where: the launcher names its folder."""
    return f"{sha256(GATK_POM)} {sha256(LOCK)} {install.owner()}\n"


def require_start(wanted: software.Wanted) -> None:
    """Raise NoGatk unless what was installed starts and has the version that is asked for; stamp it if so."""
    software.installed_version.cache_clear()
    found = software.find(wanted, ENVIRONMENT, {})
    if found.state != "ok":
        PROGRAM.unlink(missing_ok=True)
        reason = f"gatk --version says {found.version}" if found.version else "gatk --version fails"
        raise NoGatk(f"{reason}; it needs Java 17 or later (java -version)")
    PLACE.mkdir(exist_ok=True)
    (PLACE / ".complete").write_text(made_from())


def install_with_conda(version: str) -> None:
    """Bioconda's package of the same version, which brings its own Java."""
    conda = next(filter(shutil.which, install.CONDAS), None)
    if conda is None:
        raise NoGatk(f"the environment is conda's, but none of {', '.join(install.CONDAS)} is here")
    channels = ["--override-channels", "-c", "conda-forge", "-c", "bioconda"]
    install.call([conda, "install", "--prefix", str(ENVIRONMENT), *channels, f"gatk4={version}"], install.always_yes())


def install_with_maven() -> None:
    """The files of the lock and a launcher. Maven keeps what it fetched: a second installation needs no network."""
    install.install_debian([package for command, package in DEBIAN.items() if not shutil.which(command)])
    fresh = PLACE.with_name("gatk.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fetch(fresh)
    if differing := sorted(locked().items() ^ files(fresh).items()):
        shutil.rmtree(fresh)
        raise GatkDiffers(sorted({name for name, _ in differing}))
    shutil.rmtree(PLACE, ignore_errors=True)
    os.replace(fresh, PLACE)
    PROGRAM.write_text(LAUNCHER.format(files=shlex.quote(f"{PLACE}/*")))
    PROGRAM.chmod(0o755)


def fetch(folder: Path) -> None:
    """Let Maven put GATK and all that it needs into a folder. Raises SetupError."""
    goal = ["dependency:copy-dependencies", f"-DoutputDirectory={folder}", "-DincludeScope=runtime"]
    install.call(["mvn", "--batch-mode", "--quiet", "--file", str(GATK_POM), *goal])


def files(folder: Path) -> dict[str, str]:
    """Names and SHA-256 of the files in a folder."""
    return {path.name: sha256(path) for path in sorted(folder.glob("*.jar"))}


def locked() -> dict[str, str]:
    """Names and SHA-256 in the lock, which has the format of sha256sum."""
    lines = [line.split("  ", 1) for line in LOCK.read_text().splitlines() if not line.startswith("#")]
    return {name: digest for digest, name in lines}
