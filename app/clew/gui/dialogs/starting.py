"""Which dialog starts an app: a few have one of their own."""

from collections.abc import Callable

from clew.gui.context import Context
from clew.gui.dialogs.dialog import Dialog
from clew.gui.dialogs.import_data import IMPORT_APP, ImportDialog
from clew.gui.dialogs.run_app import RunDialog

OWN: dict[str, Callable[[Context], Dialog]] = {IMPORT_APP: ImportDialog}


def starting_dialog(context: Context, slug: str) -> Dialog:
    """The dialog that asks what an app needs and starts it."""
    return OWN[slug](context) if slug in OWN else RunDialog(context, slug)
