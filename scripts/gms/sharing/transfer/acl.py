"""Who may read an object: the canonical user ids of the recipients and nobody else, proven by reading back."""

from collections.abc import Mapping
from typing import Any

from gms.sharing.transfer.client import Store
from gms.sharing.transfer.errors import NotForUpload, TransferError
from gms.sharing.transfer.settings import S3Settings

CANONICAL = "CanonicalUser"


def readers(manifest: Mapping[str, Any], settings: S3Settings) -> dict[str, str] | None:
    """Party -> canonical user id of the manifest's readers, the sender left out; None in the joint bucket.

    Raises NotForUpload for a reader without an id in export.s3.grants.
    """
    if settings.grants is None:
        return None
    organisations = {reader["party"] for reader in manifest["readers"]} - {manifest["study"]["disclosing_party"]}
    if missing := sorted(organisations - settings.grants.keys()):
        raise NotForUpload(
            f"export.s3.grants has no canonical user id of {', '.join(missing)}, a recipient of the package; "
            "ask the tenant's administrator for it"
        )
    return {organisation: settings.grants[organisation] for organisation in sorted(organisations)}


def check_not_public(store: Store, key: str) -> None:
    """Raise TransferError if the bucket made an object public."""
    if public := sorted(who for who, _ in _grants(_access(store, key)) if "://" in who):
        raise TransferError(f"{key} is open to {', '.join(public)}: the bucket must not make objects public")


def grant(store: Store, key: str, organisations: Mapping[str, str] | None) -> None:
    """Let the organisations, and nobody else but the owner, read an object; a joint bucket only must not be public.

    Raises TransferError when the list that the store gives back afterwards is another one.
    """
    if organisations is None:
        return check_not_public(store, key)
    current = _access(store, key)
    wanted = {(identity, "READ") for identity in organisations.values()}
    if _grants(current) == wanted:
        return
    owner = current["Owner"]["ID"]
    entries = [(owner, "FULL_CONTROL"), *sorted(wanted)]
    policy = {
        "Owner": {"ID": owner},
        "Grants": [{"Grantee": {"Type": CANONICAL, "ID": who}, "Permission": what} for who, what in entries],
    }
    store.request("put_object_acl", f"grant access to {key}", Key=key, AccessControlPolicy=policy)
    if (found := _grants(_access(store, key))) != wanted:
        raise TransferError(
            f"the access list of {key} was not set as requested: {_difference(found, wanted, organisations)}"
        )


def _access(store: Store, key: str) -> dict[str, Any]:
    return store.request("get_object_acl", f"read the access list of {key}", Key=key)


def _grants(access: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Who may do what, the owner left out; groups such as all users are URIs."""
    entries = [(entry["Grantee"], entry["Permission"]) for entry in access.get("Grants", [])]
    found = {(grantee.get("ID") or grantee.get("URI", ""), permission) for grantee, permission in entries}
    return {(who, permission) for who, permission in found if who != access["Owner"]["ID"]}


def _difference(found: set[tuple[str, str]], wanted: set[tuple[str, str]], organisations: Mapping[str, str]) -> str:
    names = {identity: organisation for organisation, identity in organisations.items()}
    missing = [f"{names[who]} cannot read" for who, _ in sorted(wanted - found)]
    return "; ".join(missing + [f"{names.get(who, who)} has {what}" for who, what in sorted(found - wanted)])
