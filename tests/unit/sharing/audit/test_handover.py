import datetime

import pytest

from audit_entries import TIME, decided
from gms.base.errors import GmsError
from gms.sharing.audit.events import handover_entry
from gms.sharing.audit.log import append, read_log
from gms.sharing.audit.queries import versions
from gms.sharing.package.manifest import manifest_sha256
from packages import make_package

DAY = datetime.timedelta(1)
MADE = TIME.date()


@pytest.fixture
def package(tmp_path, log, key):
    """A package that the log knows."""
    package = make_package(tmp_path / "made")
    append(log, decided(package=package.name, manifest_sha256=manifest_sha256(package)), key, now=TIME)
    return package


def test_noted_once(package, sharing, log, key):
    entry = handover_entry(package, "uppsala-universitet", MADE, sharing, MADE + DAY)
    append(log, entry, key)
    assert (entry["party"], entry["date"], entry["package"]) == ("uppsala-universitet", "2024-11-23", package.name)
    assert handover_entry(package, "uppsala-universitet", MADE + DAY, sharing, MADE + DAY) != entry
    with pytest.raises(GmsError, match="was already given"):
        handover_entry(package, "uppsala-universitet", MADE, sharing, MADE + DAY)


@pytest.mark.parametrize(
    "organisation, day, text",
    [
        ("umea-universitet", MADE, "umea-universitet cannot read .*; its readers are karolinska-institutet, uppsala"),
        ("region-uppsala", MADE, "region-uppsala cannot read"),
        ("uppsala-universitet", MADE - DAY, "was made on 2024-11-23; it cannot have been handed over before"),
        ("uppsala-universitet", MADE + DAY, "was made on 2024-11-23; it cannot have been handed over before"),
    ],
)
def test_what_cannot_be(package, sharing, organisation, day, text):
    with pytest.raises(GmsError, match=text):
        handover_entry(package, organisation, day, sharing, MADE)


def test_a_package_that_the_log_does_not_know(tmp_path, sharing):
    with pytest.raises(GmsError, match="is not in the audit log"):
        handover_entry(make_package(tmp_path / "other"), "uppsala-universitet", MADE, sharing, MADE)


def test_it_is_of_that_version_alone(package, sharing, log, key):
    append(log, decided(package=package.name, manifest_sha256="e" * 64, version=2), key, now=TIME)
    append(log, handover_entry(package, "uppsala-universitet", MADE, sharing, MADE), key, now=TIME)
    assert [len(one.handed) for one in versions(read_log(log))] == [1, 0]
