"""What the directory does by itself: it reads Slack's accounts and profiles and the HR directory, step by step."""

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.directory import profiles, slack, syncing
from bot.house import House
from store import agenda
from store.models import Subject

JOBS: Mapping[Subject, Callable[[House, int], datetime | None]] = {
    Subject.SLACK_PEOPLE: slack.read_people,
    Subject.SLACK_PROFILES: profiles.read,
    Subject.SCIM: syncing.read,
}


def begin(house: House) -> None:
    """Each is looked at once; from then on it says itself when."""
    with house.store.begin() as db:
        agenda.begin(db, house.workspace_id, Subject.SLACK_PEOPLE, house.clock())
        agenda.begin(db, house.workspace_id, Subject.SLACK_PROFILES, house.clock())
        if house.settings.scim_url is not None:
            agenda.begin(db, house.workspace_id, Subject.SCIM, house.clock())
