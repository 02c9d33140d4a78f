"""When an announcement may be posted, and when its author is asked about one."""

from bot.due import Due
from store.models import Announcement, Delivery, DeliveryState
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
    """Its author hears at once of an announcement that was refused, or that may or may not be there."""
    return [_trouble(announcement, delivery) for announcement, delivery in snapshot.troubled]


def _trouble(announcement: Announcement, delivery: Delivery) -> Due:
    """Each attempt that ends so is told once."""
    kind = "announcement_refused" if delivery.state is DeliveryState.REFUSED else "announcement_unclear"
    return Due(
        key=f"{kind}:{announcement.id}:{delivery.attempts}",
        kind=kind,
        opens_at=delivery.attempted_at or announcement.written_at,
        is_notice=True,
        at_once=True,
        about=announcement.id,
    )
