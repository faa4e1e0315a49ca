"""gms references: reference files fetched, locked and prepared."""

import argparse
import sys
from pathlib import Path

from gms.operations.references import manifest
from gms.operations.references.get import get
from gms.operations.references.hotspot_lists import import_lists
from gms.operations.references.lock import NAME, NoReferences, open_lock


def main(argv: list[str]) -> int:
    """Reference files from their publishers, prepared as runs read them: contigs named as in the FASTA, alleles
    normalised, indexed. A download continues where it stopped. The SHA-256 of each file is locked at its first use:
    another content is refused from then on."""
    parser = argparse.ArgumentParser(prog="gms references", description=main.__doc__)
    commands = parser.add_subparsers(required=True, metavar="get|check|list|hotspots")
    getting = commands.add_parser("get", help="fetch and prepare what is missing in a folder")
    getting.add_argument("name", help=f"{', '.join(manifest.known())}, or a list of your own (YAML)")
    getting.add_argument("folder", type=Path, help="where the files and their lock are")
    getting.add_argument("--parts", nargs="+", default=[], metavar="PART", help="only these, and the FASTA")
    getting.add_argument("--renew", nargs="+", default=[], metavar="PART", help="take what its publisher has now")
    getting.set_defaults(run=run_get)
    checking = commands.add_parser(
        "check", help="compare every file of a folder with its lock; exit code 1 if one differs"
    )
    checking.add_argument("folder", type=Path, help="a folder that get made")
    checking.set_defaults(run=run_check)
    listing = commands.add_parser("list", help="what can be fetched, from where, under which licence")
    listing.add_argument("names", nargs="*", metavar="NAME", help="as for get; default: all")
    listing.set_defaults(run=run_list)
    add_hotspots(commands)
    options = parser.parse_args(argv)
    return options.run(options)


def add_hotspots(commands: argparse._SubParsersAction) -> None:
    """The options of `hotspots`."""
    hotspots = commands.add_parser("hotspots", help="turn hotspot lists of Twist_Solid into files for a config")
    hotspots.add_argument("lists", type=Path, nargs="+", metavar="LIST", help="tab-separated, a row for each position")
    hotspots.add_argument("--fasta", type=Path, required=True, help="the reference of the runs")
    hotspots.add_argument("--output", type=Path, required=True, help="folder to write to")
    hotspots.set_defaults(run=run_hotspots)


def run_get(options: argparse.Namespace) -> int:
    """Fetch and prepare."""
    wanted = manifest.load(options.name)
    get(wanted, options.folder, options.parts, options.renew, lambda text: print(text, file=sys.stderr, flush=True))
    print(f"{options.folder}/reference.yaml has the lines for the config of a run:")
    print((options.folder / "reference.yaml").read_text(), end="")
    return 0


def run_check(options: argparse.Namespace) -> int:
    """Compare with the lock."""
    if not (options.folder / NAME).exists():
        raise NoReferences(options.folder)
    lock = open_lock(options.folder, "")
    wrong = lock.wrong()
    print("\n".join(wrong) or f"{len(lock.made)} files of {lock.name} are as they were locked")
    return 1 if wrong else 0


def run_hotspots(options: argparse.Namespace) -> int:
    """Turn lists into files that a config names."""
    print("\n".join(import_lists(options.lists, options.fasta, options.output)))
    print(f"For the config of a run:  reference: {{hotspots: {options.output}/hotspots.vcf.gz}}")
    return 0


def run_list(options: argparse.Namespace) -> int:
    """Print the lists."""
    for name in options.names or manifest.known():
        loaded = manifest.load(name)
        print(loaded.name)
        for part in loaded.parts.values():
            print(f"  {part.name:<12}{part.what}\n{'':<14}licence: {part.licence}")
            more = f"  and {len(part.sources) - 1} more" if len(part.sources) > 1 else ""
            print(f"{'':<14}{part.sources[0].url}{more}")
    return 0
