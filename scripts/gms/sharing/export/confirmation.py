"""What a person confirms is bound to what that person was shown: `--yes` takes the digest of it."""

import hashlib
import re

from gms.base.errors import GmsError

_DIGEST = re.compile(r"[0-9a-f]{12,64}")  # the first twelve digits are enough


class NotWhatWasShown(GmsError):
    """A confirmation of something else than would be done now."""

    def __init__(self, given: str, digest: str):
        why = "what would be done has changed" if _DIGEST.fullmatch(given) else "this is not a digest"
        super().__init__(
            f"--yes {given}: {why}. Nothing was done. Run the command without --yes, read what it shows, and confirm "
            f"with the digest that it prints{'' if _DIGEST.fullmatch(given) else f' ({len(digest)} digits)'}."
        )


def digest_of(shown: str) -> str:
    """SHA-256 of a text that a person is shown, hexadecimal."""
    return hashlib.sha256(shown.encode()).hexdigest()


def require_confirmed(given: str, digest: str) -> None:
    """Raise NotWhatWasShown unless a person gave this digest, or its beginning of at least 12 digits."""
    if not (_DIGEST.fullmatch(given) and digest.startswith(given)):
        raise NotWhatWasShown(given, digest)


def how_to_confirm(digest: str, what: str) -> str:
    """The line that ends what is shown."""
    return f"Nothing was done. The same command with --yes {digest} {what}."
