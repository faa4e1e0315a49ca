"""Turns a policy into one Python function per purpose, made for the columns and reference parts of one VCF.

Generating source is what makes a genome affordable: a record costs one split, one search per field used and one
comparison per filter. Expressions were reduced to a safe subset before (gms.filtering.expressions); names of
flags, rescues and sections enter the source only as literals.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from textwrap import indent

from gms.filtering.expressions import Expression
from gms.filtering.per_gene import judge_each_gene
from gms.filtering.policy import Filter, Policy
from gms.filtering.variables import FAMILY_VARIABLES, variables_of
from gms.genome.record_variables import Variable

_SPLIT = """\
chrom, pos, id_, ref, alt, qual, _, info_text, rest = line.split("\\t", 8)
info = f";{info_text};"
"""
_PASSED = """\
if info_text == ".":
    info_text, added = "", added[1:]
return f"{chrom}\\t{pos}\\t{id_}\\t{ref}\\t{alt}\\t{qual}\\tPASS\\t{info_text}{added}\\t{rest}\\n", True
"""
_FLAGGED = """\
verdict = ";".join(flags)
return f"{chrom}\\t{pos}\\t{id_}\\t{ref}\\t{alt}\\t{qual}\\t{verdict}\\t{info_text}\\t{rest}\\n", False
"""


@dataclass(frozen=True)
class Layout:
    """What the generated code must know of a VCF and its case.

    `columns`: role ('index', 'normal', 'mother', 'father') -> 0-based sample column;
    `absent`: reference parts and roles this case lacks; `genes`: the assay's gene list; `variants`: the class;
    `consented`: the patient agreed to be told of inherited variants.
    """

    columns: Mapping[str, int]
    absent: frozenset[str]
    genes: frozenset[str] = frozenset()
    variants: str = "small"
    consented: bool = False

    @property
    def variables(self) -> Mapping[str, Variable]:
        """Variables of the records' class."""
        return variables_of(self.variants)

    @property
    def absent_variables(self) -> frozenset[str]:
        """Variables that need something the case lacks: missing in every record."""
        return frozenset(name for name, variable in self.variables.items() if self.absent.intersection(variable.parts))


def absent_for(expression: Expression, layout: Layout) -> tuple[str, ...]:
    """The parts an expression needs and the case lacks, in order of use."""
    parts = (part for name in expression.variables for part in layout.variables[name].parts)
    return tuple(dict.fromkeys(part for part in parts if part in layout.absent))


def applied(policy: Policy, layout: Layout) -> tuple[Filter, ...]:
    """The filters that can be applied: those whose condition needs nothing the case lacks."""
    return tuple(entry for entry in policy.filters if not absent_for(entry.when, layout))


def needs_pairs(policy: Policy, layout: Layout) -> bool:
    """Whether the policy asks for modes of inheritance and the case can tell pairs."""
    used = any(FAMILY_VARIABLES.intersection(expression.variables) for _, expression in policy.expressions())
    return used and "compound" not in layout.absent_variables


def compile_judge(policy: Policy, layout: Layout) -> Callable[[str], tuple[str, bool]]:
    """A function: VCF line without its line end -> (line with verdict and line end, whether it passes). It raises
    ValueError or IndexError for a line that is not as its header says."""
    maker = _Maker(layout)
    known: set[str] = set()
    body = _SPLIT + "flags = []\n"
    body += "".join(maker.flag(entry, known, f"flags.append({entry.flag!r})") for entry in applied(policy, layout))
    body += 'added = ""\nif flags:\n' + indent(_rescues(policy, maker, known), "    ")
    judge = maker.function(body + _sections(policy, maker, known) + _PASSED)
    return judge_each_gene(judge, policy, applied(policy, layout))


def compile_candidates(policy: Policy, layout: Layout) -> Callable[[str], tuple[str, int] | None]:
    """A function: VCF line -> gene of a possible half of a compound pair and number of flags that a rescue overrides.

    That is an allele with the mode `compound` that would be reported, by a rescue or without, if it had a partner; of
    others it gives None.
    """
    maker = _Maker(layout)
    filters = [e for e in applied(policy, layout) if not FAMILY_VARIABLES.intersection(e.when.variables)]
    body = 'if "compound" not in line:\n    return None\n' + _SPLIT
    known: set[str] = set()
    body += maker.read(("gene", "modes"), known)
    body += 'if v_gene is None or v_modes is None or "compound" not in v_modes:\n    return None\n'
    known.update(("gene", "modes"))
    body += "flags = []\n" + "".join(maker.flag(entry, known, f"flags.append({entry.flag!r})") for entry in filters)
    rescues = maker.read((name for rescue in policy.rescues for name in rescue.when.variables), known)
    saved = [f"({maker.certain(r.when)}{_allowed(r.never)})" for r in policy.rescues]
    rescues += f"if not ({' or '.join(saved) or 'False'}):\n    return None\n"
    body += "if flags:\n" + indent(rescues, "    ") + "return v_gene, len(flags)\n"
    return maker.function(body)


