"""When an announcement may be posted, and when its author is asked about one."""

from bot.due import Due
from store.snapshots import Snapshot

MOST_CHARACTERS = 2500  # the preview carries the text in a place that holds 3,000


def problem(text: str | None) -> str | None:
    if not text:
        return "Write what you'd like to say."
    if len(text.encode("utf-16-le")) // 2 > MOST_CHARACTERS:
        return f"Up to {MOST_CHARACTERS} characters, please."
    if any(word in text for word in ("<!channel>", "<!here>", "<!everyone>")):
        return "This bot never calls a whole channel. Leave out @channel, @here and @everyone."
    return None


def due(snapshot: Snapshot) -> list[Due]:
    return [
        Due(
            key=f"announcement_unclear:{announcement.id}",
            kind="announcement_unclear",
            opens_at=announcement.written_at,
            is_notice=True,
            at_once=True,
            about=announcement.id,
        )
        for announcement in snapshot.unclear
    ]
