"""What people typed into a file, a label or an address is shown letter by letter: it is never markup."""

from tests.browser.conftest import choose, serving, settled, take_up
from tests.factory import CARDIFF, make_store
from tests.pages.test_import import survey_file

HOSTILE = (
    "<b>bold</b><img src=http://evil.example/i.png onerror=alert(1)> **x** ![p](http://evil.example/p.png) "
    "[l](http://evil.example/l) http://evil.example/a www.evil.example me@evil.example :red[r] $y^2$ `c`"
)


def markup(page) -> list[str]:
    """Elements that Markdown or HTML of ours never makes, and links and pictures to other hosts."""
    return page.evaluate(
        """() => [...document.querySelectorAll(
            "[data-testid=stApp] :is(a[href], img, b, iframe, .katex, [data-testid=stMain] code)"
        )].filter(element => !element.href || new URL(element.href).host !== location.host
        ).map(element => element.outerHTML)"""
    )


def test_what_is_typed_is_never_markup(tmp_path, opened):
    label = "2025 **x** <b>y</b> [l](//evil.example)"
    answers = {"A1": [5] * 12, "A2": [4] * 12, "OVR": [5] * 12}
    make_store(tmp_path, {label: {CARDIFF: answers}, "2026": {CARDIFF: answers}}).close()
    with serving(tmp_path / "store.duckdb", tmp_path) as server:
        page = opened(server + "/?org=Cardiff")
        choose(page, "round", "2025")
        for summary in page.locator("[data-testid=stExpander] summary").all():
            summary.click()
        settled(page)
        assert markup(page) == []
        assert page.get_by_text("round " + label).first.is_visible()

        page = opened(server + "/import")
        header = [HOSTILE, "<b>HTML</b>", *survey_file(1).decode().splitlines()[0].split(",")[2:]]
        content = survey_file(12, header=header, R5C3=HOSTILE, R6C4="=1+1", R7C4="<script>alert(1)</script>")
        take_up(page, content, "Swansea", "Round **2027** <i>new</i>", "<b>a</b> [l](//evil.example).csv")
        assert markup(page) == []
        shown = page.locator("[data-testid=stMain]").inner_text().replace("\N{WORD JOINER}", "")
        assert HOSTILE[:40] in shown
        assert "<script>alert(1)</script>" in shown
        assert "This makes the round Round **2027** <i>new</i>." in shown
