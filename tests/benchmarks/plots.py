"""Lines over a logarithmic axis, as SVG that GitHub shows in a README in either of its colours."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 640, 300, 60, 150, 34, 44
_COLOURS = ("#0969da", "#cf222e", "#8250df")
_GREY = "#8b949e"


def plot(title: str, across: str, up: str, lines: Mapping[str, Sequence[tuple[float, float]]]) -> str:
    """`lines`: points by name, in the order that they are drawn; both axes are logarithmic, all values positive."""
    points = [point for line in lines.values() for point in line]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    low, high = 10 ** math.floor(math.log10(min(ys))), 10 ** math.ceil(math.log10(max(ys)))

    def at(x: float, y: float) -> tuple[float, float]:
        share = (math.log(x) - math.log(min(xs))) / (math.log(max(xs)) - math.log(min(xs)))
        height = (math.log(y) - math.log(low)) / (math.log(high) - math.log(low))
        return _LEFT + share * (_WIDTH - _LEFT - _RIGHT), _HEIGHT - _BOTTOM - height * (_HEIGHT - _TOP - _BOTTOM)

    drawn = [_text(_LEFT, 18, title, "start", bold=True)]
    ticks = sorted({x for line in lines.values() for x, _ in line})
    drawn += [_text(at(x, low)[0], _HEIGHT - _BOTTOM + 18, f"{x:g}") for x in ticks]
    drawn.append(_text((_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 6, across))
    value = low
    while value <= high * 1.001:
        y = at(min(xs), value)[1]
        drawn.append(
            f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="{_GREY}" opacity=".3"/>'
        )
        drawn.append(_text(_LEFT - 8, y + 4, f"{value:g} {up}", "end"))
        value *= 10
    for colour, (name, line) in zip(_COLOURS, lines.items(), strict=False):
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (at(*point) for point in line))
        drawn.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        x, y = at(*line[-1])
        drawn.append(_text(x + 8, y + 4, name, "start", colour))
    body = "\n".join(drawn)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" '
        f'font-size="12">\n{body}\n</svg>\n'
    )


def _text(x: float, y: float, text: str, anchor: str = "middle", colour: str = _GREY, *, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}"{weight}>{text}</text>'
