"""Who did things."""

from clew.db import mapping
from clew.model.entities import User
from clew.services.workspace import Workspace


def user_names(ws: Workspace) -> dict[int, str]:
    """Names by id; the person at this machine is "you"."""
    with ws.db.read() as connection:
        users = mapping.find(connection, User)
    return {user.id: "you" if user.id == ws.user.id else user.name for user in users}
