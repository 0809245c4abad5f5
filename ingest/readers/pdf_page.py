"""A page of a pdf as pdfplumber gives it, that also knows in which order and with how much ink things are drawn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pdfminer.layout import LTChar, LTComponent
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import dict_value, resolve1
from pdfminer.psparser import literal_name
from pdfminer.utils import apply_matrix_pt
from pdfplumber.page import Page, PDFPageAggregatorWithMarkedContent
from pdfplumber.utils.exceptions import PdfminerException

from ingest.errors import TooLarge
from ingest.readers.pdf_layout import INKLESS, SHEER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pdfminer.layout import LTPage
    from pdfplumber.pdf import PDF

    from ingest.readers.limits import Limits

_FULL, _NONE = 0.98, 0.02
_PLAIN = ("", "Normal", "Compatible")
_INKLESS_MODES = (3, 7)  # neither filled nor stroked: PDF 32000-1, table 106


def pages(pdf: PDF, limits: Limits) -> Iterator[Page]:
    """Yield the pages. Raises TooLarge, before any is taken apart, for more than the limit."""
    found: list[PDFPage] = []
    for page in PDFPage.create_pages(pdf.doc):
        found.append(page)
        if len(found) > limits.pages:
            raise TooLarge("pages", limits.pages, len(found))
    return (_Inked(pdf, page, page_number=number) for number, page in enumerate(found, 1))


@dataclass(frozen=True, slots=True)
class _Look:
    """How things are drawn: how much ink covers (0 to 1), mixed with what is behind or not, within which box (None: another shape)."""

    ink: float = 1.0
    mixed: bool = False
    within: tuple[float, float, float, float] | None = (-1e9, -1e9, 1e9, 1e9)

    def covers(self, box: Sequence[float]) -> bool:
        """Tell whether what fills this box lets nothing through, as far as can be told."""
        if self.mixed or self.ink < _FULL or self.within is None:
            return False
        left, low, right, high = self.within
        return left - 1 <= box[0] and low - 1 <= box[1] and box[2] <= right + 1 and box[3] <= high + 1


class _Interpreter(PDFPageInterpreter):
    """Keep what pdfminer passes over: transparency and clipping (PDF 32000-1, 8.4.5 and 8.5.4)."""

    device: _Device

    def __init__(self, *given: Any) -> None:  # noqa: ANN401 -- as pdfminer has it
        super().__init__(*given)
        self._looks: list[_Look] = []

    def do_q(self) -> None:
        self._looks.append(self.device.look)
        super().do_q()

    def do_Q(self) -> None:  # noqa: N802 -- as pdfminer has it
        if self._looks:
            self.device.look = self._looks.pop()
        super().do_Q()

    def do_gs(self, name: Any) -> None:  # noqa: ANN401 -- the same
        states = dict_value(resolve1(self.resources.get("ExtGState")) or {})
        state = dict_value(resolve1(states.get(literal_name(name))) or {})
        look = self.device.look
        ink, blend, mask = (resolve1(state.get(key)) for key in ("ca", "BM", "SMask"))
        if isinstance(ink, (int, float)):
            look = replace(look, ink=float(ink))
        if blend is not None or mask is not None:
            plain = _name(blend) in _PLAIN and _name(mask) in ("", "None")
            look = replace(look, mixed=not plain)
        self.device.look = look

    def do_W(self) -> None:  # noqa: N802 -- the same
        look = self.device.look
        box = _box([step for step in self.curpath if step[0] != "h"], self.ctm)
        within = None if look.within is None or box is None else _common(look.within, box)
        self.device.look = replace(look, within=within)

    def do_W_a(self) -> None:  # noqa: N802 -- the same
        self.do_W()

    def do_Do(self, xobjid_arg: Any) -> None:  # noqa: ANN401, N802 -- the same
        look = self.device.look
        super().do_Do(xobjid_arg)
        self.device.look = look


def _name(value: Any) -> str:  # noqa: ANN401 -- a name, a list, a dictionary or None
    return str(getattr(value, "name", "" if value is None else "?"))


def _box(path: Sequence[Any], matrix: Any) -> tuple[float, float, float, float] | None:  # noqa: ANN401 -- the same
    """Return the box that a path is, None if it is none, or more than one."""
    if "".join(step[0] for step in path) not in ("mlll", "mllll"):
        return None
    points = [apply_matrix_pt(matrix, (float(step[1]), float(step[2]))) for step in path]
    across, up = {round(x, 1) for x, _ in points}, {round(y, 1) for _, y in points}
    square = len(across) <= 2 and len(up) <= 2  # noqa: PLR2004 -- two sides each
    return (min(across), min(up), max(across), max(up)) if square else None


def _common(one: Sequence[float], other: Sequence[float]) -> tuple[float, float, float, float]:
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


class _Device(PDFPageAggregatorWithMarkedContent):
    """Tag what is drawn without ink or lets something through, and number everything in the order of drawing."""

    look = _Look()
    _inkless = False
    _drawn = 0
    _pieces = 0

    def render_string(self, textstate: Any, *rest: Any) -> None:  # noqa: ANN401 -- as pdfminer has it
        self._inkless = textstate.render in _INKLESS_MODES or self.look.ink <= _NONE
        super().render_string(textstate, *rest)

    def paint_path(self, gstate: Any, stroke: bool, fill: bool, evenodd: bool, path: Any) -> None:  # noqa: ANN401, FBT001 -- the same
        """Take note of a path of several pieces: it may have holes, so none of them is taken to cover anything."""
        self._pieces = max(self._pieces, sum(step[0] == "m" for step in path))
        super().paint_path(gstate, stroke, fill, evenodd, path)
        self._pieces = 0 if sum(step[0] == "m" for step in path) == self._pieces else self._pieces

    def tag_cur_item(self) -> None:
        objects = self.cur_item._objs  # noqa: SLF001 -- as pdfplumber itself tags what it drew last
        if not objects:
            return
        drawn: Any = objects[-1]
        self._drawn += 1
        drawn.mcid, drawn.tag = self._drawn, self._tag(drawn)

    def _tag(self, drawn: LTComponent) -> str | None:
        if isinstance(drawn, LTChar):
            return INKLESS if self._inkless else None
        return SHEER if self._pieces > 1 or not self.look.covers(drawn.bbox) else None


class _Inked(Page):
    """A page that is drawn by our device."""

    @property
    def layout(self) -> LTPage:
        if not hasattr(self, "_layout"):
            device = _Device(self.pdf.rsrcmgr, pageno=self.page_number, laparams=self.pdf.laparams)
            try:
                _Interpreter(self.pdf.rsrcmgr, device).process_page(self.page_obj)
            except Exception as error:
                raise PdfminerException(error) from error
            self._layout: LTPage = device.get_result()
        return self._layout
