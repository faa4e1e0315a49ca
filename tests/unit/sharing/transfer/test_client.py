"""What requests look like, and what becomes of answers; nothing is sent anywhere."""

import base64
import hashlib
import io

import pytest
from botocore.awsrequest import AWSResponse

from gms.sharing.transfer import client
from gms.sharing.transfer.client import Store, StoredObject
from gms.sharing.transfer.errors import NotForUpload, RefusedByStorage, TransferError
from gms.sharing.transfer.part_stream import Part
from gms.sharing.transfer.progress import Progress
from gms.sharing.transfer.settings import Credentials, S3Settings

SETTINGS = S3Settings("https://gmc-joint.vgregion.sjunet.org", "bucket", None, None, None, None)


class Raw(io.BytesIO):
    """A body as botocore reads it."""

    def stream(self, **_):
        yield self.read()


@pytest.fixture(scope="module")
def only_store():
    """A store that keeps its requests in `requests` and answers each with the next of `answers`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(client, "TRIES", 1)
        made = Store(SETTINGS, Credentials("access", "hidden"))

    def answer(request, **_):
        made.requests.append(request)
        status, headers, content = made.answers.pop(0)
        if hasattr(request.body, "read"):
            request.body.read()
        return AWSResponse(request.url, status, headers, Raw(content))

    made.s3.meta.events.register("before-send.s3", answer)
    return made


@pytest.fixture
def store(only_store):
    """That store, with nothing asked yet."""
    only_store.requests, only_store.answers = [], []
    return only_store


def error(status: int, code: str) -> tuple:
    return status, {}, f"<Error><Code>{code}</Code><Message>m</Message></Error>".encode()


def test_requests_are_as_hcp_wants_them(store, tmp_path):
    (tmp_path / "file").write_bytes(b"content")
    body = Part(tmp_path / "file", 0, 7, Progress(io.StringIO()))
    store.answers = [(200, {"ETag": '"x"'}, b"")]
    assert store.put_new("study/k", body, body.md5().digest())
    (request,) = store.requests
    names = {name.lower(): value for name, value in request.headers.items()}
    assert request.url == "https://gmc-joint.vgregion.sjunet.org/bucket/study/k"  # path style
    assert names["content-md5"] == base64.b64encode(hashlib.md5(b"content").digest()).decode().encode()
    assert names["x-amz-content-sha256"] == hashlib.sha256(b"content").hexdigest().encode()  # signed payload
    assert names["if-none-match"] == b"*"
    assert not [name for name in names if "checksum" in name or "trailer" in name or name == "x-amz-sdk-checksum"]
    assert "hidden" not in str(names)
    assert body.progress.done == 7


def test_tls_is_verified_and_other_accounts_of_the_user_do_not_matter(store, tmp_path, monkeypatch):
    assert store.s3._endpoint.http_session._verify is True
    monkeypatch.setenv("AWS_PROFILE", "missing")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    (tmp_path / "config").write_text("[default]\nendpoint_url = http://elsewhere\ns3 =\n  addressing_style = virtual\n")
    other = Store(SETTINGS, Credentials("access", "hidden")).s3
    assert other.meta.endpoint_url == SETTINGS.endpoint
    assert other.meta.config.s3["addressing_style"] == "path"


@pytest.mark.parametrize(
    "status, code, text",
    [
        (403, "SignatureDoesNotMatch", "the secret key is wrong"),
        (403, "InvalidAccessKeyId", "the access key is unknown"),
        (403, "AccessDenied", "the account lacks permission"),
        (403, "RequestTimeTooSkewed", "the clock of this machine is wrong"),
        (404, "NoSuchBucket", "there is no such bucket"),
        (400, "BadDigest", "arrived damaged"),
        (501, "NotImplemented", "does not support this request"),
        (503, "SlowDown", "try again later"),
        (507, "Anything", "the store or its quota is full"),
        (413, "QuotaExceeded", "quota is full"),
        (418, "Teapot", "418 Teapot"),
    ],
)
def test_each_answer_has_its_sentence(store, status, code, text):
    store.answers = [error(status, code)]
    with pytest.raises(TransferError, match=text) as caught:
        store.list_objects("study/")
    assert str(caught.value).startswith("could not list study/: https://gmc-joint.vgregion.sjunet.org, bucket bucket")
    assert caught.value.code == code


def test_what_is_not_there_is_none(store):
    store.answers = [(404, {}, b""), (404, {}, b"")]
    assert store.head("k") is None and store.get_small("k") is None


def test_an_object_that_is_exchanged_while_it_is_read_is_noticed(store):
    store.answers = [(200, {"ETag": '"other"', "Content-Length": "3"}, b"abc")]
    with pytest.raises(TransferError, match="was replaced"):
        store.sha256(StoredObject("k", 3, "etag"))


def test_reading_back(store):
    store.answers = [(200, {"ETag": '"etag"', "Content-Length": "3"}, b"abc")]
    assert store.sha256(StoredObject("k", 3, "etag")) == hashlib.sha256(b"abc").hexdigest()


@pytest.mark.parametrize(
    "key",
    [
        "study/C1/v1/data/S1.cram",
        "study/audit/x.json",
        "audit/1.json",
        "study/C1/tombstone.txt",
        "study/a/b/tombstone.json",
    ],
)
def test_only_notes_are_stored_unencrypted(store, key):
    with pytest.raises(NotForUpload):
        store.put_small(key, b"{}")
    assert store.requests == []


def test_a_refused_deletion_is_told_from_a_broken_line(store):
    listing = b"<ListVersionsResult><Version><Key>k</Key><VersionId>7</VersionId></Version></ListVersionsResult>"
    store.answers = [(200, {}, listing), error(403, "AccessDenied")]
    with pytest.raises(RefusedByStorage, match="retention, a hold"):
        store.delete_object("k")
    assert "versionId=7" in store.requests[-1].url and store.requests[-1].method == "DELETE"
