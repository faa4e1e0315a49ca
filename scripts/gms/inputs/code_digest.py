"""Digest of the code behind a rule, so that jobs run again when it changes."""

import re
from functools import cache
from hashlib import sha256
from pathlib import Path

SCRIPTS = Path(__file__).parents[2]
# Regular expressions, not `ast`: every cluster job starts with this, and parsing takes thirty times as long.
IMPORT = re.compile(r"^[ \t]*(?:from (gms[\w.]*) import (\([^)]*\)|.*)|import (gms[\w.]*))", re.MULTILINE)

DOOR = re.compile(r"""\bdoor\(\w+, "(\w+)"\)""")  # gms.variants.classes: this door of every class of variants


def code_digest(*names: str, scripts: Path = SCRIPTS) -> str:
    """Twelve hexadecimal digits that change with the files `names` of the folder `scripts`, with every module of gms
    that they import, directly or not, with each door of the classes of variants that they ask for, and with data files
    beside such a module."""
    files, todo = set(), [scripts / name for name in names]
    while todo:
        path = todo.pop()
        if path not in files:
            files.add(path)
            todo += needed(scripts, path)
    return sha256(b"".join(map(content, sorted(files)))).hexdigest()[:12]


@cache
def content(path: Path) -> bytes:
    return path.read_bytes()


@cache
def needed(scripts: Path, path: Path) -> list[Path]:
    """Modules of gms that a file imports, and the data files beside it."""
    if path.suffix != ".py":
        return []
    found = [*data_files(path.parent)]
    for package, names, module in IMPORT.findall(content(path).decode()):
        # What follows `import` may be modules as well as names in one.
        imported = [module or package, *(f"{package}.{name}" for name in re.findall(r"\w+", names))]
        found += [file for dotted in imported for file in files_of(scripts, dotted)]
    for door in DOOR.findall(content(path).decode()):
        found += sorted((scripts / "gms" / "variants").glob(f"*/{door}.py"))
    return found


@cache
def data_files(folder: Path) -> tuple[Path, ...]:
    """What is no module of Python in a folder."""
    return tuple(file for file in folder.iterdir() if file.suffix != ".py" and file.is_file())


@cache
def files_of(scripts: Path, dotted: str) -> tuple[Path, ...]:
    """The file of a module or package, if `dotted` is one."""
    place = scripts.joinpath(*dotted.split("."))
    return tuple(file for file in (place.with_suffix(".py"), place / "__init__.py") if file.is_file())
