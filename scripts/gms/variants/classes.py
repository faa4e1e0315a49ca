"""The classes of variants, and their doors. A class is a room of gms/variants with all four doors:

- calls: the output of a caller to the contract VCF of the class; raises UnsupportedAllele for what it cannot take
- header: `LINES`, the ##INFO and ##FORMAT lines of its merged VCF, with units
- variables: `VARIABLES`, what a policy may ask of its records (gms.genome.record_variables)
- report_section: `finding_type(ref, alt)`, how a report describes a record
"""

import importlib
import pkgutil
from collections.abc import Sequence
from functools import cache
from types import ModuleType

from gms import variants
from gms.base.errors import GmsError
from gms.base.problems import unknown

DOORS = ("calls", "header", "variables", "report_section")


class UnknownClass(GmsError):
    """No room of gms/variants with this name has all four doors."""

    def __init__(self, name: str):
        super().__init__(unknown("class of variants", name, classes()))


def classes() -> list[str]:
    """Names of the classes, sorted."""
    return list(_classes_in(tuple(variants.__path__)))


def door(name: str, which: str) -> ModuleType:
    """One of the DOORS of a class. Jobs depend on the doors that their code names (gms.inputs.code_digest).

    Raises UnknownClass.
    """
    if name not in _classes_in(tuple(variants.__path__)):
        raise UnknownClass(name)
    return importlib.import_module(f"{variants.__name__}.{name}.{which}")


@cache  # a report asks for a door for each of its findings
def _classes_in(folders: tuple[str, ...]) -> tuple[str, ...]:
    rooms = pkgutil.iter_modules(folders)
    return tuple(sorted(room.name for room in rooms if room.ispkg and _doors(room.name, folders) >= set(DOORS)))


def _doors(name: str, folders: Sequence[str]) -> set[str]:
    paths = [f"{folder}/{name}" for folder in folders]
    return {module.name for module in pkgutil.iter_modules(paths)}
