"""All that somebody may read of what was written, on pages they can turn and search."""

from collections.abc import Mapping, Sequence

from bot import working_time
from bot.slack import kit
from bot.slack.kit import Block
from bot.writing.blocks import READ, TITLES, whose
from store.notes import Written
from store.snapshots import Partnership

FORM = "writing.search"
BACK = "writing.back"
ON = "writing.on"

PAGE_SIZE = 8
LONGEST_QUERY = 100
SHOWN = 300


def matching(written: Sequence[Written], query: str) -> list[Written]:
    """Those that have every word of the query somewhere in them, in any case."""
    wanted = query.casefold().split()
    return [each for each in written if all(word in each.text.casefold() for word in wanted)]


def pages(
    written: Sequence[Written], pairs: Mapping[int, Partnership], zone: str | None, query: str = "", page: int = 0
) -> Block:
    """One page of what fits the query, newest first. `pairs` by their ids; days are those of the reader's zone."""
    found = matching(written, query)
    last = max(0, (len(found) - 1) // PAGE_SIZE)
    page = min(max(page, 0), last)
    shown = found[page * PAGE_SIZE : (page + 1) * PAGE_SIZE]
    rows = [block for each in shown for block in _row(each, pairs[each.pair_id], zone)]
    field = kit.field(
        "query",
        "Search",
        kit.text_input(query or None, most=LONGEST_QUERY),
        hint="Words that are in it. Leave it empty for all of them.",
        optional=True,
    )
    return kit.modal(
        FORM,
        "Notes and actions",
        [field, kit.context(_count(len(found), query)), *rows, *_turning(page, last)],
        submit="Search",
        private=query,
    )


def _count(count: int, query: str) -> str:
    if not count:
        return "Nothing has these words in it." if query else "Nothing is written down yet."
    of = f" with “{kit.escape(query)}”" if query else ""
    return f"{count} {'text' if count == 1 else 'texts'}{of}, newest first: yours, and what is shared in your pair."


def _row(each: Written, pair: Partnership, zone: str | None) -> list[Block]:
    spoken = f"Open: {TITLES.get(each.what, '')} {each.text}"
    button = kit.button(READ, "Open", each.ref, spoken=spoken)
    when = f"{each.written_at.astimezone(working_time.zone(zone)):%d %b %Y}"
    return [
        kit.section(kit.quote(kit.shorten(each.text, SHOWN)) or "–", button),
        kit.context(f"{whose(each, pair)} · {when}"),
    ]


def _turning(page: int, last: int) -> list[Block]:
    buttons = [
        *([kit.button(BACK, "Back", str(page - 1))] if page > 0 else []),
        *([kit.button(ON, "More", str(page + 1))] if page < last else []),
    ]
    return [kit.actions(*buttons), kit.context(f"Page {page + 1} of {last + 1}")] if buttons else []
