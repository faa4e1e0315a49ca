"""The options of ./gms export and ./gms verify. The help of a step is the docstring of its function."""

import argparse
from collections.abc import Callable, Iterable
from pathlib import Path

Parser = argparse.ArgumentParser


def export_parser(description: str, steps: Iterable[Callable]) -> Parser:
    """The parser of ./gms export; `run` of what it returns is the function of the step."""
    made = Parser(prog="gms export", description=description)
    commands = made.add_subparsers(metavar="COMMAND", required=True)
    for step in steps:
        name, summary = step.__name__.replace("_", "-"), step.__doc__.partition(". ")[0].partition(".\n")[0]
        one = commands.add_parser(name, help=summary.rstrip("."), description=step.__doc__)
        one.set_defaults(run=step)
        for add in _OPTIONS[name]:
            add(one)
    return made


def verify_parser(description: str) -> Parser:
    """The parser of ./gms verify."""
    made = Parser(prog="gms verify", description=description)
    _sent_package(made)
    made.add_argument("--approver-key", type=Path, action="append", default=[], help="require the approval by this key")
    return made


def _configuration(one: Parser) -> None:
    one.add_argument("--configfile", "-C", type=Path, required=True, help="configuration file of the run")


def _packages(one: Parser) -> None:
    one.add_argument("packages", type=Path, nargs="+", metavar="PACKAGE", help="folder of a package")


def _cases(one: Parser) -> None:
    one.add_argument("cases", nargs="*", metavar="CASE", help="only these cases (default: all finished ones)")


def _sent_package(one: Parser) -> None:
    one.add_argument("package", type=Path, metavar="PACKAGE", help="folder of the package")
    one.add_argument("--sender-key", type=Path, required=True, help="public key of the centre (*.signing.pub.pem)")


def _confirmation(one: Parser) -> None:
    one.add_argument("--yes", metavar="DIGEST", help="carry out what is shown without this option, by its digest")


def _own_key(one: Parser) -> None:
    one.add_argument("--key", type=Path, required=True, help="your secret key file")


def _new_keys(one: Parser) -> None:
    one.add_argument("folder", type=Path, help="folder for the keys, created if missing")
    one.add_argument("name", help="name of the centre or person")


def _identifiers(one: Parser) -> None:
    one.add_argument("--list", type=Path, required=True, help="text file, one identifier per line")
    one.add_argument("--sharing-key", type=Path, required=True, help="the pseudonym key of the sharing file")


def _recipient(one: Parser) -> None:
    one.add_argument("--to-party", required=True, metavar="ORGANISATION", help="for example uppsala-universitet")


def _decrypted(one: Parser) -> None:
    one.add_argument("--to", type=Path, required=True, help="new folder for the decrypted files")


def _question(one: Parser) -> None:
    one.add_argument("--party", metavar="ORGANISATION", help="for example uppsala-universitet")
    one.add_argument("--subject-pseudonym", metavar="P…", help="pseudonym of a person")


def _loss(one: Parser) -> None:
    one.add_argument("--reason", choices=("lost", "damaged"), default="lost", help="what happened to the old log")
    one.add_argument(
        "--key", type=Path, help="your secret key file: approve, as a second person, the log that was begun"
    )


def _person(one: Parser) -> None:
    one.add_argument("pseudonym", metavar="P…", help="pseudonym of the person")


_OPTIONS: dict[str, tuple[Callable[[Parser], None], ...]] = {
    "keys": (_new_keys,),
    "identifiers": (_identifiers,),
    "pseudonym": (_configuration,),
    "plan": (_configuration,),
    "prepare": (_configuration, _cases),
    "approve": (_packages, _configuration, _own_key, _confirmation),
    "upload": (_packages, _configuration),
    "grant": (_packages, _configuration, _confirmation),
    "handed-over": (_packages, _configuration, _recipient),
    "decrypt": (_sent_package, _own_key, _decrypted),
    "log": (_configuration, _question),
    "new-log": (_configuration, _loss, _confirmation),
    "withdraw": (_configuration, _person, _confirmation),
    "retention": (_configuration, _confirmation),
}
