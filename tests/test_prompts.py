"""The words in `prompts/`: the real ones load, and a wrong one stops the bot with its file and entry."""

import shutil
import string
from collections.abc import Callable
from pathlib import Path

import make
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import prompts
from bot.prompts import KINDS, MONTHS, SIDES, TEXTS, BadPrompt

REAL = Path(__file__).parents[1] / "prompts"

Edit = Callable[[str, str, str], Path]


@pytest.fixture
def edited(tmp_path: Path) -> Edit:
    """The real prompts with one thing changed in one file."""

    def edit(file: str, old: str, new: str) -> Path:
        folder = shutil.copytree(REAL, tmp_path / "prompts")
        path = folder / "en" / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} has no {old}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return folder

    return edit


def refusal(folder: Path) -> str:
    with pytest.raises(BadPrompt) as refused:
        prompts.load(folder)
    return str(refused.value)


# The real ones


def test_the_real_prompts_load() -> None:
    assert prompts.load(REAL).topics


def test_every_month_has_a_question_for_each_side_and_no_two_are_alike() -> None:
    words = make.words()

    monthly = [
        words.question(kind, side, month) for kind in KINDS[:2] for side in SIDES for month in range(1, MONTHS + 1)
    ]
    single = [words.question(kind, side, 0) for kind in KINDS[2:] for side in SIDES]
    texts = [question.text for question in [*monthly, *single] if question]
    assert len(texts) == len(set(texts)) == 2 * 2 * MONTHS + 2 * 2


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_every_text_says_all_it_is_given(name: str) -> None:
    """A placeholder that the code fills and the text leaves out would be news that nobody hears."""
    used = {field for _, field, _, _ in string.Formatter().parse(make.words().texts[name]) if field}

    assert used == TEXTS[name]


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_every_text_can_be_said(name: str) -> None:
    said = make.words().say(name, **{field: f"<{field}>" for field in TEXTS[name]})

    assert "{" not in said
    assert all(f"<{field}>" in said for field in TEXTS[name])


def test_no_text_says_reverse_unless_the_programme_does() -> None:
    assert [name for name, text in make.words().texts.items() if "reverse" in text.lower()] == []


def test_a_topic_that_was_taken_out_keeps_its_id_as_a_name() -> None:
    assert make.words().topic("fax_machines") == "fax machines"


def test_a_question_is_found_by_its_id() -> None:
    assert make.words().question_by_id("refl-mentee-1-aims") == make.words().question("reflection", "mentee", 1)
    assert make.words().question_by_id("nobody-asked") is None


# Wrong ones

MONTH_TWO = """\
[[question]]
id = "refl-mentor-2-their-side"
side = "mentor"
month = 2
text = "What did you find out about how things look from your mentee's side?"
"""


