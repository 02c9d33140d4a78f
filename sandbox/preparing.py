"""The bot's database made ready before it starts: tables, and the company's people. Once, unless they change."""

import hashlib
import sys
from pathlib import Path

from sandbox.bot import Bot
from sandbox.people import PEOPLE_FILE

MIGRATIONS = Path(__file__).resolve().parent.parent / "store" / "migrations"


def prepare(bot: Bot, database: Path, marker: Path) -> None:
    """Migrate and import, each in a process of its own, unless this database file has had just the same already."""
    wanted = _digest()
    if database.exists() and marker.exists() and marker.read_text() == wanted:
        return
    marker.unlink(missing_ok=True)
    bot.run([sys.executable, "app.py", "migrate"])
    bot.run([sys.executable, "app.py", "people", "import", str(PEOPLE_FILE)])
    if database.exists():
        marker.write_text(wanted)


def _digest() -> str:
    """What the preparation depends on, in short."""
    digest = hashlib.sha256(PEOPLE_FILE.read_bytes())
    for file in sorted(MIGRATIONS.rglob("*.py")):
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()
