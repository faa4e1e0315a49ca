"""What the tests of the transfer share: a real server, a network that can be spoiled, packages to send."""

import hashlib
import http.server
import io
import json
import os
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gms.base.project import PROJECT
from gms.sharing.transfer.client import Store
from gms.sharing.transfer.progress import Progress
from gms.sharing.transfer.settings import S3Settings
from gms.sharing.transfer.upload import MAGIC, Receipt, send_package
from seaweedfs import S3Server, credentials

MIB = 1 << 20
CLIENT = """
import json, signal, sys
from pathlib import Path
from gms.base.errors import GmsError
from gms.sharing.transfer.client import Store
from gms.sharing.transfer.progress import Progress
from gms.sharing.transfer.settings import s3_settings
from gms.sharing.transfer.upload import send_package
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where the tests run in the background
package, settings = Path(sys.argv[1]), s3_settings(json.loads(sys.argv[2]), Path("/"))
try:
    manifest = json.loads((package / "manifest.json").read_text())
    sent = send_package(package, manifest, Store(settings), Progress(sys.stderr, settings.rate))
except GmsError as error:
    sys.exit(f"error: {error}")
print(json.dumps({"parts": sent.sent_parts, "bytes": sent.sent_bytes, "aborted": sent.aborted}))
"""


@contextmanager
def running(folder: Path, *options: str) -> Iterator[S3Server]:
    """A server with its bucket, ended afterwards."""
    server = S3Server(folder, options).start()
    try:
        server.create_bucket()
        yield server
    finally:
        server.stop()


def write_package(folder: Path, sizes: dict[str, int], version: int = 1, readers: tuple[str, ...] = ()) -> Path:
    """Files with the magic of Crypt4GH and random bytes, and what upload reads of a manifest; signed by nobody."""
    files = []
    for path, size in sizes.items():
        content = MAGIC + os.urandom(size - len(MAGIC))
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
        files.append({"path": path, "cipher": {"bytes": size, "sha256": sha256(content)}})
    organisations = [{"party": organisation} for organisation in ("region-uppsala", *readers)]
    study = {"id": "study1", "disclosing_party": "region-uppsala"}
    content = {"study": study, "package": folder.name, "version": version, "readers": organisations, "files": files}
    (folder / "manifest.json").write_text(json.dumps(content))
    (folder / "approval.json").write_text("{}")
    for name in ("manifest.sig", "approval.sig"):
        (folder / name).write_bytes(bytes(64))
    return folder


def send(package: Path, store: Store, **changes: object) -> Receipt:
    """Send a package in this process, quietly."""
    return send_package(package, manifest_of(package), store, Progress(io.StringIO(), **changes))


def manifest_of(package: Path) -> dict:
    """The content of a package's manifest."""
    return json.loads((package / "manifest.json").read_text())


def client(package: Path, server: S3Server, **changes: object) -> subprocess.Popen:
    """Send a package in a process of its own, which prints what it sent."""
    section = {"endpoint": server.endpoint, "bucket": "study", "ca": str(server.ca), "joint": True} | changes
    key = credentials("owner")
    variables = {"AWS_ACCESS_KEY_ID": key.access_key, "AWS_SECRET_ACCESS_KEY": key.secret_key}
    command = [sys.executable, "-c", CLIENT, str(package), json.dumps(section)]
    environment = os.environ | variables | {"PYTHONPATH": str(PROJECT / "scripts")}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(process: subprocess.Popen) -> dict:
    """What a client sent that is expected to succeed."""
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return json.loads(out)


def sha256(content: bytes) -> str:
    """Hexadecimal SHA-256."""
    return hashlib.sha256(content).hexdigest()


class Proxy:
    """A TCP connection to the server that can be spoiled; it does not look into TLS, but counts the bytes sent.

    `rate` limits the sending (bytes per second), `cut_after` ends every connection after so many bytes, `silent` takes
    bytes and answers nothing.
    """

    def __init__(self, port: int, rate: float = 0, cut_after: int = 0, silent: bool = False):
        self.port, self.rate, self.cut_after, self.silent = port, rate, cut_after, silent
        self.sent = self.connections = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        if rate:  # a slow line moves on slowly; with much room it would stand still, then take a lot at once
            self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
        self.endpoint = f"https://localhost:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def __enter__(self) -> "Proxy":
        return self

    def __exit__(self, *_: object) -> None:
        self.listener.close()

    def settings(self, server: S3Server) -> S3Settings:
        """Settings that lead through the proxy."""
        return server.settings(endpoint=self.endpoint)

    def _serve(self) -> None:
        while True:
            try:
                caller, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            server = socket.create_connection(("127.0.0.1", self.port))
            threading.Thread(target=self._pass_on, args=(caller, server, True), daemon=True).start()
            threading.Thread(target=self._pass_on, args=(server, caller, False), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, is_sent: bool) -> None:
        done = 0
        try:
            while data := source.recv(4096 if self.rate else 65536):
                done += len(data)
                if is_sent:
                    self.sent += len(data)
                    time.sleep(len(data) / self.rate if self.rate else 0)
                if self.cut_after and done > self.cut_after:
                    break
                if not self.silent:
                    target.sendall(data)
        except OSError:
            pass
        for end in (source, target):
            end.close()


@contextmanager
def always_answers(server: S3Server, status: int, code: str) -> Iterator[S3Settings]:
    """A store that is out of order: every request gets the same error, over TLS."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            content = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>x</Message></Error>".encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

        do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = answer

    listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trust.load_cert_chain(server.folder / "server.pem", server.folder / "server.key")
    listener.socket = trust.wrap_socket(listener.socket, server_side=True)
    threading.Thread(target=listener.serve_forever, daemon=True).start()
    try:
        yield server.settings(endpoint=f"https://localhost:{listener.server_address[1]}")
    finally:
        listener.shutdown()
        listener.server_close()
