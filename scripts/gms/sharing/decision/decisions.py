"""The decision on a case: shared or not, with whom, whose samples, which categories; what is not allowed is refused.

Samples without consent are left out, and so are those whose subject is withdrawn in the audit log, whatever the
consents table says. A case is not shared without its index sample. No text of a decision contains a local id.
"""

import datetime
from collections.abc import Collection, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from gms.qc.gates import VERDICTS
from gms.sharing.decision import duo
from gms.sharing.decision.identity import Identity
from gms.sharing.decision.law import RULES, legal_refusals
from gms.sharing.decision.model import (
    ORGANISATIONS,
    Consent,
    Decision,
    LeftOut,
    Member,
    Recipient,
    SharedCase,
    Sharing,
    Study,
    completed_years,
)
from gms.sharing.decision.pseudonyms import Pseudonyms, check_collisions

# What a package of an assay's kind is about, and what else it can hold. A germline case has no somatic variants.
_MAIN = {"germline": "germline_variants", "somatic": "somatic_variants"}
_CATEGORIES = {
    "germline": {"germline_variants", "reads", "quality_metrics"},
    "somatic": {"germline_variants", "somatic_variants", "reads", "quality_metrics"},
}


def decide(
    case: SharedCase,
    sharing: Sharing,
    *,
    verdict: str,
    not_assessed: Collection[str] = (),
    identity: Identity,
    withdrawn: Collection[str],
    pseudonyms: Pseudonyms,
    on: datetime.date,
    rules: Path = RULES,
) -> Decision:
    """Decide on a case with this QC status; `not_assessed` are metrics without one, `withdrawn` pseudonyms."""
    categories = sharing.study.data_categories & _CATEGORIES.get(case.kind, set())
    rule_set, reasons = legal_refusals(sharing, on, rules)
    members, left_out = _members(case, sharing, withdrawn, pseudonyms, on)
    recipients, refused = recipients_on(sharing, on)
    reasons += [*_out_of_date(sharing.study, on), *_of_the_case(case, categories, verdict)]
    reasons += [*_not_assessed(sharing.study, verdict, not_assessed), *identity.reasons]
    if case.members[0] not in members:
        reasons.append(f"the index sample is left out: {left_out[0].reason}")
    reasons += [] if recipients else ["no recipient may receive it"]
    facts = (case, on, rule_set, tuple(reasons), tuple(identity.notes))
    return Decision(*facts, members, left_out, categories, recipients, refused)


def _out_of_date(study: Study, on: datetime.date) -> Iterator[str]:
    if on < study.valid_from:
        yield f"the approval of study {study.id} is valid from {study.valid_from}"
    if on > study.valid_until:
        yield f"the approval of study {study.id} was valid until {study.valid_until}"
    if on > study.retention_until:
        yield f"data of study {study.id} may only be kept until {study.retention_until}"


def _of_the_case(case: SharedCase, categories: Collection[str], verdict: str) -> Iterator[str]:
    main = _MAIN.get(case.kind)
    if main not in categories:
        yield f"the study's data categories do not include {main or case.kind}, the kind of this case"
    if case.members[0].role == "control":
        yield "it is a control sample, not a patient"
    if "reads" in categories and "germline_variants" not in categories:
        yield "the study's data categories include reads but not germline variants, which reads reveal"
    # The sample sheet says whose sample it is; with one subject or none, only the concordance of the reads does.
    if case.kind == "somatic" and len({member.subject for member in case.members} - {None}) > 1:
        yield "tumour and normal are recorded for different subjects"
    if verdict == "fail":
        yield "quality control of the case failed"
    elif verdict not in VERDICTS:
        yield f"the QC status of the case is '{verdict}'"


def _not_assessed(study: Study, verdict: str, metrics: Collection[str]) -> Iterator[str]:
    """What was not assessed is not passed: the study says whether it accepts that."""
    if (metrics or verdict == "not_assessed") and not study.accepts_not_assessed:
        named = f" ({', '.join(sorted(metrics))})" if metrics else ""
        yield f"quality control could not assess every limit{named}, which the study does not accept"


def _members(
    case: SharedCase, sharing: Sharing, withdrawn: Collection[str], pseudonyms: Pseudonyms, on: datetime.date
) -> tuple[tuple[Member, ...], tuple[LeftOut, ...]]:
    """The members that are shared, and those that are not."""
    check_collisions(
        {*(c.subject for c in sharing.consents), *(m.subject or "" for m in case.members)}, pseudonyms.subject
    )
    kept: list[Member] = []
    left_out: list[LeftOut] = []
    for member in case.members:
        subject = pseudonyms.subject(member.subject) if member.subject else None
        if member.subject is None:
            reason = "the sample sheet names no subject, so consent cannot be looked up"
        elif subject in withdrawn:
            reason = f"the subject withdrew from study {sharing.study.id} (audit log)"
        else:
            reason = consent_refusal(sharing, member.subject, on)
        if reason:
            left_out.append(LeftOut(subject, pseudonyms.sample(member.sample), reason))
        else:
            kept.append(member)
    return tuple(kept), tuple(left_out)


