"""What can have come of what: which kinds of block a link drawn by hand may join."""

from clew.model.refs import BlockKind

K = BlockKind
_DATA = frozenset({K.PROJECT, K.VERSION, K.STATE, K.DATASET})
_ALL = _DATA | {K.TASK, K.MODEL, K.REPORT, K.FILE, K.JOB}

MAY_LEAD_TO: dict[BlockKind, frozenset[BlockKind]] = {
    **dict.fromkeys(_DATA, _ALL),
    K.TASK: _ALL,
    K.MODEL: _ALL,  # a model can label data, be fine-tuned into another, or be handed out as a file
    K.REPORT: frozenset({K.TASK, K.FILE, K.REPORT, K.JOB}),
    K.FILE: _ALL,
    K.JOB: _DATA | {K.TASK, K.FILE, K.JOB},
}
"""For each kind what can have come of it; a kind that is missing here takes no links."""

WORDS: dict[BlockKind, str] = {
    K.PROJECT: "project",
    K.VERSION: "version",
    K.STATE: "intermediate state",
    K.DATASET: "dataset",
    K.TASK: "task",
    K.MODEL: "model",
    K.REPORT: "report",
    K.FILE: "file",
    K.JOB: "labeling job",
    K.FRAME: "frame",
    K.NOTE: "note",
}
_ORDER = (K.VERSION, K.DATASET, K.TASK, K.MODEL, K.REPORT, K.FILE, K.JOB)


def why_not(source: BlockKind, target: BlockKind) -> str:
    """The sentence that says why a block of one kind cannot lead to one of another; empty if it can."""
    for kind in (source, target):
        if kind not in MAY_LEAD_TO:
            return f"A {WORDS[kind]} takes no links. Link the blocks themselves."
    may = MAY_LEAD_TO[source]
    if target in may:
        return ""
    words = [f"a {WORDS[kind]}" for kind in _ORDER if kind in may]
    return (
        f"{_upper(source)} does not become {_article(target)}. "
        f"It can lead to {', '.join(words[:-1])} or {words[-1]}."
    )


def _article(kind: BlockKind) -> str:
    return f"an {WORDS[kind]}" if WORDS[kind][0] in "aeiou" else f"a {WORDS[kind]}"


def _upper(kind: BlockKind) -> str:
    text = _article(kind)
    return text[0].upper() + text[1:]
