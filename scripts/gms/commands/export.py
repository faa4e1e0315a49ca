"""gms export …: what people do around the export, beside the workflow, which decides and makes the packages.

Whatever is approved, granted, transferred or removed is in the audit log.
"""

import argparse
import datetime
import getpass
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gms.base.errors import GmsError

Options = argparse.Namespace

ARGUMENTS: dict[str, dict[str, Any]] = {
    "--configfile": {"flags": ["-C"], "type": Path, "required": True, "help": "configuration of the run"},
    "cases": {"nargs": "*", "metavar": "CASE", "help": "only these cases; default: all that are finished"},
    "packages": {"type": Path, "nargs": "+", "metavar": "PACKAGE", "help": "folder of a package"},
    "package": {"type": Path, "metavar": "PACKAGE", "help": "folder of the package"},
    "--key": {"type": Path, "required": True, "help": "your secret key file"},
    "--sender-key": {"type": Path, "required": True, "help": "public key of the centre (*.signing.pub.pem)"},
    "--approver-key": {"type": Path, "action": "append", "default": [], "help": "require the approval by this key"},
    "--to": {"type": Path, "required": True, "help": "new folder for the decrypted files"},
    "--yes": {"action": "store_true", "help": "do it; without, only what would be done is shown"},
    "--to-party": {"required": True, "metavar": "PARTY", "help": "the party, for example uppsala-universitet"},
    "--party": {"help": "a party, for example uppsala-universitet"},
    "--subject-pseudonym": {"help": "pseudonym of a person, P…"},
    "--list": {"type": Path, "required": True, "help": "plain text, one identifier in each line"},
    "--sharing-key": {"type": Path, "required": True, "help": "the pseudonym key of the sharing file"},
    "pseudonym": {"help": "pseudonym of the person, P…"},
    "folder": {"type": Path, "help": "folder for the keys; made if it is missing"},
    "name": {"help": "whose keys: a centre or a person"},
}


def main(argv: list[str]) -> int:
    """Share results of a study: decisions, approval by a second person, transfer, audit, withdrawal."""
    options = parser().parse_args(argv)
    return options.run(options) or 0


def verify(argv: list[str]) -> int:
    """Verify a package, or a tombstone, with public keys only, and say everything that is wrong with it."""
    made = argparse.ArgumentParser(prog="gms verify", description=verify.__doc__)
    _arguments(made, "package", "--sender-key", "--approver-key")
    options = made.parse_args(argv)
    from gms.sharing.package.keys import load_public
    from gms.sharing.package.manifest import read_manifest
    from gms.sharing.package.verify import verify_package
    from gms.sharing.withdrawal.tombstones import verify_tombstone

    if options.package.is_file():
        print(verify_tombstone(options.package, load_public(options.sender_key)))
        return 0
    approvers = [load_public(path) for path in options.approver_key]
    if problems := verify_package(options.package, load_public(options.sender_key), approvers):
        print("\n".join([f"{options.package} does NOT verify:", *(f"  {problem}" for problem in problems)]))
        return 1
    manifest = read_manifest(options.package)
    parties = ", ".join(reader["party"] for reader in manifest["readers"])
    approved = "approved" if approvers else "approval not asked for (--approver-key)"
    print(f"{options.package} verifies: {len(manifest['files'])} files, version {manifest['version']}, {approved}")
    print(f"  study {manifest['study']['id']} ({manifest['study']['ethics_approval']}); readers: {parties}")
    return 0


def parser() -> argparse.ArgumentParser:
    """All sub-commands with their options."""
    made = argparse.ArgumentParser(prog="gms export", description=main.__doc__)
    commands = made.add_subparsers(metavar="COMMAND", required=True)
    for name, run, arguments in (
        ("keys", keys, ("folder", "name")),
        ("plan", plan, ("--configfile",)),
        ("prepare", prepare, ("cases", "--configfile")),
        ("approve", approve, ("packages", "--configfile", "--key", "--yes")),
        ("upload", upload, ("packages", "--configfile")),
        ("grant", grant, ("packages", "--configfile")),
        ("handed-over", handed_over, ("packages", "--configfile", "--to-party")),
        ("log", log, ("--configfile", "--party", "--subject-pseudonym")),
        ("withdraw", withdraw, ("pseudonym", "--configfile", "--yes")),
        ("pseudonym", pseudonym, ("--configfile",)),
        ("retention", retention, ("--configfile", "--yes")),
        ("decrypt", decrypt, ("package", "--sender-key", "--key", "--to")),
        ("identifiers", identifiers, ("--list", "--sharing-key")),
    ):
        one = commands.add_parser(name, help=_first_sentence(run), description=run.__doc__)
        _arguments(one, *arguments)
        one.set_defaults(run=run)
    return made


def _arguments(made: argparse.ArgumentParser, *names: str) -> None:
    for name in names:
        settings = dict(ARGUMENTS[name])
        made.add_argument(name, *settings.pop("flags", []), **settings)


def _first_sentence(function: Callable) -> str:
    return function.__doc__.partition(". ")[0].partition(".\n")[0].rstrip(".")


def keys(options: Options) -> None:
    """Make the keys of a centre or a person: signing (Ed25519), encryption (Crypt4GH), pseudonyms. The secret ones can
    only be read by you; existing files are never replaced."""
    from gms.sharing.decision.keyfiles import make_keys

    for path in make_keys(options.folder, options.name):
        print(f"{'public' if '.pub' in path.name else 'SECRET'}  {path}")


