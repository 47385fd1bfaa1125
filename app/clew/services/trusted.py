"""Marks of trusted models in the person's settings: an empty file each, so that processes need no lock."""

from clew.base.log import log
from clew.base.places import config_dir

FOLDER = "trusted-models"


def mark(tree: str) -> None:
    """Trust the content of a model.

    Raises:
        OSError: the settings cannot be written.
    """
    folder = config_dir() / FOLDER
    folder.mkdir(exist_ok=True)
    (folder / tree).touch()


def mark_own(tree: str) -> None:
    """Trust what a task of this account has just made; without settings the person is asked later."""
    try:
        mark(tree)
    except OSError as error:
        log.info("That a model was made here cannot be noted: %s", error)