def recipients_on(sharing: Sharing, on: datetime.date) -> tuple[tuple[Recipient, ...], tuple[tuple[str, str], ...]]:
    """The recipients that may read the package, and (organisation, reason) of the others."""
    allowed, refused = [], []
    for recipient in sharing.recipients:
        if reasons := list(_against(recipient, sharing, on)):
            refused.append((recipient.organisation, "; ".join(reasons)))
        else:
            allowed.append(recipient)
    return tuple(allowed), tuple(refused)


def _against(recipient: Recipient, sharing: Sharing, on: datetime.date) -> Iterator[str]:
    if recipient.organisation not in ORGANISATIONS:
        yield "is not one of the platform's organisations"
    if recipient.revoked:
        yield "the key is revoked"
    if on > recipient.valid_until:
        yield f"the key was valid until {recipient.valid_until}"
    yield from duo.matches(sharing.data_use, recipient.request, sharing.study, recipient.organisation, on)


def decision_record(decision: Decision, pseudonyms: Pseudonyms) -> dict[str, Any]:
    """The decision for a JSON file or the audit log, by pseudonyms only; the same decision gives the same record."""
    names = [(pseudonyms.subject(m.subject), pseudonyms.sample(m.sample), m.role) for m in decision.members]
    return {
        "package": pseudonyms.case(decision.case.case),
        "study": pseudonyms.study,
        "assay": decision.case.assay,
        "decision": "shared" if decision.allowed else "refused",
        "date": decision.date.isoformat(),
        "rule_set": decision.rule_set,
        "reasons": list(decision.reasons),
        "notes": list(decision.notes),
        "members": [{"subject": subject, "sample": sample, "role": role} for subject, sample, role in names],
        "left_out": [asdict(member) for member in decision.left_out],
        "data_categories": sorted(decision.categories),
        "recipients": [recipient.organisation for recipient in decision.recipients],
        "refused_recipients": [
            {"party": organisation, "reason": reason} for organisation, reason in decision.refused_recipients
        ],
        "pseudonym_key_id": pseudonyms.key_id,
    }


STATUS = ("granted", "expired", "withdrawn")  # of two on one day, the later here counts


# Guardians consent for a child below 15 (lag 2003:460, 18 §); who is of age is asked himself or herself.
OWN_CONSENT, OF_AGE = 15, 18  # completed years


def consent_on(sharing: Sharing, subject: str, on: datetime.date) -> str | None:
    """The subject's latest status for the study on a day: granted, withdrawn, expired; None where nothing is recorded.

    Rows dated later do not count yet. Of two rows of the same day, the stricter counts.
    """
    latest = _latest(sharing, subject, on)
    return latest.status if latest else None


def _latest(sharing: Sharing, subject: str, on: datetime.date) -> Consent | None:
    said = [c for c in sharing.consents if c.subject == subject and c.study == sharing.study.id and c.date <= on]
    return max(said, key=lambda consent: (consent.date, STATUS.index(consent.status)), default=None)


def consent_refusal(sharing: Sharing, subject: str, on: datetime.date) -> str | None:
    """Why a subject's samples are not shared on a day; None where the consent is granted and still the subject's."""
    latest = _latest(sharing, subject, on)
    if latest and latest.status == "granted":
        return _outgrown(sharing, latest, on)
    if latest:
        return f"the consent to study {sharing.study.id} is {latest.status}"
    rows = [consent for consent in sharing.consents if consent.subject == subject]
    if any(consent.study == sharing.study.id for consent in rows):
        return f"the consent to study {sharing.study.id} is dated after {on}"
    # Naming the other study would reveal what else the person takes part in.
    return f"no consent to study {sharing.study.id} is recorded{', only to another study' if rows else ''}"


def _outgrown(sharing: Sharing, consent: Consent, on: datetime.date) -> str | None:
    """Why a consent does not hold that guardians gave for who is of age now; None without a date of birth."""
    born = sharing.individuals.get(consent.subject, {}).get("birth_date")
    birth = datetime.date.fromisoformat(born) if born else None
    if birth and completed_years(birth, consent.date) < OWN_CONSENT and completed_years(birth, on) >= OF_AGE:
        why = f"it was given for a child under {OWN_CONSENT} who is of age now"
        return f"the consent to study {sharing.study.id} is expired: {why}"
    return None
