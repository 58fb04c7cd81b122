"""What does a stretch of markup say, where templates wrote parts of it or made it conditional?"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import unescape
from html.entities import html5
from itertools import pairwise

from gdprlint.facts import (
    Choice,
    Constant,
    Expr,
    Fragment,
    Hole,
    If,
    Join,
    Region,
    Step,
    Text,
    Way,
)

_REFERENCE = re.compile(r"&(?:#(?:[xX][0-9A-Fa-f]+|[0-9]+);?|[A-Za-z][A-Za-z0-9]*+(;|=)?)")
_SPACE = re.compile(r"[ \t\n\f\r]+")
ABSENT = Constant(None)
"""The value of an attribute that is not there."""


def decoded(raw: str) -> str:
    """`raw` with the character references of an attribute value replaced.

    A named reference without `;` before `=` or a letter is none, so that `?a=1&copy=2` keeps its
    parameter (HTML Standard, 13.2.5.73 "Named character reference state").
    """
    return _REFERENCE.sub(_character, raw) if "&" in raw else raw


def _character(found: re.Match[str]) -> str:
    written = found.group()
    if written.startswith("&#"):
        return unescape(written)
    if written.endswith("="):
        return written
    return html5.get(written[1:], written)


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of an attribute value for another reader, as long as it is in the file.

    Character references make the text shorter, so blanks fill its end: places in it are then
    inside the attribute, but not exact.
    """

    text: str
    holes: tuple[Hole, ...]


