"""Consent of a subject to a study, looked up on the day of the export."""

import datetime

from gms.sharing.decision.model import Sharing

STATUS = ("granted", "expired", "withdrawn")  # of two on one day, the later here counts


def consent_on(sharing: Sharing, subject: str, on: datetime.date) -> str | None:
    """The subject's latest status for the study on a day: granted, withdrawn, expired; None where nothing is recorded.

    Rows dated later do not count yet. Of two rows of one day the stricter counts.
    """
    said = [c for c in sharing.consents if c.subject == subject and c.study == sharing.study.id and c.date <= on]
    return max(said, key=lambda consent: (consent.date, STATUS.index(consent.status))).status if said else None


def consent_refusal(sharing: Sharing, subject: str, on: datetime.date) -> str | None:
    """Why a subject's samples are not shared on a day; None where the consent is granted."""
    status = consent_on(sharing, subject, on)
    if status == "granted":
        return None
    if status:
        return f"the consent to study {sharing.study.id} is {status}"
    rows = [consent for consent in sharing.consents if consent.subject == subject]
    if any(consent.study == sharing.study.id for consent in rows):
        return f"the consent to study {sharing.study.id} is dated after {on}"
    # Naming the other study would tell what else the person takes part in.
    return f"no consent to study {sharing.study.id} is recorded{', only to another study' if rows else ''}"
