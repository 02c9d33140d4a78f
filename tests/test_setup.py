"""What the locks promise, and what the set-up does and says, above all when something is wrong.

The set-up is tried with made-up Pythons: nothing is fetched, and no Python of this machine is found."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
RUNTIME = PROJECT["dependencies"]
DEVELOPMENT = RUNTIME + PROJECT["optional-dependencies"]["dev"]
LOCKS = ["requirements.txt", "requirements-dev.txt"]
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")

TOOLS = [
    "bash",
    "cat",
    "cmp",
    "cp",
    "dirname",
    "grep",
    "id",
    "make",
    "mkdir",
    "rm",
    "sed",
    "sh",
    "sleep",
    "tail",
    "uname",
]

# Answers as a Python would, notes each call to pip, and fails as the file `pip-fails` says.
PYTHON = """#!/bin/sh
case $* in
    *"import venv"*) exit {venv_is_missing} ;;
    *version_info*"(3, 11)"*) exit {is_too_old} ;;
    *version_info*) echo {version} ;;
    "-m venv .venv") mkdir .venv/bin && cp "$0" .venv/bin/python && echo made >>venvs ;;
    "-m pip "*)
        echo "$*" >>pip-calls
        if [ -f pip-hangs ]; then exec sleep 60; fi
        if [ -f pip-fails ]; then cat pip-fails; exit 1; fi ;;
    "-m sandbox"*)
        trap 'sleep 0.3; echo stopped; exit 0' INT
        echo "sandbox $* of $0"
        if [ -f waits ]; then echo >listening; while :; do sleep 0.05; done; fi ;;
    *) echo "ran $*" ;;
esac
"""


def lines(lock: str) -> list[str]:
    """One line for each locked package, its hashes included."""
    text = (ROOT / lock).read_text().replace("\\\n", "")
    return [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]


def pins(lock: str) -> dict[str, str]:
    """The version of each locked package."""
    requirements = [Requirement(line.split("--hash")[0]) for line in lines(lock)]
    return {canonicalize_name(each.name): str(each.specifier).removeprefix("==") for each in requirements}


class Clone:
    """A fresh clone on a machine that has a few ordinary tools and no Python yet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "clone"
        self.programs = folder / "programs"
        self.programs.mkdir()
        for tool in TOOLS:
            (self.programs / tool).symlink_to(shutil.which(tool) or pytest.skip(f"{tool} is not installed"))
        shutil.copytree(ROOT / ".ci", self.folder / ".ci")
        shutil.copy(ROOT / "Makefile", self.folder)
        self.write("requirements.txt", "one==1\n")
        self.write("requirements-dev.txt", "one==1\ntwo==2\n")

    def write(self, name: str, text: str = "") -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def has_python(self, version: str, name: str = "python3", *, venv: bool = True, at: str = "") -> None:
        is_too_old = int(tuple(map(int, version.split("."))) < (3, 11))
        python = (self.folder / at if at else self.programs) / name
        python.write_text(PYTHON.format(version=version, is_too_old=is_too_old, venv_is_missing=int(not venv)))
        python.chmod(0o755)

    def has_program(self, name: str, script: str = "") -> None:
        path = self.programs / name
        path.unlink(missing_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def start(self, *command: str, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env={"PATH": str(self.programs), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a background job starts deaf to it
        )

    def says(self, *command: str, **environment: str) -> str:
        return self.start(*command, **environment).communicate(timeout=30)[0]

    def set_up(self, use: str = "run", **environment: str) -> str:
        return self.says("sh", ".ci/setup", use, **environment)

    def interrupted(self, *command: str, once: str) -> str:
        """What it says when Ctrl-C is pressed once a file is there (a terminal sends it to all that run)."""
        process = self.start(*command)
        while not (self.folder / once).exists() and process.poll() is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.01)
        os.killpg(process.pid, signal.SIGINT)
        return process.communicate(timeout=30)[0]

    def count(self, note: str) -> int:
        """How many lines a made-up Python has noted: `venvs` made, `pip-calls`."""
        path = self.folder / note
        return len(path.read_text().splitlines()) if path.exists() else 0


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path)


# The locks


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_is_one_version_with_hashes(lock: str) -> None:
    loose = [line for line in lines(lock) if not re.match(r"[a-z0-9.-]+==\S+ ", line) or not HASH.search(line)]

    assert len(lines(lock)) > 20
    assert loose == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address_no_option_and_no_folder(lock: str) -> None:
    text = (ROOT / lock).read_text()

    assert "://" not in text
    assert re.findall(r"^-.*", text, re.MULTILINE) == []
    assert re.findall(r"(?<![\w.])/\w.*", text) == []


