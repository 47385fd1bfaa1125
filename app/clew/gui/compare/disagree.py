"""Pictures on which the compared reports disagree most."""

from dataclasses import dataclass

from clew.model.evaluation import Comparison


@dataclass(frozen=True)
class Disagreement:
    """One picture: how many errors (misses and false finds) each report makes there, and that in words."""

    path: str
    errors: tuple[int, ...]
    words: str


def disagreements(comparison: Comparison, most: int = 6) -> tuple[Disagreement, ...]:
    """The pictures that all reports saw, where their numbers of errors are furthest apart."""
    per_report = [
        {path: (found, extra, missed) for path, found, extra, missed in r.evaluation.per_image}
        for r in comparison.reports
    ]
    if len(per_report) < 2:
        return ()
    shared = set(per_report[0]).intersection(*per_report[1:])
    found = []
    for path in shared:
        results = [seen[path] for seen in per_report]
        errors = tuple(extra + missed for _, extra, missed in results)
        if max(errors) > min(errors):
            found.append(Disagreement(path, errors, _words(comparison, results, errors)))
    found.sort(key=lambda d: (min(d.errors) - max(d.errors), d.path))
    return tuple(found[:most])


def _words(comparison: Comparison, results: list[tuple[int, int, int]], errors: tuple[int, ...]) -> str:
    worst = max(range(len(errors)), key=lambda i: errors[i])
    _, extra, missed = results[worst]
    said = [f"{missed} missed"] if missed else []
    said += [f"{extra} too many"] if extra else []
    return f"{comparison.reports[worst].label}: {', '.join(said)}"
