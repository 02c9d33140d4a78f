"""Who may import whom, over the syntax trees: at the top of a file, inside a function, or through importlib.

app -> doors -> features -> bot.slack and the other helpers -> store. Features meet in the store, never each other.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.slack import speaking

ROOT = Path(__file__).parents[1]

DOORS = ("bot.command", "bot.home", "bot.chat", "bot.nudges", "bot.mydata")
FEATURES = (
    "bot.signup",
    "bot.membership",
    "bot.hours",
    "bot.directory",
    "bot.pairing",
    "bot.agreement",
    "bot.sessions",
    "bot.reflection",
    "bot.ending",
    "bot.writing",
    "bot.surveys",
    "bot.programme",
    "bot.announcements",
    "bot.ideas",
    "bot.reports",
)
HOUSES = ("app", "bot", "store", "sandbox", "tests")

# What rules may know besides the standard library: nouns as plain values, and helpers that are pure themselves.
KNOWN_TO_RULES = (
    "store.models",
    "store.snapshots",
    "bot.due",
    "bot.working_time",
    "bot.dates",
    "bot.rhythm",
    "bot.thanking",
    "bot.reporting_lines",
    "bot.themes",
    "bot.terms",
)
# What blocks may know: nothing that looks anything up.
KNOWN_TO_BLOCKS = (
    *KNOWN_TO_RULES,
    "bot.countries",
    "bot.origins",
    "bot.prompts",
    "bot.slack.kit",
    "store.notes",
    "store.publications",
    "store.repairs",
)
AS_RULES = ("rules", "conversation.answering", "conversation.reading")  # decisions that are files of their own
HEAVY = ("numpy", "scipy")
HEAVY_IN = ("bot.pairing.engine", "bot.pairing.listed.trial")
# `match --people` is a process of its own; `tests/test_app.py` shows that it alone loads them.
ON_DEMAND = {("bot.pairing.listed.trying", "bot.pairing.listed.trial")}


@dataclass(frozen=True)
class Import:
    """That a module imports another, and where it says so."""

    importer: str
    imported: str
    line: int

    def __str__(self) -> str:
        return f"{self.importer}:{self.line} imports {self.imported}"


@cache
def imports(root: Path) -> list[Import]:
    """Every import in app.py, bot, store and sandbox."""
    paths = [path for house in HOUSES[1:4] for path in (root / house).rglob("*.py")]
    files = {_name(root, path): path for path in [root / "app.py", *paths] if path.exists()}
    return [
        Import(name, imported, line)
        for name, path in files.items()
        for imported, line in _imports(name, path, set(files))
    ]


def _name(root: Path, path: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(name: str, path: Path, modules: set[str]) -> Iterator[tuple[str, int]]:
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from _from(node, package, modules)
        elif isinstance(node, ast.Call) and _is_a_way_to_import(node.func):
            yield _called(node), node.lineno


def _from(node: ast.ImportFrom, package: str, modules: set[str]) -> Iterator[tuple[str, int]]:
    """`from bot import chat` imports bot.chat; `from bot.chat import reply` imports bot.chat."""
    above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
    base = ".".join([*above, *([node.module] if node.module else [])])
    for alias in node.names:
        whole = f"{base}.{alias.name}"
        yield (whole if whole in modules else base), node.lineno


WAYS = {"import_module", "__import__", "run_module", "find_spec", "exec", "eval"}


def _is_a_way_to_import(function: ast.expr) -> bool:
    name = (
        function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else ""
    )
    return name in WAYS


def _called(call: ast.Call) -> str:
    """What is imported by a call; what only the running program knows may be anything."""
    given = call.args[0] if call.args else None
    return str(given.value) if isinstance(given, ast.Constant) else "anything at all"


# Who is who


def is_in(module: str, *places: str) -> bool:
    return any(module == place or module.startswith(f"{place}.") for place in places)


def feature_of(module: str) -> str | None:
    return next((feature for feature in FEATURES if is_in(module, feature)), None)


def rank(module: str) -> int:
    """How high in the house: app, doors, features, helpers, store."""
    if module == "app":
        return 4
    if is_in(module, *DOORS):
        return 3
    if feature_of(module):
        return 2
    return 1 if is_in(module, "bot") else 0


# The contract


def upwards(found: list[Import]) -> list[str]:
    """Imports from below of something above. The doors stand beside each other and may see each other."""
    ours = [each for each in found if is_in(each.importer, "app", "bot", "store")]
    return [
        str(each) for each in ours if is_in(each.imported, "app", "bot") and rank(each.imported) > rank(each.importer)
    ]


def across(found: list[Import]) -> list[str]:
    """Imports of one feature by another."""
    return [
        str(each)
        for each in found
        if feature_of(each.importer) and feature_of(each.imported) not in (None, feature_of(each.importer))
    ]


def from_other_houses(found: list[Import]) -> list[str]:
    """The bot and the sandbox speak HTTP to each other; neither knows the other, and none of them the tests."""
    return [
        str(each)
        for each in found
        if (is_in(each.importer, "sandbox") and is_in(each.imported, "app", "bot", "store", "tests"))
        or (is_in(each.importer, "app", "bot", "store") and is_in(each.imported, "sandbox", "tests"))
    ]


def slack_in_the_store(found: list[Import]) -> list[str]:
    return [
        str(each)
        for each in found
        if is_in(each.importer, "store") and is_in(each.imported, "bot", "app", "slack_bolt", "slack_sdk", "starlette")
    ]


def more_than(found: list[Import], files: str, known: tuple[str, ...]) -> list[str]:
    """What `rules` or `blocks` import beyond what they may know."""
    return [
        str(each)
        for each in found
        if is_in(each.importer, "bot")
        and each.importer.endswith((f".{files}", f"_{files}"))
        and not is_in(each.imported, *known)
        and each.imported.partition(".")[0] not in sys.stdlib_module_names
        and not _is_beside(each)
    ]


def _is_beside(each: Import) -> bool:
    """A file of the same feature, its folders included, of those that know as little: blocks may know other blocks."""
    here = each.importer.rpartition(".")[0]
    knows_more = (".listeners", ".jobs", ".joining", *([] if each.importer.endswith("blocks") else ["blocks"]))
    return is_in(each.imported, feature_of(here) or here) and not each.imported.endswith(knows_more)


def heavy(found: list[Import]) -> list[str]:
    """numpy and scipy cost 58 MB; they are loaded in a process of their own."""
    is_theirs = {str(each) for each in found if is_in(each.importer, *HEAVY_IN)}
    return [
        str(each)
        for each in found
        if (is_in(each.imported, *HEAVY) or is_in(each.imported, *HEAVY_IN))
        and str(each) not in is_theirs
        and (each.importer, each.imported) not in ON_DEMAND
    ]


def unseen(found: list[Import]) -> list[str]:
    """Imports that nobody can see before the program runs, and relative ones, which hide what they name."""
    return [str(each) for each in found if each.imported == "anything at all"]


RULES = {
    "goes upwards": upwards,
    "joins two features": across,
    "leaves its house": from_other_houses,
    "brings Slack into the store": slack_in_the_store,
    "makes rules know too much": lambda found: [
        each for files in AS_RULES for each in more_than(found, files, KNOWN_TO_RULES)
    ],
    "makes blocks look things up": lambda found: more_than(found, "blocks", KNOWN_TO_BLOCKS),
    "loads numpy or scipy into the bot": heavy,
    "can not be seen": unseen,
}


@pytest.mark.parametrize("rule", RULES)
def test_none_of_the_imports_in_the_code(rule: str) -> None:
    assert RULES[rule](imports(ROOT)) == []


def test_imports_are_found_in_the_whole_house() -> None:
    found = imports(ROOT)

    importers = {each.importer.partition(".")[0] for each in found}
    assert importers == {"app", "bot", "store", "sandbox"}
    assert Import("app", "bot.signup.listeners", 1).imported in {each.imported for each in found}
    assert {feature_of(each.importer) for each in found} >= {"bot.signup", "bot.sessions", "bot.pairing"}


def test_imports_by_the_doors_reach_every_feature_that_listens() -> None:
    """Otherwise somebody's feature would be there and never asked."""
    seen = {each.imported for each in imports(ROOT) if rank(each.importer) >= 3}
    there = {
        _name(ROOT, path)
        for part in ("listeners", "rules")
        for path in (ROOT / "bot").glob(f"*/**/{part}.py")
        if feature_of(_name(ROOT, path))
    }

    named = {name.rpartition(".")[0] for name in there}
    assert {feature for feature in named if not any(is_in(each, feature) for each in seen)} == set()