@pytest.mark.parametrize(("lock", "wanted"), [(LOCKS[0], RUNTIME), (LOCKS[1], DEVELOPMENT)], ids=LOCKS)
def test_a_lock_has_all_that_pyproject_asks_for(lock: str, wanted: list[str]) -> None:
    locked = pins(lock)
    asked = [Requirement(each) for each in wanted]

    wrong = [str(each) for each in asked if locked.get(canonicalize_name(each.name), "0") not in each.specifier]

    assert wrong == []


def test_what_is_tested_is_what_runs() -> None:
    assert pins("requirements.txt").items() <= pins("requirements-dev.txt").items()


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_is_made_by_the_oldest_python_so_that_it_suits_them_all(lock: str) -> None:
    oldest = PROJECT["requires-python"].removeprefix(">=")

    assert f"pip-compile with Python {oldest}\n" in (ROOT / lock).read_text()
    assert f"oldest={oldest}\n" in (ROOT / ".ci/setup").read_text()
    assert f"!= {oldest} ]" in (ROOT / ".ci/lock").read_text()


# Which Python


def test_a_python_that_is_too_old_is_named_with_what_to_do(clone: Clone) -> None:
    clone.has_python("3.9.2")

    said = clone.says("make", "run")

    assert "Flipside needs Python 3.11 or newer. Found: 3.9.2 (python3)." in said
    assert "make setup PYTHON=/path/to/python3.11" in said
    assert not (clone.folder / ".venv").exists()


def test_a_machine_without_python_is_told_so(clone: Clone) -> None:
    assert "Flipside needs Python 3.11 or newer. Found: none." in clone.says("make", "test")


def test_a_missing_venv_module_is_named_with_its_package(clone: Clone) -> None:
    clone.has_python("3.12.3", venv=False)

    said = clone.set_up()

    assert "Python 3.12.3 is here, but without its venv module" in said
    assert "sudo apt install python3.12-venv" in said
    assert not (clone.folder / ".venv").exists()


def test_a_newer_python_beside_an_old_one_and_a_crippled_one_is_found(clone: Clone) -> None:
    clone.has_python("3.9.2")
    clone.has_python("3.11.2", "python3.11", venv=False)
    clone.has_python("3.13.0", "python3.13")

    assert "Making .venv with Python 3.13.0" in clone.set_up()


def test_the_python_one_names_is_the_one_that_is_used(clone: Clone) -> None:
    clone.has_python("3.11.7", "python3.11")
    clone.has_python("3.12.1", "my python", at=".ci")

    said = clone.says("make", "setup", f"PYTHON={clone.folder}/.ci/my python")

    assert "Making .venv with Python 3.12.1" in said


def test_naming_another_python_later_makes_the_environment_anew(clone: Clone) -> None:
    clone.has_python("3.11.7", "python3.11")
    clone.has_python("3.12.1", "python3.12")
    clone.set_up()

    assert "Making .venv with Python 3.12.1" in clone.set_up(PYTHON="python3.12")
    assert clone.set_up() == ""


# What is set up, and when


def test_the_first_set_up_takes_nothing_but_what_the_lock_has_hashes_for(clone: Clone) -> None:
    clone.has_python("3.11.7")

    clone.set_up()

    calls = (clone.folder / "pip-calls").read_text()
    assert "--require-hashes --only-binary :all: -r requirements.txt" in calls


@pytest.mark.parametrize("use", ["run", "dev"])
def test_the_second_set_up_does_nothing_and_says_nothing(clone: Clone, use: str) -> None:
    clone.has_python("3.11.7")
    clone.set_up(use)

    assert clone.set_up(use) == ""
    assert (clone.count("venvs"), clone.count("pip-calls")) == (1, 1)


def test_the_packages_for_testing_are_added_to_what_runs(clone: Clone) -> None:
    clone.has_python("3.11.7")
    clone.set_up("run")

    said = clone.set_up("dev")

    assert said == "Installing the packages of requirements-dev.txt ...\n"
    assert clone.count("venvs") == 1


def test_who_can_test_can_run(clone: Clone) -> None:
    clone.has_python("3.11.7")
    clone.set_up("dev")

    assert clone.set_up("run") == ""


@pytest.mark.parametrize("use", ["run", "dev"])
def test_a_changed_lock_makes_the_environment_anew(clone: Clone, use: str) -> None:
    clone.has_python("3.11.7")
    clone.set_up(use)
    clone.write("requirements.txt", "one==1.1\n")

    assert "Making .venv" in clone.set_up(use)
    assert clone.set_up(use) == ""


def test_a_python_replaced_under_the_environment_makes_it_anew(clone: Clone) -> None:
    clone.has_python("3.11.7")
    clone.set_up()
    clone.has_python("3.12.1")
    clone.has_python("3.12.1", "python", at=".venv/bin")

    assert "Making .venv with Python 3.12.1" in clone.set_up()


