"""gms export and gms verify: the steps of an export that people take; the audit log records each of them."""

import argparse
import datetime
import getpass
import sys

from gms.base.errors import GmsError
from gms.commands.sharing.options import export_parser, verify_parser

Options = argparse.Namespace


def main(argv: list[str]) -> int:
    """Share results for a study: decisions, approval by a second person, transfer, audit log, withdrawal."""
    options = export_parser(main.__doc__, _STEPS).parse_args(argv)
    return options.run(options) or 0


def verify(argv: list[str]) -> int:
    """Verify a package or a tombstone with public keys only, and list everything that is wrong with it."""
    options = verify_parser(verify.__doc__).parse_args(argv)
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


def keys(options: Options) -> None:
    """Make the keys of a centre or a person: signing (Ed25519), encryption (Crypt4GH), pseudonyms. Secret keys are
    readable by you only; existing files are never replaced."""
    from gms.sharing.decision.keyfiles import make_keys

    for path in make_keys(options.folder, options.name):
        print(f"{'public' if '.pub' in path.name else 'SECRET'}  {path}")


def plan(options: Options) -> None:
    """Show what would be shared with whom today, and what not and why. Nothing is written or sent."""
    from gms.sharing.export.planning import planned

    print("\n".join(planned(options.configfile, datetime.date.today())))


def prepare(options: Options) -> None:
    """Decide on finished cases and make their packages, as the workflow does at the end of a run."""
    from gms.sharing.export.planning import prepare as prepared

    for line in prepared(options.configfile, options.cases, datetime.date.today()):
        print(line, flush=True)


def approve(options: Options) -> None:
    """Show the contents and recipients of packages; with --yes, approve what was shown, with your key. You must be one
    of the sharing file's approvers, and not the person who made the packages."""
    from gms.sharing.export.approving import approve_packages, described, packages_digest
    from gms.sharing.export.confirmation import how_to_confirm

    where, today = (options.packages, options.configfile), datetime.date.today
    if options.yes is None:
        digest = packages_digest(options.packages)
        print("\n".join(described(*where, today())))
        print(how_to_confirm(digest, "approves this. First compare the keys with their holders"))
        return
    for package, version in approve_packages(*where, options.key, today, options.yes):
        print(f"approved: {package} (version {version})")


def upload(options: Options) -> int:
    """Transfer approved packages to the configured store. What is already there is not sent again. The workflow
    does the same for all approved packages."""
    from gms.sharing.export.s3 import upload_packages
    from gms.sharing.export.settings import export_settings

    failed = list(upload_packages(options.packages, export_settings(options.configfile)))
    for error in failed:
        print(f"error: {error}", file=sys.stderr)
    return 1 if failed else 0


def grant(options: Options) -> None:
    """Make a new version of packages for the recipients that the sharing file names now: shows them, and makes it with
    --yes. Only the headers are rewritten; the version needs its own approval and transfer."""
    from gms.sharing.export.confirmation import how_to_confirm
    from gms.sharing.export.granting import Grants
    from gms.sharing.export.settings import export_settings

    settings = export_settings(options.configfile)
    grants = Grants(options.packages, settings, datetime.date.today())
    if options.yes is None:
        print("\n".join(grants.described()))
        print(how_to_confirm(grants.digest(), "makes these versions"))
        return
    for package, version, organisations in grants.grant(options.yes):
        print(f"{package}: version {version}, for {', '.join(organisations)}; approve it (./gms export approve)")


def handed_over(options: Options) -> None:
    """Log that packages are handed over to an organisation outside this workflow, such as on a disk. Do this before
    they leave: a package that may no longer be released is refused."""
    from gms.inputs.load_run import read_run
    from gms.sharing.export.cases import sheet_cases
    from gms.sharing.export.deciding import load_centre
    from gms.sharing.export.release import hand_over
    from gms.sharing.export.settings import export_settings

    settings = export_settings(options.configfile)
    for package in options.packages:
        centre, cases = load_centre(settings.sharing, settings.packages), sheet_cases(read_run(options.configfile))
        hand_over(package, options.to_party, centre, cases, datetime.date.today())
        print(f"logged: {package}, handed over to {options.to_party}")


def log(options: Options) -> int:
    """Verify the audit log, or list what an organisation got of a person (--party and --subject-pseudonym) and under
    which decision."""
    from gms.sharing.export.auditing import show_log

    return show_log(options.configfile, options.party, options.subject_pseudonym)


def new_log(options: Options) -> None:
    """Begin a new audit log after the loss of the old one: shows what is still known of that, and begins with --yes. A
    second person approves it, with --key; nothing is shared before."""
    from gms.sharing.export.auditing import approve_new_log, show_new_log

    if options.key:
        approve_new_log(options.configfile, options.key, options.yes)
    else:
        show_new_log(options.configfile, options.reason, options.yes)


def withdraw(options: Options) -> int:
    """Withdraw a person from the study: lists every object with data of the person; with --yes, removes them and stops
    the workflow from sharing the person again. Copies that an organisation has downloaded remain there."""
    from gms.sharing.export.auditing import show_withdrawal

    return show_withdrawal(options.configfile, options.pseudonym, options.yes)


class UnknownSubject(GmsError):
    """An id that the consents table does not have; it is not repeated."""

    def __init__(self) -> None:
        super().__init__("the consents table has no such subject")


def pseudonym(options: Options) -> None:
    """Print the pseudonym of a subject. The id is asked for, so that it is in no command line or shell history."""
    from gms.sharing.decision.loading import load_sharing
    from gms.sharing.decision.pseudonyms import load_pseudonyms
    from gms.sharing.export.settings import export_settings

    sharing = load_sharing(export_settings(options.configfile).sharing)
    subject = getpass.getpass("subject: ") if sys.stdin.isatty() else sys.stdin.readline().strip()
    if subject not in {consent.subject for consent in sharing.consents}:
        raise UnknownSubject
    print(load_pseudonyms(sharing.pseudonym_key, sharing.study.id).subject(subject))


def retention(options: Options) -> int:
    """List the packages past their retention; with --yes, log the decision and remove them."""
    from gms.sharing.export.auditing import show_retention

    return show_retention(options.configfile, options.yes)


def decrypt(options: Options) -> None:
    """Verify a package that was made for you, and decrypt it into a new folder."""
    from gms.sharing.decision.keyfiles import read_encryption_key
    from gms.sharing.package.decrypt import decrypt_package
    from gms.sharing.package.keys import load_public

    secret, sender = read_encryption_key(options.key), load_public(options.sender_key)
    print("\n".join(map(str, decrypt_package(options.package, secret, sender, options.to))))


def identifiers(options: Options) -> None:
    """Hash a list of identifiers known at the centre for the leak scan (known_identifiers)."""
    from gms.sharing.decision.keyfiles import read_secret
    from gms.sharing.leak_patterns.known import hash_identifiers, read_list

    print(hash_identifiers(read_list(options.list), read_secret(options.sharing_key).strip()), end="")


_STEPS = (keys, identifiers, pseudonym, plan, prepare, approve, upload, grant, handed_over, decrypt, log, new_log)
_STEPS += (withdraw, retention)
