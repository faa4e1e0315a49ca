"""What can go wrong between a package and the store, in sentences that say what to do. No sentence holds a secret."""

import contextlib
import errno
from collections.abc import Iterator

from botocore import exceptions as botocore

from gms.base.errors import GmsError
from gms.sharing.transfer.settings import S3Settings

GOES_ON = "The same command continues where this one stopped."


class TransferError(GmsError):
    """The transfer could not be done; `code` is the store's own word, None where it did not answer."""

    def __init__(self, text: str, code: str | None = None):
        self.code = code
        super().__init__(text)


class ExistingObject(TransferError):
    """The store has another object under that key; it is never overwritten."""

    def __init__(self, key: str, why: str):
        super().__init__(
            f"{key} already exists in the store with other content ({why}). Objects are never overwritten: "
            "export a new version of the package, or find out who wrote that object and have it withdrawn."
        )


class RefusedByStorage(TransferError):
    """The store does not let an object go: a retention, a hold, or no permission to delete."""

    def __init__(self, key: str, code: str | None):
        super().__init__(f"the store refused to delete {key} ({code}): retention, a hold, or no permission", code)


class NotForUpload(GmsError):
    """A package, or a file of it, that may not leave."""


class TooSlow(Exception):
    """Raised inside a transfer whose connection is too slow to finish in a useful time."""


class Stopped(Exception):
    """Raised inside a transfer after another one has failed."""


CREDENTIALS = "check export.s3.credentials, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY where that is not set"
FULL = f"the store or its quota is full; the tenant's administrator can extend it. {GOES_ON}"
BY_CODE = {
    "SignatureDoesNotMatch": f"the secret key is wrong; {CREDENTIALS}",
    "InvalidAccessKeyId": f"the access key is unknown there; {CREDENTIALS}",
    "RequestTimeTooSkewed": "the clock of this machine is wrong; correct it and run the command again",
    "NoSuchBucket": "there is no such bucket; the tenant's administrator creates it, and export.s3.bucket names it",
    "BadDigest": f"the data arrived damaged several times; check the network. {GOES_ON}",
    "NotImplemented": "the store does not support this request, which packages need",
    "InsufficientStorage": FULL,
    "QuotaExceeded": FULL,
}
UNREACHED = (botocore.EndpointConnectionError, botocore.ConnectTimeoutError, botocore.ProxyConnectionError)
BY_STATUS = {
    401: f"the credentials were refused; {CREDENTIALS}",
    403: "the account lacks permission; the tenant's administrator grants read, write, list and ACL rights",
    507: FULL,
}


@contextlib.contextmanager
def plain_errors(settings: S3Settings, doing: str) -> Iterator[None]:
    """Turn whatever a request ended with into a TransferError; `doing` is what was done, such as 'send data/x'."""
    try:
        yield
    except botocore.ClientError as error:
        raise _from_answer(error, settings, doing) from None
    except (botocore.BotoCoreError, TooSlow) as error:
        raise TransferError(f"could not {doing}: {_no_answer(error, settings)}") from None
    except OSError as error:
        raise TransferError(f"could not {doing}: {_of_this_machine(error)}") from None


def _from_answer(error: botocore.ClientError, settings: S3Settings, doing: str) -> TransferError:
    code = error.response.get("Error", {}).get("Code", "")
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    advice = BY_CODE.get(code) or BY_STATUS.get(status)
    if not advice and status >= 500:
        advice = f"the store is overloaded, full or under maintenance; try again later. {GOES_ON}"
    where = f"{settings.endpoint}, bucket {settings.bucket}"
    answer = f"{status} {code}" if code != str(status) else code
    text = f"could not {doing}: {where} answered {answer}: {advice or 'see the documentation of the store'}"
    return TransferError(text, code)


def _no_answer(error: Exception, settings: S3Settings) -> str:
    if cause := _inside(error, TooSlow):
        return f"{cause}. {GOES_ON}"
    if isinstance(error, botocore.SSLError) and "CERTIFICATE" in str(error).upper():
        return (
            f"the certificate of {settings.endpoint} is not trusted. Name the certificate of the authority that "
            "issued it as export.s3.ca; never switch verification off"
        )
    if isinstance(error, UNREACHED):
        return f"{settings.endpoint} cannot be reached; check the address and the firewall. {GOES_ON}"
    return f"the connection to {settings.endpoint} was lost or stalled several times. {GOES_ON}"


def _of_this_machine(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return f"no space left for {error.filename or 'the notes of the transfer'} on this machine. {GOES_ON}"
    return f"{error.filename or 'a file of this machine'}: {error.strerror or type(error).__name__}. {GOES_ON}"


def _inside(error: BaseException | None, kind: type[Exception]) -> BaseException | None:
    """The error itself, or what it wraps, if that is of the kind."""
    while error is not None and not isinstance(error, kind):
        error = getattr(error, "kwargs", {}).get("error") or error.__cause__
    return error
