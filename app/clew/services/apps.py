"""Apps: what `app.toml` says, and checking the values that a person gives."""

import importlib.util
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from clew.base.clock import now_us
from clew.base.errors import UserError
from clew.base.words import named, setting
from clew.db import queries
from clew.model.entities import App, AppInput, AppKind, Parameter
from clew.services.workspace import Workspace

DESCRIPTION = "app.toml"
TYPES = ("int", "float", "bool", "text", "choice", "file", "folder")


def built_in_folder() -> Path:
    """Where the built-in apps lie; found without importing them, they stand on a higher floor."""
    spec = importlib.util.find_spec("clew.apps")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("Clew's built-in apps are missing; install Clew again")
    return Path(next(iter(spec.submodule_search_locations)))


def list_apps(ws: Workspace) -> tuple[App, ...]:
    """The built-in apps, then the person's own; an own app whose folder is gone is left out."""
    return tuple(app for app in _all_apps(ws) if not app.hidden)


def _all_apps(ws: Workspace) -> tuple[App, ...]:
    apps = [
        read_app(path.parent, built_in=True) for path in sorted(built_in_folder().glob(f"*/{DESCRIPTION}"))
    ]
    with ws.db.read() as connection:
        own = queries.app_folders(connection)
    for _, folder in own:
        if (Path(folder) / DESCRIPTION).is_file():
            try:
                apps.append(read_app(Path(folder), built_in=False))
            except UserError:
                continue  # a damaged description is named when the person starts or adds it again
    order = list(AppKind)
    return tuple(sorted(apps, key=lambda app: (not app.built_in, order.index(app.kind), app.name)))


def get_app(ws: Workspace, slug: str) -> App:
    """The app with this slug.

    Raises:
        UserError: there is none; names those that are there.
    """
    apps = _all_apps(ws)
    for app in apps:
        if slug in (app.slug, app.name):
            return app
    names = ", ".join(app.slug for app in apps if not app.hidden)
    raise UserError(f"There is no app called {slug}. Apps here: {names}.")


def check_requirements(app: App) -> None:
    """Look whether the modules that an app needs are installed beside Clew.

    Raises:
        UserError: one is missing; says how to get it.
    """
    missing = [name for name in app.requires if importlib.util.find_spec(name) is None]
    if missing:
        how = f'pip install "clew[{app.extra}]"' if app.extra else f"pip install {' '.join(missing)}"
        raise UserError(f"{app.name} needs {', '.join(missing)}. Install what is missing with: {how}")


def add_app(ws: Workspace, folder: Path) -> App:
    """Make the person's own app known to the workspace; `folder` holds its `app.toml`."""
    app = read_app(folder.expanduser().absolute(), built_in=False)
    with ws.db.write() as transaction:
        queries.put_app(transaction, app.slug, app.folder, at=now_us(), user=ws.user.id)
    return app


def read_app(folder: Path, *, built_in: bool) -> App:
    """Read an `app.toml`.

    Raises:
        UserError: there is none, or it says something that Clew does not understand; names the place.
    """
    path = folder / DESCRIPTION
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise UserError(f"There is no {DESCRIPTION} in {folder}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"{path} cannot be read: {error}.") from error
    try:
        return App(
            slug=str(raw.get("slug") or folder.name.replace("_", "-")),
            name=str(raw["name"]),
            kind=AppKind(raw.get("kind", "process")),
            description=str(raw.get("description", "")),
            command=tuple(str(part) for part in raw["command"]),
            inputs=tuple(AppInput(**entry) for entry in raw.get("inputs", ())),
            parameters=tuple(_parameter(entry, path) for entry in raw.get("parameters", ())),
            folder=str(folder),
            built_in=built_in,
            version=str(raw.get("version", "")),
            hidden=bool(raw.get("hidden", False)),
            requires=tuple(str(name) for name in raw.get("requires", ())),
            extra=str(raw.get("extra", "")),
        )
    except KeyError as error:
        raise UserError(f"{path} lacks the entry {error}.") from error
    except (TypeError, ValueError) as error:
        raise UserError(f"{path} is not understood: {error}.") from error


def _parameter(entry: dict[str, Any], path: Path) -> Parameter:
    parameter = Parameter(**{**entry, "choices": tuple(entry.get("choices", ()))})
    if parameter.type not in TYPES:
        raise UserError(f'{path}: the type of "{parameter.name}" is none of {", ".join(TYPES)}.')
    return parameter


def check_params(app: App, values: dict[str, Any]) -> dict[str, Any]:
    """The values of all parameters: given ones in their type, defaults for the rest.

    Raises:
        UserError: an unknown name, a value of the wrong type or out of range, or a required one missing.
    """
    known = {p.name: p for p in app.parameters}
    for name in values:
        if name not in known:
            names = ", ".join(known) or "none"
            raise UserError(f'{app.name} has no parameter "{name}". Its parameters: {names}.')
    result = {}
    for name, parameter in known.items():
        value = values.get(name, parameter.default)
        if value is None or value == "":
            if parameter.required:
                raise UserError(f'{app.name} needs a value for "{parameter.label or name}".')
            result[name] = parameter.default
        else:
            result[name] = _convert(app, parameter, value)
    return result


def _convert(app: App, parameter: Parameter, value: Any) -> Any:
    name = parameter.label or parameter.name
    try:
        converted = _CONVERT[parameter.type](value)
    except (TypeError, ValueError):
        raise UserError(f'{app.name}: "{name}" is {parameter.type}, and {value!r} is not.') from None
    if parameter.type in ("int", "float"):
        if parameter.minimum is not None and converted < parameter.minimum:
            raise UserError(f'{app.name}: "{name}" is at least {parameter.minimum:g}, not {converted:g}.')
        if parameter.maximum is not None and converted > parameter.maximum:
            raise UserError(f'{app.name}: "{name}" is at most {parameter.maximum:g}, not {converted:g}.')
    if parameter.choices and converted not in parameter.choices:
        raise UserError(f'{app.name}: "{name}" is one of {", ".join(parameter.choices)}, not {converted}.')
    return converted


def _as_bool(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    text = str(value).strip().lower()
    if text in ("1", "true", "yes", "on"):
        return True
    if text in ("0", "false", "no", "off"):
        return False
    raise ValueError(value)


def _as_int(value: Any) -> int:
    if isinstance(value, float) and not value.is_integer():
        raise ValueError(value)
    return int(value)


_CONVERT: dict[str, Callable[[Any], Any]] = {
    "int": _as_int,
    "float": float,
    "bool": _as_bool,
    "text": str,
    "choice": str,
    "file": lambda value: str(Path(str(value)).expanduser().absolute()),
    "folder": lambda value: str(Path(str(value)).expanduser().absolute()),
}


def params_in_words(params: dict[str, Any]) -> str:
    """Parameters in one line: "picture size 320, trees 120"."""
    return ", ".join(f"{named(name)} {setting(value)}" for name, value in params.items())
