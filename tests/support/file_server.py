"""A local HTTP server with ranges, and with the faults that servers have."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class FileServer:
    """`files` by path; `faults`: what the next requests of a path meet, one each; `seen`: (path, Range) of requests.

    Faults: a number is a status; 'cut' ends after half of what was to be sent; 'whole' ignores the range; 'strange'
    sends another range than was asked for.
    """

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.faults: dict[str, list[int | str]] = {}
        self.seen: list[tuple[str, str | None]] = []
        self.url = ""

    def add(self, name: str, content: bytes) -> str:
        """Serve a file; returns its address."""
        self.files[f"/{name}"] = content
        return f"{self.url}/{name}"


@contextmanager
def running() -> Iterator[FileServer]:
    """The server on a free port of the loopback interface."""
    server = FileServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            server.seen.append((self.path, self.headers.get("Range")))
            faults = server.faults.get(self.path) or [""]
            fault = faults.pop(0)
            content = server.files.get(self.path)
            if content is None or isinstance(fault, int):
                self.send_error(fault if isinstance(fault, int) else 404)
                return
            tag = f'"{md5(content).hexdigest()}"'
            begin = 0
            asked = self.headers.get("Range")
            if asked and fault != "whole" and self.headers.get("If-Range") == tag:
                begin = int(asked.removeprefix("bytes=").rstrip("-"))
            if begin >= len(content) > 0:
                self.send_response(416)
                self.send_header("Content-Range", f"bytes */{len(content)}")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            rest = content[begin:]
            self.send_response(206 if begin else 200)
            if begin:
                start = 0 if fault == "strange" else begin
                self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
            self.send_header("ETag", tag)
            self.send_header("Content-Length", str(len(rest)))
            self.end_headers()
            self.wfile.write(rest[: len(rest) // 2] if fault == "cut" else rest)
            self.close_connection = fault == "cut"

        def log_message(self, *_: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.url = f"http://127.0.0.1:{http.server_port}"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
