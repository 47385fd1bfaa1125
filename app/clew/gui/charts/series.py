"""What a chart draws: named series with a colour. Plain values, free of any drawing library."""

from dataclasses import dataclass

from PySide6.QtGui import QColor

from clew.gui.theme import Theme
from clew.model.evaluation import Curve

POINTS = 501
_ORDER = ("project", "accent", "model", "report", "task", "dataset", "job", "version")


@dataclass(frozen=True)
class CurveSeries:
    """One curve with its name."""

    name: str
    colour: QColor
    curve: Curve


@dataclass(frozen=True)
class BarSeries:
    """One value for each group of bars; None leaves a gap."""

    name: str
    colour: QColor
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class Point:
    """One named point of a scatter."""

    name: str
    colour: QColor
    x: float
    y: float


def series_colours(theme: Theme, n: int, baseline: int = 0) -> list[QColor]:
    """Colours for `n` reports: the baseline grey, the others in a fixed order that repeats after eight."""
    others = iter(range(n))
    return [
        QColor(theme.faint)
        if index == baseline
        else QColor(getattr(theme, _ORDER[next(others) % len(_ORDER)]))
        for index in range(n)
    ]


def class_colours(theme: Theme, n: int) -> list[QColor]:
    """Colours for `n` classes: the tokens first, then steps of the colour circle."""
    tokens = [QColor(getattr(theme, name)) for name in _ORDER if name != "accent"]
    lightness = 165 if theme.dark else 110
    return [
        tokens[i] if i < len(tokens) else QColor.fromHsl((i * 137) % 360, 130, lightness) for i in range(n)
    ]


def resample(curve: Curve, points: int = POINTS) -> Curve:
    """At most `points` of the curve, evenly picked, always with its first and last point."""
    n = min(len(curve.x), len(curve.y))
    if n <= points:
        return Curve(curve.x[:n], curve.y[:n])
    picked = [round(i * (n - 1) / (points - 1)) for i in range(points)]
    return Curve(tuple(curve.x[i] for i in picked), tuple(curve.y[i] for i in picked))


def value_at(curve: Curve, x: float) -> float | None:
    """The curve's y at the nearest point at or after `x`; None beyond its ends. `curve.x` never falls."""
    if not curve.x or x < curve.x[0] - 0.02 or x > curve.x[-1] + 0.01:
        return None
    low, high = 0, len(curve.x) - 1
    while low < high:
        middle = (low + high) // 2
        if curve.x[middle] < x:
            low = middle + 1
        else:
            high = middle
    return curve.y[low]


def pareto_front(points: tuple[Point, ...]) -> list[Point]:
    """The points that no other beats in both directions (smaller x, larger y), from left to right."""
    front: list[Point] = []
    for point in sorted(points, key=lambda p: (p.x, -p.y)):
        if not front or point.y > front[-1].y:
            front.append(point)
    return front
