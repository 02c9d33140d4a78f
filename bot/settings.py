"""Settings, read once from the environment and refused by name when wrong."""

import re
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from cryptography.fernet import Fernet, MultiFernet
from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

SLACK = "https://slack.com/api/"
PROMPTS = Path(__file__).parent.parent / "prompts"
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class BadSettings(Exception):
    """One line for each setting that is missing or wrong, by its name."""


class Settings(BaseSettings):
    """The README explains each; a test holds it to that."""

    model_config = SettingsConfigDict(extra="ignore", env_ignore_empty=True)

    slack_bot_token: str = Field(alias="SLACK_BOT_TOKEN", pattern=r"^xox[be]")
    slack_app_token: str | None = Field(None, alias="SLACK_APP_TOKEN", pattern=r"^xapp-")
    slack_signing_secret: str | None = Field(None, alias="SLACK_SIGNING_SECRET")
    slack_api_url: str = Field(SLACK, alias="SLACK_API_URL", pattern=r"^https?://")
    database_url: str = Field("sqlite:///flipside.db", alias="DATABASE_URL", pattern=r"^(sqlite|postgres(ql)?)")
    keys: Annotated[tuple[str, ...], NoDecode] = Field(alias="FLIPSIDE_KEYS", min_length=1)
    coordinators: Annotated[tuple[str, ...], NoDecode] = Field((), alias="FLIPSIDE_COORDINATORS")
    command: str = Field("/flipside", alias="FLIPSIDE_COMMAND", pattern=r"^/[a-z0-9_-]{1,31}$")
    prompts_dir: Path = Field(PROMPTS, alias="PROMPTS_DIR")
    nudges_a_week: int = Field(3, alias="FLIPSIDE_NUDGES_A_WEEK", ge=1, le=5)
    port: int = Field(3000, alias="PORT", ge=1, le=65535)
    messages_per_second: float = Field(5, alias="SLACK_MESSAGES_PER_SECOND", gt=0, le=1000)
    stops_within: float = Field(10, alias="FLIPSIDE_STOPS_WITHIN", ge=2, le=600)
    log_level: str = Field("INFO", alias="LOG_LEVEL", pattern=r"^(DEBUG|INFO|WARNING|ERROR)$")
    log_format: str = Field("text", alias="LOG_FORMAT", pattern=r"^(text|json)$")
    scim_url: str | None = Field(None, alias="SCIM_URL", pattern=r"^https?://")
    scim_token: str | None = Field(None, alias="SCIM_TOKEN", repr=False)
    clock_file: Path | None = Field(None, alias="FLIPSIDE_CLOCK_FILE")

    @field_validator("keys", "coordinators", mode="before")
    @classmethod
    def _list(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("keys")
    @classmethod
    def _fernet_keys(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for key in value:
            try:
                Fernet(key)
            except ValueError:
                raise ValueError("each key must be made by `python app.py keys new`") from None
        return value

    @field_validator("coordinators")
    @classmethod
    def _people_or_group(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if any(re.fullmatch(r"[UWS][A-Z0-9]{2,20}", each) is None for each in value):
            raise ValueError("give Slack ids of people (U...) or of user groups (S...), with commas between")
        return value

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if self.slack_app_token is None and self.slack_signing_secret is None:
            raise ValueError(
                "set SLACK_APP_TOKEN for Socket Mode, or SLACK_SIGNING_SECRET for HTTP: one of them is needed"
            )
        if self.clock_file is not None and not self.is_local:
            raise ValueError("FLIPSIDE_CLOCK_FILE is for the local workspace: SLACK_API_URL is not on this machine")
        if (self.scim_url is None) != (self.scim_token is None):
            raise ValueError("set SCIM_URL and SCIM_TOKEN both, or neither of them")
        address = urlsplit(self.scim_url or SLACK)
        if address.scheme == "http" and address.hostname not in LOOPBACK:
            raise ValueError("SCIM_URL must begin with https://: the token would travel for everyone to read")
        return self

    @property
    def is_local(self) -> bool:
        """Slack is the local workspace, so nobody real can be messaged."""
        return urlsplit(self.slack_api_url).hostname in LOOPBACK

    def master_keys(self) -> MultiFernet:
        return MultiFernet([Fernet(key) for key in self.keys])


def read() -> Settings:
    """The settings of the environment. Raises BadSettings, never with a value in it."""
    try:
        return Settings()  # type: ignore[call-arg]
    except ValidationError as error:
        raise BadSettings("\n".join(_sentence(problem) for problem in error.errors())) from None


def _sentence(problem: Any) -> str:
    name = str(problem["loc"][0]) if problem["loc"] else ""
    if problem["type"] == "missing":
        return f"{name} is missing: see Settings in README.md"
    reason = str(problem["msg"]).removeprefix("Value error, ")
    return f"{name}: {reason}" if name else reason