def compile_values(names: Iterable[str], layout: Layout) -> Callable[[str], dict]:
    """A function: VCF line -> value of each named variable (None where missing or where the case lacks the part)."""
    maker = _Maker(layout)
    names = list(names)
    present = [name for name in names if name not in layout.absent_variables]
    pairs = ", ".join(f"{name!r}: {f'v_{name}' if name in present else None}" for name in names)
    return maker.function(_SPLIT + maker.read(present) + f"return {{{pairs}}}\n")


def holds(expression: Expression, possible: bool, layout: Layout, values: Mapping[str, object]) -> bool:
    """Evaluate one expression on values read before, with the same source that filtering uses."""
    source = expression.python(possible, layout.absent_variables)
    return bool(eval(source, {}, {f"v_{name}": value for name, value in values.items()}))


def _rescues(policy: Policy, maker: "_Maker", known: set[str]) -> str:
    rescues = policy.rescues
    source = maker.read((name for rescue in rescues for name in rescue.when.variables), known)
    word = "if"
    for rescue in rescues:
        source += f"{word} {maker.certain(rescue.when)}{_allowed(rescue.never)}:\n"
        source += f'    added = ";RESCUED={rescue.name};RESCUED_FROM=" + ",".join(flags)\n'
        word = "elif"
    return source + ("else:\n" + indent(_FLAGGED, "    ") if rescues else _FLAGGED)


def _allowed(never: Iterable[str]) -> str:
    """Source that is true where none of the flags that a rescue cannot override is set."""
    return "".join(f" and {flag!r} not in flags" for flag in never)


def _sections(policy: Policy, maker: "_Maker", known: set[str]) -> str:
    whens = [section.when for section in policy.sections if section.when]
    source = maker.read((name for when in whens for name in when.variables), known)
    word = "if"
    for section in policy.sections:
        condition = maker.certain(section.when) if section.when else "True"
        source += f'{word} {condition}:\n    added += ";SECTION={section.key}"\n'
        word = "elif"
    return source


class _Maker:
    def __init__(self, layout: Layout):
        self.layout = layout
        self.absent = layout.absent_variables
        self.keys: list[str] = []
        self.roles: list[str] = []

    def certain(self, expression: Expression) -> str:
        return expression.python(possible=False, absent=self.absent)

    def flag(self, entry: Filter, known: set[str], consequence: str) -> str:
        """Source that does `consequence` where the filter flags; an exemption counts only when it is certain.

        Each term is tested, and its fields are read, only where the terms before it hold. `known` are the variables
        read so far; those of the first term, read for every record, are added.
        """
        possible = entry.missing == "fail"
        terms = [(term.python(possible, self.absent), term.variables) for term in entry.when.terms]
        terms += [(f"not {self.certain(exemption)}", exemption.variables) for exemption in entry.unless.values()]
        source, margin, here = self.read(terms[0][1], known), "", known
        known.update(terms[0][1])
        for number, (condition, names) in enumerate(terms):
            if number:
                source += indent(self.read(names, here), margin)
                here = here.union(names)
            source += f"{margin}if {condition}:\n"
            margin += "    "
        return f"{source}{margin}{consequence}\n"

    def read(self, names: Iterable[str], known: Collection[str] = ()) -> str:
        """Source that sets v_<name> for each variable that is not known yet and that the case can answer."""
        wanted = [
            self.layout.variables[name]
            for name in dict.fromkeys(names)
            if name not in self.absent and name not in known
        ]
        for variable in wanted:
            self.keys += [key for key in variable.format_keys if key not in self.keys]
            if variable.role and variable.role not in self.roles:
                self.roles.append(variable.role)
        return "".join(f"{variable.code}\n" for variable in wanted)

    def function(self, body: str) -> Callable:
        head, tail = body.split(_SPLIT)
        source = f"def judge(line):\n{indent(head + _SPLIT + self._samples() + tail, '    ')}"
        names = {
            "listed_genes": self.layout.genes,
            "consented": self.layout.consented,
            "positions": self._positions(),
        }
        exec(compile(source, "<policy>", "exec"), names)
        return names["judge"]

    def _samples(self) -> str:
        """Source that splits the sample columns used; FORMAT positions are looked up once per distinct FORMAT."""
        if not self.roles:
            return ""
        columns = "".join(f"{role} = samples[{self.layout.columns[role] + 1}].split(':')\n" for role in self.roles)
        targets = "".join(f"at_{key}, " for key in self.keys)
        return f'samples = rest.split("\\t")\n{columns}{targets}= positions[samples[0]]\n'

    def _positions(self) -> "_Positions":
        return _Positions(self.keys)


class _Positions(dict):
    """FORMAT text -> position of each wanted key; 999 (beyond any column) for a key the FORMAT lacks."""

    def __init__(self, keys: list[str]):
        self.keys_wanted = keys

    def __missing__(self, text: str) -> tuple[int, ...]:
        present = text.split(":")
        self[text] = tuple(present.index(key) if key in present else 999 for key in self.keys_wanted)
        return self[text]
