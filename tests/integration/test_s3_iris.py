"""What was sent, fetched by NGPIris, the client that NGP's users have, in its own environment."""

import json
import os
import subprocess

import pytest

import s3_server
from gms.base.project import PROJECT
from s3_server import MIB, send, write_package
from seaweedfs import NGP_HOST

PYTHON = PROJECT / ".env" / "ngpiris" / "bin" / "python"
# NGPIris takes no other host names than NGP's and no port; where they lead is decided below it, in this process alone.
FETCH = """
import json, socket, sys, certifi
from pathlib import Path
host, port, ca, folder, prefix, keys = json.load(sys.stdin)
look_up = socket.getaddrinfo
def here(name, number, *rest, **named):
    return look_up("127.0.0.1", port, *rest, **named) if name == host else look_up(name, number, *rest, **named)
socket.getaddrinfo = here
certifi.where = lambda: ca  # verification stays on, unlike its default, and trusts the authority of the tests
from NGPIris import HCPHandler
handler = HCPHandler(keys, use_ssl=True)
handler.mount_bucket("study")
found = [entry["Key"] for entry in handler.list_objects(prefix, files_only=True)]
for key in found:
    handler.download_file(key, str(Path(folder, key.rsplit("/", 1)[1])), show_progress_bar=False)
print(json.dumps({"found": found, "tenant": handler.tenant}))
"""

pytestmark = pytest.mark.skipif(not PYTHON.exists(), reason="NGPIris is not installed in .env/ngpiris (./gms setup)")


def iris(server, folder, prefix: str, account: str) -> subprocess.CompletedProcess:
    """List and download all files under a prefix with NGPIris."""
    keys = s3_server.credentials(account)
    section = {"endpoint": NGP_HOST, "username": keys.access_key, "password": keys.secret_key}
    path = folder / "keys.json"
    path.write_text(json.dumps({"hcp": section, "hci": {"username": ""}}))
    given = json.dumps([NGP_HOST, server.ports["https"], str(server.ca), str(folder), prefix, str(path)])
    environment = os.environ | {"NO_PROXY": "*"}
    command = [str(PYTHON), "-c", FETCH]
    return subprocess.run(command, input=given, env=environment, capture_output=True, text=True, timeout=120)


def test_the_ngp_client_lists_and_downloads_byte_for_byte(s3, tmp_path):
    sizes = {"data/S1.cram.c4gh": 60 * MIB + 11, "data/C1.vcf.gz.c4gh": 5000}  # both ways, in parts and whole
    package = write_package(tmp_path / "C1", sizes)
    receipt = send(package, s3.store())
    (tmp_path / "fetched").mkdir()
    done = iris(s3, tmp_path / "fetched", f"{receipt.prefix}/data/", "reader")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert sorted(answer["found"]) == sorted(f"{receipt.prefix}/{path}" for path in sizes)
    assert answer["tenant"] == "gmc-joint"
    for path in sizes:
        assert (tmp_path / "fetched" / path.split("/")[1]).read_bytes() == (package / path).read_bytes()


def test_the_ngp_client_of_a_stranger_gets_nothing(s3, tmp_path):
    done = iris(s3, tmp_path, "study1/", "stranger")
    assert done.returncode != 0 and "lack of permissions" in done.stderr