class Masks:
    """The holes and regions of one fragment, found by place. Offsets are indices of its text."""

    __slots__ = (
        "_active",
        "_breaks",
        "_ends",
        "_fragment_way",
        "_known",
        "_starts",
        "holes",
        "offset",
        "plain",
        "text",
    )

    def __init__(self, fragment: Fragment) -> None:
        self.text = fragment.text
        self.offset = fragment.offset
        last = self.offset + len(self.text)
        self.holes = sorted(
            (hole for hole in fragment.holes if self.offset <= hole.start < hole.end <= last),
            key=lambda hole: hole.start,
        )
        self._starts = [hole.start - self.offset for hole in self.holes]
        self._ends = [hole.end - self.offset for hole in self.holes]
        self._breaks, self._active = _sweep(fragment.regions, self.offset)
        self.plain = not self.holes and len(self._breaks) == 1
        self._fragment_way = fragment.way
        self._known: tuple[int, Way] = (0, fragment.way)

    def way(self, place: int) -> Way:
        """The way that the fragment and its regions give to a fact that starts at `place`."""
        index = bisect_right(self._breaks, place) - 1
        # Facts come in order, so the way of one is mostly that of the next, and they share it.
        if index != self._known[0]:
            steps = (step for region in self._active[index] for step in region.way)
            self._known = (index, (*self._fragment_way, *steps))
        return self._known[1]

    def active(self, place: int) -> tuple[Region, ...]:
        """The regions around `place`, outermost first."""
        return self._active[bisect_right(self._breaks, place) - 1]

    def touched(self, start: int, end: int) -> bool:
        """Whether a template wrote in that stretch, or made a part of it conditional."""
        if self.plain:
            return False
        first = bisect_right(self._ends, start)
        if first < len(self._starts) and self._starts[first] < end:
            return True
        return bisect_right(self._breaks, start) != bisect_left(self._breaks, end)

    def holes_in(self, start: int, end: int) -> Sequence[Hole]:
        """The holes that lie wholly in that stretch."""
        first = bisect_left(self._starts, start)
        last = bisect_left(self._starts, end)
        found = self.holes[first:last]
        if found and found[-1].end - self.offset > end:
            return found[:-1]
        return found

    def regions_in(self, start: int, end: int) -> tuple[Region, ...]:
        """The regions that begin or end in that stretch, cut to it."""
        if len(self._breaks) == 1:
            return ()
        first = bisect_right(self._breaks, start) - 1
        last = bisect_left(self._breaks, end)
        if last - first <= 1:
            return ()
        first_place, last_place = self.offset + start, self.offset + end
        # By identity: to hash a region is to hash all of the expressions in its way.
        found = {id(region): region for active in self._active[first:last] for region in active}
        return tuple(
            Region(max(region.start, first_place), min(region.end, last_place), region.way)
            for region in found.values()
            if region.start > first_place or region.end < last_place
        )

    def way_of(self, start: int, end: int) -> Way:
        """The way to all of that stretch: regions that end in it are left out."""
        way = self.way(start)
        if len(self._breaks) == 1:
            return way
        partial = [region for region in self.active(start) if region.end < self.offset + end]
        cut = sum(len(region.way) for region in partial)
        return way[: len(way) - cut] if cut else way

    def value(self, start: int, end: int) -> Expr:
        """The value of an attribute whose value is written from `start` to `end`."""
        first, last = self.offset + start, self.offset + end
        if not self.touched(start, end):
            return Text(decoded(self.text[start:end]), first, last)
        around = len(self.active(start))
        parts: list[Expr] = []
        for piece_start, piece_end, hole in self._pieces(start, end):
            piece: Expr
            if hole is None:
                piece = Text(
                    decoded(self.text[piece_start:piece_end]),
                    self.offset + piece_start,
                    self.offset + piece_end,
                )
            else:
                piece = hole.value
            steps = self.steps(piece_start, around)
            _append(parts, under(steps, piece, Text("", piece.start, piece.end)))
        return _joined(parts, first, last)

    def steps(self, place: int, around: int) -> tuple[Step, ...]:
        """The conditions at `place` of all regions but the outermost `around`."""
        return tuple(step for region in self.active(place)[around:] for step in region.way)

    def _pieces(self, start: int, end: int) -> list[tuple[int, int, Hole | None]]:
        """The stretch cut at holes and where regions begin and end."""
        pieces: list[tuple[int, int, Hole | None]] = []
        position = start
        index = bisect_right(self._ends, start)
        while index < len(self._starts) and self._starts[index] < end:
            hole_start = max(self._starts[index], start)
            pieces.extend(self._plain(position, hole_start))
            position = min(self._ends[index], end)
            pieces.append((hole_start, position, self.holes[index]))
            index += 1
        pieces.extend(self._plain(position, end))
        return pieces

    def _plain(self, start: int, end: int) -> list[tuple[int, int, None]]:
        if start >= end:
            return []
        if len(self._breaks) == 1:
            return [(start, end, None)]
        first = bisect_right(self._breaks, start)
        last = bisect_left(self._breaks, end)
        places = [start, *self._breaks[first:last], end]
        return [(a, b, None) for a, b in pairwise(places) if a < b]

    def words(self, runs: Sequence[tuple[int, int]], most: int) -> Expr | None:
        """Text runs as one value, white space folded, cut after `most` characters."""
        if len(runs) == 1 and not self.touched(*runs[0]):
            start, end = runs[0]
            raw = self.text[start : min(end, start + 20 * most)]
            shown = unescape(_SPACE.sub(" ", raw))[:most].strip()
            return Text(shown, self.offset + start, self.offset + end) if shown else None
        parts: list[Expr] = []
        length = 0
        for start, end in runs:
            # A long run is cut before it is looked at: white space can be megabytes.
            for piece_start, piece_end, hole in self._pieces(start, min(end, start + 20 * most)):
                if hole is not None:
                    _append(parts, hole.value)
                    length += 1
                    continue
                raw = unescape(_SPACE.sub(" ", self.text[piece_start:piece_end]))
                shown = raw[: most - length]
                _append(parts, Text(shown, self.offset + piece_start, self.offset + piece_end))
                length += len(shown)
            if length >= most:
                break
        return _folded(parts)

    def inner(self, start: int, end: int) -> Decoded:
        """An attribute value as text for the reader of another language."""
        raw = self.text[start:end]
        holes = tuple(self.holes_in(start, end))
        if "&" not in raw:
            return Decoded(raw, holes)
        written: list[str] = []
        shift = 0
        moved: list[Hole] = []
        position = start
        for hole in holes:
            before = decoded(self.text[position : hole.start - self.offset])
            shift += hole.start - self.offset - position - len(before)
            written += (before, self.text[hole.start - self.offset : hole.end - self.offset])
            moved.append(replace(hole, start=hole.start - shift, end=hole.end - shift))
            position = hole.end - self.offset
        written.append(decoded(self.text[position:end]))
        text = "".join(written)
        return Decoded(text + " " * (len(raw) - len(text)), tuple(moved))


