"""Counts what a project holds."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from clew.formats.names import is_picture
from clew.model.annotations import Item
from clew.model.entities import Statistics

PREVIEWS = 6


def statistics(items: Iterable[Item]) -> Statistics:
    """Count items, objects and classes, and choose up to six pictures to show.

    The pictures are spread over the datasets and, within one, over its length; annotated ones come first.
    """
    number = annotated = pictures = 0
    classes: Counter[str] = Counter()
    datasets: Counter[str] = Counter()
    filled: dict[str, list[str]] = defaultdict(list)
    bare: dict[str, list[str]] = defaultdict(list)
    for item in items:
        number += 1
        datasets[item.dataset] += 1
        things = item.annotation.things if item.annotation else ()
        annotated += bool(things)
        classes.update(thing.cls for thing in things)
        if is_picture(item.path):
            pictures += 1
            (filled if things else bare)[item.dataset].append(item.path)
    return Statistics(
        items=number,
        pictures=pictures,
        annotated=annotated,
        objects=classes.total(),
        classes=dict(sorted(classes.items())),
        datasets=dict(sorted(datasets.items())),
        previews=tuple((_spread(filled, PREVIEWS) + _spread(bare, PREVIEWS))[:PREVIEWS]),
    )


def _spread(by_dataset: dict[str, list[str]], most: int) -> list[str]:
    """Up to `most` paths, one of each dataset in turn, evenly along each dataset."""
    names = sorted(by_dataset)
    if len(names) > most:
        names = [names[at * len(names) // most] for at in range(most)]
    rounds: list[list[str]] = [[] for _ in range(most)]
    each = -(-most // len(names)) if names else 0
    for name in names:
        paths = sorted(by_dataset[name])
        times = min(len(paths), each)
        for at in range(times):
            rounds[at].append(paths[at * len(paths) // times])
    return [path for one_round in rounds for path in one_round][:most]
