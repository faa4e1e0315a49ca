"""Queries of the audit log: packages, persons and organisations. Call `check_log` first."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gms.sharing.audit.anchors import Trust
from gms.sharing.audit.log import read_log
from gms.sharing.audit.lookup import entries_about

Entry = Mapping[str, Any]
Place = tuple[str, str | None, str | None]  # target, endpoint, bucket; of a folder the target alone


@dataclass(slots=True)
class Version:
    """A version of a package with all that was logged of it; `origin` is the entry that made it: decided, granted."""

    origin: Entry
    approved: list[Entry] = field(default_factory=list)
    started: list[Entry] = field(default_factory=list)
    uploads: list[Entry] = field(default_factory=list)
    superseded: list[Entry] = field(default_factory=list)
    handed: list[Entry] = field(default_factory=list)
    withdrawn: list[Entry] = field(default_factory=list)
    retention: list[Entry] = field(default_factory=list)
    deleted: list[Entry] = field(default_factory=list)
    refused: list[Entry] = field(default_factory=list)

    @property
    def id(self) -> tuple[str, int]:
        """Package and version."""
        return self.origin["package"], self.origin["version"]

    def places(self) -> dict[Place, list[Entry]]:
        """Where it was put -> the transfers there; every version was made in a folder."""
        found: dict[Place, list[Entry]] = {("folder", None, None): []}
        for transfer in self.transfers():
            found.setdefault(place(transfer), []).append(transfer)
        return found

    def transfers(self) -> list[Entry]:
        """The uploads, and for each place where there is none the last one that was begun and not confirmed."""
        begun = {place(start): start for start in self.started if not self._confirmed(start)}
        return sorted([*self.uploads, *begun.values()], key=lambda entry: entry["sequence"])

    def _confirmed(self, start: Entry) -> bool:
        """Whether all of it is known to be where it was to go: nothing more can have come by this transfer."""
        gone = [one["sequence"] for one in [*self.deleted, *self.superseded] if place(one) == place(start)]
        since = max((number for number in gone if number < start["sequence"]), default=0)
        return any(place(upload) == place(start) and upload["sequence"] > since for upload in self.uploads)

    def superseded_by(self, transfer: Entry) -> int | None:
        """The later version for which the organisations of a transfer were shut out, None if they may read it."""
        later = [one for one in self.superseded if place(one) == place(transfer)]
        return next((one["by"] for one in reversed(later) if one["sequence"] > transfer["sequence"]), None)

    def receivers(self) -> set[str]:
        """Parties that could read a copy, and so may have one."""
        sent = {organisation for transfer in [*self.uploads, *self.started] for organisation in transfer["parties"]}
        return sent | {entry["party"] for entry in self.handed}

    def removal(self, where: Place) -> Entry | None:
        """The entry that says that nothing of it is left at a place, None if something was put there since."""
        put = [entry["sequence"] for entry in [*self.uploads, *self.started] if place(entry) == where]
        last = max(put, default=0)
        found = (entry for entry in self.deleted if place(entry) == where and entry["sequence"] > last)
        return next(found, None)

    def refusals(self, where: Place) -> list[Entry]:
        """Objects that the storage did not let go at a place that is not empty yet."""
        return [] if self.removal(where) else [entry for entry in self.refused if place(entry) == where]


def place(entry: Entry) -> Place:
    """Where an entry says that objects are, or were."""
    return entry["target"], entry["endpoint"], entry["bucket"]


_LISTS = {
    "approved": "approved",
    "upload_started": "started",
    "superseded": "superseded",
    "handed_over": "handed",
    "uploaded": "uploads",
    "deleted": "deleted",
    "refused_by_storage": "refused",
    "retention": "retention",
}


def versions(entries: Iterable[Entry]) -> list[Version]:
    """Every version of a package that was made, in the order of the log."""
    made: list[Version] = []
    for entry in entries:
        action = entry["action"]
        if (action == "decided" and entry["decision"] == "shared") or action == "granted":
            _add(made, entry)
        elif action in _LISTS:
            for version in made:
                if _is_about(entry, version):
                    getattr(version, _LISTS[action]).append(entry)
        elif action == "withdrawn":
            held = {(one["package"], one["version"]) for one in entry["packages"]}
            for version in made:
                if version.id in held:
                    version.withdrawn.append(entry)
    return made


def _add(made: list[Version], entry: Entry) -> None:
    """A new version, unless it is the same package made again."""
    same = [one for one in made if one.origin["manifest_sha256"] == entry["manifest_sha256"] and not one.deleted]
    if not same:
        made.append(Version(entry))


def _is_about(entry: Entry, version: Version) -> bool:
    same = (entry["package"], entry["version"]) == version.id
    return same and entry.get("manifest_sha256", version.origin["manifest_sha256"]) == version.origin["manifest_sha256"]


def packages_of(log: Path, subject: str) -> list[Version]:
    """Every version of a package that holds a person's data. Raises AuditError."""
    return [version for version in versions(read_log(log)) if subject in version.origin["subjects"]]


