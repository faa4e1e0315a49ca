"""An invented study that the miniature data set is shared for: sharing file, tables, and keys that everybody knows."""

import hashlib
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from gms.base.json_tables import write_table
from gms.sharing.decision.keyfiles import make_keys
from gms.validation.demo_data.cases import CASES

STUDY = "mini-study"
WITHDRAWN, NOT_ASKED = "subject-06", "subject-10"
# A centre, who approves there, and two recipients.
HOLDERS = ("centre", "approver", "karolinska-institutet", "region-skane")
SHARING = f"""\
# An invented study for the miniature data set. The keys in keys/ are known to everybody: never use them for real data.
study:
  id: {STUDY}
  title: Miniature data set, invented
  ethics_approval: 2026-00000-01
  valid_from: 2026-01-01
  valid_until: 2099-12-31
  responsible: Uppsala universitet (invented study)
  disclosing_party: region-uppsala
  disclosing_decision: INVENTED-1
  purpose: research_study
  data_categories: [germline_variants, somatic_variants, reads, quality_metrics]
  retention_until: 2099-12-31
  accepts_not_assessed: true   # its panels have too few common sites for contamination and sex
data_use: [HMB, IRB, PS, IS]
recipients:
  - party: karolinska-institutet
    public_key: keys/karolinska-institutet.c4gh.pub
    valid_until: 2099-12-31
    request: [HMB, IRB, PS, IS]
  - party: region-skane
    public_key: keys/region-skane.c4gh.pub
    valid_until: 2099-12-31
    request: [HMB, IRB, PS, IS]
consents: consents.tsv
individuals: individuals.tsv
classifications: classifications.tsv
pseudonym_key: keys/centre.pseudonym.key
signing_key: keys/centre.signing.pem
encryption_key: keys/centre.c4gh.sec
approvers: [keys/approver.signing.pub.pem]
audit: audit.jsonl
"""
# subject, birth_date, sampled, disease, disease_label (Mondo Disease Ontology)
INDIVIDUALS = (
    ("subject-01", "2010-03-02", "2026-02-11", "MONDO:0100038", "complex neurodevelopmental disorder"),
    ("subject-02", "1988-07-21", "2026-02-11", "", ""),
    ("subject-03", "1986-11-05", "2026-02-11", "", ""),
    ("subject-04", "2010-05-30", "2026-02-20", "MONDO:0004992", "cancer"),
    ("subject-05", "1951-09-14", "2026-03-03", "MONDO:0008903", "lung cancer"),
    ("subject-07", "1932-01-09", "2026-03-05", "MONDO:0018874", "acute myeloid leukemia"),
    ("subject-11", "1979-10-02", "2026-02-13", "MONDO:0019353", "Stargardt disease"),
)
CLASSIFICATIONS = (
    ("rare-trio", "chr12:5502:G:A", "pathogenic", "12"),
    ("rare-trio", "chr2:13587:G:A", "likely pathogenic", "8"),
    ("rare-trio", "chr1:1860:A:G", "uncertain significance", "4"),
)


def write_sharing(folder: Path) -> None:
    """sharing.yaml, its tables, and keys/ with a key set for each holder."""
    (folder / "sharing.yaml").write_text(SHARING)
    write_table(folder / "consents.tsv", ("subject", "study", "status", "date"), _consents())
    write_table(
        folder / "individuals.tsv", ("subject", "birth_date", "sampled", "disease", "disease_label"), INDIVIDUALS
    )
    write_table(folder / "classifications.tsv", ("case", "variant", "classification", "score"), CLASSIFICATIONS)
    shutil.rmtree(folder / "keys", ignore_errors=True)
    for holder in HOLDERS:
        make_keys(folder / "keys", holder, _Known(holder))


class _Known:
    """Bytes that follow from a holder's name, the same on every machine."""

    def __init__(self, holder: str):
        self._state = f"GMSmini, a key that is no secret: {holder}".encode()

    def __call__(self, count: int) -> bytes:
        self._state = hashlib.sha256(self._state).digest()
        return self._state[:count]


def _consents() -> Iterator[Iterable[str]]:
    """Everyone agreed who was asked; one withdrew later."""
    for subject in sorted({member.subject for case in CASES for member in case.members} - {NOT_ASKED}):
        yield subject, STUDY, "granted", "2026-01-15"
        if subject == WITHDRAWN:
            yield subject, STUDY, "withdrawn", "2026-06-01"