@pytest.mark.parametrize(
    ("file", "old", "new", "names"),
    [
        ("texts.toml", "\nreminder = ", "\nremainder = ", "reminder"),
        ("texts.toml", "\nreminder = ", '\nextra = "Hello"\nreminder = ', "extra"),
        ("texts.toml", "{partner}", "{partnr}", "{partnr}"),
        ("texts.toml", "{partner}", "{partner", "brace"),
        ("texts.toml", "{partner}", "{}", "{}"),
        ("texts.toml", "{partner}", "{partner.slack_id}", "partner.slack_id"),
        ("texts.toml", "{partner}", "{partner:d}", "partner"),
        ("texts.toml", "{partner}", "{partner:{width}}", "partner"),
        ("texts.toml", '"""', "'", "texts.toml"),
        ("topics.toml", 'ai_tools = "AI tools in daily work"', f'ai_tools = "{"x" * 76}"', "ai_tools"),
        ("topics.toml", 'ai_tools = "AI tools in daily work"', 'ai_tools = ""', "ai_tools"),
        ("levels.toml", "\n1 = ", "\none = ", "one must be a whole number"),
        ("levels.toml", "\n1 = ", '\n"1.5" = ', "1.5 must be a whole number"),
        ("levels.toml", "I'm starting out", "x" * 76, "longer than the 75"),
        ("networks.toml", "\nwomen = ", '\n"our women" = ', "our women must be an id"),
        ("networks.toml", '"Women at work"', "7", "women must be a text"),
        ("reflection.toml", 'id = "refl-mentee-1-aims"', 'id = "refl-mentor-1-aims"', "refl-mentor-1-aims"),
        ("reflection.toml", MONTH_TWO, "", "mentor, month 2"),
        ("reflection.toml", "month = 2", "month = 7", "refl-mentor-2-their-side"),
        ("reflection.toml", 'side = "mentor"\nmonth = 2', 'side = "mentor"\nmonth = 1', "twice"),
        ("reflection.toml", "month = 2", 'month = "two"', "reflection.toml"),
        ("reflection.toml", 'id = "refl-mentor-1-aims"', "", "reflection.toml"),
        ("halfway.toml", 'side = "mentor"', 'side = "coach"', "mentor"),
    ],
    ids=[
        "a text is missing",
        "a text nobody uses",
        "a placeholder nobody fills",
        "a brace that does not close",
        "an empty placeholder",
        "a placeholder that looks inside",
        "a placeholder that wants a number",
        "a placeholder within one",
        "no TOML",
        "a topic too long for a menu",
        "a topic without a label",
        "a level that is no number",
        "a level that is no whole number",
        "a level too long for a menu",
        "a network whose id has a space",
        "a network without a label",
        "two questions with one id",
        "a month without a question",
        "a month there is not",
        "two questions in one place",
        "a month that is no number",
        "a question without an id",
        "a side without a question",
    ],
)
def test_what_is_wrong_stops_the_bot_and_is_named(edited: Edit, file: str, old: str, new: str, names: str) -> None:
    said = refusal(edited(file, old, new))

    assert file in said
    assert names in said


@pytest.mark.parametrize(
    "file", ["texts.toml", "topics.toml", "levels.toml", "networks.toml", *(f"{kind}.toml" for kind in KINDS)]
)
def test_a_missing_file_is_named(edited: Edit, file: str) -> None:
    folder = edited(file, "", "")
    (folder / "en" / file).unlink()

    assert refusal(folder) == f"{folder / 'en' / file} is missing"


def more_topics(count: int) -> str:
    return "".join(f'topic_{number} = "Topic {number}"\n' for number in range(count))


def test_a_thousand_topics_can_be_searched(edited: Edit) -> None:
    there = len(make.words().topics)

    folder = edited("topics.toml", "ai_tools", f"{more_topics(1000 - there)}ai_tools")

    assert len(prompts.load(folder).topics) == 1000


def test_more_than_a_thousand_topics_are_refused(edited: Edit) -> None:
    assert "topics.toml must have 1 to 1000 topics" in refusal(
        edited("topics.toml", "ai_tools", f"{more_topics(1000)}ai_tools")
    )


@pytest.mark.parametrize("file", ["levels.toml", "networks.toml"])
def test_a_menu_has_room_for_a_hundred_levels_or_networks_and_no_more(edited: Edit, file: str) -> None:
    folder = edited(file, "", "")
    (folder / "en" / file).write_text("".join(f'{number} = "Number {number}"\n' for number in range(101)))

    assert f"{file} must have 1 to 100" in refusal(folder)


def test_levels_are_numbers_in_order_higher_for_more_senior() -> None:
    assert list(make.words().levels) == [1, 2, 3, 4, 5, 6]


def test_a_text_in_another_encoding_is_named(edited: Edit) -> None:
    folder = edited("texts.toml", "", "")
    (folder / "en" / "texts.toml").write_bytes('joined = "Grüß Gott"'.encode("latin-1"))

    assert "texts.toml can't be read" in refusal(folder)


@given(st.text(max_size=40))
def test_what_is_filled_in_is_said_as_it_is(name: str) -> None:
    """Braces in somebody's name are no placeholders."""
    assert name in make.words().say("checkin", partner=name)
