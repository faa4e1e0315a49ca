"""Documents that leave a centre outside of packages, such as matches with trials: noted in the audit log, signed."""

import datetime
from collections.abc import Iterator, Sequence
from pathlib import Path

from gms.base.digests import sha256
from gms.base.errors import GmsError
from gms.sharing.export.deciding import load_centre
from gms.sharing.export.settings import export_settings

KINDS = ("trial_match", "cohort_progress", "cohort_decision")


class NoDocument(GmsError):
    """A document that is to be handed over and is not there."""

    def __init__(self, path: Path):
        super().__init__(f"{path} does not exist, so it cannot be handed over; nothing was noted")


def hand_over_documents(configfile: Path, paths: Sequence[Path], kind: str, party: str) -> Iterator[str]:
    """Note that a party is given documents; what was noted, in words. The log has their digests and no names of cases.

    Raises GmsError: no sharing file, a log that cannot be relied on, a document that is missing, a party's name of
    another form.
    """
    if missing := next((path for path in paths if not path.is_file()), None):
        raise NoDocument(missing)
    settings = export_settings(configfile)
    centre = load_centre(settings.sharing, settings.packages)
    today = datetime.date.today().isoformat()
    for path in paths:
        entry = {"action": "document_handed_over", "study": centre.sharing.study.id, "kind": kind}
        centre.log({**entry, "sha256": sha256(path), "party": party, "date": today})
        yield f"noted: {path.name} handed over to {party}"
