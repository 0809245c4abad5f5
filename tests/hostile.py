"""Hostile files of our own making: bombs, loops, lies and doors to other files, each as the bytes of one file."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, ParamSpec

import docx
import openpyxl
import pptx
from fpdf import FPDF
from fpdf.enums import EncryptionMethod

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

CANARY = "lotse-canary-7d1f"
"""Stands in a file outside the folder; whoever reads it has been outside."""
VISIBLE = "Staff may use approved tools."
PARTS = {".docx": "word/document.xml", ".pptx": "ppt/slides/slide1.xml", ".xlsx": "xl/worksheets/sheet1.xml"}
MEGABYTE = 1 << 20


P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Hostile:
    """A file by its name, how its bytes are made (given the address of a file outside), and what may become of it."""

    name: str
    make: Callable[[str], bytes]
    ends: tuple[str, ...] = ()
    heavy: bool = False


@cache
def office(suffix: str) -> bytes:
    """Return a small, honest Office file."""
    buffer = io.BytesIO()
    if suffix == ".docx":
        document = docx.Document()
        document.add_heading("Tools", 1)
        document.add_paragraph(VISIBLE)
        document.save(buffer)
    elif suffix == ".pptx":
        deck = pptx.Presentation()
        slide = deck.slides.add_slide(deck.slide_layouts[5])
        if slide.shapes.title is not None:
            slide.shapes.title.text = VISIBLE
        deck.save(buffer)
    else:
        book = openpyxl.Workbook()
        book.worksheets[0].append(["Tool", "Rule"])
        book.worksheets[0].append(["All", VISIBLE])
        book.save(buffer)
    return buffer.getvalue()


@cache
def paper(password: str = "") -> bytes:
    """Return a small, honest pdf."""
    pdf = FPDF()
    if password:
        pdf.set_encryption("owner", password, encryption_method=EncryptionMethod.AES_256)
    pdf.add_page()
    pdf.set_font("Helvetica", size=11)
    pdf.multi_cell(0, 6, f"{VISIBLE} " * 30)
    return bytes(pdf.output())


def repacked(suffix: str, members: Mapping[str, bytes | None], *, stored: bool = False) -> bytes:
    """Return an honest Office file with members replaced, added, or (None) taken out."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(office(suffix))) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as new,
    ):
        whole = {**{name: old.read(name) for name in old.namelist()}, **members}
        for name, content in whole.items():
            if content is not None:
                new.writestr(name, content)
    return buffer.getvalue()


def edited(suffix: str, part: str, old: bytes, new: bytes) -> bytes:
    """Return an honest Office file with a piece of one part replaced."""
    with zipfile.ZipFile(io.BytesIO(office(suffix))) as archive:
        content = archive.read(part)
    assert old in content
    return repacked(suffix, {part: content.replace(old, new, 1)})


def declared(suffix: str, dtd: bytes, reference: bytes) -> bytes:
    """Return an Office file whose main part declares entities, far behind its start, and uses one for its text."""
    with zipfile.ZipFile(io.BytesIO(office(suffix))) as archive:
        content = archive.read(PARTS[suffix])
    start, _, rest = content.partition(b"?>")
    hidden = b"<!--" + b" " * 5_000 + b"-->"
    body = rest.replace(VISIBLE.encode(), reference).replace(b"<v>1</v>", b"<v>" + reference + b"</v>")
    return repacked(suffix, {PARTS[suffix]: start + b"?>" + hidden + dtd + body})


