"""Messages on the audit log, withdrawals and the end of retention."""

from collections.abc import Iterable, Iterator, Sequence

from gms.sharing.audit.queries import Place, Row, Sent
from gms.sharing.withdrawal.execution import Outcome
from gms.sharing.withdrawal.removal import Copy, Removed
from gms.sharing.withdrawal.retention import Due
from gms.sharing.withdrawal.tombstones import SUPERSEDED
from gms.sharing.withdrawal.withdrawal import Listing, Withdrawal

_WIDTH = 12
_REFUSALS = {
    "access_denied": "write-once retention, a hold, or no permission to delete",
    "still_there": "still there after it was deleted",
    "other": "unknown reason",
}


def verification_text(problems: Sequence[str], entries: int, anchors: int) -> str:
    """What `verify_log` found."""
    compared = f"compared with {_count(anchors, 'anchor')}" if anchors else "no anchor to compare with"
    if not problems:
        return f"The audit log is intact: {_count(entries, 'entry')}, {compared}."
    return "\n".join([f"The audit log ({compared}):", *(f"  {text}" for text in problems)])


def rows_text(rows: Sequence[Row], organisation: str, subject: str) -> str:
    """The answer to: what did this organisation get of this person, under which decision, and is it still there?"""
    if not rows:
        return f"{organisation} got nothing of {subject}: no package of this person was made for it."
    sent = sum(bool(row.handed) or any(one.confirmed for one in row.sent) for row in rows)
    intro = f"{organisation} got {_count(sent, 'version')} of packages with data of {subject}"
    more = len(rows) - sent
    intro += f"; {more} more {'was' if more == 1 else 'were'} made for it." if more else "."
    return "\n".join([intro, *(line for row in rows for line in ("", *_row_lines(row)))])


def _row_lines(row: Row) -> Iterator[str]:
    yield f"{row.package}, version {row.version}: {_state(row)}"
    yield _line("data", ", ".join(category.replace("_", " ") for category in row.data_categories))
    yield _line("decided", f"{_time(row.decided)}, decision {row.disclosing_decision} of {row.disclosing_party}")
    yield _line("", f"study {row.study}, ethics approval {row.ethics_approval}, rule set {row.rule_set}")
    for time, actor in row.approved:
        yield _line("approved", f"{_time(time)}, key {actor[:16]}…")
    for sent in row.sent:
        yield from _sent_lines(sent)
    for day in row.handed:
        yield _line("handed over", f"{day}, outside this workflow; what became of it is unknown")
    if row.withdrawn:
        yield _line("withdrawn", f"{_time(row.withdrawn)}, by the person")
    yield _line("manifest", f"SHA-256 {row.manifest_sha256}")


def _state(row: Row) -> str:
    states = [_sent_state(row)] if row.sent else []
    states += ["handed over"] if row.handed else []
    if states:
        return "; ".join(states)
    made = "made for it" if row.approved else "made for it, not approved"
    return f"{made}; not sent, and no hand-over is logged"


def _sent_state(row: Row) -> str:
    sent = "sent" if any(one.confirmed for one in row.sent) else "transfer begun, not confirmed"
    there = [one for one in row.sent if not one.removed]
    later = [one.superseded for one in there]
    if not there:
        return f"{sent}, removed since"
    if row.withdrawn:
        return f"{sent}, WITHDRAWN BUT NOT REMOVED"
    if None not in later:
        return f"{sent}, superseded by version {max(later)}"
    return f"{sent}, can be read" if sent == "sent" else sent


def _sent_lines(sent: Sent) -> Iterator[str]:
    where = place_text((sent.target, sent.endpoint, sent.bucket))
    if sent.confirmed:
        yield _line("sent", f"{_time(sent.time)}, {_count(len(sent.objects), 'object')} to {where}")
    else:
        yield _line("begun", f"{_time(sent.time)}, to {where}; any of its objects may be there:")
    yield from (_line("", sent.prefix + path) for path in sent.objects or ("",))
    if sent.superseded:
        yield _line("superseded", f"by version {sent.superseded}: no organisation can read these objects any longer")
    if sent.removed:
        yield _line("removed", f"{_time(sent.removed)}; copies made before are not affected")
    if sent.refused:
        yield _line("refused", f"the storage refused to delete {_count(len(sent.refused), 'object')}:")
        yield from (_line("", sent.prefix + path) for path in sent.refused)


