"""What a leak scan looks for besides personal numbers: known identifiers, names of the computer and its user, paths."""

import getpass
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from gms.sharing.leak_patterns.known import KnownIdentifiers, known_names, load_identifiers, merged

# Accounts and computers with these names identify nobody, and the words occur in any text.
_COMMON = (
    *("root", "admin", "user", "guest", "nobody", "runner", "jenkins", "ubuntu", "debian", "centos", "conda", "mamba"),
    *("docker", "snakemake", "localhost", "computer", "server", "host", "node", "build", "worker", "none", "test"),
    *("data", "analysis", "bioinfo", "genomics"),
)


@dataclass(frozen=True)
class LeakRules:
    """What must not be in a package: names of hosts and users as whole words, folders as they are written.

    Personal numbers, e-mail addresses, absolute paths, times in file formats and the rest of `findings.KINDS` are
    always looked for. The representation shows no value.
    """

    known: KnownIdentifiers = KnownIdentifiers()
    hosts: frozenset[str] = field(default=frozenset(), repr=False)
    users: frozenset[str] = field(default=frozenset(), repr=False)
    folders: frozenset[str] = field(default=frozenset(), repr=False)


def local_rules(
    names: Iterable[str] = (),
    public: Iterable[str] = (),
    folders: Iterable[Path] = (),
    identifiers: Path | None = None,
    key: bytes = b"",
) -> LeakRules:
    """The rules on this computer: its name, its user, and what the run knows.

    `names` are the run's samples, cases and subjects (and dates of birth, as 1950-01-31); `public` are words that may
    be said although a name is the same (assay, study, policy); `folders` those of config and results; `identifiers` is
    a custodian's file, made with `key`. Raises GmsError when that cannot be used.
    """
    known = known_names(names, public)
    listed = load_identifiers(identifiers, key) if identifiers else KnownIdentifiers()
    return LeakRules(
        known=merged(known, listed),
        hosts=frozenset(_telling(_host_names())),
        users=frozenset(_telling(_user_names())),
        folders=frozenset(str(folder.absolute()) for folder in folders if len(folder.absolute().parts) > 1),
    )


def _host_names() -> list[str]:
    # Not the domain name by DNS: a look-up would contact a server, and may hang.
    node = os.uname().nodename
    return [node, node.partition(".")[0]]


def _user_names() -> list[str]:
    names = [os.environ.get(name, "") for name in ("USER", "LOGNAME", "SUDO_USER")] + [Path.home().name]
    try:
        return [getpass.getuser(), *names]
    except (OSError, KeyError):  # a container's user may have no name
        return names


def _telling(names: Iterable[str]) -> list[str]:
    return [name for name in map(str.casefold, names) if len(name) > 2 and name not in _COMMON]
