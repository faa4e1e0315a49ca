"""The leak scanner: looks through a final, decrypted package for what must not leave the centre.

`scan` returns findings, which never hold a value; an empty list is the proof that a package may go to its approver.
"""

from gms.leaks.findings import Examination, Finding, LeakFound
from gms.leaks.known import KnownIdentifiers, hash_identifiers, known_names, load_identifiers
from gms.leaks.rules import LeakRules, local_rules
from gms.leaks.scan import examine, require_clean, scan

__all__ = [
    "Examination",
    "Finding",
    "KnownIdentifiers",
    "LeakFound",
    "LeakRules",
    "examine",
    "hash_identifiers",
    "known_names",
    "load_identifiers",
    "local_rules",
    "require_clean",
    "scan",
]
