"""`clew describe`: words for a block."""

import click

from clew.cli.call import Call, verb
from clew.cli.refs import block_of


@verb()
@click.argument("block", metavar="BLOCK")
@click.argument("text")
def describe(call: Call, block: str, text: str) -> None:
    """Say what a block is: BLOCK is PROJECT@N, or as version:12, task:3, model:1, report:4."""
    from clew.services import arrange

    with call.workspace() as ws:
        ref = block_of(ws, block)
        arrange.describe(ws, ref, text)
    call.answer({"block": str(ref), "description": text}, f"Described {block}")
