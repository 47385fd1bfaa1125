"""`clew find`: what there is by these words."""

from typing import Any

import click

from clew.base.clock import friendly
from clew.base.errors import UsageError
from clew.base.words import count
from clew.cli.call import Call, verb
from clew.cli.table import table
from clew.model.refs import BlockKind
from clew.model.search import Hit


@verb()
@click.argument("words", nargs=-1, required=True)
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice([kind.value for kind in BlockKind]),
    help="Only this kind; can be given again.",
)
@click.option(
    "--limit", type=click.IntRange(min=1), default=50, show_default=True, help="How many are listed."
)
def find(call: Call, words: tuple[str, ...], kinds: tuple[str, ...], limit: int) -> None:
    """Find things by words: all of them must begin a word of a name, a kind, a person, a version, a
    description, a tag, a parameter, a metric or a message. Without accents and capitals finds them too.
    """
    from clew.services.search import search

    said = " ".join(words)
    if not any(letter.isalnum() for letter in said):
        raise UsageError(f"There is no letter and no digit in {said!r}. Give a word to look for")
    with call.workspace() as ws:
        found = search(ws, said, kinds=[BlockKind(kind) for kind in kinds], limit=limit)
    facts = {"total": len(found.refs), "hits": [hit_facts(hit) for hit in found.hits]}
    if not found.hits:
        call.answer(facts, f"Nothing here has the words: {said}")
        return
    rows = [
        (str(h.ref), h.title, h.caption, f"{h.field}: {h.snippet}", friendly(h.created_at))
        for h in found.hits
    ]
    text = table(("Block", "Name", "Kind", "Found in", "Made"), rows)
    if len(found.refs) > len(rows):
        text += f"\n{len(rows)} of {count(len(found.refs), 'hit')}; more with --limit"
    call.answer(facts, text)


def hit_facts(hit: Hit) -> dict[str, Any]:
    """A hit for programs."""
    return {
        "block": str(hit.ref),
        "kind": hit.ref.kind.value,
        "title": hit.title,
        "caption": hit.caption,
        "field": hit.field,
        "snippet": hit.snippet,
        "marks": [list(mark) for mark in hit.marks],
        "scope": hit.scope,
        "created_at": hit.created_at,
    }
