"""Which pictures teach and which ones test."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from clew.base.errors import UserError
from clew.base.words import listing
from clew.model.annotations import Item

AUTO = "auto"
ALL = "all"
HELD_OUT = "held out"
HELD_OUT_SHARE = 5  # one picture in five

_TESTS = ("test", "testing")
_VALIDATIONS = ("val", "valid", "validation")


@dataclass(frozen=True)
class Split:
    """`name` is a dataset path, "held out" or "all"; no picture is in both parts unless `name` is "all"."""

    name: str
    learn: tuple[Item, ...]
    test: tuple[Item, ...]


def labelled_of(items: Sequence[Item]) -> list[Item]:
    """Items that somebody has looked at: they have an annotation, even if it says that nothing is there."""
    return [item for item in items if item.annotation is not None]


def datasets_of(items: Sequence[Item]) -> list[str]:
    """All dataset paths with the ones above them, sorted."""
    paths: set[str] = set()
    for item in items:
        parts = item.dataset.split("/") if item.dataset else []
        paths.update("/".join(parts[: depth + 1]) for depth in range(len(parts)))
    return sorted(paths)


def part(items: Sequence[Item], name: str) -> tuple[Item, ...]:
    """The items of a split: a dataset with all below it, "held out", or "all".

    Raises:
        UserError: there is no such dataset.
    """
    if name == ALL:
        return tuple(items)
    if name == HELD_OUT:
        out = _held_out(items)
        return tuple(item for item in items if item.path in out)
    datasets = datasets_of(items)
    if name not in datasets:
        known = f"There are {listing(datasets)}." if datasets else "The project has no datasets."
        raise UserError(f"There is no dataset {name} to evaluate on. {known}")
    return tuple(item for item in items if _is_in(item, name))


def choose_name(items: Sequence[Item], wanted: str = AUTO) -> str:
    """The split to evaluate on: as wanted, else test, else validation, else one picture in five."""
    if wanted and wanted != AUTO:
        return wanted
    datasets = sorted(datasets_of(items), key=lambda path: (path.count("/"), path))
    for names in (_TESTS, _VALIDATIONS):
        for path in datasets:
            if path.rpartition("/")[2].casefold() in names:
                return path
    return HELD_OUT if len(items) > 1 else ALL


def choose(items: Sequence[Item], wanted: str = AUTO) -> Split:
    """Part the items of a project into those to learn from and those to evaluate on.

    Test and validation datasets teach nothing as long as there is anything else to learn from.

    Raises:
        UserError: there is no such dataset, or nothing is left to learn from.
    """
    name = choose_name(items, wanted)
    test = part(items, name)
    if name == ALL:
        return Split(name, tuple(items), test)
    tested = {item.path for item in test}
    rest = [item for item in items if item.path not in tested]
    kept_back = _TESTS + _VALIDATIONS
    learn = [item for item in rest if item.dataset.rpartition("/")[2].casefold() not in kept_back]
    if not (learn or rest):
        raise UserError(f"Every picture is in {name}, so none is left to learn from. Choose another split.")
    return Split(name, tuple(learn or rest), test)


def _is_in(item: Item, dataset: str) -> bool:
    return item.dataset == dataset or item.dataset.startswith(dataset + "/")


def _held_out(items: Sequence[Item]) -> set[str]:
    """One in five by a hash of the name, so that a picture stays on its side when others are added.

    Only annotated pictures are held out, as nothing can be told from the others.
    """
    items = labelled_of(items) or items
    out = {item.path for item in items if zlib.crc32(item.name.encode()) % HELD_OUT_SHARE == 0}
    if not out or len(out) == len(items):
        return {min((zlib.crc32(item.name.encode()), item.path) for item in items)[1]}
    return out
