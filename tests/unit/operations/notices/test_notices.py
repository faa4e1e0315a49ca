"""Notices at the end of a run, to a mail server and a web server on this machine."""

import http.server
import json
import socketserver
import threading
import time

import pytest

from gms.inputs.run_model import Case, Sample
from gms.operations.notices import targets
from gms.operations.notices.notice import Notice, make_notice
from gms.operations.notices.send import notices, send
from gms.operations.notices.targets import Target, UnusableNotify, take_settings, targets_of
from gms.operations.run.event_files import FOLDER, KEPT, event_files, new_event_file

NOTICE = Notice("3f9a1c2e", "failed", 3723, 14, 11, 1, {"pass": 2, "job failed": 1})


class Hook(http.server.BaseHTTPRequestHandler):
    """Keeps what is posted; answers with the status that its server has."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((dict(self.headers), json.loads(body)))
        time.sleep(self.server.delay)
        self.send_response(self.server.status)
        self.send_header("Location", "http://127.0.0.1:9/elsewhere")
        self.end_headers()

    def log_message(self, *_):
        pass


class Mailbox(socketserver.StreamRequestHandler):
    """As much of SMTP as smtplib needs (RFC 5321); keeps the letters."""

    def handle(self):
        self.say(220)
        for line in self.rfile:
            word = line[:4].upper().strip()
            self.server.commands.append(line.decode().strip())
            if word == b"DATA":
                self.say(354)
                self.server.letters.append(b"".join(iter(self.rfile.readline, b".\r\n")).decode())
            self.say({b"QUIT": 221, b"RCPT": self.server.rcpt}.get(word, 250))

    def say(self, code):
        self.wfile.write(f"{code} ok\r\n".encode())


def started(server, **facts):
    vars(server).update(facts)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    return server


@pytest.fixture
def hook():
    with started(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook), got=[], status=200, delay=0) as server:
        server.address = f"http://127.0.0.1:{server.server_port}/hook-SECRET"
        yield server
        server.shutdown()


@pytest.fixture
def mailbox():
    with started(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mailbox), letters=[], commands=[], rcpt=250) as box:
        box.settings = {"GMS_NOTIFY_SMTP": f"127.0.0.1:{box.server_address[1]}"}
        yield box
        box.shutdown()


def test_a_notice_by_mail(mailbox, capsys):
    send(NOTICE, [Target("mail", "op@example.org")], mailbox.settings)
    (letter,) = mailbox.letters
    assert "Subject: gms run 3f9a1c2e failed\r\n" in letter and "To: op@example.org" in letter
    assert "after 1:02:03.\r\nJobs: 11 of 14 done, 1 failed.\r\nCases: 2 pass, 1 job failed." in letter
    assert capsys.readouterr().err == ""


def test_a_notice_to_a_web_address(hook, capsys):
    send(NOTICE, [Target("https", hook.address)], {"GMS_NOTIFY_TOKEN": "SECRET"})
    ((headers, body),) = hook.got
    assert headers["Authorization"] == "Bearer SECRET"
    assert body["text"] == NOTICE.text() and body["cases"] == NOTICE.cases and body["jobs_failed"] == 1
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("status", [302, 403, 500])
def test_what_the_server_answers_is_a_warning_without_the_address(hook, capsys, status):
    hook.status = status
    send(NOTICE, [Target("https", hook.address)], {})
    text = capsys.readouterr().err
    assert f"the server answered {status}" in text and "not affected" in text
    assert "SECRET" not in text and len(hook.got) == 1


def test_a_refused_letter_and_an_absent_server_are_warnings(mailbox, capsys):
    mailbox.rcpt = 550
    letter = Target("mail", "op@example.org")
    send(NOTICE, [letter], mailbox.settings)
    send(NOTICE, [letter, Target("https", "http://127.0.0.1:9/")], {"GMS_NOTIFY_SMTP": "127.0.0.1:9"})
    first, *others = capsys.readouterr().err.splitlines()
    assert "refused the address" in first and "op@example.org" not in first
    assert len(others) == 2 and all("Connection refused" in line for line in others)


def test_a_slow_server_keeps_nobody(hook, mailbox, capsys):
    hook.delay = 8
    begin = time.monotonic()
    send(NOTICE, [Target("https", hook.address), Target("mail", "op@example.org")], mailbox.settings, patience=2.5)
    assert time.monotonic() - begin < 7 and len(mailbox.letters) == 1
    assert capsys.readouterr().err.count("warning") == 1


def events(results, *lines):
    new_event_file(results).path.parent.mkdir(parents=True, exist_ok=True)
    facts = {"host": "node7", "user": "anna", "configfiles": ["/data/CASE1/run.yaml"], "log": "/data/CASE1/log"}
    begun = {"event": "workflow_started", "time": 1.0} | facts
    new_event_file(results).path.write_text("".join(f"{json.dumps(line)}\n" for line in (begun, *lines)))


def test_it_names_nobody(tmp_path):
    sample = Sample("SAMPLE1", "CASE1", "proband", "wgs_rare", "unknown", "unknown", None, "", None, ())
    results = tmp_path / "CASE1"
    events(results, {"event": "run_ended", "time": 2.0, "outcome": "stopped", "code": 1})
    notice = make_notice("3f9a1c2e", time.time(), [], results, [Case("CASE1", "wgs_rare", (sample,))])
    said = json.dumps(notice.fields()) + notice.subject
    assert notice.outcome == "stopped" and notice.cases == {"unfinished": 1}
    assert not [word for word in ("CASE1", "SAMPLE1", "anna", "node7", str(tmp_path)) if word in said]


@pytest.mark.parametrize("has_old_events", [False, True])
def test_a_run_that_could_not_start_is_noticed(tmp_path, hook, capsys, has_old_events):
    if has_old_events:
        events(tmp_path, {"event": "run_ended", "time": 2.0, "outcome": "done", "code": 0})
    with pytest.raises(RuntimeError), notices([hook.address], tmp_path, []):
        raise RuntimeError
    ((_, body),) = hook.got
    assert body["outcome"] == "not started" and body["run"] in capsys.readouterr().err


def test_a_notice_that_breaks_does_not_fail_the_run(tmp_path, hook, capsys, monkeypatch):
    monkeypatch.setattr("gms.operations.notices.send.make_notice", lambda *_: 1 / 0)
    with notices([hook.address], tmp_path, []):
        pass
    assert "no notice was sent (ZeroDivisionError)" in capsys.readouterr().err


@pytest.mark.parametrize("word, text", [
    ("mail:", "one address"), ("mail:a@b@c", "one address"), ("mail:a@b.se,c@d.se", "one address"),
    ("mail:a@b.se\nBcc: x@y.se", "one address"), ("op@example.org", "takes  mail:ADDRESS"), ("sms:07", "takes  mail:"),
    ("http://hooks.example.org/x", "https:// only"), ("https:", "GMS_NOTIFY_URL"), ("https://", "whole web address"),
    ("https://a b", "whole web address"), ("https://a:99999/", "whole web address"),
])  # fmt: skip
def test_what_is_no_address_is_refused_at_once(word, text):
    with pytest.raises(UnusableNotify, match=text):
        targets_of([word], {})


def test_settings_come_from_the_environment_or_a_file_that_only_its_owner_reads(tmp_path):
    path = tmp_path / "notify"
    path.write_text("# ours\nGMS_NOTIFY_TOKEN = t=1\nGMS_NOTIFY_USER=file\n")
    path.chmod(0o600)
    variables = {"GMS_NOTIFY_FILE": str(path), "GMS_NOTIFY_USER": "environment", "HOME": "/"}
    assert take_settings(variables) == {"GMS_NOTIFY_TOKEN": "t=1", "GMS_NOTIFY_USER": "environment"}
    assert variables == {"HOME": "/"}  # jobs inherit it
    path.chmod(0o640)
    with pytest.raises(UnusableNotify, match="chmod 600"):
        take_settings({"GMS_NOTIFY_FILE": str(path)})
    path.chmod(0o600)
    path.write_text("PASSWORD=SECRET\n")
    with pytest.raises(UnusableNotify, match="line 1 of the file") as caught:
        take_settings({"GMS_NOTIFY_FILE": str(path)})
    assert "SECRET" not in str(caught.value) and str(tmp_path) not in str(caught.value)


@pytest.mark.parametrize("written, host", [
    ("", ("localhost", 25, False)), ("mx.example.org:587", ("mx.example.org", 587, False)),
    ("smtps://mx.example.org", ("mx.example.org", 465, True)), ("smtp://[::1]:2525", ("::1", 2525, False)),
])  # fmt: skip
def test_the_mail_server(written, host):
    assert targets.server({"GMS_NOTIFY_SMTP": written}) == host


def test_no_password_is_sent_without_encryption(monkeypatch, mailbox, capsys):
    monkeypatch.setattr("gms.operations.notices.send.LOOPBACK", ())
    settings = mailbox.settings | {"GMS_NOTIFY_USER": "gms", "GMS_NOTIFY_PASSWORD": "SECRET"}
    send(NOTICE, [Target("mail", "op@example.org")], settings)
    assert "offers no TLS" in capsys.readouterr().err
    assert not mailbox.letters and not [line for line in mailbox.commands if "AUTH" in line or "SECRET" in line]


def test_the_events_of_old_runs_are_removed(tmp_path):
    folder = tmp_path / FOLDER
    folder.mkdir(parents=True)
    for number in range(KEPT + 5):
        (folder / f"2026-01-01T{number:06}.jsonl").write_text("")
    newest = event_files(tmp_path)[-KEPT + 1 :]
    new_event_file(tmp_path).path.write_text("")
    assert event_files(tmp_path)[:-1] == newest and len(event_files(tmp_path)) == KEPT
