"""What the person set in the window: one small JSON file; a file that cannot be read counts as empty."""

import json
from dataclasses import asdict, dataclass, field, fields

from clew.base.atomic import write_atomic
from clew.base.log import log
from clew.base.places import config_dir

THEMES = (("system", "Like the system"), ("light", "Light"), ("dark", "Dark"))


@dataclass(frozen=True)
class Settings:
    """The person's choices; `geometry` is the window's place in base 64 as Qt writes it."""

    theme: str = "system"
    geometry: str = ""
    inspector_width: int = 340
    outline_width: int = 240
    outline_shown: bool = False
    reduced_motion: bool = False  # True: no animation, whatever the system says
    hint_marks: bool = True  # a light bulb on blocks that have a hint
    recent_commands: list[str] = field(default_factory=list)  # of the palette, the newest first


def load_settings() -> Settings:
    """Read the settings; anything unknown or unreadable falls back to the default."""
    try:
        found = json.loads((config_dir() / "window.json").read_text("utf-8"))
        defaults = Settings()
        known = {
            f.name: found[f.name]
            for f in fields(Settings)
            if type(found.get(f.name)) is type(getattr(defaults, f.name))
        }
    except (OSError, ValueError, AttributeError):
        return Settings()
    return Settings(**known)


def save_settings(settings: Settings) -> None:
    """Keep the settings; a folder that cannot be written is logged, never shown."""
    try:
        write_atomic(config_dir() / "window.json", json.dumps(asdict(settings), indent=2), durable=False)
    except OSError as error:
        log.warning("The window's settings could not be saved: %s", error)
