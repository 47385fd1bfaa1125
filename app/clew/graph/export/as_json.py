"""The graph as JSON; `FORMAT.md` beside the room's modules says every key, the schema is shipped."""

import json
from typing import Any

from clew.base.clock import to_iso
from clew.graph.export.plain import plain
from clew.model.view import BLOCK_HEIGHT, BLOCK_WIDTH, TALL_BLOCK_HEIGHT, Block, Frame, GraphView, Note

FORMAT = "clew-graph"
FORMAT_VERSION = 1

Facts = dict[str, Any]


def graph_facts(view: GraphView) -> Facts:
    """Blocks, links, frames and notes with stable keys; a block is named as "version:12"."""
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "scope": view.scope.key,
        "title": plain(view.title),
        "seq": view.seq,
        "blocks": [_block(view, block) for block in view.blocks],
        "links": [
            {
                "id": link.id,
                "source": str(link.source),
                "target": str(link.target),
                "kind": link.kind.value,
                "title": plain(link.title),
            }
            for link in view.links
        ],
        "frames": [_frame(frame) for frame in view.frames],
        "notes": [_note(note) for note in view.notes],
    }


def as_json(view: GraphView) -> str:
    """One document, indented."""
    return json.dumps(graph_facts(view), indent=2, ensure_ascii=False)


def _block(view: GraphView, block: Block) -> Facts:
    place = view.positions.get(block.ref)
    return {
        "ref": str(block.ref),
        "kind": block.ref.kind.value,
        "id": block.ref.id,
        "caption": plain(block.caption),
        "title": plain(block.title),
        "fact": plain(block.fact),
        "chips": [plain(chip) for chip in block.chips],
        "state": block.state.value,
        "progress": block.progress,
        "task_kind": block.task_kind or None,
        "app": block.app or None,
        "project_id": block.project_id,
        "created_at": to_iso(block.created_at) if block.created_at else None,
        "description": plain(block.description),
        "position": None if place is None else {"x": place[0], "y": place[1]},
        "size": {"width": BLOCK_WIDTH, "height": TALL_BLOCK_HEIGHT if block.tall else BLOCK_HEIGHT},
    }


def _frame(frame: Frame) -> Facts:
    return {
        "ref": str(frame.ref),
        "id": frame.id,
        "title": plain(frame.title),
        "colour": frame.colour or None,
        "parent": frame.parent,
        "folded": frame.folded,
        "members": [str(ref) for ref in frame.members],
    }


def _note(note: Note) -> Facts:
    return {
        "ref": str(note.ref),
        "id": note.id,
        "text": plain(note.text),
        "position": {"x": note.x, "y": note.y},
        "size": {"width": note.width, "height": note.height},
    }
