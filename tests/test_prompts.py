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
from bot.prompts import BANK, LEAST, TEXTS, BadPrompt
from bot.themes import THEMES
from store.models import Focus, Side

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


@pytest.mark.parametrize("kind", BANK)
def test_there_are_ten_questions_or_more_for_each_objective_and_thirty_for_all(kind: str) -> None:
    """Each question is there for both sides, so these are the numbers of each side."""
    twins = [twin for twin in make.words().twins.values() if twin.kind == kind]

    shared = [twin for twin in twins if twin.objective is None]
    assert len(shared) >= 36
    assert all(len([twin for twin in shared if twin.theme == theme]) >= LEAST for theme in THEMES)
    for focus in Focus:
        own = [twin for twin in twins if twin.objective == focus]
        assert {twin.theme for twin in own} == set(THEMES), "each month has one"
        assert len(own) + len(shared) >= 42


def test_no_two_questions_are_alike() -> None:
    said = [text for twin in make.words().twins.values() for text in (twin.mentor, twin.mentee)]

    assert len({text.casefold() for text in said}) == len(said)


@pytest.mark.parametrize("side", Side)
def test_every_question_is_one_short_line_that_asks(side: Side) -> None:
    said = [twin.text(side) for twin in make.words().twins.values()]

    assert [text for text in said if not text.endswith("?") or text.count("?") > 1 or len(text) > 120] == []
    assert [text for text in said if len(text.split()) > 24] == []


# Words that press, cheer, judge or presume, and those that people outside an office wouldn't use.
UNWANTED = (
    *(
        "you should",
        "must",
        "need to",
        "have to",
        "why don't",
        "why didn't",
        "failed",
        "mistake",
        "of course",
        "obviously",
    ),
    *("reverse", "junior", "senior", "young", "old ", "older", "generation", "age ", "native", "background"),
    *(
        "stakeholder",
        "leverage",
        "align",
        "deep dive",
        "takeaway",
        "feedback",
        "growth",
        "journey",
        "empower",
        "buy-in",
    ),
)


@pytest.mark.parametrize("word", UNWANTED)
def test_no_question_presses_presumes_or_talks_like_an_office(word: str) -> None:
    asked = {f"{twin.id}: {text}" for twin in make.words().twins.values() for text in (twin.mentor, twin.mentee)}

    assert {each for each in asked if f" {word}" in each.lower()} == set()


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


def test_a_question_is_asked_in_the_words_of_the_side() -> None:
    words = make.words()

    assert words.question("refl-1-felt-free", Side.MENTOR) == "When did you speak most freely in this talk?"
    assert words.question("refl-1-felt-free", Side.MENTEE) == "When did you listen best in this talk?"
    assert words.question("nobody-asked", Side.MENTOR) is None
    assert words.question(None, Side.MENTOR) is None


# Wrong ones

MENTORS = 'mentor = "What would help you to speak openly in these talks?"'
BANK_TEXT = (REAL / "en" / "preparation.toml").read_text(encoding="utf-8")
FIRST_TWO = BANK_TEXT[BANK_TEXT.index("[[question]]") : BANK_TEXT.index('[[question]]\nid = "prep-1-if-it')]


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
        (
            "reflection.toml",
            'id = "refl-1-felt-free"',
            'id = "prep-1-speak-openly"',
            "prep-1-speak-openly is there twice",
        ),
        ("reflection.toml", 'id = "refl-1-felt-free"', f'id = "{"x" * 61}"', "longer than 60"),
        ("reflection.toml", 'id = "refl-1-felt-free"', "", "id must be a text"),
        ("reflection.toml", "theme = 2", "theme = 7", "refl-2-view-moved must have a theme from 1 to 6"),
        ("reflection.toml", "theme = 2", "theme = true", "refl-2-view-moved must have a theme"),
        ("reflection.toml", "theme = 2", "month = 2", "refl-2-view-moved has month"),
        ("preparation.toml", 'objective = "digital"', 'objective = "sports"', "prep-digital-tool-you-like is for no"),
        ("preparation.toml", MENTORS, "", "the mentor's side of prep-1-speak-openly"),
        (
            "preparation.toml",
            MENTORS,
            'mentor = "What?\\nWhy?"',
            "the mentor's side of prep-1-speak-openly must be one",
        ),
        ("preparation.toml", MENTORS, 'mentor = "*What*?"', "must be one line without marks"),
        ("preparation.toml", MENTORS, f'mentor = "{"x" * 151}"', "prep-1-speak-openly is longer than 150"),
        ("preparation.toml", FIRST_TWO, "", "5 questions for theme 1, and needs 6"),
        ("preparation.toml", 'objective = "own"', 'objective = "future"', "5 questions for the objective own"),
        (
            "reflection.toml",
            'id = "refl-2-view-moved"',
            'id = "refl-2-view-moved"\ncoach = "What?"',
            "refl-2-view-moved has coach",
        ),
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
        "an id too long to be stored",
        "a question without an id",
        "a theme there is not",
        "a theme that is no number",
        "a word that means nothing",
        "an objective there is not",
        "a question without a side",
        "a question of two lines",
        "a question with marks",
        "a question too long to be read",
        "too few of a theme",
        "too few of an objective",
        "a side there is not",
    ],
)
def test_what_is_wrong_stops_the_bot_and_is_named(edited: Edit, file: str, old: str, new: str, names: str) -> None:
    said = refusal(edited(file, old, new))

    assert file in said
    assert names in said


@pytest.mark.parametrize(
    "file", ["texts.toml", "topics.toml", "levels.toml", "networks.toml", *(f"{kind}.toml" for kind in BANK)]
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
