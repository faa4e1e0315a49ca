"""The lock in a folder of references: size and SHA-256 of every file at its first use, enforced from then on."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gms.base.digests import sha256
from gms.base.errors import GmsError
from gms.base.json_tables import read_json, write_json
from gms.operations.references.manifest import Source

NAME = "references.lock.json"


class ChangedAtSource(GmsError):
    """What was downloaded is not what the lock, or the list, says."""

    def __init__(self, source: Source, part: str, told: str):
        super().__init__(
            f"{source.url} is not the file that {told} has: its content has changed. It was not taken. If the new one "
            f"is wanted:  ./gms references get … --renew {part}"
        )


class NoReferences(GmsError):
    """A folder that ./gms references get did not make."""

    def __init__(self, folder: Path):
        super().__init__(f"{folder} has no {NAME}: it was not made by ./gms references get")


class OtherReferences(GmsError):
    """A folder with the references of another genome."""

    def __init__(self, folder: Path, there: str, wanted: str):
        super().__init__(f"{folder} holds references of {there}, not of {wanted}; name another folder")


class DamagedReference(GmsError):
    """A file in the folder is not as it was made or downloaded."""

    def __init__(self, path: Path):
        super().__init__(f"{path} has another size than when it was made; delete it and run the same command again")


@dataclass
class Lock:
    """`downloads` by address and `made` by path in the folder: {bytes, sha256} and, of what was made, {from, notes}."""

    folder: Path
    name: str
    downloads: dict[str, dict[str, Any]] = field(default_factory=dict)
    made: dict[str, dict[str, Any]] = field(default_factory=dict)

    def save(self) -> None:
        """Write the lock; the old one stays until the new one is whole."""
        content = {"format": 1, "name": self.name, "downloads": self.downloads, "made": self.made}
        draft = self.folder / f".{NAME}"
        write_json(draft, content)
        draft.replace(self.folder / NAME)

    def is_made(self, name: str, sources: dict[str, str]) -> bool:
        """Whether a file was made from just these sources (address or part: SHA-256) and is there. Raises
        DamagedReference where its size is another."""
        entry, path = self.made.get(name), self.folder / name
        if entry is None or entry["from"] != sources or not path.exists():
            return False
        if path.stat().st_size != entry["bytes"]:
            raise DamagedReference(path)
        return True

    def record(self, name: str, sources: dict[str, str], notes: str) -> None:
        """Note what was made, from what, and what the tools said of it."""
        self.made[name] = {**facts(self.folder / name), "from": sources, "notes": notes}
        self.save()

    def forget(self, path: Path) -> None:
        """Delete a file that was made and is part of another one now."""
        path.unlink()
        del self.made[str(path.relative_to(self.folder))]

    def wrong(self) -> list[str]:
        """A line for each file that is missing or not as it was; reads all of them."""
        found = []
        known = list(self.made.items())
        known += [(entry["file"], entry) for entry in self.downloads.values() if entry["kept"]]
        for name, entry in known:
            path = self.folder / name
            if not path.exists():
                found.append(f"{name} is missing")
            elif path.stat().st_size != entry["bytes"]:
                found.append(f"{name} has {path.stat().st_size:,} bytes instead of {entry['bytes']:,}")
            elif sha256(path) != entry["sha256"]:
                found.append(f"{name} has another content (SHA-256) than when it was locked")
        return found


def facts(path: Path) -> dict[str, Any]:
    """Size and digest of a file."""
    return {"bytes": path.stat().st_size, "sha256": sha256(path)}


def open_lock(folder: Path, name: str) -> Lock:
    """The lock of a folder; an empty one for a new folder. Raises GmsError where the folder holds another genome."""
    path = folder / NAME
    if not path.exists():
        return Lock(folder, name)
    content = read_json(path)
    if name and content["name"] != name:
        raise OtherReferences(folder, content["name"], name)
    return Lock(folder, content["name"], content["downloads"], content["made"])
