"""Names of cases, samples and lanes: letters, digits and '-' only; others are changed on demand, with a table."""

import re
import unicodedata

from gms.base.problems import Findings
from gms.inputs.importers.draft import Draft

BAD = re.compile(r"[^A-Za-z0-9-]+")
KINDS = ("case", "sample", "lane")


def proper(name: str) -> str:
    """The name with '-' for what may not be in it: S_1 becomes S-1, Åsa.2 becomes Asa-2."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return BAD.sub("-", plain).strip("-")


def rename(drafts: list[Draft], allowed: bool, findings: Findings) -> list[tuple[str, str, str]]:
    """Change names that may not stay, and return (kind, old, new) of each; notes them unless renaming is allowed.

    Two names that would become one are never changed to it: notes both.
    """
    table = []
    for kind in KINDS:
        first: dict[str, Draft] = {}
        for draft in drafts:
            key = f"{draft.sample}\t{draft.lane}" if kind == "lane" else getattr(draft, kind)
            first.setdefault(key, draft)
        table += _rename(kind, list(first.values()), allowed, findings)
    for kind in KINDS:
        changes = {old: new for which, old, new in table if which == kind}
        for draft in drafts:
            setattr(draft, kind, changes.get(getattr(draft, kind), getattr(draft, kind)))
    return table


def _rename(kind: str, drafts: list[Draft], allowed: bool, findings: Findings) -> list[tuple[str, str, str]]:
    table: dict[str, tuple[str, str, str]] = {}
    taken: dict[str, str] = {getattr(draft, kind): getattr(draft, kind) for draft in drafts}
    for draft in drafts:
        old = getattr(draft, kind)
        if not BAD.search(old) or old in table:
            continue
        new = proper(old)
        if not new or (kind != "lane" and taken.get(new, old) != old):
            other = taken.get(new, "")
            clash = f"'{new}' is {'there already' if other == new else f'taken by {other!r}'}"
            clash = clash if new else "nothing would be left of it"
            findings.add(draft.path, draft.line, f"{kind} '{old}' {_RULE}, and {clash}; write another name")
            continue
        taken[new] = old
        table[old] = (kind, old, new)
        if not allowed:
            findings.add(draft.path, draft.line, f"{kind} '{old}' {_RULE}; write '{new}', or let --rename do so")
    return list(table.values())


_RULE = "may only contain letters, digits and '-'"
