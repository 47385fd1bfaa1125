"""`clew hints`: what makes the workflow hard to follow, and what mends it."""

from typing import TYPE_CHECKING, Any

import click

from clew.cli.call import Call, everywhere, verb

if TYPE_CHECKING:
    from clew.model.hints import Hint


@click.group(invoke_without_command=True)
@everywhere
@click.option("--dismissed", is_flag=True, help="List those that were dismissed too.")
@click.pass_context
def hints(context: click.Context, dismissed: bool) -> None:
    """List hints about good habits. Without a verb, those that were not dismissed."""
    if context.invoked_subcommand is None:
        _list(context.obj, dismissed)


def _list(call: Call, dismissed: bool) -> None:
    from clew.services.hints import hints as read

    with call.workspace() as ws:
        found = read(ws, dismissed=dismissed)
    facts = [_facts(hint) for hint in found]
    lines = [
        f"{hint.sentence}{' (dismissed)' if hint.dismissed else ''}\n  {hint.why}\n  {hint.words}: "
        f"clew hints mend {hint.id}"
        for hint in found
    ]
    call.answer(facts, "\n".join(lines) or "No hints: the way back is clear.")


@verb()
@click.argument("which", metavar="ID")
def dismiss(call: Call, which: str) -> None:
    """Never show a hint again."""
    from clew.services.hints import dismiss as do

    with call.workspace() as ws:
        do(ws, which)
    call.answer({"id": which, "dismissed": True}, "Dismissed the hint")


@verb()
@click.argument("which", metavar="ID")
def restore(call: Call, which: str) -> None:
    """Show a dismissed hint again."""
    from clew.services.hints import dismiss as do

    with call.workspace() as ws:
        do(ws, which, restore=True)
    call.answer({"id": which, "dismissed": False}, "The hint is shown again")


@verb()
@click.argument("which", metavar="ID")
@click.option("--text", default="", help="The description, or the title of the version.")
def mend(call: Call, which: str, text: str) -> None:
    """Do what a hint proposes."""
    from clew.services.hints import mend as do

    with call.workspace() as ws:
        said = do(ws, which, text)
    call.answer({"id": which, "done": said}, said)


def _facts(hint: "Hint") -> dict[str, Any]:
    return {
        "id": hint.id,
        "habit": hint.habit.value,
        "sentence": hint.sentence,
        "why": hint.why,
        "blocks": [str(ref) for ref in hint.subjects],
        "action": hint.mend.value,
        "target": str(hint.target),
        "dismissed": hint.dismissed,
    }


for _verb in (dismiss, restore, mend):
    hints.add_command(_verb)