def plan(options: Options) -> None:
    """Show what would be shared with whom today, and why not. Nothing is written, sent or asked of a server."""
    from gms.sharing.export.planning import planned

    for line in planned(options.configfile, datetime.date.today()):
        print(line)


def prepare(options: Options) -> None:
    """Decide on finished cases and make their packages, as the workflow does at the end of a run."""
    from gms.sharing.export.planning import prepare as prepared

    for line in prepared(options.configfile, options.cases, datetime.date.today()):
        print(line, flush=True)


def approve(options: Options) -> None:
    """Show what packages hold and for whom; with --yes approve them with your key. You must be one of the sharing
    file's approvers, and not who made the packages."""
    from gms.sharing.export.approving import approve_packages, described

    if not options.yes:
        print("\n".join(described(options.packages, options.configfile)))
        print("Nothing was approved; the same command with --yes approves this. Compare the keys with their holders.")
        return
    for package, version in approve_packages(options.packages, options.configfile, options.key, datetime.date.today()):
        print(f"approved: {package} (version {version})")


def upload(options: Options) -> int:
    """Transfer approved packages to the store of the configuration. What is there already is not sent again; the
    workflow does the same for all approved packages."""
    from gms.sharing.export.s3 import upload as transfer
    from gms.sharing.export.settings import export_settings

    settings, failed = export_settings(options.configfile), 0
    for package in options.packages:
        receipt = settings.packages.parent / "s3" / f"{package.resolve().name}.json"
        try:
            transfer(package, settings.store(), settings.sharing, settings.packages, receipt)
        except GmsError as error:
            print(f"error: {error}", file=sys.stderr)
            failed += 1
    return 1 if failed else 0


def grant(options: Options) -> None:
    """Make a new version of packages for exactly the recipients that the sharing file names now. Only the headers are
    written anew; the version needs its own approval and transfer."""
    from gms.sharing.export.granting import grant_package
    from gms.sharing.export.settings import export_settings

    settings = export_settings(options.configfile)
    for package in options.packages:
        version, parties = grant_package(package, settings.sharing, settings.packages, datetime.date.today())
        print(f"{package}: version {version}, for {', '.join(parties)}; approve it (./gms export approve)")


def handed_over(options: Options) -> None:
    """Note in the audit log that packages were handed over to a party outside of this workflow, such as on a disk."""
    from gms.sharing.audit.events import handover_entry as entry
    from gms.sharing.export.deciding import load_centre
    from gms.sharing.export.settings import export_settings

    settings, today = export_settings(options.configfile), datetime.date.today()
    centre = load_centre(settings.sharing, settings.packages)
    for package in options.packages:
        centre.log(entry(package, options.to_party, today, centre.sharing, today))
        print(f"noted: {package}, handed over to {options.to_party}")


def log(options: Options) -> int:
    """Verify the audit log, or tell what a party got of a person (--party and --subject-pseudonym) and under which
    decision."""
    from gms.sharing.export.auditing import show_log

    return show_log(options.configfile, options.party, options.subject_pseudonym)


def withdraw(options: Options) -> int:
    """Withdraw a person from the study: lists every object that holds the person; with --yes removes them, and keeps
    the workflow from sharing the person again. What a party has downloaded stays there."""
    from gms.sharing.export.auditing import show_withdrawal

    return show_withdrawal(options.configfile, options.pseudonym, options.yes)


def pseudonym(options: Options) -> None:
    """Tell the pseudonym of a subject, which is asked for: no command line and no shell history holds the id."""
    from gms.sharing.decision.loading import load_sharing
    from gms.sharing.decision.pseudonyms import load_pseudonyms
    from gms.sharing.export.settings import export_settings

    sharing = load_sharing(export_settings(options.configfile).sharing)
    subject = getpass.getpass("subject: ") if sys.stdin.isatty() else sys.stdin.readline().strip()
    if subject not in {consent.subject for consent in sharing.consents}:
        raise GmsError("the consents table has no such subject")
    print(load_pseudonyms(sharing.pseudonym_key, sharing.study.id).subject(subject))


def retention(options: Options) -> int:
    """List the packages whose retention has ended; with --yes logs the decision and removes them."""
    from gms.sharing.export.auditing import show_retention

    return show_retention(options.configfile, options.yes)


def decrypt(options: Options) -> None:
    """Verify a package that you are a reader of, and decrypt it into a new folder."""
    from gms.sharing.decision.keyfiles import read_encryption_key
    from gms.sharing.package.decrypt import decrypt_package
    from gms.sharing.package.keys import load_public

    secret, sender = read_encryption_key(options.key), load_public(options.sender_key)
    for path in decrypt_package(options.package, secret, sender, options.to):
        print(path)


def identifiers(options: Options) -> None:
    """Turn a list of identifiers known at the centre into keyed hashes for the leak scan (known_identifiers)."""
    from gms.sharing.decision.keyfiles import read_secret
    from gms.sharing.leak_patterns.known import hash_identifiers

    try:
        lines = options.list.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        raise GmsError(f"{options.list} cannot be read as a text in UTF-8") from None
    print(hash_identifiers(lines, read_secret(options.sharing_key).strip()), end="")