def listing_text(listing: Listing) -> str:
    """What `withdraw` would remove."""
    lines = [f"{listing.subject}, study {listing.study}: {_withdrawn(listing)}"]
    lines += [line for copy in listing.copies for line in _copy_lines(copy, listing)]
    if not listing.copies:
        lines.append(
            "  nothing of the person is left here" if listing.withdrawn else "  no package has data of the person"
        )
    return "\n".join([*lines, *_not_done(listing)])


def _withdrawn(listing: Listing) -> str:
    return f"withdrawn {_time(listing.withdrawn)}" if listing.withdrawn else "not withdrawn"


def _copy_lines(copy: Copy, listing: Listing) -> Iterator[str]:
    where = copy.root if copy.place[0] == "folder" else f"{place_text(copy.place)}, {copy.root}"
    yield f"  {copy.package}, version {copy.version}, {_count(len(copy.objects), 'object')}: {where}"
    yield from (f"    {path}" for path in copy.objects)
    if listing.held()[copy.id]:
        yield "    has data of other persons too"


def withdrawal_text(done: Withdrawal) -> str:
    """What `withdraw` did, what it could not do, and what nobody can."""
    listing, lines = done.listing, [f"{done.listing.subject}, study {done.listing.study}: {_head(done)}"]
    lines += _outcome_lines(done.outcome)
    if any(listing.held()[copy.id] for copy in listing.copies):
        lines.append(f"  {SUPERSEDED}")
    lines += _not_done(listing)
    if receivers := listing.receivers():
        lines.append(
            f"  {', '.join(receivers)} could read a package before. Copies that they made remain: the tombstone asks "
            "them to delete these, and only they can."
        )
    return "\n".join(lines)


def _head(done: Withdrawal) -> str:
    if done.first:
        return "withdrawn and logged; no export will contain the person any longer"
    return f"already withdrawn ({_time(done.listing.withdrawn or '')})" + (
        "; nothing left to remove here" if done.nothing_left else ""
    )


def _not_done(listing: Listing) -> Iterator[str]:
    for other in listing.elsewhere:
        yield (
            f"  not reached: {other.package}, version {other.version}, {_count(other.objects, 'object')} in "
            f"{place_text(other.place)}, {other.prefix}; run this again with export.s3 for that bucket"
        )
    for copy in listing.unknown:
        yield f"  no readable manifest, so its persons are unknown: {copy.root}; check it and remove it by hand"


def outcome_text(outcome: Outcome) -> str:
    """What the deletion of expired packages did."""
    lines = list(_outcome_lines(outcome))
    return "\n".join(["Deleted, by a logged decision:", *lines] if lines else ["Nothing is left to delete."])


def _outcome_lines(outcome: Outcome) -> Iterator[str]:
    for one in outcome.removed:
        yield from _removed_lines(one)
    yield from (f"  tombstone: {where}" for where in outcome.tombstones)
    yield from (
        f"  tombstone not replaced, as the storage keeps the older one: {key}" for key in outcome.refused_tombstones
    )
    yield from (f"  tombstone that an organisation can NOT read: {text}" for text in outcome.unread)


def _removed_lines(one: Removed) -> Iterator[str]:
    copy = one.copy
    where = copy.root if copy.place[0] == "folder" else f"{place_text(copy.place)}, {copy.root}"
    yield f"  {copy.package}, version {copy.version}: {_count(one.objects, 'object')} removed from {where}"
    for path, reason in one.refused:
        yield f"    REFUSED by the storage ({_REFUSALS[reason]}): {path}"


def plan_text(due: Iterable[Due]) -> str:
    """The deletion plan."""
    lines = [
        f"  {one.package}, version {one.version}, study {one.study}: retention ended {one.retention_until}, in "
        f"{' and '.join(place_text(where) for where in one.places)}; "
        + (f"deletion decided {_time(one.decision['time'])}" if one.decision else "deletion not decided yet")
        for one in due
    ]
    return "\n".join(
        ["Packages whose retention has ended:", *lines] if lines else ["No package is past its retention."]
    )


def place_text(place: Place) -> str:
    """A place in words; the tenant is the first label of the host's name on NGP."""
    target, endpoint, bucket = place
    return "the folder of packages" if target == "folder" else f"bucket {bucket} of {endpoint}"


def _line(label: str, text: str) -> str:
    return f"  {label:<{_WIDTH}}{text}"


def _time(text: str) -> str:
    return f"{text[:10]} {text[11:16]} UTC"


def _count(number: int, noun: str) -> str:
    many = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number} {noun if number == 1 else many}"
