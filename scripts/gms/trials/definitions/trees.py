"""Trees of criteria: from YAML to nodes, with everything that is wrong noted by file and line."""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from gms.base.problems import Findings, unknown
from gms.base.schemas import Document, check, load_schema
from gms.trials.definitions.laboratory import tests
from gms.trials.definitions.model import Node, leaf
from gms.trials.definitions.oncotree import OncoTree

GROUPS = ("all", "any", "not", "use")
LEAVES = (
    *("variant", "wild_type", "copy_number", "fusion", "biomarker", "expression", "diagnosis", "age", "sex", "ecog"),
    *("laboratory", "prior_therapy", "prior_lines", "clinical"),
)
TRUNCATING = "truncating"
MOST = 5000  # groups and criteria of a definition, its named rules written out wherever they are used


@dataclass(frozen=True)
class TreeReader:
    """Reads the trees of one definition. `rules`: its named rules; `genes`: known symbols, None to accept any.

    `germline`: whether the study's consent covers germline findings.
    """

    document: Document
    findings: Findings
    rules: Mapping[str, Any]
    genes: frozenset[str] | None
    oncotree: OncoTree | None
    germline: bool
    left: Iterator[int] = field(default_factory=lambda: iter(range(MOST)))

    def read(self, content: Any, at: tuple, used: tuple[str, ...] = ()) -> Node | None:
        """The node at a key path; None after noting what is wrong. `used`: named rules that led here."""
        kinds = [*GROUPS, *LEAVES]
        if next(self.left, None) is None:
            return self._note(("rules",), f"the trees have more than {MOST} criteria, each use: written out; use fewer")
        if not isinstance(content, dict) or len(content) != 1:
            return self._note(at, f"is one of {', '.join(kinds)} with what belongs to it")
        ((kind, inside),) = content.items()
        if kind not in kinds:
            return self._note((*at, kind), unknown("criterion", str(kind), kinds))
        if kind == "use":
            return self._named(inside, at, used)
        if kind in LEAVES:
            return self._leaf(kind, inside, (*at, kind))
        if kind == "not":
            part = self.read(inside, (*at, kind), used)
            return part and Node("not", (part,))
        return self._group(kind, inside, (*at, kind), used)

    def _note(self, at: tuple, text: str) -> None:
        self.findings.add(self.document.path, self.document.line(at), text)

    def _group(self, kind: str, inside: Any, at: tuple, used: tuple[str, ...]) -> Node | None:
        if not isinstance(inside, list) or not inside:
            return self._note(at, f"{kind} needs a list of criteria")
        parts = [self.read(part, (*at, place), used) for place, part in enumerate(inside)]
        return None if None in parts else Node(kind, tuple(parts))

    def _named(self, name: Any, at: tuple, used: tuple[str, ...]) -> Node | None:
        if not isinstance(name, str) or name not in self.rules:
            return self._note(at, unknown("rule", str(name), self.rules))
        if name in used:
            if name == used[0] == min(used):  # a circle is noted once, from its first rule
                self._note(at, f"rule '{name}' uses itself ({' -> '.join([*used, name])}); a tree cannot be a circle")
            return None
        return self.read(self.rules[name], ("rules", name), (*used, name))

    def _leaf(self, kind: str, params: Any, at: tuple) -> Node | None:
        schema = load_schema("trial")
        before = len(self.findings.problems)
        if check(params, {**schema["$defs"][kind], "$defs": schema["$defs"]}, self.document, self.findings, at):
            for key, text in self._leaf_problems(kind, params):
                self._note((*at, key), text)
        if len(self.findings.problems) > before:
            return None
        return leaf(kind, {**params, "germline_allowed": self.germline} if kind == "variant" else params)

    def _leaf_problems(self, kind: str, params: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """(key, what is wrong) of a leaf that has the right form."""
        gene = params.get("gene")
        if gene and self.genes is not None and gene not in self.genes:
            near = difflib.get_close_matches(gene.upper(), self.genes, 1)
            meant = f"; did you mean {near[0]}?" if near else ""
            yield "gene", f"unknown gene '{gene}'{meant} (known: resources/genes, and the file under trials: genes:)"
        for code in params.get("codes", ()):
            yield from (("codes", text) for text in self.code_problems(code))
        if kind == "laboratory":
            known = tests()
            if params["test"] not in known:
                yield "test", unknown("laboratory test", params["test"], known)
            elif params["unit"] not in (units := known[params["test"]].units()):
                yield "unit", unknown(f"unit of {params['test']}", params["unit"], units)
        for key in ("fraction", "clonality"):
            if not 0 <= float(params.get(key, "0").lstrip("<>= ")) <= 1:
                yield key, f"{key} '{params[key]}' must be a share from 0 to 1, such as '>= 0.05'"
        if kind == "variant" and params.get("origin") == "germline" and not self.germline:
            yield "origin", "asks for germline variants, but consent.germline is false: the study may not use them"

    def code_problems(self, code: str) -> Iterator[str]:
        """What is wrong with the code of a tumour type."""
        if self.oncotree and not code.startswith("ICD-O:") and code not in self.oncotree.parents:
            near = difflib.get_close_matches(code, self.oncotree.parents, 1)
            meant = f"; did you mean {near[0]} ({self.oncotree.names[near[0]]})?" if near else ""
            yield f"unknown OncoTree code '{code}' in version {self.oncotree.version}{meant}"
