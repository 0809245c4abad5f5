"""A web page gives all that its main part shows, and nothing that it hides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ingest.errors import TooLarge
from ingest.readers import Content, Limits, read
from knowledge.documents import Kind

if TYPE_CHECKING:
    from pathlib import Path

    from knowledge.documents import Block


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def taken(folder: Path, body: str, head: str = "", limits: Limits | None = None) -> Content:
    file = folder / "page.html"
    file.write_text(f"<!DOCTYPE html><html lang='de-DE'><head>{head}</head><body>{body}</body></html>", "utf-8")
    return read(file, limits)


def blocks(content: Content) -> list[Block]:
    return [block for section in content.sections for block in section.blocks]


def texts(content: Content) -> list[str]:
    return [block.text for block in blocks(content)]


def test_navigation_scripts_controls_and_footers_are_left_out(folder: Path) -> None:
    page = (
        "<nav>Home</nav><script>x()</script><main><h1>A</h1><p>Text <button>Like</button></p></main><footer>c</footer>"
    )
    content = taken(folder, page)
    assert [(section.heading, [block.text for block in section.blocks]) for section in content.sections] == [
        (("A",), ["Text"])
    ]
    assert content.hidden == 0


def test_a_page_without_a_main_part_is_read_whole(folder: Path) -> None:
    page = "<div><p>One</p>two<p>Three</p></div><article>Four<footer>Five</footer></article>"
    assert texts(taken(folder, page)) == ["One", "two", "Three", "Four", "Five"]


@pytest.mark.parametrize(
    "hidden",
    [
        "<p hidden>Secret</p>",
        "<p style='DISPLAY : none'>Secret</p>",
        "<p style='visibility:hidden'>Secret</p>",
        "<p style='font-size:0'>Secret</p>",
        "<p style='opacity: 0'>Secret</p>",
        "<p style='position:absolute;left:-9999px'>Secret</p>",
        "<p style='color:#FFF'>Secret</p>",
        "<p style='color: white; background: #ffffff'>Secret</p>",
        "<font color='white'>Secret</font>",
        "<dialog>Secret</dialog>",
        "<p style='font-size:1px'>Secret</p>",
        "<p style='font-size:.1px'>Secret</p>",
        "<p style='font:0/0 a'>Secret</p>",
        "<p style='opacity:.01'>Secret</p>",
        "<p style='position:absolute;left:-99em'>Secret</p>",
        "<p style='position:fixed;top:-99vh'>Secret</p>",
        "<p style='text-indent:-99em'>Secret</p>",
        "<p style='color:transparent'>Secret</p>",
        "<p style='color:rgba(0,0,0,0)'>Secret</p>",
        "<p style='color:#fefefe'>Secret</p>",
        "<p style='color:hsl(0, 0%, 100%)'>Secret</p>",
        "<p style='color:#ffff'>Secret</p>",
        "<p style='color:#ffffffff'>Secret</p>",
        "<p style='height:0;overflow:hidden'>Secret</p>",
        "<p style='max-height:0;overflow:hidden'>Secret</p>",
        "<p style='position:absolute;clip:rect(0,0,0,0)'>Secret</p>",
        "<p style='clip-path:inset(100%)'>Secret</p>",
        "<p style='transform:scale(0)'>Secret</p>",
        "<p style='transform:translateX(-9999px)'>Secret</p>",
        "<p style='zoom:0'>Secret</p>",
        "<p style='color:#123456;background:#123456'>Secret</p>",
        "<p class='x'>Secret</p>",
        "<div class='x'><section><p>Secret</p></section></div>",
        "<p><!--Secret--></p>",
    ],
)
def test_hidden_text_is_counted_and_not_read(folder: Path, hidden: str) -> None:
    content = taken(folder, f"<p>Open</p>{hidden}", "<style>p{margin:0} .x{display:none}</style>")
    assert texts(content) == ["Open"]
    assert content.hidden == len("Secret")


@pytest.mark.parametrize(
    "shown",
    [
        "<p style='font-size:0.9em'>Shown</p>",
        "<p style='opacity:0.8'>Shown</p>",
        "<p style='background:navy;color:white'>Shown</p>",
        "<div style='background-color:#003'><p style='color:#fff'>Shown</p></div>",
        "<td class='dark'><span style='color:white'>Shown</span></td>",
        "<p aria-hidden='true'>Shown</p>",
        "<dialog open>Shown</dialog>",
        "<p style='font-size:10px'>Shown</p>",
        "<p style='opacity:1'>Shown</p>",
        "<p style='height:0'>Shown</p>",
        "<p style='overflow:hidden;height:10em'>Shown</p>",
        "<p style='text-indent:-2em'>Shown</p>",
        "<p style='color:transparent;background-clip:text;background:red'>Shown</p>",
        "<p style='color:#f00'>Shown</p>",
        "<p style='color:hsl(0, 100%, 30%)'>Shown</p>",
        "<p style='transform:scale(0.9)'>Shown</p>",
        "<p style='color:rgba(0,0,0,0.8)'>Shown</p>",
        "<p style='color:red;background:navy'>Shown</p>",
        "<details><p>Shown</p></details>",
    ],
)
def test_what_people_can_see_is_kept(folder: Path, shown: str) -> None:
    assert texts(taken(folder, shown, "<style>.dark{background:#000}</style>")) == ["Shown"]


def test_text_after_a_hidden_element_stays(folder: Path) -> None:
    assert texts(taken(folder, "<p>Do<span hidden> not</span> ask.<!-- x --> Now.</p>")) == ["Do ask. Now."]


def test_lists_number_as_the_browser_does(folder: Path) -> None:
    page = "<ol start=3 type=a><li>One<ul><li><p>In</p><p>and</p></li></ul></li><li value=7>Two</li></ol>"
    assert [(block.kind, block.marker, block.depth, block.text) for block in blocks(taken(folder, page))] == [
        (Kind.RULE, "c)", 0, "One"),
        (Kind.ITEM, "", 1, "In\nand"),
        (Kind.RULE, "g)", 0, "Two"),
    ]


def test_a_table_repeats_what_spans_rows_and_keeps_columns_in_line(folder: Path) -> None:
    page = (
        "<table><thead><tr><th>Tool<th>Class<th>Status</tr></thead>"
        "<tr><td rowspan=2>DeepL<td>C1<td>yes</tr><tr><td>C2<td>no</tr><tr><td>X<td colspan=2>none</tr></table>"
    )
    assert [block.cells for block in blocks(taken(folder, page))] == [
        ("DeepL", "C1", "yes"),
        ("DeepL", "C2", "no"),
        ("X", "none", ""),
    ]
    assert blocks(taken(folder, page))[0].header == ("Tool", "Class", "Status")


def test_a_list_of_names_and_values_loses_no_row(folder: Path) -> None:
    page = "<table><tr><td>Owner<td>AI Office</tr><tr><td>Contact<td>4417</tr></table>"
    assert texts(taken(folder, page)) == ["Owner | AI Office", "Contact | 4417"]


def test_a_table_that_only_arranges_the_page_is_walked_through(folder: Path) -> None:
    page = "<table><tr><td><h2>A</h2><p>One</p></td><td><p>Two</p></td></tr></table>"
    content = taken(folder, page)
    assert content.sections[-1].heading == ("A",)
    assert texts(content) == ["One", "Two"]


def test_title_and_language_come_from_the_page(folder: Path) -> None:
    content = taken(folder, "<h1>Bilder</h1><p>x</p>", "<title>Bilder | Intranet der Firma</title>")
    assert content.properties == {"title": "Bilder", "language": "de-DE"}
    other = taken(folder, "<h1>Willkommen</h1><h1>Hier</h1><p>x</p>", "<title>Bilder</title>")
    assert other.properties["title"] == "Bilder"


def test_an_old_page_is_decoded_as_it_declares(folder: Path) -> None:
    file = folder / "alt.htm"
    file.write_bytes("<meta charset='windows-1252'><p>Prüfung für 5 €</p>".encode("cp1252"))
    assert texts(read(file)) == ["Prüfung für 5 €"]


def test_a_page_that_nests_without_end_is_refused(folder: Path) -> None:
    with pytest.raises(TooLarge) as raised:
        taken(folder, "<div>" * 5_000 + "x")
    assert raised.value.limit == "depth"


AROUND = """<header><a href=/>Home</a> <a href=/x>Shop</a></header>
<ul><li><a href=a>Products</a><li><a href=b>Jobs</a></ul>
<div id=cookie-banner><p>We use cookies to make this page better.</p></div>
<div class="left sidebar"><p>See <a href=c>All our news today</a></p></div>
<div class=content><h1>Policy</h1><p>{text}</p><ul class=menu-of-rules><li>Ask before you <a href=d>buy</a>.</ul>
<h2>Read on</h2><ul><li><a href=e>Tool register</a><li><a href=f>Data classes</a></ul></div>
<div class=footer><a href=g>Imprint</a></div>"""


def test_what_only_leads_elsewhere_is_left_out_and_links_of_the_text_stay(folder: Path) -> None:
    text = "Staff may use approved tools, as long as the class of the data fits. " * 5
    content = taken(folder, AROUND.format(text=text))
    assert texts(content) == [text.strip(), "Ask before you buy.", "Tool register", "Data classes"]
    assert content.hidden == 0
