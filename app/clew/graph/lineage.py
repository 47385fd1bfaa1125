"""The lineage as a directed graph: what became what. Nodes are block references, edges point onwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from clew.model.entities import Link, State, Version
from clew.model.refs import BlockKind, BlockRef

Step = tuple[BlockRef, BlockRef]


class Graph:
    """Who became what; networkx can all of it, but takes longer to import than 10,000 blocks to read.

    Attributes:
        links: for each pair of blocks the newest link from the first to the second; one made up has None.
        after: for each block those that it became, oldest link first.
        before: for each block those that it came from.
    """

    def __init__(self) -> None:
        self.links: dict[Step, Link | None] = {}
        self.after: dict[BlockRef, list[BlockRef]] = {}
        self.before: dict[BlockRef, list[BlockRef]] = {}

    def __contains__(self, ref: BlockRef) -> bool:
        return ref in self.after

    def add(self, source: BlockRef, target: BlockRef, link: Link | None = None) -> None:
        """Let one block become another; a second time only the link is another."""
        step = source, target
        if step not in self.links:
            for ref in step:
                if ref not in self.after:
                    self.after[ref], self.before[ref] = [], []
            self.after[source].append(target)
            self.before[target].append(source)
        self.links[step] = link

    def reach(self, ref: BlockRef, steps: Mapping[BlockRef, list[BlockRef]]) -> set[BlockRef]:
        """A block and all that one comes to from it, along `after` or `before`."""
        found, front = {ref}, [ref]
        while front:
            for one in steps[front.pop()]:
                if one not in found:
                    found.add(one)
                    front.append(one)
        return found


def build(links: Iterable[Link], aliases: Mapping[BlockRef, BlockRef]) -> Graph:
    """The graph of all links; `aliases` says which block stands for another (a promoted state)."""
    graph = Graph()
    for link in links:
        source, target = aliases.get(link.source, link.source), aliases.get(link.target, link.target)
        if source != target:
            graph.add(source, target, link)
    return graph


def promoted(states: Iterable[State]) -> dict[BlockRef, BlockRef]:
    """For each intermediate state that became a version: the version's block."""
    return {
        BlockRef(BlockKind.STATE, s.id): BlockRef(BlockKind.VERSION, s.version_id)
        for s in states
        if s.version_id is not None
    }


def spine(versions: Iterable[Version], states: Iterable[State]) -> list[Step]:
    """The chain of each project: version to next version, and from a version to the states after it."""
    chain: list[Step] = []
    by_number: dict[tuple[int, int], BlockRef] = {}
    last: dict[int, BlockRef] = {}
    for version in sorted(versions, key=lambda v: (v.project_id, v.number)):
        by_number[version.project_id, version.number] = version.ref
        if version.project_id in last:
            chain.append((last[version.project_id], version.ref))
        last[version.project_id] = version.ref
    tips: dict[tuple[int, int], BlockRef] = dict(by_number)
    for state in sorted(states, key=lambda s: (s.project_id, s.after, s.minor)):
        if state.version_id is None:
            ref = BlockRef(BlockKind.STATE, state.id)
            tip = tips.get((state.project_id, state.after))
            if tip is not None:
                chain.append((tip, ref))
            tips[state.project_id, state.after] = ref
    return chain


def around(graph: Graph, centres: Iterable[BlockRef]) -> set[BlockRef]:
    """The blocks themselves with everything that led to them and everything that came of them."""
    result: set[BlockRef] = set()
    for centre in centres:
        result.add(centre)
        if centre in graph:
            result |= graph.reach(centre, graph.before) | graph.reach(centre, graph.after)
    return result


def would_loop(graph: Graph, source: BlockRef, target: BlockRef) -> bool:
    """Whether a new link would make something its own origin."""
    return source == target or (target in graph and source in graph.reach(target, graph.after))
