"""gms export and gms verify: what people do around the export; the audit log holds all of it."""

import argparse
import datetime
import getpass
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gms.base.errors import GmsError

Options = argparse.Namespace
Commands = Any  # what argparse's add_subparsers returns, which has no public name


def main(argv: list[str]) -> int:
    """Share results of a study: decisions, approval by a second person, transfer, audit, withdrawal."""
    options = parser().parse_args(argv)
    return options.run(options) or 0


def verify(argv: list[str]) -> int:
    """Verify a package, or a tombstone, with public keys only, and say everything that is wrong with it."""
    made = argparse.ArgumentParser(prog="gms verify", description=verify.__doc__)
    _add_sent_package(made)
    made.add_argument("--approver-key", type=Path, action="append", default=[], help="require the approval by this key")
    options = made.parse_args(argv)
    from gms.sharing.package.keys import load_public
    from gms.sharing.package.verify import verification
    from gms.sharing.withdrawal.tombstones import verify_tombstone

    sender = load_public(options.sender_key)
    if options.package.is_file():
        print(verify_tombstone(options.package, sender))
        return 0
    verifies, lines = verification(options.package, sender, list(map(load_public, options.approver_key)))
    print("\n".join(lines))
    return 0 if verifies else 1


def parser() -> argparse.ArgumentParser:
    """All sub-commands with their options."""
    made = argparse.ArgumentParser(prog="gms export", description=main.__doc__)
    commands = made.add_subparsers(metavar="COMMAND", required=True)
    _add_keys_and_lists(commands)
    _add_packages(commands)
    _add_records(commands)
    return made


def _add_keys_and_lists(commands: Commands) -> None:
    one = _command(commands, "keys", keys)
    one.add_argument("folder", type=Path, help="folder for the keys; made if it is missing")
    one.add_argument("name", help="whose keys: a centre or a person")
    one = _command(commands, "identifiers", identifiers)
    one.add_argument("--list", type=Path, required=True, help="plain text, one identifier in each line")
    one.add_argument("--sharing-key", type=Path, required=True, help="the pseudonym key of the sharing file")
    _with_configuration(_command(commands, "pseudonym", pseudonym))


def _add_packages(commands: Commands) -> None:
    _with_configuration(_command(commands, "plan", plan))
    one = _with_configuration(_command(commands, "prepare", prepare))
    one.add_argument("cases", nargs="*", metavar="CASE", help="only these cases; default: all that are finished")
    one = _with_packages(_command(commands, "approve", approve))
    one.add_argument("--key", type=Path, required=True, help="your secret key file")
    _with_confirmation(one)
    _with_packages(_command(commands, "upload", upload))
    _with_confirmation(_with_packages(_command(commands, "grant", grant)))
    one = _with_packages(_command(commands, "handed-over", handed_over))
    one.add_argument("--to-party", required=True, metavar="PARTY", help="the party, for example uppsala-universitet")
    one = _command(commands, "decrypt", decrypt)
    _add_sent_package(one)
    one.add_argument("--key", type=Path, required=True, help="your secret key file")
    one.add_argument("--to", type=Path, required=True, help="new folder for the decrypted files")


def _add_records(commands: Commands) -> None:
    one = _with_configuration(_command(commands, "log", log))
    one.add_argument("--party", help="a party, for example uppsala-universitet")
    one.add_argument("--subject-pseudonym", help="pseudonym of a person, P…")
    one = _with_configuration(_command(commands, "withdraw", withdraw))
    one.add_argument("pseudonym", help="pseudonym of the person, P…")
    _with_confirmation(one)
    _with_confirmation(_with_configuration(_command(commands, "retention", retention)))


def _command(commands: Commands, name: str, run: Callable[[Options], int | None]) -> argparse.ArgumentParser:
    summary = run.__doc__.partition(". ")[0].partition(".\n")[0].rstrip(".")
    one = commands.add_parser(name, help=summary, description=run.__doc__)
    one.set_defaults(run=run)
    return one


def _add_sent_package(one: argparse.ArgumentParser) -> None:
    one.add_argument("package", type=Path, metavar="PACKAGE", help="folder of the package")
    one.add_argument("--sender-key", type=Path, required=True, help="public key of the centre (*.signing.pub.pem)")


def _with_configuration(one: argparse.ArgumentParser) -> argparse.ArgumentParser:
    one.add_argument("--configfile", "-C", type=Path, required=True, help="configuration of the run")
    return one


