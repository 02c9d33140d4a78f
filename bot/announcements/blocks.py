"""The form to write an announcement, its preview, how it stands in the channel, and the question about one."""

from collections.abc import Mapping

from bot.announcements.rules import MOST_CHARACTERS
from bot.due import Builder, Message, Telling
from bot.slack import kit
from bot.slack.kit import Block
from store.models import Programme

FORM = "announcements.form"
PREVIEW = "announcements.preview"
IS_THERE = "announcements.is_there"
AGAIN = "announcements.again"


def form(programme: Programme, text: str | None = None) -> Block:
    return kit.modal(
        FORM,
        "Announce",
        [
            kit.context(f"For {kit.escape(programme.name)}, to <#{programme.channel}>"),
            kit.field(
                "text",
                "What would you like to say?",
                kit.text_input(text, many_lines=True, most=MOST_CHARACTERS),
            ),
            kit.context("*bold* and _italic_ work as in Slack. You'll see it before it is posted."),
        ],
        submit="Preview",
        close="Not now",
        private=str(programme.id),
    )


def preview(programme: Programme, text: str, author: str) -> Block:
    return kit.modal(
        PREVIEW,
        "Preview",
        [
            kit.context(f"This will be posted in <#{programme.channel}>:"),
            kit.divider(),
            *posted(text, author).blocks,
        ],
        submit="Post it",
        close="Back",
        private=f"{programme.id}\n{text}",
    )


def posted(text: str, author: str) -> Message:
    by = f"From {kit.mention(author)}"
    said = [kit.section(piece) for piece in kit.pieces(text, kit.SECTION_LIMIT)]
    return Message(f"{kit.escape(text)}\n{by}", [*said, kit.context(by)])


def previewed(private: str) -> tuple[int, str]:
    """The programme and the text of a preview that was confirmed."""
    programme_id, _, text = private.partition("\n")
    return int(programme_id), text


def unclear(telling: Telling) -> Message:
    text = telling.prompts.say("announcement_unclear", channel=_channel(telling))
    value = str(telling.nudge.about)
    buttons = kit.actions(kit.button(IS_THERE, "It is there", value), kit.button(AGAIN, "Post it again", value))
    return Message(text, [kit.section(text), buttons])


def refused(telling: Telling) -> Message:
    text = telling.prompts.say("announcement_refused", channel=_channel(telling))
    again = kit.button(AGAIN, "Post it again", str(telling.nudge.about))
    return Message(text, [kit.section(text), kit.actions(again)])


def _channel(telling: Telling) -> str:
    about = next(each for each, _ in telling.snapshot.troubled if each.id == telling.nudge.about)
    return f"<#{about.channel}>"


MESSAGES: Mapping[str, Builder] = {"announcement_unclear": unclear, "announcement_refused": refused}
