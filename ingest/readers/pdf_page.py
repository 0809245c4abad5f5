"""A page of a pdf as pdfplumber gives it, that also knows which characters are drawn without ink."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.pdfpage import PDFPage
from pdfplumber.page import Page, PDFPageAggregatorWithMarkedContent
from pdfplumber.utils.exceptions import PdfminerException

from ingest.errors import TooLarge
from ingest.readers.pdf_layout import INKLESS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdfminer.layout import LTPage
    from pdfplumber.pdf import PDF

    from ingest.readers.limits import Limits

_INKLESS_MODES = (3, 7)  # neither filled nor stroked: PDF 32000-1, table 106


def pages(pdf: PDF, limits: Limits) -> Iterator[Page]:
    """Yield the pages. Raises TooLarge, before any is taken apart, for more than the limit."""
    found: list[PDFPage] = []
    for page in PDFPage.create_pages(pdf.doc):
        found.append(page)
        if len(found) > limits.pages:
            raise TooLarge("pages", limits.pages, len(found))
    return (_Inked(pdf, page, page_number=number) for number, page in enumerate(found, 1))


class _Device(PDFPageAggregatorWithMarkedContent):
    """Tag what is drawn without ink."""

    _inkless = False

    def render_string(self, textstate: Any, *rest: Any) -> None:  # noqa: ANN401 -- as pdfminer has it
        self._inkless = textstate.render in _INKLESS_MODES
        super().render_string(textstate, *rest)

    def tag_cur_item(self) -> None:
        super().tag_cur_item()
        if self._inkless and self.cur_item._objs:  # noqa: SLF001 -- as pdfplumber itself tags what it drew last
            self.cur_item._objs[-1].tag = INKLESS  # type: ignore[attr-defined] # noqa: SLF001


class _Inked(Page):
    """A page that is drawn by our device."""

    @property
    def layout(self) -> LTPage:
        if not hasattr(self, "_layout"):
            device = _Device(self.pdf.rsrcmgr, pageno=self.page_number, laparams=self.pdf.laparams)
            try:
                PDFPageInterpreter(self.pdf.rsrcmgr, device).process_page(self.page_obj)
            except Exception as error:
                raise PdfminerException(error) from error
            self._layout: LTPage = device.get_result()
        return self._layout
