"""What leads to some blocks and what came from them."""

import numpy as np

from clew.gui.canvas.scene import SPINE_CODE, Ints, Mask, Scene


def lineage(scene: Scene, rows: Ints) -> tuple[Mask, Mask]:
    """Blocks and links on the way to and from the rows.

    Upwards every link is followed, also a version's spine (version 3 grew from version 2); downwards only
    links of data, else a first version would light up everything that was ever done with the project.

    Args:
        scene: the graph.
        rows: int64, where to start.

    Returns:
        Masks over blocks, bool (n,), and links, bool (m,).
    """
    data = scene.link_kind != SPINE_CODE
    up, up_links = _follow(scene.target, scene.source, np.ones(len(scene.links), bool), scene.mask(rows))
    down, down_links = _follow(scene.source, scene.target, data, scene.mask(rows))
    return up | down, up_links | down_links


def _follow(near: Ints, far: Ints, allowed: Mask, reached: Mask) -> tuple[Mask, Mask]:
    links = np.zeros(len(near), bool)
    while True:
        step = reached[near] & allowed & ~links
        if not step.any():
            return reached, links
        links |= step
        reached[far[step]] = True