def withdrawn_among(
    log: Path, subjects: Collection[str], trust: Trust | None = None, anchors: Iterable[Entry] = ()
) -> frozenset[str]:
    """Which of these persons (pseudonyms) withdrew. Raises AuditError if the log was cut, or set back by `anchors`."""
    said = entries_about(log, subjects, trust, anchors)
    return frozenset(entry["subject"] for entry in said if entry["action"] == "withdrawn") & frozenset(subjects)


def latest_version(log: Path, package: str, trust: Trust | None = None) -> Version | None:
    """The highest version of a package that was made, None if there is none. Raises AuditError."""
    own = [one for one in versions(entries_about(log, {package}, trust)) if one.id[0] == package]
    return max(own, key=lambda version: version.origin["version"], default=None)


@dataclass(frozen=True, slots=True)
class Standing:
    """A version that was put in a store and not removed: where, and for whom.

    `superseded` is the later version that closed it to the organisations, None if they can read it. If not `confirmed`,
    its transfer was interrupted, and part of it may be there.
    """

    version: int
    place: Place
    organisations: tuple[str, ...]
    confirmed: bool
    superseded: int | None


def uploaded_versions(log: Path, package: str, trust: Trust | None = None) -> list[Standing]:
    """What is in stores of a package, version by version, as far as the log tells. Raises AuditError."""
    return [
        Standing(
            version.id[1], where, tuple(last["parties"]), last["action"] == "uploaded", version.superseded_by(last)
        )
        for version in versions(entries_about(log, {package}, trust))
        if version.id[0] == package
        for where, transfers in version.places().items()
        if transfers and version.removal(where) is None
        for last in transfers[-1:]
    ]


@dataclass(frozen=True, slots=True)
class Sent:
    """Where a version was put for its organisations, and whether it was removed since (time, UTC).

    Of a transfer that was begun and not `confirmed`, any object may be there; `superseded` is the later version for
    which its organisations were shut out.
    """

    time: str
    target: str
    endpoint: str | None
    bucket: str | None
    prefix: str
    objects: tuple[str, ...]
    removed: str | None
    refused: tuple[str, ...]
    confirmed: bool
    superseded: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """A version of a package with data of the person, made for the organisation, and its basis. Times are UTC."""

    organisation: str
    subject: str
    package: str
    version: int
    manifest_sha256: str
    study: str
    ethics_approval: str
    rule_set: str
    disclosing_party: str
    disclosing_decision: str
    decided: str
    data_categories: tuple[str, ...]
    approved: tuple[tuple[str, str], ...]  # time, fingerprint of the approver's key
    sent: tuple[Sent, ...]
    handed: tuple[str, ...]  # days on which the organisation was given it by other means
    withdrawn: str | None


def what_got(log: Path, organisation: str, subject: str) -> list[Row]:
    """What an organisation got of a person; of what was only made for it, `sent` and `handed` are empty."""
    return [
        _row(one, organisation, subject) for one in packages_of(log, subject) if organisation in one.origin["parties"]
    ]


def _row(version: Version, organisation: str, subject: str) -> Row:
    origin = version.origin
    said = ("study", "ethics_approval", "rule_set", "disclosing_party", "disclosing_decision")
    withdrawn = [entry["time"] for entry in version.withdrawn if entry["subject"] == subject]
    return Row(
        organisation=organisation,
        subject=subject,
        package=origin["package"],
        version=origin["version"],
        manifest_sha256=origin["manifest_sha256"],
        decided=origin["time"],
        **{name: origin[name] for name in said},
        data_categories=tuple(origin["data_categories"]),
        approved=tuple((entry["time"], entry["actor"]) for entry in version.approved),
        sent=tuple(_sent(version, transfer) for transfer in version.transfers() if organisation in transfer["parties"]),
        handed=tuple(entry["date"] for entry in version.handed if entry["party"] == organisation),
        withdrawn=min(withdrawn, default=None),
    )


def _sent(version: Version, transfer: Entry) -> Sent:
    removal = version.removal(place(transfer))
    return Sent(
        **{name: transfer[name] for name in ("time", "target", "endpoint", "bucket", "prefix")},
        objects=tuple(transfer.get("objects", ())),
        removed=removal["time"] if removal else None,
        refused=tuple(dict.fromkeys(entry["object"] for entry in version.refusals(place(transfer)))),
        confirmed=transfer["action"] == "uploaded",
        superseded=version.superseded_by(transfer),
    )