def laughs(kind: str) -> bytes:
    """Return a document type that explodes: entities of entities, or one long entity used often."""
    if kind == "quadratic":
        return b'<!DOCTYPE x [<!ENTITY a "' + b"A" * 100_000 + b'">]>'
    lines = [b'<!ENTITY l0 "lol">', *(b'<!ENTITY l%d "%b">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))]
    return b"<!DOCTYPE x [" + b"".join(lines) + b"]>"


def objects(*bodies: bytes, root: int = 1) -> bytes:
    """Return a pdf of these objects, numbered from 1."""
    written = [b"%d 0 obj\n%b\nendobj\n" % (number, body) for number, body in enumerate(bodies, 1)]
    parts, at, places = [b"%PDF-1.7\n"], 9, []
    for body in written:
        places.append(at)
        parts.append(body)
        at += len(body)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1) + b"".join(b"%010d 00000 n \n" % p for p in places)
    trailer = b"trailer<</Root %d 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF" % (root, len(bodies) + 1, at)
    return b"".join([*parts, table, trailer])


def stream(content: bytes, extra: bytes = b"") -> bytes:
    """Return the body of a stream object, deflated."""
    packed = zlib.compress(content, 9)
    return b"<</Filter/FlateDecode/Length %d%b>>stream\n%b\nendstream" % (len(packed), extra, packed)


def one_page(content: bytes, *more: bytes, resources: bytes = b"") -> bytes:
    """Return a pdf of one page that draws `content`, an object of its own (4), with further objects from 5."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F<</Type/Font"
    page += b"/Subtype/Type1/BaseFont/Helvetica>>>>" + resources + b">>>>"
    return objects(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page, content, *more)


def forms(depth: int, width: int) -> bytes:
    """Return a pdf whose forms draw each other `width` times, `depth` deep."""
    draws = b"/X Do " * width
    bodies = [
        stream(draws, b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>" % (6 + n))
        for n in range(depth)
    ]
    last = stream(b"BT /F 9 Tf (x) Tj ET", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]")
    return one_page(stream(draws), *bodies, last, resources=b"/XObject<</X 5 0 R>>")


def pages(count: int) -> bytes:
    """Return a pdf of so many pages, each an object of its own, named so that no plain search counts them."""
    kids = b" ".join(b"%d 0 R" % (n + 3) for n in range(count))
    page = b"<</Type/#50age/Parent 2 0 R/MediaBox[0 0 9 9]>>"
    return objects(
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[%b]/Count %d>>" % (kids, count), *[page] * count
    )


def looping_xref() -> bytes:
    """Return a pdf whose table of objects names itself as the one before."""
    body = one_page(stream(b"BT /F 9 Tf (x) Tj ET"))
    at = body.rindex(b"xref\n0")
    return body.replace(b"trailer<<", b"trailer<</Prev %d" % at)


def lying_zip() -> bytes:
    """Return a docx whose largest member claims to be small."""
    raw = bytearray(repacked(".docx", {"word/document.xml": b" " * (80 * MEGABYTE)}))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = raw.find(mark)
        while at >= 0:
            if struct.unpack_from("<I", raw, at + offset)[0] == 80 * MEGABYTE:
                struct.pack_into("<I", raw, at + offset, 900)
            at = raw.find(mark, at + 4)
    return bytes(raw)


def nested_zip() -> bytes:
    """Return a docx that holds a bomb inside a bomb."""
    inner = bytes(50 * MEGABYTE)
    for _ in range(3):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(10):
                archive.writestr(f"{number}.zip", inner)
        inner = buffer.getvalue()
    return repacked(".docx", {"word/embeddings/a.zip": inner}, stored=True)


def rows(count: int, *, cell: str = "<c><f>SUM(A1:A9)</f><v>1</v></c>") -> bytes:
    """Return a workbook with so many rows of formulas."""
    head = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    body = "".join(f'<row r="{n}">{cell}{cell}</row>' for n in range(1, count + 1))
    return repacked(".xlsx", {PARTS[".xlsx"]: f"{head}{body}</sheetData></worksheet>".encode()}, stored=True)


def xxe(suffix: str, outside: str) -> bytes:
    """Return an Office file whose text is a file outside, by an external entity."""
    return declared(suffix, f'<!DOCTYPE x [<!ENTITY x SYSTEM "{outside}">]>'.encode(), b"&x;")


def text(name: str) -> bytes:
    """Return German text as a program with this encoding writes it."""
    return "Für Mitarbeitende gilt: keine Kundendaten.\n".encode(name)


def twice_deflated() -> bytes:
    """Return a pdf whose page is a stream in a stream, a million times smaller than what it holds."""
    packed = zlib.compress(bytes(900 * MEGABYTE), 9)
    return one_page(stream(packed).replace(b"/Filter/FlateDecode", b"/Filter[/FlateDecode/FlateDecode]", 1))


def always(make: Callable[P, bytes], *arguments: P.args, **named: P.kwargs) -> Callable[[str], bytes]:
    """Return how to make a file that names nothing outside."""
    return lambda _: make(*arguments, **named)


def repeated(unit: bytes, times: int, *, before: bytes = b"", after: bytes = b"") -> Callable[[str], bytes]:
    """Return how to make a file of the same bytes again and again."""
    return lambda _: before + unit * times + after


def _remote(kind: str, target: str) -> bytes:
    return (
        b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%b" '
        b'Target="%b" TargetMode="External"/></Relationships>' % (kind.encode(), target.encode())
    )


def linked(suffix: str, rels: str, kind: str, target: str) -> bytes:
    """Return an Office file that points to something outside: a template, an object, another workbook."""
    return edited(suffix, rels, b"</Relationships>", _remote(kind, target))


def web(outside: str) -> bytes:
    """Return a page that wants to load, run and leave."""
    return (
        f'<!DOCTYPE html [<!ENTITY x SYSTEM "{outside}">]><html><head><meta http-equiv=refresh content="0;url={outside}">'
        f'<link rel=stylesheet href="http://192.0.2.1/a.css"><base href="{outside}"><script src="{outside}">evil()</script>'
        f'</head><body><p>{VISIBLE} &x;</p><iframe src="{outside}">frame</iframe><object data="{outside}">object</object>'
        f'<img src="http://192.0.2.1/a.png"><svg><use href="{outside}"/></svg><style>@import "{outside}";</style></body></html>'
    ).encode()


def texts() -> Iterable[Hostile]:
    """Yield texts that are long, deep or regular in a way that parsers take badly."""
    long = (("line", b"word "), ("solid", b"xxxxx"), ("dots", b"A. "), ("parens", b"((((("))
    for suffix in (".md", ".txt", ".csv", ".html"):
        yield from (Hostile(name + suffix, repeated(unit, 1_000_000), heavy=True) for name, unit in long)
    marks = "* _ [ ` <!-- *a_ ![ >_ -_ |a **a [a]( ~~ \\ 1._ a\n\n <a> &lt;".split(" ")
    for number, mark in enumerate(marks):
        unit = mark.replace("_", " ").encode() if len(mark) > 1 else mark.encode()
        yield Hostile(f"marks{number}.md", repeated(unit, 100_000), heavy=True)
    yield Hostile("quotes.md", repeated(b"> ", 10_000, after=b"deep"), ("TooLarge",))
    yield Hostile("deep.html", repeated(b"<div>", 100_000, after=b"x"), ("TooLarge",))
    yield Hostile("deep-inline.html", repeated(b"<b>", 100_000, after=b"x"), ("TooLarge",))
    yield Hostile("spans.html", repeated(b"<tr><td rowspan=99999 colspan=99>xx", 2_000, before=b"<table>"), heavy=True)
    white = b"<p style='color:white'>x</p>"
    yield Hostile("white.html", repeated(white, 20_000, before=b"<div>" * 150), heavy=True)
    yield Hostile(
        "styles.html", repeated(b"p{color:red}", 100_000, before=b"<style>", after=b"</style><p>x"), heavy=True
    )
    yield Hostile("formulas.csv", repeated(b"=cmd|'/c calc'!A1,@SUM(1)\n", 3, before=b"a,b\n"), ("Content",))
    yield Hostile("fifty.txt", repeated(b"a b c d e\n", 5 * MEGABYTE), ("TooLarge",), heavy=True)
    yield Hostile("fifty.md", repeated(b"word\n\n", 8 * MEGABYTE), ("TooLarge",), heavy=True)
    header = b",".join([b"n" * 50_000] * 20) + b"\n"
    yield Hostile("header.csv", repeated(b"a,b\n", 49_000, before=header), ("Content",), heavy=True)
    heading = b"# " + b"h" * 1_000_000
    yield Hostile("heading.md", repeated(b"\n\ntext", 1_000, before=heading), ("Content",))


def fronts() -> Iterable[Hostile]:
    """Yield front matter that nests, repeats, runs or never ends."""
    broken = ("BrokenMetadata",)
    yield Hostile("nodes.yaml.md", repeated(b"[", 65_000, before=b"---\na: ", after=b"\n---\nText"), broken)
    yield Hostile("dashes.yaml.md", repeated(b"- ", 32_000, before=b"---\n", after=b"\n---\nText"), broken)
    yield Hostile("keys.yaml.md", repeated(b"{a: ", 16_000, before=b"---\na: ", after=b"\n---\nText"), broken)
    yield Hostile("laughs.yaml.md", repeated(b"---\na: &a [x]\nb: [*a, *a]\n---\nText", 1), broken)
    yield Hostile("object.yaml.md", repeated(b"---\ntitle: !!python/object/apply:os.system [id]\n---\nText", 1))
    yield Hostile("open.md", repeated(b"---\ntitle: x\naudience: hr\n\nText", 1), broken)
    yield Hostile("long.yaml.md", repeated(b"x: y\n", 20_000, before=b"---\n", after=b"---\nText"), broken)


def papers() -> Iterable[Hostile]:
    """Yield pdf files that loop, explode, lie or are locked."""
    catalog, page = b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
    words = stream(b"BT /F 9 Tf (x) Tj ET")
    form = b"/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>"
    drawing = b"/XObject<</X 5 0 R>>"
    made: dict[str, Callable[[str], bytes]] = {
        "itself.pdf": always(objects, catalog, b"<</Type/Pages/Kids[2 0 R]/Count 1>>"),
        "ring.pdf": always(objects, catalog, b"<</Type/Pages/Kids[3 0 R]>>", b"<</Type/Pages/Kids[2 0 R]>>"),
        "parent.pdf": always(objects, catalog, b"<</Type/Pages/Parent 3 0 R/Kids[3 0 R]>>", page),
        "count.pdf": always(objects, catalog, b"<</Type/Pages/Kids[3 0 R]/Count 999999999>>", page),
        "box.pdf": always(objects, catalog, b"<</Kids[3 0 R]>>", page.replace(b"[0 0 9 9]", b"[1e99 -1e99 0 0]")),
        "xref.pdf": always(looping_xref),
        "length.pdf": always(one_page, b"<</Length 4 0 R>>stream\nBT ET\nendstream"),
        "forms-ring.pdf": always(one_page, words, stream(b"/X Do", form), resources=drawing),
        "arrays.pdf": always(one_page, stream(b"[" * 300_000)),
        "dicts.pdf": always(one_page, stream(b"<<" * 300_000)),
        "cut.pdf": always(paper().__getitem__, slice(700)),
    }
    yield from (Hostile(name, make) for name, make in made.items())
    launch = b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/Launch/F(%b)>>>>"
    yield Hostile(
        "launch.pdf", lambda outside: objects(launch % outside.encode(), b"<</Type/Pages/Kids[3 0 R]>>", page)
    )
    yield Hostile("locked.pdf", always(paper, "secret"), ("Encrypted",))
    yield Hostile("forms.pdf", always(forms, 9, 10), heavy=True)
    yield Hostile("operators.pdf", lambda _: one_page(stream(b"BT /F 9 Tf " + b"(abc) Tj " * 400_000)), heavy=True)
    yield Hostile("lines.pdf", lambda _: one_page(stream(b"0 0 m 9 9 l S " * 200_000)), heavy=True)
    yield Hostile("pages.pdf", always(pages, 100_000), ("TooLarge",), heavy=True)
    yield Hostile("flate.pdf", lambda _: one_page(stream(bytes(200 * MEGABYTE))), heavy=True)
    yield Hostile("flate-twice.pdf", always(twice_deflated), heavy=True)


def archives() -> Iterable[Hostile]:
    """Yield Office files that explode, lie or climb out."""
    sheet, big = PARTS[".xlsx"], ("TooLarge",)
    yield Hostile("ratio.docx", lambda _: repacked(".docx", {"word/a.bin": bytes(120 * MEGABYTE)}), big, heavy=True)
    yield Hostile("markup.xlsx", lambda _: repacked(".xlsx", {sheet: b" " * (61 * MEGABYTE)}), big, heavy=True)
    yield Hostile("many.pptx", lambda _: repacked(".pptx", {f"ppt/{n}": b"" for n in range(6_000)}), big)
    yield Hostile("nested.docx", always(nested_zip), ("Content",), heavy=True)
    yield Hostile("lying.docx", always(lying_zip), ("Damaged",), heavy=True)
    yield Hostile("rows.xlsx", always(rows, 900_000, cell="<c><v>1</v></c>"), big, heavy=True)
    yield Hostile("formulas.xlsx", always(rows, 400_000), big, heavy=True)
    yield Hostile("empty-rows.xlsx", always(rows, 1_048_576, cell=""), heavy=True)
    slip = dict.fromkeys(("../../evil.txt", "/evil.txt", "..\\..\\evil.txt", "C:\\evil.txt"), b"x")
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    for suffix, part in PARTS.items():
        yield Hostile(f"slip{suffix}", always(repacked, suffix, slip), ("Content",))
        yield Hostile(f"cut{suffix}", always(office(suffix).__getitem__, slice(-400)), ("Damaged",))
        yield Hostile(
            f"half{suffix}", always(office(suffix).__getitem__, slice(len(office(suffix)) // 2)), ("Damaged",)
        )
        yield Hostile(f"text{suffix}", repeated(b"just text", 1), ("WrongType",))
        yield Hostile(f"locked{suffix}", repeated(old, 1), ("Encrypted",))
        yield Hostile(
            f"deep{suffix}", always(filled, suffix, part, b"<a>", 200_000), ("Damaged", "TooLarge", "EmptyFile")
        )
        yield Hostile(f"flat{suffix}", always(filled, suffix, part, b"<a/>", 10_000_000), heavy=True)


def filled(suffix: str, part: str, unit: bytes, times: int) -> bytes:
    """Return an Office file with one part that is the same again and again."""
    return repacked(suffix, {part: b"<x>" + unit * times + b"</x>"}, stored=True)


def doors() -> Iterable[Hostile]:
    """Yield files that name a file outside, or an address, as if it were part of them."""
    document, slide = "word/_rels/document.xml.rels", "ppt/slides/_rels/slide1.xml.rels"
    ways = (
        *((".docx", document, kind) for kind in ("attachedTemplate", "oleObject", "footnotes", "numbering", "image")),
        *((".pptx", slide, kind) for kind in ("video", "oleObject", "notesSlide", "image")),
        *((".xlsx", "xl/_rels/workbook.xml.rels", kind) for kind in ("externalLink", "sharedStrings", "worksheet")),
    )
    for suffix, rels, kind in ways:
        yield Hostile(f"{kind}{suffix}", partial(linked, suffix, rels, kind))
    for suffix in PARTS:
        yield Hostile(f"xxe{suffix}", partial(xxe, suffix))
        yield Hostile(f"laughs{suffix}", always(declared, suffix, laughs("exponential"), b"&l9;"))
        yield Hostile(f"quadratic{suffix}", always(declared, suffix, laughs("quadratic"), b"&a;" * 20_000))
    yield Hostile("web.html", web, ("Content",))
    yield Hostile("web.md", web, ("Content",))


def others() -> Iterable[Hostile]:
    """Yield files under a wrong name, and texts that older or other programs wrote."""
    program, picture = b"MZ\x90\x00" + bytes(500), b"\x89PNG\r\n\x1a\n" + bytes(500)
    yield from (Hostile(f"program{suffix}", repeated(program, 1), ("WrongType",)) for suffix in (".pdf", ".md", ".csv"))
    yield from (Hostile(f"picture{suffix}", repeated(picture, 1), ("WrongType",)) for suffix in (".txt", ".html"))
    yield Hostile("archive.txt", always(office, ".docx"), ("WrongType",))
    for name in ("latin-1", "utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "utf-32", "cp1252"):
        yield Hostile(f"{name}.txt", always(text, name), ("Content",))


def files() -> list[Hostile]:
    """Return all hostile files."""
    return [*texts(), *fronts(), *archives(), *doors(), *papers(), *others()]


def mutated(raw: bytes, seed: int) -> bytes:
    """Return the bytes with up to fifty of them changed, or a piece cut, doubled or moved. Always the same for a seed."""
    chance = random.Random(seed)  # noqa: S311 -- wanted the same in every run
    broken = bytearray(raw)
    for _ in range(chance.randint(1, 50)):
        broken[chance.randrange(len(broken))] = chance.randrange(256)
    start, end = sorted(chance.choices(range(len(broken)), k=2))
    piece = bytes(broken[start:end])
    if seed % 4 == 1:
        del broken[start:end]
    elif seed % 4 == 2:
        broken[start:start] = piece
    return bytes(broken)
