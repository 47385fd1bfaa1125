"""The graph as it is drawn, as a networkx graph for programs that ask it questions."""

import networkx as nx

from clew.model.view import GraphView


def as_digraph(view: GraphView) -> "nx.DiGraph[str]":
    """Nodes are named "version:12"; all that a block or link says stands in their attributes."""
    result: nx.DiGraph[str] = nx.DiGraph(name=view.title)
    for block in view.blocks:
        result.add_node(
            str(block.ref),
            kind=block.ref.kind.value,
            id=block.ref.id,
            caption=block.caption,
            title=block.title,
            fact=block.fact,
            state=block.state.value,
            project_id=block.project_id,
            created_at=block.created_at,
        )
    for link in view.links:
        result.add_edge(str(link.source), str(link.target), kind=link.kind.value, title=link.title)
    return result
