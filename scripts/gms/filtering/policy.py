"""Filter policies: YAML files of ordered filters, rescues and report sections, checked completely before use."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from gms.base.problems import Findings, unknown
from gms.base.schemas import Document, check, load_schema
from gms.filtering import inherited
from gms.filtering.expressions import Expression, ExpressionError, parse_expression
from gms.filtering.variables import variables_of

_IDENTIFIERS = {"filters": "flag", "rescues": "name", "sections": "key"}
PART_OF_HAPLOTYPE = "PartOfHaplotype"
BUILT_IN = (PART_OF_HAPLOTYPE, inherited.FLAG)  # filters of every policy of small variants; no rescue overrides them


@dataclass(frozen=True, slots=True)
class Filter:
    """Flags a record when `when` is true, or missing where `missing` is 'fail', unless an exemption is true."""

    flag: str
    when: Expression
    missing: str
    why: str
    unless: Mapping[str, Expression]

    def expressions(self) -> Iterator[tuple[str, Expression]]:
        """The condition under the flag's name, and each exemption under its own."""
        yield self.flag, self.when
        yield from self.unless.items()


@dataclass(frozen=True, slots=True)
class Rescue:
    """Makes a flagged record pass when `when` is true and the record has none of the flags in `never`."""

    name: str
    when: Expression
    why: str
    never: tuple[str, ...]


def _part_of_haplotype() -> Filter:
    """The filter that every policy begins with, and that no rescue overrides: no molecule carries a part alone, so
    its consequence and what is known of it are true of nothing in the sample. The joined allele is asked instead."""
    why = "Its molecules carry more changes; the joined allele has a record of its own (INFO/PART_OF)."
    return Filter(PART_OF_HAPLOTYPE, parse_expression("part_of_haplotype", {}), "pass", why, {})


