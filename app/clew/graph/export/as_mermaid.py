"""The graph for Markdown; frames become subgraphs."""

from clew.graph.export.nesting import Nested, nested
from clew.graph.export.plain import plain
from clew.model.refs import BlockRef
from clew.model.view import Block, GraphView, LinkKind, Note

_ARROWS = {LinkKind.DATA: "-->", LinkKind.SPINE: "-.->", LinkKind.HAND: "==>"}
# What means something to Mermaid or to the HTML that it makes, as its entity codes.
_ENTITIES = {ord(sign): f"#{ord(sign)};" for sign in '#&"<>`;{}[]()|\\*_~'} | {ord("\n"): "<br/>"}


def as_mermaid(view: GraphView) -> str:
    """A flowchart as https://mermaid.js.org/syntax/flowchart.html has it; in UTF-8."""
    things: dict[BlockRef, Block | Note] = {block.ref: block for block in view.blocks}
    things |= {note.ref: note for note in view.notes}
    lines = ["flowchart LR", *_group(nested(view), things, "  ")]
    for link in view.links:
        text = f'|"{_label(link.title)}"|' if link.title else ""
        lines.append(f"  {_name(link.source)} {_ARROWS[link.kind]}{text} {_name(link.target)}")
    return "\n".join(lines)


def _group(part: Nested, things: dict[BlockRef, Block | Note], indent: str) -> list[str]:
    lines = []
    for ref in part.refs:
        thing = things[ref]
        if isinstance(thing, Note):
            lines.append(f'{indent}{_name(ref)}>"{_label(thing.text)}"]')
        else:
            lines.append(f'{indent}{_name(ref)}["{_label(thing.caption)}<br/>{_label(thing.title)}"]')
    for inner in part.inner:
        assert inner.frame is not None
        lines.append(f'{indent}subgraph {_name(inner.frame.ref)}["{_label(inner.frame.title)}"]')
        lines += _group(inner, things, indent + "  ")
        lines.append(f"{indent}end")
    return lines


def _name(ref: BlockRef) -> str:
    """An id of letters, digits and "_"; a model that is still to come has a negative number."""
    return str(ref).replace(":-", "_to_come_").replace(":", "_")


def _label(text: str) -> str:
    return plain(text).strip().translate(_ENTITIES) or " "
