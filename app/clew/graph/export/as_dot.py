"""The graph for Graphviz; frames become clusters."""

from clew.graph.export.nesting import Nested, nested
from clew.graph.export.plain import plain
from clew.model.view import Block, GraphView, LinkKind, Note

_LOOKS = {
    LinkKind.DATA: "",
    LinkKind.SPINE: " [style=dotted, constraint=false]",
    LinkKind.HAND: " [style=dashed]",
}


def as_dot(view: GraphView) -> str:
    """DOT as https://graphviz.org/doc/info/lang.html has it; in UTF-8.

    In a quoted string only the quote is escaped, but a label reads a backslash as an escape of its own
    (https://graphviz.org/docs/attr-types/escString/), so every backslash is doubled.
    """
    head = [
        f"digraph {_quoted(view.title)} {{",
        "  rankdir=LR;",
        '  charset=utf8; fontname="Inter, sans-serif"; edge [fontname="Inter, sans-serif"];',
        '  node [shape=box, style="rounded", fontname="Inter, sans-serif"];',
    ]
    things: dict[object, Block | Note] = {block.ref: block for block in view.blocks}
    things |= {note.ref: note for note in view.notes}
    lines = [*head, *_group(nested(view), things, "  ")]
    for link in view.links:
        look = _LOOKS[link.kind]
        if link.title:
            label = f"label={_quoted(link.title)}"
            look = f"{look[:-1]}, {label}]" if look else f" [{label}]"
        lines.append(f"  {_quoted(str(link.source))} -> {_quoted(str(link.target))}{look};")
    return "\n".join([*lines, "}"])


def _group(part: Nested, things: dict[object, Block | Note], indent: str) -> list[str]:
    lines = [f"{indent}{_node(things[ref])}" for ref in part.refs]
    for inner in part.inner:
        assert inner.frame is not None
        colour = f" color={_quoted(inner.frame.colour)};" if inner.frame.colour else ""
        lines.append(f"{indent}subgraph {_quoted(f'cluster_{inner.frame.id}')} {{")
        lines.append(f'{indent}  label={_quoted(inner.frame.title)}; style="rounded";{colour}')
        lines += _group(inner, things, indent + "  ")
        lines.append(f"{indent}}}")
    return lines


def _node(thing: Block | Note) -> str:
    if isinstance(thing, Note):
        return f"{_quoted(str(thing.ref))} [label={_quoted(thing.text)}, shape=note];"
    dashed = ', style="rounded,dashed"' if thing.state.value == "unsaved" else ""
    tip = f", tooltip={_quoted(thing.description)}" if thing.description else ""
    label = _quoted("\n".join(t for t in (thing.caption, thing.title, thing.fact) if t))
    return f"{_quoted(str(thing.ref))} [label={label}{dashed}{tip}];"


def _quoted(text: str) -> str:
    return '"' + plain(text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
