"""An engine that is born ready, for those who ask it often and about something else."""

import os
from collections.abc import Iterator

import pytest
from nursery import Engines, command

from bot.pairing import workshop


@pytest.fixture(scope="session")
def engines() -> Iterator[Engines | None]:
    """None where processes can't be watched as it takes: then each question starts an engine."""
    made = Engines() if hasattr(os, "pidfd_open") else None
    yield made
    if made is not None:
        made.close()


@pytest.fixture
def quick_engine(engines: Engines | None, monkeypatch: pytest.MonkeyPatch) -> None:
    if engines is not None:
        monkeypatch.setattr(workshop, "ENGINE", command(engines.door))
