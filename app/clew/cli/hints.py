"""`clew hints`: what makes the workflow hard to follow, and what mends it."""

from typing import TYPE_CHECKING, Any

import click

from clew.base.words import count
from clew.cli.call import Call, everywhere, verb

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clew.model.hints import Hint, HintGroup


_FIRST = 5  # hints of a group that are listed without being asked


@click.group(invoke_without_command=True)
@everywhere
@click.option("--dismissed", is_flag=True, help="List those that were dismissed too.")
@click.option("--each", is_flag=True, help="List every hint, also where many are of one kind.")
@click.pass_context
def hints(context: click.Context, dismissed: bool, each: bool) -> None:
    """List hints about good habits. Without a verb, those that were not dismissed.

    A GROUP is what begins the ids of hints of one kind: dismiss no-description/model dismisses all of them.
    """
    if context.invoked_subcommand is None:
        _list(context.obj, dismissed=dismissed, each=each)


def _list(call: Call, *, dismissed: bool, each: bool) -> None:
    from clew.model.hints import HintGroup, grouped
    from clew.services.hints import hints as read

    with call.workspace() as ws:
        found = read(ws, dismissed=dismissed)
    groups = [HintGroup(hint.id, (hint,)) for hint in found] if each else grouped(found)
    lines = [line for group in groups for line in _told(group)]
    call.answer([_facts(hint) for hint in found], "\n".join(lines) or "No hints: the way back is clear.")


def _told(group: "HintGroup") -> "Iterator[str]":
    """A hint, or several of one kind under one sentence."""
    some = group.hints[:_FIRST]
    alone = len(group.hints) == 1
    yield group.sentence + (" (dismissed)" if alone and some[0].dismissed else "")
    yield f"  {group.why}"
    for hint in some:
        if not alone:
            yield f"  - {hint.sentence}{' (dismissed)' if hint.dismissed else ''}"
        yield f"  {'' if alone else '  '}{hint.words}: clew hints mend {hint.id}"
    if more := len(group.hints) - len(some):
        yield f"  and {more:,} more: clew hints --each"
    which = some[0].id if alone else group.id
    yield f"  Never show {'it' if alone else 'them'} again: clew hints dismiss {which}"


@verb()
@click.argument("which", metavar="ID|GROUP")
def dismiss(call: Call, which: str) -> None:
    """Never show a hint again, or all that there are of a group."""
    from clew.services.hints import dismiss as do

    with call.workspace() as ws:
        n = len(do(ws, which).after)
    said = "Dismissed the hint" if n == 1 else f"Dismissed {count(n, 'hint')}"
    call.answer({"id": which, "dismissed": True}, said)


@verb()
@click.argument("which", metavar="ID|GROUP")
def restore(call: Call, which: str) -> None:
    """Show a dismissed hint again, or all that there are of a group."""
    from clew.services.hints import dismiss as do

    with call.workspace() as ws:
        n = len(do(ws, which, restore=True).after)
    said = "The hint is shown again" if n == 1 else f"{count(n, 'hint')} are shown again"
    call.answer({"id": which, "dismissed": False}, said)


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
        "group": hint.group,
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
