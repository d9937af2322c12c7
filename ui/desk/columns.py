"""What columns are that a list leaves open, remembered for the next one of the same source."""

from __future__ import annotations

import json
import os
from pathlib import Path

from ui import account, settings

FILE = "columns.json"
LEFT_OUT = "-"  # said of a column that is not to be read; no field is called so


def remembered() -> dict[str, str]:
    """Return heading → field, or `LEFT_OUT`, as the signed-in source said it before."""
    return _all().get(account.name(), {})


def mapping() -> dict[str, str]:
    """Return what was said before as the intake takes it: "" leaves a column out."""
    return {heading: "" if field == LEFT_OUT else field for heading, field in remembered().items()}


def remember(chosen: dict[str, str]) -> None:
    """Add what the signed-in source says now; a heading of which nothing is said is forgotten.

    A folder that cannot be written only means that the question is asked again.
    """
    everything = _all()
    known = everything.get(account.name(), {}) | chosen
    everything[account.name()] = {heading: field for heading, field in known.items() if field}
    file = settings.state_folder() / FILE
    draft = file.with_suffix(f".{os.getpid()}.part")
    try:
        draft.write_text(json.dumps(everything, ensure_ascii=False, indent=1), "utf-8")
        draft.replace(file)
    except OSError:
        draft.unlink(missing_ok=True)


def _all() -> dict[str, dict[str, str]]:
    file: Path = settings.state_folder() / FILE
    try:
        kept = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}
