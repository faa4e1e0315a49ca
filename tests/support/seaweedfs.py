"""A real S3 server on this machine for tests and benchmarks: SeaweedFS, TLS, free ports of the loopback device."""

import datetime
import ipaddress
import json
import os
import random
import re
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gms.base.errors import GmsError
from gms.sharing.transfer.client import Store
from gms.sharing.transfer.settings import Credentials, S3Settings

NGP_HOST = "gmc-joint.ngp-fs1000.vgregion.se"
SERVICES = ("master", "filer", "volume", "s3")
BUCKET = "study"
# Name -> number of the account, and what it may do: the owner all, the reader read one bucket, the stranger nothing.
ACCOUNTS = {
    "owner": ("100000000001", ["Admin", "Read", "Write", "List"]),
    "reader": ("100000000002", [f"Read:{BUCKET}", f"List:{BUCKET}"]),
    "stranger": ("100000000003", []),
}


@dataclass
class S3Server:
    """SeaweedFS in one process; `folder` keeps its data over restarts, `options` are further ones of `weed mini`."""

    folder: Path
    options: Sequence[str] = ()
    ports: dict[str, int] = field(default_factory=dict)
    process: subprocess.Popen | None = None

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        write_certificates(self.folder)
        accounts = [{"id": number, "displayName": name} for name, (number, _) in ACCOUNTS.items()]
        identities = [
            {
                "name": account["displayName"],
                "account": account,
                "actions": ACCOUNTS[account["displayName"]][1],
                "credentials": [{"accessKey": key.access_key, "secretKey": key.secret_key}],
            }
            for account in accounts
            for key in [credentials(account["displayName"])]
        ]
        (self.folder / "identities.json").write_text(json.dumps({"identities": identities, "accounts": accounts}))
        self.ports = free_ports([*SERVICES, *(f"{name}.grpc" for name in SERVICES), "https", "metrics", "admin"])

    @property
    def endpoint(self) -> str:
        """The address with TLS."""
        return f"https://localhost:{self.ports['https']}"

    @property
    def ca(self) -> Path:
        """The certificate of the authority that issued the server's."""
        return self.folder / "ca.pem"

    def start(self) -> "S3Server":
        """Start it, on the ports it had before, and wait until it answers. Raises GmsError."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(self._command(), stdout=log, stderr=log, start_new_session=True)
        limit = time.monotonic() + 60
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > limit:
                self.kill()
                raise GmsError(f"the S3 server does not start: see {self.folder / 'log'}")
            time.sleep(0.05)
        return self

    def create_bucket(self, bucket: str = BUCKET) -> None:
        """Create a bucket of the owner."""
        self.store("owner", bucket).request("create_bucket", "create the bucket")

    def kill(self) -> None:
        """End it at once; what it stored stays."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """End it for good, and remove what it leaves outside its folder."""
        self.kill()
        for name in ("filer", "s3"):
            Path(f"/tmp/seaweedfs-{name}-{self.ports[name]}.sock").unlink(missing_ok=True)

    def settings(self, **changes: object) -> S3Settings:
        """Settings of the bucket: no grants, no limit."""
        default = {"endpoint": self.endpoint, "bucket": BUCKET, "ca": self.ca, "credentials": None}
        return S3Settings(**default | {"grants": None, "megabytes_per_second": None} | changes)

    def store(self, name: str = "owner", bucket: str = BUCKET) -> Store:
        """The bucket as one of the accounts sees it."""
        return Store(self.settings(bucket=bucket), credentials(name))

    def requests(self, kind: str, code: int = 200, bucket: str = BUCKET) -> int:
        """How many requests of a kind (PUT, POST, GET ...) it has answered so since its start, by its own count."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.ports['metrics']}/metrics", timeout=10) as answer:
            text = answer.read().decode()
        name = re.escape(f'SeaweedFS_s3_request_total{{bucket="{bucket}",code="{code}",type="{kind}"}}')
        found = re.search(rf"^{name} (\S+)$", text, re.MULTILINE)
        return int(float(found[1])) if found else 0

    def _command(self) -> list[str]:
        ports = {"s3.port.https": self.ports["https"], "metricsPort": self.ports["metrics"]}
        ports |= {"admin.port": self.ports["admin"], "s3.port.iceberg": 0, "s3.port.lance": 0}
        for name in SERVICES:
            ports |= {f"{name}.port": self.ports[name], f"{name}.port.grpc": self.ports[f"{name}.grpc"]}
        files = {
            "s3.cert.file": "server.pem",
            "s3.key.file": "server.key",
            "s3.config": "identities.json",
            "dir": "data",
        }
        (self.folder / "data").mkdir(exist_ok=True)
        return [
            str(Path(sys.executable).parent / "weed"),
            "mini",
            *(f"-{name}={port}" for name, port in ports.items()),
            *(f"-{name}={self.folder / file}" for name, file in files.items()),
            *("-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-webdav=false", "-admin.ui=false", "-master.telemetry=false"),
            *self.options,
        ]

    def _answers(self) -> bool:
        """Whether it can store: its S3 service listens before its volumes are there."""
        trust = ssl.create_default_context(cafile=str(self.ca))
        try:
            urllib.request.urlopen(self.endpoint, timeout=5, context=trust)
        except urllib.error.HTTPError:
            return self._has_volumes()
        except OSError:
            pass
        return False

    def _has_volumes(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.ports['master']}/dir/status", timeout=5) as answer:
                return bool(json.load(answer)["Topology"]["Max"])
        except (OSError, ValueError, KeyError):
            return False


def credentials(name: str) -> Credentials:
    """The keys of an account."""
    return Credentials(f"{name}-key", f"{name}-secret")


def free_ports(names: Sequence[str]) -> dict[str, int]:
    """A free port for each name, below those that systems give away by themselves; 10,000 above it is free as well."""
    found: list[int] = []
    while len(found) < len(names):
        port = random.randrange(15_000, 22_000)
        if port not in found and is_free(port) and is_free(port + 10_000):
            found.append(port)
    return dict(zip(names, found, strict=True))


def is_free(port: int) -> bool:
    """Whether nobody listens there on the loopback device."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def write_certificates(folder: Path) -> None:
    """ca.pem, server.pem and server.key of an authority of our own, for localhost and for a host name of NGP."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    now = datetime.datetime.now(datetime.UTC)
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test authority")])
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    names = [x509.DNSName("localhost"), x509.DNSName(NGP_HOST), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]

    def issue(subject: x509.Name, public: ec.EllipticCurvePublicKey, extension: x509.ExtensionType) -> bytes:
        made = x509.CertificateBuilder(ca_name, subject, public, x509.random_serial_number())
        made = made.not_valid_before(now - datetime.timedelta(1)).not_valid_after(now + datetime.timedelta(2))
        return made.add_extension(extension, False).sign(ca_key, hashes.SHA256()).public_bytes(PEM)

    PEM = serialization.Encoding.PEM
    (folder / "ca.pem").write_bytes(issue(ca_name, ca_key.public_key(), x509.BasicConstraints(True, None)))
    (folder / "server.pem").write_bytes(issue(name, key.public_key(), x509.SubjectAlternativeName(names)))
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    with open(os.open(folder / "server.key", os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
        file.write(key.private_bytes(PEM, *form))