def _sweep(regions: Sequence[Region], offset: int) -> tuple[list[int], list[tuple[Region, ...]]]:
    """The places where the regions around change, and the regions from each place on."""
    ordered = sorted(regions, key=lambda region: (region.start, -region.end))
    places = sorted({place for region in ordered for place in (region.start, region.end)})
    breaks: list[int] = [-1]
    around: list[tuple[Region, ...]] = [()]
    active: tuple[Region, ...] = ()
    index = 0
    for place in places:
        active = tuple(region for region in active if region.end > place)
        while index < len(ordered) and ordered[index].start <= place:
            if ordered[index].end > place:
                active = (*active, ordered[index])
            index += 1
        breaks.append(place - offset)
        around.append(active)
    return breaks, around


def under(steps: Sequence[Step], value: Expr, absent: Expr) -> Expr:
    """`value` where the conditions hold, else `absent`."""
    for step in reversed(steps):
        if not isinstance(step, If):
            continue
        yes, no = (value, absent) if step.taken else (absent, value)
        value = Choice(step.test, yes, no, value.start, value.end)
    return value


def either(one: Expr, other: Expr) -> Expr:
    """The first of two attributes of one name that is there, by the conditions on both."""
    if isinstance(one, Choice):
        if isinstance(other, Choice) and one.test is other.test:
            return replace(one, yes=either(one.yes, other.yes), no=either(one.no, other.no))
        return replace(one, yes=either(one.yes, other), no=either(one.no, other))
    return other if one == ABSENT else one


def _append(parts: list[Expr], piece: Expr) -> None:
    """Add a piece of a string, made one with the last where both hang on the same condition."""
    if isinstance(piece, Text) and not piece.text:
        return
    if parts:
        together = _together(parts[-1], piece)
        if together is not None:
            parts[-1] = together
            return
    parts.append(piece)


def _together(one: Expr, other: Expr) -> Expr | None:
    match one, other:
        case Text(), Text():
            if not one.text or not other.text:
                return other if not one.text else one
            return Text(one.text + other.text, one.start, other.end)
        case Choice(), Choice() if one.test is other.test:
            yes = _concatenated(one.yes, other.yes)
            no = _concatenated(one.no, other.no)
            return Choice(one.test, yes, no, one.start, other.end)
    return None


def _concatenated(one: Expr, other: Expr) -> Expr:
    if isinstance(one, Text) and not one.text:
        return other
    if isinstance(other, Text) and not other.text:
        return one
    together = _together(one, other)
    if together is not None:
        return together
    return Join((*_parts_of(one), *_parts_of(other)), one.start, other.end)


def _parts_of(value: Expr) -> tuple[Expr, ...]:
    return value.parts if isinstance(value, Join) else (value,)


def _joined(parts: list[Expr], start: int, end: int) -> Expr:
    if not parts:
        return Text("", start, end)
    if len(parts) == 1:
        only = parts[0]
        return replace(only, start=start, end=end) if isinstance(only, Text) else only
    return Join(tuple(parts), start, end)


def _folded(parts: list[Expr]) -> Expr | None:
    folded: list[Expr] = []
    for place, part in enumerate(parts):
        shown = part
        if isinstance(shown, Text):
            text = _SPACE.sub(" ", shown.text)
            text = text.lstrip() if place == 0 else text
            text = text.rstrip() if place == len(parts) - 1 else text
            if not text:
                continue
            shown = replace(shown, text=text)
        folded.append(shown)
    if not folded:
        return None
    if len(folded) == 1:
        return folded[0]
    return Join(tuple(folded), folded[0].start, folded[-1].end)
