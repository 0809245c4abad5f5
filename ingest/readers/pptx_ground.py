"""Tells what of a slide is written white on white."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pptx.shapes.base import BaseShape
    from pptx.slide import Slide

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_WHITE = re.compile(r"(?:[Ff][A-Fa-f]){3}")
_PAPER = ("bg1", "lt1")
_FILLS = ("solidFill", "gradFill", "blipFill", "pattFill", "grpFill")


def bare(shape: BaseShape, slide: Slide) -> bool:
    """Tell whether nothing but white paper is behind a shape, as far as that is sure."""
    return not _filled(shape) and _paper(slide) and not any(_behind(other, shape) for other in _others(shape, slide))


def white(run: Any) -> bool:  # noqa: ANN401 -- the XML of a run
    """Tell whether a run itself says that it is white."""
    fill = None if run.rPr is None else run.rPr.find(f"{_A}solidFill")
    return fill is not None and _is_white(fill)


def _is_white(fill: Any) -> bool:  # noqa: ANN401 -- as above
    exact, scheme = fill.find(f"{_A}srgbClr"), fill.find(f"{_A}schemeClr")
    if exact is not None:
        return _WHITE.fullmatch(exact.get("val", "")) is not None
    return scheme is not None and scheme.get("val") in _PAPER and not len(scheme)


def _filled(shape: BaseShape) -> bool:
    """Tell whether a shape has, or may have, a ground of its own that is not white."""
    properties = shape.element.find(f"{_P}spPr")
    if properties is None or shape.element.find(f"{_P}style") is not None:
        return True
    fills = [fill for name in _FILLS if (fill := properties.find(f"{_A}{name}")) is not None]
    return any(not _is_white(fill) for fill in fills)


def _paper(slide: Slide) -> bool:
    """Tell whether the slide, or the first above it that says so, is white."""
    layout = slide.slide_layout
    master = layout.slide_master
    colours = master.element.find(f"{_P}clrMap")
    if colours is None or colours.get("bg1") != "lt1":
        return False
    for part in (slide, layout, master):
        said = part.element.find(f"{_P}cSld/{_P}bg")
        if said is not None:
            fill = said.find(f"{_P}bgPr/{_A}solidFill")
            reference = said.find(f"{_P}bgRef")
            return _is_white(fill) if fill is not None else reference is not None and _is_white(reference)
    return True


def _others(shape: BaseShape, slide: Slide) -> Iterable[BaseShape]:
    layout = slide.slide_layout
    own = (other for other in slide.shapes if other.shape_id != shape.shape_id)
    drawn = (other for part in (layout, layout.slide_master) for other in part.shapes if not other.is_placeholder)
    return (*own, *drawn)


def _behind(other: BaseShape, shape: BaseShape) -> bool:
    """Tell whether another shape may put a colour behind the middle of one."""
    if other.has_text_frame and not _filled(other):
        return False
    sides = (other.left, other.top, other.width, other.height, shape.left, shape.top, shape.width, shape.height)
    if None in sides:
        return True
    across, down = shape.left + shape.width / 2, shape.top + shape.height / 2
    beside = other.left <= across <= other.left + other.width
    return beside and other.top <= down <= other.top + other.height
