"""The local workspace as `python -m sandbox` runs it, but with the tiny bot: for tests, and to see the page."""

import os
import sys
import tempfile
from pathlib import Path

from sandbox.__main__ import main

HERE = Path(__file__).resolve().parent

if __name__ == "__main__":
    os.environ.setdefault("SANDBOX_PORT", "8751")
    folder = os.environ.get("TINY_FOLDER") or tempfile.mkdtemp()
    sys.exit(main(Path(folder), HERE / "manifest.yml", [sys.executable, str(HERE / "tiny_bot.py")]))