# When it goes wrong


def test_without_a_network_the_hint_is_about_the_network(clone: Clone) -> None:
    clone.has_python("3.11.7")
    clone.write("pip-fails", "WARNING: Retrying (Retry(total=4))\nERROR: No matching distribution found for one==1\n")

    said = clone.set_up()

    assert "No matching distribution found for one==1" in said
    assert "is the network there?" in said
    assert "Retrying" not in said


def test_when_pip_fails_its_last_words_are_shown(clone: Clone) -> None:
    clone.has_python("3.15.0")
    clone.write("pip-fails", "first words\n" + "words\n" * 20 + "ERROR: the hashes do not match\n")

    said = clone.set_up()

    assert "ERROR: the hashes do not match" in said
    assert "could not be installed on Python 3.15.0" in said
    assert "first words" not in said


@pytest.mark.parametrize("use", ["run", "dev"])
def test_a_set_up_that_failed_is_not_trusted(clone: Clone, use: str) -> None:
    clone.has_python("3.11.7")
    clone.set_up()
    clone.write("requirements.txt", "one==1.1\n")
    clone.write("pip-fails", "no")
    clone.set_up(use)
    (clone.folder / "pip-fails").unlink()

    assert "Making .venv" in clone.set_up(use)
    assert clone.set_up(use) == ""


def test_a_failed_addition_for_testing_does_not_leave_a_half_filled_environment(clone: Clone) -> None:
    clone.has_python("3.11.7")
    clone.set_up("run")
    clone.write("pip-fails", "no")
    clone.set_up("dev")
    (clone.folder / "pip-fails").unlink()

    assert "Making .venv" in clone.set_up("run")


def test_a_set_up_that_was_interrupted_says_so_and_is_not_trusted(clone: Clone) -> None:
    clone.has_python("3.11.7")
    clone.write("pip-hangs")

    said = clone.interrupted("make", "run", once="pip-calls")

    (clone.folder / "pip-hangs").unlink()
    assert "The set-up was stopped half-way." in said
    assert "sandbox" not in said
    assert "Making .venv" in clone.set_up()


def test_a_failed_set_up_starts_nothing(clone: Clone) -> None:
    clone.has_python("3.11.7")
    clone.write("pip-fails", "no")

    assert "sandbox" not in clone.says("make", "run")


# The words of make


def test_make_alone_tells_the_words(clone: Clone) -> None:
    said = clone.says("make")

    assert re.findall(r"make (\w+)\t\w+", said) == ["run", "test", "check", "bench", "setup", "lock"]


def test_make_run_starts_the_workspace_in_the_environment(clone: Clone) -> None:
    clone.has_python("3.11.7")

    assert clone.says("make", "run", "ARGS=--fresh").endswith("sandbox -m sandbox --fresh of .venv/bin/python\n")


def test_ctrl_c_stops_the_workspace_without_a_word_from_make(clone: Clone) -> None:
    clone.has_python("3.11.7")
    clone.set_up()
    clone.write("waits")

    said = clone.interrupted("make", "run", once="listening")

    assert said == "sandbox -m sandbox of .venv/bin/python\nstopped\n"


def test_make_bench_runs_each_benchmark(clone: Clone) -> None:
    clone.has_python("3.11.7")
    clone.write("tests/benchmarks/__init__.py")
    clone.write("tests/benchmarks/matching.py")
    clone.write("tests/benchmarks/nudges.py")

    said = clone.says("make", "bench")

    assert "ran -m tests.benchmarks.matching\n== nudges\nran -m tests.benchmarks.nudges\n" in said
    assert "__init__" not in said


def test_make_bench_is_content_without_benchmarks(clone: Clone) -> None:
    clone.has_python("3.11.7")

    assert "benchmarks" not in clone.says("make", "bench")


# The clean clone's own check


def test_the_check_of_a_clean_clone_installs_a_missing_chromium_first(clone: Clone) -> None:
    clone.has_program("apt-get", 'echo "apt-get $1"')
    clone.has_program("sudo", '"$@"')
    clone.has_program("make", 'echo "make $* requires $FLIPSIDE_REQUIRE"')

    said = clone.says("bash", ".ci/run").splitlines()

    assert said[:2] == ["apt-get update", "apt-get install"]
    assert said[2:] == [f"make {word} requires postgresql,chromium" for word in ("setup", "check", "test")]


def test_the_check_of_a_clean_clone_leaves_chromium_alone_and_stops_at_the_first_failure(
    clone: Clone,
) -> None:
    clone.has_program("chromium")
    clone.has_program("make", 'echo "make $*"; test "$1" != check')

    assert clone.says("bash", ".ci/run") == "make setup\nmake check\n"
