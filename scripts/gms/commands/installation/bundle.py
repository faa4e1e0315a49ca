"""gms bundle: the workflow, its software and references in one file, for a machine without a network."""

import argparse
import sys
from pathlib import Path

from gms.base.digests import sha256
from gms.base.errors import GmsError
from gms.operations.setup import bundle_debian, image, install
from gms.operations.setup.bundle import git, make, set_up, unpack_new, verified


def main(argv: list[str]) -> int:
    """Pack the workflow as committed, all its software and, if asked for, the references of a run into one file."""
    if argv[:1] == ["verify"]:
        return verify(argv[1:])
    if argv[:1] == ["unpack"]:
        return unpack(argv[1:])
    options = parser().parse_args(argv)
    if options.apptainer and (options.configfile or options.no_debian):
        parser().error("--apptainer takes neither --configfile nor --no-debian: an image holds software and workflow")
    if options.configfile and not options.configfile.is_file():
        raise GmsError(f"config file {options.configfile} does not exist; --configfile names the config of a run")
    install.ensure(tools=False)
    install.enter_environment(["bundle", *argv])
    if options.apptainer:
        print("\n".join(image.build(options.out, git("archive", "--format=tar", "HEAD"))))
        return 0
    print("\n".join(make(options.out, options.configfile, debian=not options.no_debian)))
    return 0


def parser() -> argparse.ArgumentParser:
    """The options of gms bundle."""
    made = argparse.ArgumentParser(
        prog="gms bundle",
        description=main.__doc__,
        usage="gms bundle OUT.tar [--configfile C] [--no-debian]\n"
        "       gms bundle OUT.sif --apptainer      build a container image; needs Apptainer\n"
        "       gms bundle verify OUT.tar           check every file of a bundle\n"
        "       gms bundle unpack OUT.tar FOLDER    verify, unpack into a new folder and set up, without a network",
        epilog="The same commit, packages and references give the same bytes. Fetched packages are kept in .offline/.",
    )
    made.add_argument("out", metavar="OUT.tar", type=Path)
    made.add_argument("--configfile", "-C", type=Path, help="config of a run, whose references and assays are packed")
    made.add_argument("--apptainer", action="store_true", help="a container image instead, with software and workflow")
    made.add_argument("--no-debian", action="store_true", help="only list the Debian packages; the other side has them")
    return made


def verify(argv: list[str]) -> int:
    """Check every file of a bundle against its checksums, and that none is missing or added. Writes nothing."""
    options = argparse.ArgumentParser(prog="gms bundle verify", description=verify.__doc__)
    options.add_argument("bundle", metavar="OUT.tar", type=Path)
    path = options.parse_args(argv).bundle
    count, facts = verified(path)
    print(f"{path}: complete, {count} files, version {facts['workflow']} for {facts['software']}")
    print(f"  SHA-256 {sha256(path)}   Compare it with the one you got from the maker of the bundle.")
    return 0


def unpack(argv: list[str]) -> int:
    """Verify a bundle, unpack it into a new folder and set up its software there, without a network."""
    options = argparse.ArgumentParser(prog="gms bundle unpack", description=unpack.__doc__)
    options.add_argument("bundle", metavar="OUT.tar", type=Path)
    options.add_argument("folder", metavar="FOLDER", type=Path, help="a new or empty folder")
    given = options.parse_args(argv)
    path, folder = given.bundle, given.folder.absolute()
    count, facts = unpack_new(path, folder)
    print(f"{path}: complete, {count} files; unpacked into {folder}", flush=True)
    code = set_up(folder)
    if code:
        listed = f"{folder}/{bundle_debian.LIST} lists Debian packages and versions. " if facts.get("debian") else ""
        print(f"The workflow is in {folder}. {listed}Continue there:  ./gms setup", file=sys.stderr)
    elif (folder / "references" / "reference.yaml").exists():
        print(f"References: {folder}/references/reference.yaml has the lines for the config of a run.")
    return code
