"""The lineage as a directed graph: what became what. Nodes are block references, edges point onwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, TypeAlias

import networkx as nx

from clew.model.entities import Link, State, Version
from clew.model.refs import BlockKind, BlockRef

if TYPE_CHECKING:
    Graph: TypeAlias = nx.DiGraph[BlockRef]
else:
    Graph = nx.DiGraph


def build(links: Iterable[Link], aliases: Mapping[BlockRef, BlockRef]) -> Graph:
    """The graph of all links; `aliases` says which block stands for another (a promoted state)."""
    graph: Graph = nx.DiGraph()
    for link in links:
        source, target = aliases.get(link.source, link.source), aliases.get(link.target, link.target)
        if source != target:
            graph.add_edge(source, target, id=link.id, title=link.title, by_hand=link.by_hand)
    return graph


def promoted(states: Iterable[State]) -> dict[BlockRef, BlockRef]:
    """For each intermediate state that became a version: the version's block."""
    return {
        BlockRef(BlockKind.STATE, s.id): BlockRef(BlockKind.VERSION, s.version_id)
        for s in states
        if s.version_id is not None
    }


def spine(versions: Iterable[Version], states: Iterable[State]) -> list[tuple[BlockRef, BlockRef]]:
    """The chain of each project: version to next version, and from a version to the states after it."""
    chain: list[tuple[BlockRef, BlockRef]] = []
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
            result |= nx.ancestors(graph, centre) | nx.descendants(graph, centre)
    return result


def would_loop(graph: Graph, source: BlockRef, target: BlockRef) -> bool:
    """Whether a new link would make something its own origin."""
    return source == target or (source in graph and target in graph and nx.has_path(graph, target, source))
