"""Ways over the links as they are drawn: what leads to blocks, came from them, lies between."""

from collections.abc import Collection, Iterable

from clew.model.refs import BlockRef
from clew.model.view import BlockLink, LinkKind

Steps = dict[BlockRef, list[BlockRef]]


def before(links: Iterable[BlockLink], roots: Collection[BlockRef]) -> set[BlockRef]:
    """The roots and everything that leads to them; also along a spine: version 3 grew from version 2."""
    return _reached(_steps((link.target, link.source) for link in links), roots)


def after(links: Iterable[BlockLink], roots: Collection[BlockRef]) -> set[BlockRef]:
    """The roots and everything that came from them; not along a spine, else a first version would have
    made all that was ever done with its project.
    """
    made = (link for link in links if link.kind is not LinkKind.SPINE)
    return _reached(_steps((link.source, link.target) for link in made), roots)


def between(links: Collection[BlockLink], one: BlockRef, other: BlockRef) -> set[BlockRef]:
    """All blocks on any path from one block to the other, whichever way it runs, with both ends.

    Returns:
        Nothing where there is no path.
    """
    back = _steps((link.target, link.source) for link in links)
    onwards = _steps((link.source, link.target) for link in links)
    for start, end in ((one, other), (other, one)):
        leading = _reached(back, (end,))
        if start in leading:
            return leading & _reached(onwards, (start,))
    return set()


def _steps(pairs: Iterable[tuple[BlockRef, BlockRef]]) -> Steps:
    steps: Steps = {}
    for near, far in pairs:
        steps.setdefault(near, []).append(far)
    return steps


def _reached(steps: Steps, roots: Collection[BlockRef]) -> set[BlockRef]:
    found = set(roots)
    waiting = list(found)
    while waiting:
        for far in steps.get(waiting.pop(), ()):
            if far not in found:
                found.add(far)
                waiting.append(far)
    return found
