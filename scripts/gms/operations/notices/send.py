"""Sends a notice to all targets at once. No notice fails a run, or keeps it longer than `PATIENCE` at its end."""

import json
import secrets
import smtplib
import ssl
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path

from gms.inputs.run_model import Case
from gms.operations.notices.notice import Notice, make_notice
from gms.operations.notices.targets import LOOPBACK, Target, UnusableNotify, server, take_settings, targets_of
from gms.operations.run.event_files import event_files

PATIENCE = 10.0  # seconds at the end of a run, for all targets together


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirected notice would take its token to another server."""

    def redirect_request(self, *_):
        """Follow no redirect."""


@contextmanager
def notices(words: Iterable[str], results: Path, cases: Sequence[Case]) -> Iterator[None]:
    """Send a notice when the block ends, however it ends. `words`: of --notify. Raises UnusableNotify at once."""
    settings = take_settings() if words else {}
    targets = targets_of(words, settings)
    if not targets:
        yield
        return
    run, begun, before = secrets.token_hex(4), time.time(), event_files(results)
    print(f"Notices call this run {run}", file=sys.stderr, flush=True)
    try:
        yield
    finally:
        try:
            send(make_notice(run, begun, before, results, cases), targets, settings)
        except Exception as error:  # a notice is not worth the exit code of a run
            print(
                f"warning: no notice was sent ({type(error).__name__}); the run itself is not affected", file=sys.stderr
            )


def send(notice: Notice, targets: Sequence[Target], settings: Mapping[str, str], patience: float = PATIENCE) -> None:
    """Send to every target at the same time; warn of each that could not be reached in time, without its address."""
    failed: dict[int, str] = {}

    def one(number: int, target: Target) -> None:
        try:
            {"mail": mail, "https": post}[target.kind](notice, target.address, settings, patience)
            failed.pop(number, None)
        except Exception as error:
            failed[number] = reason(error)

    failed.update(dict.fromkeys(range(len(targets)), f"no answer within {patience:.0f} s"))
    threads = [threading.Thread(target=one, args=item, daemon=True) for item in enumerate(targets)]
    end = time.monotonic() + patience
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, end - time.monotonic()))
    for number, why in sorted(failed.items()):
        what = f"--notify {targets[number].kind}:…"
        print(f"warning: the notice to {what} was not sent: {why}; the run itself is not affected", file=sys.stderr)


def reason(error: Exception) -> str:
    """Why a notice was not sent, without text of the server or of an address: either may repeat a secret."""
    if isinstance(error, urllib.error.HTTPError):
        return f"the server answered {error.code}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"the mail server answered {error.smtp_code}"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "the mail server refused the address"
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(cause, ssl.SSLCertVerificationError):
        return "the certificate of the server cannot be verified"
    if isinstance(cause, UnusableNotify):
        return str(cause)
    return getattr(cause, "strerror", None) or type(cause).__name__


def post(notice: Notice, address: str, settings: Mapping[str, str], patience: float) -> None:
    """Send as JSON to a web address. Raises OSError (URLError, HTTPError)."""
    headers = {"Content-Type": "application/json", "User-Agent": "gms"}
    if token := settings.get("GMS_NOTIFY_TOKEN"):
        headers["Authorization"] = f"Bearer {token}"
    body = json.dumps(notice.fields()).encode()
    request = urllib.request.Request(address, data=body, headers=headers, method="POST")
    with urllib.request.build_opener(NoRedirect).open(request, timeout=patience):
        pass


def mail(notice: Notice, address: str, settings: Mapping[str, str], patience: float) -> None:
    """Send as mail. Raises OSError, SMTPException, UnusableNotify."""
    host, port, is_tls = server(settings)
    context = ssl.create_default_context()
    secure = {"context": context} if is_tls else {}
    with (smtplib.SMTP_SSL if is_tls else smtplib.SMTP)(host, port, timeout=patience, **secure) as connection:
        connection.ehlo()
        if not is_tls and host not in LOOPBACK and connection.has_extn("starttls"):
            connection.starttls(context=context)
            is_tls = True
        if user := settings.get("GMS_NOTIFY_USER"):
            if not is_tls and host not in LOOPBACK:
                raise UnusableNotify("the mail server offers no TLS, without which no password is sent")
            connection.login(user, settings.get("GMS_NOTIFY_PASSWORD", ""))
        connection.send_message(letter(notice, address, settings.get("GMS_NOTIFY_FROM") or address))


def letter(notice: Notice, to: str, sender: str) -> EmailMessage:
    """The mail; its headers do not name this machine."""
    message = EmailMessage()
    message["Subject"], message["To"], message["From"] = notice.subject, to, sender
    message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain="gms.invalid")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(notice.text() + "\n")
    return message