def _with_packages(one: argparse.ArgumentParser) -> argparse.ArgumentParser:
    one.add_argument("packages", type=Path, nargs="+", metavar="PACKAGE", help="folder of a package")
    return _with_configuration(one)


def _with_confirmation(one: argparse.ArgumentParser) -> None:
    one.add_argument("--yes", metavar="DIGEST", help="do what is shown without this option, with its digest")


def keys(options: Options) -> None:
    """Make the keys of a centre or a person: signing (Ed25519), encryption (Crypt4GH), pseudonyms. The secret ones can
    only be read by you; existing files are never replaced."""
    from gms.sharing.decision.keyfiles import make_keys

    for path in make_keys(options.folder, options.name):
        print(f"{'public' if '.pub' in path.name else 'SECRET'}  {path}")


def plan(options: Options) -> None:
    """Show what would be shared with whom today, and why not. Nothing is written, sent or asked of a server."""
    from gms.sharing.export.planning import planned

    print("\n".join(planned(options.configfile, datetime.date.today())))


def prepare(options: Options) -> None:
    """Decide on finished cases and make their packages, as the workflow does at the end of a run."""
    from gms.sharing.export.planning import prepare as prepared

    for line in prepared(options.configfile, options.cases, datetime.date.today()):
        print(line, flush=True)


def approve(options: Options) -> None:
    """Show what packages hold and for whom; with --yes approve what was shown, with your key. You must be one of the
    sharing file's approvers, and not who made the packages."""
    from gms.sharing.export.approving import approve_packages, described, packages_digest
    from gms.sharing.export.confirmation import how_to_confirm

    where, today = (options.packages, options.configfile), datetime.date.today()
    if options.yes is None:
        digest = packages_digest(options.packages)
        print("\n".join(described(*where, today)))
        print(how_to_confirm(digest, "approves this; compare the keys with their holders first"))
        return
    for package, version in approve_packages(*where, options.key, today, options.yes):
        print(f"approved: {package} (version {version})")


def upload(options: Options) -> int:
    """Transfer approved packages to the store of the configuration. What is there already is not sent again; the
    workflow does the same for all approved packages."""
    from gms.sharing.export.s3 import upload_packages
    from gms.sharing.export.settings import export_settings

    failed = list(upload_packages(options.packages, export_settings(options.configfile)))
    for error in failed:
        print(f"error: {error}", file=sys.stderr)
    return 1 if failed else 0


def grant(options: Options) -> None:
    """Make a new version of packages for exactly the recipients that the sharing file names now: shows them, and does
    it with --yes. Only the headers are written anew; the version needs its own approval and transfer."""
    from gms.sharing.export.confirmation import how_to_confirm
    from gms.sharing.export.granting import Grants
    from gms.sharing.export.settings import export_settings

    settings = export_settings(options.configfile)
    grants = Grants(options.packages, settings.sharing, settings.packages, datetime.date.today())
    if options.yes is None:
        print("\n".join(grants.described()))
        print(how_to_confirm(grants.digest(), "makes these versions"))
        return
    for package, version, parties in grants.grant(options.yes):
        print(f"{package}: version {version}, for {', '.join(parties)}; approve it (./gms export approve)")


def handed_over(options: Options) -> None:
    """Note in the audit log that packages are handed over to a party outside of this workflow, such as on a disk. Do
    so before they leave: a package that may not be released any more is refused."""
    from gms.sharing.export.deciding import load_centre
    from gms.sharing.export.release import hand_over
    from gms.sharing.export.settings import export_settings

    settings = export_settings(options.configfile)
    centre = load_centre(settings.sharing, settings.packages)
    for package in options.packages:
        hand_over(package, options.to_party, centre, datetime.date.today())
        print(f"noted: {package}, handed over to {options.to_party}")


def log(options: Options) -> int:
    """Verify the audit log, or tell what a party got of a person (--party and --subject-pseudonym) and under which
    decision."""
    from gms.sharing.export.auditing import show_log

    return show_log(options.configfile, options.party, options.subject_pseudonym)


def withdraw(options: Options) -> int:
    """Withdraw a person from the study: lists every object that holds the person; with --yes removes them and keeps
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
    print("\n".join(map(str, decrypt_package(options.package, secret, sender, options.to))))


def identifiers(options: Options) -> None:
    """Turn a list of identifiers known at the centre into keyed hashes for the leak scan (known_identifiers)."""
    from gms.sharing.decision.keyfiles import read_secret
    from gms.sharing.leak_patterns.known import hash_identifiers, read_list

    print(hash_identifiers(read_list(options.list), read_secret(options.sharing_key).strip()), end="")
