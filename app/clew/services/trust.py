"""Which models may run the program that they bring.

A model can name a program of its own (`predict` in its model.json), which Evaluate runs. Such a program can
do whatever the person can. It is run only when the model was made by a task on this account, or when the
person has said so. What is trusted is kept in the person's settings by content: never in the workspace, which
may come from somebody else.
"""

import json

from clew.base.errors import DamagedError, explain_os_error
from clew.base.log import log
from clew.base.places import config_dir
from clew.model.entities import Model
from clew.services.models import get_model
from clew.services.trusted import FOLDER, mark
from clew.services.workspace import Workspace

ABOUT = "model.json"


def program_of(ws: Workspace, model: Model) -> str:
    """The command that a model brings, as text; "" when it brings none."""
    if ws.store.entry(model.tree, ABOUT) is None:
        return ""
    try:
        command = json.loads(ws.store.read(model.tree, ABOUT))["predict"]
        return " ".join(str(word) for word in command)
    except (ValueError, KeyError, TypeError, DamagedError):
        return ""


def untrusted_program(ws: Workspace, model_id: int) -> str:
    """The command that a model would run and nobody here has trusted; "" when there is nothing to ask."""
    model = get_model(ws, model_id)
    if (config_dir() / FOLDER / model.tree).exists():
        return ""
    return program_of(ws, model)


def trust(ws: Workspace, model_id: int) -> None:
    """Let a model run its program from now on, in any workspace of this person.

    Raises:
        UserError: there is no such model; SurroundingsError: the settings cannot be written.
    """
    model = get_model(ws, model_id)
    try:
        mark(model.tree)
    except OSError as error:
        raise explain_os_error(error, f"trusting {model.name}") from error
    log.info("The program of the model %s, version %s, is trusted now.", model.name, model.number)
