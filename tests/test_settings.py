"""Settings are refused by name when wrong, and no refusal holds a value: values are secrets."""

from collections.abc import Callable

import pytest
from cryptography.fernet import Fernet, InvalidToken

from bot import settings
from bot.settings import BadSettings, Settings

KEY = "b25seSBmb3IgdGVzdHMsIG5ldmVyIGZvciBwZW9wbGU="
RIGHT = {
    "SLACK_BOT_TOKEN": "xoxb-1",
    "SLACK_SIGNING_SECRET": "made-up",
    "FLIPSIDE_KEYS": KEY,
}
NAMES = [str(field.alias) for field in Settings.model_fields.values()]


Read = Callable[..., Settings]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Read:
    """Reads an environment in which all is right but for the changes; None takes a setting away."""

    def read(**changes: str | None) -> Settings:
        for name in NAMES:
            monkeypatch.delenv(name, raising=False)
        for name, value in (RIGHT | changes).items():
            if value is not None:
                monkeypatch.setenv(name, value)
        return settings.read()

    return read


def refusal(read: Read, **changes: str | None) -> str:
    with pytest.raises(BadSettings) as refused:
        read(**changes)
    return str(refused.value)


def test_three_settings_are_enough(read: Read) -> None:
    found = read()

    assert (found.slack_api_url, found.database_url, found.command, found.port, found.stops_within) == (
        "https://slack.com/api/",
        "sqlite:///flipside.db",
        "/flipside",
        3000,
        10,
    )
    assert (found.prompts_dir / "en" / "texts.toml").exists()
    assert not found.is_local


def test_an_empty_one_is_one_that_is_not_set(read: Read) -> None:
    found = read(PORT="", FLIPSIDE_COORDINATORS="", SLACK_APP_TOKEN="")

    assert (found.port, found.coordinators, found.slack_app_token) == (3000, (), None)


@pytest.mark.parametrize("name", ["SLACK_BOT_TOKEN", "FLIPSIDE_KEYS"])
def test_a_missing_one_is_named(read: Read, name: str) -> None:
    assert refusal(read, **{name: None}) == f"{name} is missing: see Settings in README.md"


def test_all_that_is_wrong_is_named_at_once(read: Read) -> None:
    said = refusal(read, SLACK_BOT_TOKEN=None, FLIPSIDE_KEYS=None, PORT="99999")

    assert [line.split()[0].strip(":") for line in said.splitlines()] == ["SLACK_BOT_TOKEN", "FLIPSIDE_KEYS", "PORT"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLACK_BOT_TOKEN", "xoxp-a-person-not-a-bot"),
        ("SLACK_APP_TOKEN", "xoxb-not-an-app-token"),
        ("SLACK_API_URL", "slack.com/api-without-a-scheme"),
        ("DATABASE_URL", "mysql://somebody:secret@somewhere/flipside"),
        ("FLIPSIDE_KEYS", "correct-horse-battery-staple"),
        ("FLIPSIDE_KEYS", f"{KEY},héllo-wörld"),
        ("FLIPSIDE_COORDINATORS", "ruth-from-the-second-floor"),
        ("FLIPSIDE_COORDINATORS", "Ursula-from-the-second-floor"),
        ("FLIPSIDE_COMMAND", "no-slash-in-front"),
        ("FLIPSIDE_COMMAND", "/Capitals-Are-Not-Slacks"),
        ("PORT", "threethousand"),
        ("PORT", "65536"),
        ("PORT", "0"),
        ("LOG_LEVEL", "TALKATIVE"),
        ("FLIPSIDE_NUDGES_A_WEEK", "0"),
        ("FLIPSIDE_NUDGES_A_WEEK", "as many as it takes"),
        ("FLIPSIDE_STOPS_WITHIN", "0.25"),
        ("LOG_FORMAT", "a-novel"),
    ],
)
def test_a_wrong_one_is_named_and_its_value_is_not_told(read: Read, name: str, value: str) -> None:
    said = refusal(read, **{name: value})

    assert said.startswith(f"{name}: ")
    assert value not in said
    assert value.rpartition(",")[2] not in said


