import json

import pytest

from gms.base.errors import GmsError
from gms.sharing.transfer.settings import Credentials, CredentialsUnusable, load_credentials, s3_settings

ENDPOINT = "https://gmc-uppsala.vgregion.sjunet.org"
SECTION = {"endpoint": ENDPOINT + "/", "bucket": "study1", "grants": {"lunds-universitet": "u1"}, "ca": "keys/ca.pem"}
HCP = {
    "endpoint": "gmc-uppsala.vgregion.sjunet.org",
    "username": "dXNlcg==",
    "password": "5f4dcc3b5aa765d61d8327deb882cf99",
}


@pytest.fixture
def settings(tmp_path):
    """Settings whose credentials file holds the given section of hcp."""

    def made(hcp, mode=0o600, **changes):
        path = tmp_path / "credentials.json"
        path.write_text(hcp if isinstance(hcp, str) else json.dumps({"hcp": hcp, "hci": {}}))
        path.chmod(mode)
        return s3_settings(SECTION | {"credentials": "credentials.json"} | changes, tmp_path)

    return made


def test_paths_are_relative_to_the_config_and_the_tenant_is_the_first_label(tmp_path):
    made = s3_settings(SECTION, tmp_path)
    assert (made.endpoint, made.tenant, made.ca) == (ENDPOINT, "gmc-uppsala", tmp_path / "keys/ca.pem")
    assert (made.credentials, made.rate, made.grants) == (None, None, {"lunds-universitet": "u1"})
    joint = s3_settings({"endpoint": ENDPOINT, "bucket": "b", "joint": True, "megabytes_per_second": 2}, tmp_path)
    assert (joint.grants, joint.rate) == (None, 2e6)


@pytest.mark.parametrize(
    "hcp",
    [HCP, HCP | {"endpoint": ""}, {"aws_access_key_id": HCP["username"], "aws_secret_access_key": HCP["password"]}],
)
def test_the_file_of_the_ngp_client_is_read(settings, hcp):
    assert load_credentials(settings(hcp), {}) == Credentials(HCP["username"], HCP["password"])


@pytest.mark.parametrize(
    "hcp, text",
    [
        ("{", "is not a credentials file of NGPIris"),
        ("[]", "is not a credentials file of NGPIris"),
        ('{"hcp": null}', "is not a credentials file of NGPIris"),
        (HCP | {"password": ""}, "must both be given"),
        (HCP | {"password": 5}, "must both be given"),
        (HCP | {"endpoint": "gmc-south.vgregion.sjunet.org"}, "is for gmc-south"),
    ],
)
def test_another_file_is_refused_without_showing_it(settings, hcp, text):
    with pytest.raises(CredentialsUnusable, match=text) as caught:
        load_credentials(settings(hcp), {})
    assert HCP["password"] not in str(caught.value) and HCP["username"] not in str(caught.value)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
def test_a_file_that_others_may_read_is_refused(settings, mode):
    with pytest.raises(GmsError, match="it must be readable by its owner only") as caught:
        load_credentials(settings(HCP, mode), {})
    assert HCP["password"] not in str(caught.value)


def test_the_environment_serves_where_no_file_is_named(tmp_path):
    made = s3_settings(SECTION, tmp_path)
    assert load_credentials(made, {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "s"}) == Credentials("a", "s")
    with pytest.raises(CredentialsUnusable, match="AWS_SECRET_ACCESS_KEY not set"):
        load_credentials(made, {"AWS_ACCESS_KEY_ID": "a"})


def test_a_file_that_is_named_is_not_replaced_by_the_environment(tmp_path):
    made = s3_settings(SECTION | {"credentials": "missing.json"}, tmp_path)
    with pytest.raises(GmsError, match="does not exist"):
        load_credentials(made, {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "s"})


def test_keys_are_no_text():
    assert "hidden" not in f"{Credentials('hidden', 'hidden')!r} {Credentials('hidden', 'hidden')}"
