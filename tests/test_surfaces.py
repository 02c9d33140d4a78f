"""Everything the bot can show keeps Slack's limits and holds only ids that somebody answers."""

import ast
import inspect
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from limits import elements
from surfaces import BLOCKS, PARTS, Shown, action_ids, everything, problems
from surfaces.anything import Surface

import app
from bot import command
from bot.due import Message
from bot.nudges import features
from bot.slack import kit

pytestmark = pytest.mark.long  # all of them, so that one worker draws for all

ROOT = Path(__file__).parents[1]
PRESSES = {action_id for feature in app.FEATURES for action_id in feature.PRESSES}
FORMS = {callback_id for feature in app.FEATURES for callback_id in feature.FORMS}
OPTIONS = {action_id for feature in app.SEARCHED for action_id in feature.OPTIONS}
GO = {f"go.{entry.word}" for entry in command.WORDS} | {"go.help"}

PIECES = {"add_to_calendar", "back", "calendar_file", "cancel", "pick", "suggested", "to_decide", "to_do", "write"}
"""Builders of a part of something else."""

relaxed = settings(
    max_examples=9,
    derandomize=True,  # there is too much here for chance to find the same thing twice
    phases=[Phase.generate],  # what is wrong with one is told by its name: nothing gets clearer by shrinking
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.fixture(scope="module")
def drawn() -> list[Shown]:
    """Everything, some times over. It is drawn once for all: that takes far longer than looking at it."""
    found: list[Shown] = []

    for part in PARTS:

        @relaxed
        @given(everything(part))
        def draw(shown: Shown) -> None:
            found.append(shown)

        draw()
    return found


@pytest.fixture
def surfaces(drawn: list[Shown]) -> list[tuple[str, Surface]]:
    return [each for shown in drawn for each in shown.items()]


def test_slack_takes_everything_that_can_be_shown(surfaces: list[tuple[str, Surface]]) -> None:
    found = [(name, problems(surface)) for name, surface in surfaces]

    assert {name: said for name, said in found if said} == {}


def test_every_button_that_can_be_pressed_is_answered(surfaces: list[tuple[str, Surface]]) -> None:
    found = [(name, action_ids(surface) - PRESSES - GO) for name, surface in surfaces]

    assert {name: lost for name, lost in found if lost} == {}


def test_every_form_that_can_be_sent_is_answered(surfaces: list[tuple[str, Surface]]) -> None:
    sendable = {surface["callback_id"] for _, surface in surfaces if isinstance(surface, dict) and "submit" in surface}

    assert sendable <= FORMS


def test_every_menu_that_asks_us_for_options_is_answered(surfaces: list[tuple[str, Surface]]) -> None:
    asked = {
        element["action_id"]
        for _, surface in surfaces
        if isinstance(surface, dict)
        for element in elements(surface["blocks"])
        if element["type"].endswith("external_select")
    }

    assert asked <= OPTIONS


def test_every_builder_is_among_what_is_shown_here(surfaces: list[tuple[str, Surface]]) -> None:
    """A new builder has to be added to its feature's file in tests/surfaces, or none of these tests would see it."""
    built = {name.partition(" ")[0] for name, _ in surfaces}

    there = {
        f"{module.__name__.split('.')[1]}.{name}"
        for module in BLOCKS
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_") and name not in PIECES
        if inspect.signature(function).return_annotation in (Message, kit.Block, list[kit.Block])
    }
    assert there == built


def test_every_go_button_in_the_code_has_a_word() -> None:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "bot").rglob("*.py")]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]

    words = {
        call.args[0].value
        for call in calls
        if isinstance(call.func, ast.Attribute) and call.func.attr == "go" and isinstance(call.args[0], ast.Constant)
    }

    assert {"join", "meet", "help"} <= words
    assert {f"go.{word}" for word in words} <= GO


@pytest.mark.parametrize("module", BLOCKS, ids=lambda module: module.__name__)
def test_every_id_of_a_feature_is_answered_by_the_bot(module: object) -> None:
    feature = module.__name__.split(".")[1]  # type: ignore[attr-defined]
    ids = {value for value in vars(module).values() if isinstance(value, str) and value.startswith(f"{feature}.")}

    answered = PRESSES | FORMS | OPTIONS
    assert {
        each for each in ids if not any(known == each or known.startswith(f"{each}.") for known in answered)
    } == set()


def test_no_two_features_answer_the_same_id() -> None:
    presses = [action_id for feature in app.FEATURES for action_id in feature.PRESSES]
    forms = [callback_id for feature in app.FEATURES for callback_id in feature.FORMS]

    assert len(presses) == len(set(presses))
    assert len(forms) == len(set(forms))


def test_every_id_says_whose_it_is() -> None:
    features = {feature.__name__.split(".")[1]: {*feature.PRESSES, *feature.FORMS} for feature in app.FEATURES}

    assert {each for name, ids in features.items() for each in ids if not each.startswith(f"{name}.")} == set()


def test_every_kind_of_message_that_rules_can_ask_for_has_a_builder() -> None:
    kinds = {
        "joined", "applied", "queued", "declined", "let_in",
        "left", "pause_over", "partner_left", "partner_paused", "partner_resumed",
        "introduction", "first_talk", "agreement_proposed", "agreement_agreed", "plan", "planned",
        "booked", "cancelled", "put_off", "preparation", "reminder", "checkin", "reflection", "reflection_kept",
        "halfway", "halfway_better", "aims", "ending", "ending_better",
        "going_on", "together", "farewell", "thanks", "difference", "ask_to_post", "saying_posted", "saying_kept",
        "note_kept", "action_kept", "which_question", "which_pair", "thanks_shown", "note_shared", "answer_shared",
        "announcement_unclear", "announcement_refused", "requests", "topic_decided", "programme_ended", "rule_broken",
        "round_ready", "publication", "weekly_ready", "repair_ready",
        "upload_checked", "upload_done", "signup_question",
    }  # fmt: skip

    assert set(features.MESSAGES) == kinds


def test_no_two_features_build_the_same_kind_of_message() -> None:
    tables = [module.MESSAGES for module in BLOCKS if hasattr(module, "MESSAGES")]

    assert sum(len(table) for table in tables) == len(features.MESSAGES)