def test_a_bot_that_slack_can_not_reach_is_refused(read: Read) -> None:
    said = refusal(read, SLACK_SIGNING_SECRET=None)

    assert "set SLACK_APP_TOKEN for Socket Mode, or SLACK_SIGNING_SECRET for HTTP" in said


@pytest.mark.parametrize(
    "url", ["https://slack.com/api/", "https://127.0.0.1.example.com/api/", "http://127.0.0.1@example.com/api/"]
)
def test_a_clock_that_can_be_moved_is_refused_outside_the_local_workspace(read: Read, url: str) -> None:
    said = refusal(read, FLIPSIDE_CLOCK_FILE="/tmp/clock", SLACK_API_URL=url)  # noqa: S108 -- never opened

    assert "FLIPSIDE_CLOCK_FILE is for the local workspace" in said
    assert "/tmp/clock" not in said  # noqa: S108


@pytest.mark.parametrize("url", ["http://127.0.0.1:9000/api/", "http://localhost/api/", "http://[::1]:9000/api/"])
def test_a_slack_on_this_machine_is_local(read: Read, url: str) -> None:
    assert read(SLACK_API_URL=url, FLIPSIDE_CLOCK_FILE="clock").is_local


def test_keys_and_coordinators_are_lists_with_commas(read: Read) -> None:
    found = read(FLIPSIDE_KEYS=f" {KEY} ,, {KEY},", FLIPSIDE_COORDINATORS="U0RUTH, S0GROUP")

    assert found.keys == (KEY, KEY)
    assert found.coordinators == ("U0RUTH", "S0GROUP")


def test_a_list_of_keys_with_nothing_in_it_is_refused(read: Read) -> None:
    assert refusal(read, FLIPSIDE_KEYS=" , ").startswith("FLIPSIDE_KEYS: ")


def test_the_newest_key_seals_and_all_of_them_open(read: Read) -> None:
    old, new = "b25seSBmb3IgdGVzdHMsIG5ldmVyIGZvciBwZW9wbGU=", Fernet.generate_key().decode()
    sealed_before = Fernet(old).encrypt(b"a note")

    keys = read(FLIPSIDE_KEYS=f"{new},{old}").master_keys()

    assert keys.decrypt(sealed_before) == b"a note"
    assert Fernet(new).decrypt(keys.encrypt(b"another")) == b"another"
    with pytest.raises(InvalidToken):
        Fernet(old).decrypt(keys.encrypt(b"another"))


def test_no_setting_has_a_name_that_bolt_reads_by_itself() -> None:
    """With SLACK_CLIENT_ID and SLACK_CLIENT_SECRET set, Bolt silently installs by OAuth."""
    bolts = {"SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_VERIFICATION_TOKEN"}

    assert not bolts & set(NAMES)


# The HR directory


@pytest.mark.parametrize("alone", [{"SCIM_URL": "https://hr.example.com/scim/v2"}, {"SCIM_TOKEN": "secret-token"}])
def test_the_hr_directory_needs_its_address_and_its_token(read: Read, alone: dict[str, str]) -> None:
    said = refusal(read, **alone)

    assert said == "set SCIM_URL and SCIM_TOKEN both, or neither of them"


def test_the_token_of_the_hr_directory_does_not_travel_in_the_open(read: Read) -> None:
    said = refusal(read, SCIM_URL="http://hr.example.com/scim/v2", SCIM_TOKEN="secret-token")

    assert said.startswith("SCIM_URL must begin with https://")
    assert "secret-token" not in said
    assert read(SCIM_URL="http://127.0.0.1:8080", SCIM_TOKEN="secret-token").scim_url == "http://127.0.0.1:8080"


def test_the_token_of_the_hr_directory_is_not_shown_with_the_settings(read: Read) -> None:
    found = read(SCIM_URL="https://hr.example.com", SCIM_TOKEN="secret-token")

    assert "secret-token" not in repr(found)