# The contract itself is tested with planted wrongs


@dataclass
class House:
    root: Path

    def plant(self, module: str, line: str) -> "House":
        path = self.root.joinpath(*module.split(".")).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(line, encoding="utf-8")
        return self


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A small house in which all is as it should be."""
    return (
        House(tmp_path)
        .plant("app", "import bot.signup.listeners\nfrom bot import command\n")
        .plant("bot.command", "from bot.signup import listeners\nfrom bot import chat\n")
        .plant("bot.chat", "from bot import command\n")
        .plant("bot.signup.listeners", "from bot.signup import blocks, rules\nfrom store import people\n")
        .plant("bot.signup.blocks", "from bot.slack import kit\nfrom store.models import Person\n")
        .plant("bot.signup.joining", "from bot.signup import rules\nfrom store import people\n")
        .plant("bot.signup.conversation.rules", "from bot.signup.rules import problems\n")
        .plant("bot.signup.conversation.blocks", "from bot.signup import blocks\nfrom bot.signup.rules import MENU\n")
        .plant("bot.signup.conversation.listeners", "from bot.signup import joining\nfrom store import drafts\n")
        .plant("bot.signup.rules", "import datetime\nfrom store.models import Person\nfrom bot.due import Due\n")
        .plant("bot.sessions.rules", "from bot import working_time\n")
        .plant("bot.slack.kit", "import re\n")
        .plant("bot.due", "from store.models import Nudge\n")
        .plant("bot.working_time", "")
        .plant("bot.pairing.engine.solver", "import numpy as np\nfrom scipy.optimize import linear_sum_assignment\n")
        .plant("store.people", "from store.models import Person\n")
        .plant("store.models", "import sqlalchemy\n")
        .plant("sandbox.server", "import starlette\n")
    )


def broken(house: House) -> dict[str, list[str]]:
    found = imports(house.root)
    return {rule: said for rule, check in RULES.items() if (said := check(found))}


def test_a_house_whose_imports_are_as_they_should_be_is_left_in_peace(house: House) -> None:
    assert broken(house) == {}


@pytest.mark.parametrize(
    ("module", "line", "rule"),
    [
        ("store.people", "import bot.due", "goes upwards"),
        ("bot.due", "from bot.signup.rules import MOST_TOPICS", "goes upwards"),
        ("bot.signup.listeners", "from bot import command", "goes upwards"),
        ("bot.slack.kit", "import app", "goes upwards"),
        ("bot.signup.listeners", "from bot.sessions import rules", "joins two features"),
        ("bot.signup.listeners", "def f():\n    import bot.sessions.rules", "joins two features"),
        ("bot.signup.listeners", "from ..sessions import rules", "joins two features"),
        (
            "bot.signup.listeners",
            "import importlib\nimportlib.import_module('bot.sessions.rules')",
            "joins two features",
        ),
        ("bot.signup.listeners", "__import__('bot.sessions.rules')", "joins two features"),
        ("bot.signup.listeners", "from importlib import import_module\nimport_module(name)", "can not be seen"),
        ("sandbox.server", "from bot.slack import kit", "leaves its house"),
        ("sandbox.server", "def f():\n    import app", "leaves its house"),
        ("bot.chat", "from sandbox import server", "leaves its house"),
        ("store.people", "from slack_sdk import WebClient", "brings Slack into the store"),
        ("bot.signup.rules", "from store import people", "makes rules know too much"),
        ("bot.signup.rules", "from bot.slack import kit", "makes rules know too much"),
        ("bot.signup.rules", "import sqlalchemy", "makes rules know too much"),
        ("bot.signup.rules", "from bot.signup import blocks", "makes rules know too much"),
        ("bot.signup.blocks", "from store import people", "makes blocks look things up"),
        ("bot.signup.blocks", "from bot.signup import listeners", "makes blocks look things up"),
        ("bot.programme.deciding_blocks", "from store import members", "makes blocks look things up"),
        ("bot.signup.conversation.rules", "from store import drafts", "makes rules know too much"),
        ("bot.signup.conversation.rules", "from bot.signup import blocks", "makes rules know too much"),
        ("bot.signup.conversation.answering", "from store import people", "makes rules know too much"),
        ("bot.signup.conversation.reading", "from bot.slack import kit", "makes rules know too much"),
        ("bot.signup.conversation.rules", "from bot.signup import joining", "makes rules know too much"),
        ("bot.signup.conversation.blocks", "from store import drafts", "makes blocks look things up"),
        ("bot.signup.conversation.blocks", "from bot.signup import joining", "makes blocks look things up"),
        ("bot.signup.conversation.listeners", "from bot.sessions import rules", "joins two features"),
        ("bot.sessions.rules", "import numpy", "loads numpy or scipy into the bot"),
        ("bot.signup.listeners", "from scipy import optimize", "loads numpy or scipy into the bot"),
        ("bot.pairing.workshop", "from bot.pairing.engine.solver import solve", "loads numpy or scipy into the bot"),
    ],
)
def test_a_wrong_one_among_the_imports_is_found(house: House, module: str, line: str, rule: str) -> None:
    house.plant(module, line)

    assert rule in broken(house)


# The README


@pytest.mark.parametrize("name", [str(field.alias) for field in Settings.model_fields.values()])
def test_the_readme_names_every_setting(name: str) -> None:
    assert name in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("code", sorted(speaking.WORKSPACE_SHUT))
def test_the_readme_says_who_can_help_where_slack_shuts_the_workspace(code: str) -> None:
    assert f"`{code}`" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_gives_a_reason_for_every_scope() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    manifest = (ROOT / "manifest.yml").read_text(encoding="utf-8")
    listed = manifest.partition("bot:\n")[2].partition("settings:")[0]
    scopes = [line.strip().removeprefix("- ") for line in listed.splitlines() if line.strip().startswith("- ")]

    assert len(scopes) > 5
    assert [scope for scope in scopes if f"`{scope}`" not in readme] == []
