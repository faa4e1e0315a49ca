"""Where notices go: the addresses of --notify, and the settings of the mail server and of web addresses."""

import os
import re
import stat
from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from gms.base.errors import GmsError

FILE = "GMS_NOTIFY_FILE"  # of mode 600, with lines NAME=VALUE of the others
SETTINGS = {
    "GMS_NOTIFY_SMTP": "mail server: HOST, HOST:PORT, or smtps://HOST for TLS from the start; default: localhost",
    "GMS_NOTIFY_FROM": "address that mail is from; default: the one that it goes to",
    "GMS_NOTIFY_USER": "user of the mail server, where it asks for one",
    "GMS_NOTIFY_PASSWORD": "password of that user; sent over TLS only",
    "GMS_NOTIFY_URL": "web address of  --notify https:  which then shows in no list of processes",
    "GMS_NOTIFY_TOKEN": "sent to the web address as  Authorization: Bearer TOKEN",
}
MAIL = re.compile(r"^[^@\s,;<>\"]+@[A-Za-z0-9.-]+$")
LOOPBACK = ("localhost", "127.0.0.1", "::1")


class UnusableNotify(GmsError):
    """An address of --notify, or a setting of it, that cannot be used. The text repeats no address or secret."""


@dataclass(frozen=True)
class Target:
    """One address: `mail` or `https`. It is not shown, because web addresses of chat services are secrets."""

    kind: str
    address: str = field(repr=False)


def targets_of(words: Iterable[str], settings: Mapping[str, str]) -> list[Target]:
    """The targets of --notify, each once. Raises UnusableNotify."""
    return list(dict.fromkeys(_target(word, settings) for word in words))


def _target(word: str, settings: Mapping[str, str]) -> Target:
    kind, _, rest = word.partition(":")
    if kind == "mail":
        if not MAIL.match(rest):
            raise UnusableNotify("--notify mail:…  needs one address, such as mail:operator@example.org")
        server(settings)
        return Target("mail", rest)
    if kind not in ("https", "http"):
        raise UnusableNotify("--notify takes  mail:ADDRESS  or  https://ADDRESS")
    address = word if rest else settings.get("GMS_NOTIFY_URL", "")
    parts = _split(address)
    if not address or parts is None or not parts.hostname or re.search(r"\s", address):
        raise UnusableNotify("--notify https:…  needs a whole web address, there or in GMS_NOTIFY_URL")
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise UnusableNotify("--notify sends to https:// only; http:// is for this machine itself")
    return Target("https", address)


def _split(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        return parts if parts.port != 0 and parts.scheme in ("https", "http") else None
    except ValueError:
        return None


def server(settings: Mapping[str, str]) -> tuple[str, int, bool]:
    """Host and port of the mail server, and whether it speaks TLS from the start. Raises UnusableNotify."""
    written = settings.get("GMS_NOTIFY_SMTP") or "localhost"
    parsed = re.match(r"^(?:(smtps?)://)?([A-Za-z0-9._-]+|\[[0-9A-Fa-f:]+\])(?::(\d{1,5}))?/?$", written)
    if parsed is None:
        raise UnusableNotify("GMS_NOTIFY_SMTP is HOST, HOST:PORT or smtps://HOST:PORT")
    is_tls = parsed[1] == "smtps"
    return parsed[2].strip("[]"), int(parsed[3] or (465 if is_tls else 25)), is_tls


def take_settings(variables: MutableMapping[str, str] = os.environ) -> dict[str, str]:
    """The settings, of the environment before those of the file that it names. They are removed from the environment,
    which jobs inherit and schedulers keep. Raises UnusableNotify."""
    path = variables.pop(FILE, "")
    found = _read_file(Path(path)) if path else {}
    return found | {name: value for name in SETTINGS if (value := variables.pop(name, ""))}


def _read_file(path: Path) -> dict[str, str]:
    try:
        mode = path.stat().st_mode
        text = path.read_text()
    except (OSError, UnicodeDecodeError):
        raise UnusableNotify(f"the file of {FILE} cannot be read") from None
    if not stat.S_ISREG(mode) or mode & 0o077:
        raise UnusableNotify(f"the file of {FILE} may be read by others; first  chmod 600  it")
    found = {}
    for number, line in enumerate(text.splitlines(), start=1):
        name, is_set, value = (part.strip() for part in line.partition("="))
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if not is_set or name not in SETTINGS:
            raise UnusableNotify(
                f"line {number} of the file of {FILE} is not NAME=VALUE with one of {', '.join(SETTINGS)}"
            )
        found[name] = value
    return found
