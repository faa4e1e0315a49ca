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
    found = [file for file in path.parent.iterdir() if file.is_file() and file.suffix != ".py"]
    for package, names, module in IMPORT.findall(content(path).decode()):
        # What follows `import` may be modules as well as names in one.
        imported = [module or package, *(f"{package}.{name}" for name in re.findall(r"\w+", names))]
        places = [scripts.joinpath(*dotted.split(".")) for dotted in imported]
        files = [file for place in places for file in (place.with_suffix(".py"), place / "__init__.py")]
        found += [file for file in files if file.is_file()]
    for door in DOOR.findall(content(path).decode()):
        found += sorted((scripts / "gms" / "variants").glob(f"*/{door}.py"))
    return found