def _inherited(conditions: Mapping[str, Expression]) -> Filter:
    """The second filter of every policy; `conditions` has that of consent where the policy lists genes."""
    unless = {name: known for name, known in conditions.items() if name == inherited.CONDITION}
    return Filter(inherited.FLAG, parse_expression(inherited.WHEN, {}), "pass", inherited.WHY, unless)


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the report; without `when` it takes every record left."""

    key: str
    title: str
    when: Expression | None


@dataclass(frozen=True, slots=True)
class Burden:
    """How passing records make a tumour mutational burden (policy.schema.json); `factor` None: by callable bases."""

    high: float
    factor: float | None = None
    subtract: float = 0.0
    smallest: float = 0.5


@dataclass(frozen=True, slots=True)
class Policy:
    """A checked policy for a class of variants. `digest`: first 12 hexadecimal digits of the SHA-256 of its file."""

    name: str
    title: str
    version: str
    digest: str
    filters: tuple[Filter, ...]
    rescues: tuple[Rescue, ...]
    sections: tuple[Section, ...]
    variants: str = "small"
    burden: Burden | None = None
    inherited_genes: tuple[str, ...] = ()

    def expressions(self) -> Iterator[tuple[str, Expression]]:
        """Every expression with the flag, exemption, rescue or section it belongs to."""
        for entry in self.filters:
            yield from entry.expressions()
        yield from ((rescue.name, rescue.when) for rescue in self.rescues)
        yield from ((section.key, section.when) for section in self.sections if section.when)


def load_policy(path: Path, variants: str = "small") -> Policy:
    """Read and check a policy for a class of variants; that of small ones begins with PartOfHaplotype and Inherited.

    Raises Problems with everything that is wrong, each with its line; UnknownClass.
    """
    document, findings = Document(Path(path)), Findings()
    content = document.load(findings)
    findings.raise_if_any()
    policy = _Reader(document, content, findings, variants).policy(
        check(content, load_schema("policy"), document, findings)
    )
    findings.raise_if_any()
    return policy


class _Reader:
    """Reads one document, noting problems instead of stopping at the first."""

    def __init__(self, document: Document, content: dict, findings: Findings, variants: str):
        self.document, self.content, self.findings, self.variants = document, content, findings, variants
        self.known = variables_of(variants)
        self.flags = [name for name, variable in self.known.items() if variable.kind == "yes/no"]
        self.conditions: dict[str, Expression] = {}

    def policy(self, valid: bool) -> Policy | None:
        """The policy; None where the document breaks its schema or an expression is wrong."""
        genes = self._inherited_genes()
        for name, text in self._part("conditions", dict).items():
            if name in self.known or name in self.conditions:
                self._problem(("conditions", name), f"'{name}' is already the name of a variable or condition")
            elif expression := self._expression(text, ("conditions", name)):
                self.conditions[name] = expression
        entries = {part: tuple(self._entries(part)) for part in _IDENTIFIERS}
        self._check_never()
        if not valid:
            return None
        self._build_in(entries)
        digest = hashlib.sha256(self.document.path.read_bytes()).hexdigest()[:12]
        return Policy(
            self.document.path.stem,
            self.content["title"],
            self.content["version"],
            digest,
            **entries,
            variants=self.variants,
            burden=Burden(**self.content["burden"]) if "burden" in self.content else None,
            inherited_genes=genes,
        )

    def _build_in(self, entries: dict[str, tuple]) -> None:
        """Put before the entries what every policy of small variants has."""
        if "part_of_haplotype" in self.known:
            entries["filters"] = (_part_of_haplotype(), _inherited(self.conditions), *entries["filters"])
        if inherited.CONDITION in self.conditions and self._part("inherited_genes", list):
            told = Section(inherited.SECTION, inherited.TITLE, self.conditions[inherited.CONDITION])
            entries["sections"] = (told, *entries["sections"])

    def _inherited_genes(self) -> tuple[str, ...]:
        """Genes whose inherited variants are reported with consent; the condition for it becomes known."""
        genes = tuple(gene for gene in self._part("inherited_genes", list) if isinstance(gene, str))
        if genes and self.variants not in inherited.TOLD_WHEN:
            text = "inherited_genes are of small and structural variants and copy number; leave the line out"
            self._problem(("inherited_genes",), text)
        elif genes:
            text = inherited.TOLD_WHEN[self.variants](genes)
            self.conditions[inherited.CONDITION] = parse_expression(text, {}, self.variants)
        return genes

    def _problem(self, keys: tuple, text: str) -> None:
        self.findings.add(self.document.path, self.document.line(keys), text)

    def _part(self, name: str, kind: type):
        value = self.content.get(name)
        return value if isinstance(value, kind) else kind()

    def _entries(self, part: str) -> Iterator[Filter | Rescue | Section]:
        first: dict[str, int | None] = {}
        for number, entry in enumerate(self._part(part, list)):
            identifier = entry.get(_IDENTIFIERS[part]) if isinstance(entry, dict) else None
            if identifier is None:
                continue
            if identifier in first:
                text = f"{_IDENTIFIERS[part]} '{identifier}' is given twice (first on line {first[identifier]})"
                self._problem((part, number), text)
            first.setdefault(identifier, self.document.line((part, number)))
            made = getattr(self, f"_{part}")(entry, (part, number))
            if made:
                yield made

    def _filters(self, entry: dict, keys: tuple) -> Filter | None:
        if entry["flag"] in BUILT_IN:
            self._problem(keys, f"'{entry['flag']}' is set by the workflow; give this filter another flag")
        when = self._expression(entry.get("when"), (*keys, "when"))
        unless = {name: self._exemption(name, keys) for name in entry.get("unless") or ()}
        if when and None not in unless.values():
            return Filter(entry["flag"], when, entry.get("missing", ""), entry.get("why", ""), unless)
        return None

    def _rescues(self, entry: dict, keys: tuple) -> Rescue | None:
        when = self._expression(entry.get("when"), (*keys, "when"))
        never = (*BUILT_IN, *(entry.get("never") or ()))
        return when and Rescue(entry["name"], when, entry.get("why", ""), never)

    def _sections(self, entry: dict, keys: tuple) -> Section:
        if entry["key"] == inherited.SECTION:
            self._problem(keys, f"section '{inherited.SECTION}' is made of inherited_genes; give this one another key")
        if "when" not in entry and keys[1] < len(self.content["sections"]) - 1:
            self._problem(keys, f"section '{entry['key']}' takes every record: the sections below it would stay empty")
        when = self._expression(entry["when"], (*keys, "when")) if "when" in entry else None
        return Section(entry["key"], entry.get("title", ""), when)

    def _exemption(self, name: str, keys: tuple) -> Expression | None:
        if name in self.conditions or name in self.flags:
            return parse_expression(name, self.conditions, self.variants)
        if name not in self._part("conditions", dict):
            self._problem((*keys, "unless"), unknown("condition", name, [*self.conditions, *self.flags]))
        return None

    def _expression(self, text: object, keys: tuple) -> Expression | None:
        if not isinstance(text, str):
            return None
        try:
            return parse_expression(text, self.conditions, self.variants)
        except ExpressionError as error:
            for problem in error.problems:
                self._problem(keys, problem)
            return None

    def _check_never(self) -> None:
        flags = [entry.get("flag") for entry in self._part("filters", list) if isinstance(entry, dict)]
        for number, rescue in enumerate(self._part("rescues", list)):
            for flag in (rescue.get("never") or ()) if isinstance(rescue, dict) else ():
                if flag not in flags:
                    self._problem(("rescues", number, "never"), unknown("flag", flag, filter(None, flags)))
