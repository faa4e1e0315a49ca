"""Bringing a folder of references to what a list says: what is missing is fetched and made, the rest is left alone."""

import fcntl
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from gms.base.errors import GmsError
from gms.base.problems import unknown
from gms.inputs.assay_files import REFERENCE_PARTS
from gms.operations.references import prepare
from gms.operations.references.download import download
from gms.operations.references.lock import ChangedAtSource, DamagedReference, Lock, facts, open_lock
from gms.operations.references.manifest import Manifest, Part, Source

DOWNLOADS = "downloads"
IN_CONFIG = ("fasta", *REFERENCE_PARTS, "cram")


class FolderInUse(GmsError):
    """Two commands would write the same files."""

    def __init__(self, folder: Path):
        super().__init__(f"{folder} is in use: another ./gms references get is running there; wait until it ends")


class CannotUseFolder(GmsError):
    """The folder cannot be made or written to."""

    def __init__(self, folder: Path, error: OSError):
        super().__init__(f"{folder} cannot be used: {error.strerror}; name another folder")


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Keep other commands from a folder. Raises FolderInUse, CannotUseFolder."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        held = (folder / ".in-use").open("w")
    except OSError as error:
        raise CannotUseFolder(folder, error) from None
    with held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FolderInUse(folder) from None
        yield


def get(
    manifest: Manifest, folder: Path, parts: Iterable[str], renew: Iterable[str], say: Callable[[str], None]
) -> Lock:
    """Fetch and prepare these parts (all for none), the FASTA always; `renew`: parts whose lock is given up.

    Raises FolderInUse, CannotUseFolder, CannotDownload, ChangedAtSource, CannotPrepare; what was finished before stays.
    """
    renewed = set(renew)
    wanted = set(parts) | renewed or set(manifest.parts)
    if strange := sorted(wanted - manifest.parts.keys()):
        raise GmsError(unknown("part", strange[0], manifest.parts))
    with only_one(folder):
        lock = open_lock(folder, manifest.name)
        for part in manifest.parts.values():
            if part.name in wanted or part.name == "fasta":
                _Maker(lock, part, part.name in renewed, say).make()
        (folder / "reference.yaml").write_text(config_lines(manifest, folder))
    return lock


class _Maker:
    """One part on its way from addresses to its file."""

    def __init__(self, lock: Lock, part: Part, renewed: bool, say: Callable[[str], None]):
        self.lock, self.part, self.renewed, self.say = lock, part, renewed, say
        self.name = prepare.made_name(part.name, part.prepare)
        self.reference = lock.folder / prepare.FILES["fasta"]

    def make(self) -> None:
        """Fetch and prepare, unless it is there."""
        if not self.renewed and self.lock.is_made(self.name, self.made_from()):
            self.say(f"{self.part.name}: {self.name} is there")
            return
        out = self.lock.folder / self.name
        if self.part.prepare in ("variants", "frequencies"):
            notes = self.join_pieces(out)
        else:
            (source,) = map(self.fetch, self.part.sources)
            how = {"fasta": prepare.fasta, "genes": prepare.genes}[self.part.prepare]
            notes = how(source, out, *([] if self.part.prepare == "fasta" else [self.reference]))
            self.drop(source)
        self.lock.record(self.name, self.made_from(), notes)
        self.say(f"{self.part.name}: {self.name} made ({notes})")

    def made_from(self) -> dict[str, str]:
        """SHA-256 of all that the file depends on: its sources as locked and, but for itself, the FASTA."""
        known = {source.url: self.lock.downloads.get(source.url, {}).get("sha256", "") for source in self.part.sources}
        genome = self.lock.made.get(prepare.FILES["fasta"], {}).get("sha256", "")
        return known if self.part.prepare == "fasta" else {**known, "fasta": genome}

    def join_pieces(self, out: Path) -> str:
        """Reduce each source, dropping it at once where it is not kept, and join what results."""
        pieces, notes = [], []
        for source in self.part.sources:
            name = f"{DOWNLOADS}/{self.part.name}-{source.name}.prepared.vcf.gz"
            if self.renewed or not self.lock.is_made(name, self.piece_from(source)):
                path = self.fetch(source)
                only_frequencies = self.part.prepare == "frequencies"
                said = prepare.variants(path, self.lock.folder / name, self.reference, only_frequencies)
                self.lock.record(name, self.piece_from(source), said)
                self.drop(path)
            pieces.append(self.lock.folder / name)
            notes.append(self.lock.made[name]["notes"])
        prepare.join(pieces, out)
        for piece in pieces:
            self.lock.forget(piece)
        return notes[0] if len(notes) == 1 else f"{len(notes)} files joined"

    def piece_from(self, source: Source) -> dict[str, str]:
        """What one of several pieces depends on: its source and the FASTA."""
        return {key: value for key, value in self.made_from().items() if key in (source.url, "fasta")}

    def fetch(self, source: Source) -> Path:
        """A source, from its address unless it is in the folder, as the lock and the list have it. Raises
        ChangedAtSource, DamagedReference."""
        path = self.lock.folder / DOWNLOADS / source.name
        locked = None if self.renewed else self.lock.downloads.get(source.url)
        if path.exists() and not self.renewed:
            if locked and path.stat().st_size != locked["bytes"]:
                raise DamagedReference(path)
        else:
            self.say(f"{self.part.name}: downloading {source.url}")
            download(source.url, path)
        found = facts(path)
        self.compare(source, path, found, locked)
        kept = {"file": f"{DOWNLOADS}/{source.name}", **found, "kept": self.part.keep}
        self.lock.downloads[source.url] = kept
        self.lock.save()
        return path

    def compare(self, source: Source, path: Path, found: dict, locked: dict | None) -> None:
        """Raise ChangedAtSource, and remove the file, where it is not the one that the lock or the list has."""
        published = {"sha256": source.sha256, "bytes": source.size}
        told = "the list" if any(value not in (None, found[key]) for key, value in published.items()) else None
        if locked and locked["sha256"] != found["sha256"]:
            told = "the lock"
        if told:
            path.unlink()
            raise ChangedAtSource(source, self.part.name, told)

    def drop(self, path: Path) -> None:
        """Delete a download that is not kept."""
        if not self.part.keep:
            path.unlink()


def config_lines(manifest: Manifest, folder: Path) -> str:
    """The lines for the config of a run; parts that a config does not know are comments."""
    lines = ["reference:", f"  name: {manifest.name}"]
    for part in manifest.parts.values():
        path = folder.absolute() / prepare.made_name(part.name, part.prepare)
        if path.exists():
            lines.append(f"  {'' if part.name in IN_CONFIG else '# '}{part.name}: {path}   # {part.what}")
    return "\n".join(lines) + "\n"
