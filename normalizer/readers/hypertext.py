"""HTML to text: a walk over the tree, so that depth costs nothing and nothing that is shown is lost."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Final, NamedTuple

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode

_DROPPED: Final = frozenset({
    "script", "style", "head", "title", "template", "object", "embed", "iframe", "audio", "video", "canvas",
    "datalist",
})  # fmt: skip
_BLOCKS: Final = frozenset({
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li",
    "main", "nav", "ol", "option", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul",
})  # fmt: skip
#: An empty line stands before and after these.
_GAPS: Final = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "pre"})
_SPACES: Final = re.compile(r"[ \t\r\n\f\xa0]+")
_HIDES: Final = re.compile(
    r"display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}(?:hidden|collapse)|mso-hide\s{0,9}:\s{0,9}all", re.IGNORECASE
)
_END: Final = r"\s{0,9}(?:;|!|\Z)"
_FAINT: Final = re.compile(
    rf"font-size\s{{0,9}}:\s{{0,9}}[01](?:\.\d{{1,4}})?(?:px|pt|%)?{_END}"
    rf"|opacity\s{{0,9}}:\s{{0,9}}0?(?:\.0{{1,4}})?{_END}"
    r"|(?:text-indent|left|top)\s{0,9}:\s{0,9}-\d{3,6}",
    re.IGNORECASE,
)
_COLOUR: Final = re.compile(r"(?:\A|;)\s{0,9}color\s{0,9}:\s{0,9}([^;!]{1,40})", re.IGNORECASE)
_GROUND: Final = re.compile(r"(?:\A|;)\s{0,9}background(?:-color)?\s{0,9}:\s{0,9}([^;!]{1,200})", re.IGNORECASE)
_WHITE: Final = re.compile(
    r"#f[a-f0-9]f[a-f0-9]f[a-f0-9]|#fff|white|rgba?\(\s?25[0-5],\s?25[0-5],\s?25[0-5][^)]{0,9}\)", re.IGNORECASE
)
_INDENT: Final = re.compile(r"border\s{0,9}:\s{0,9}(?:none|0)", re.IGNORECASE)  # a blockquote that quotes nobody
_RULE: Final = "_" * 32  # what Outlook draws above the mail that it answers
_DEEPEST_QUOTE: Final = 9
_TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,30})[^<>]*+>?")
_UNCLOSED: Final = frozenset({
    "br", "img", "hr", "input", "meta", "link", "li", "p", "td", "th", "tr", "tbody", "thead", "option", "col",
    "area", "wbr", "base",
})  # fmt: skip
_UNCHECKED: Final = 100_000  # characters of a page that do no harm, whatever they are
_DEEPEST: Final = 20_000
_ATTRIBUTES: Final = 5_000  # of one element
_PLAIN_TREE: Final = LexborDocumentOptions.WO_EVENTS.value  # copying chosen options about costs the square of them


class Shown(NamedTuple):
    """What a page shows, and text in it that its reader would not see."""

    text: str
    hidden: str = ""


def read(page: str) -> Shown:
    """Give the text of a page: blocks on lines of their own, cells parted by tabs, quotes marked with "> ".

    Text that is not rendered at all is left out; text that is, but can't be seen (white on white, size 0), stays in.
    Both are given as hidden.
    """
    if len(page) > _UNCHECKED and not _tame(page):
        return Shown(unescape(_TAG.sub("\n", page)))
    root = LexborHTMLParser(page, options=_PLAIN_TREE).root
    if root is None:
        return Shown("")
    walk = _Walk()
    walk.through(root)
    return Shown(walk.page.text(), " ".join(" ".join(walk.hidden).split()))


def _tame(page: str) -> bool:
    """Tell whether a tree of this page can be built in good time: that grows with the square of depth."""
    depth = deepest = 0
    for tag in _TAG.finditer(page):
        if tag[2].lower() not in _UNCLOSED:
            depth = max(0, depth - 1) if tag[1] else depth + 1
            deepest = max(deepest, depth)
        if len(tag[0]) > _UNCHECKED // 10 and len(tag[0].split()) > _ATTRIBUTES:
            return False
    return deepest <= _DEEPEST


class _Page:
    """The lines of text as they come about."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line: list[str] = []
        self.gap = False
        self.quotes = 0

    def end_line(self) -> None:
        """Finish a line, if anything stands on it."""
        text = "".join(self.line).strip()
        self.line.clear()
        if not text:
            return
        mark = "> " * min(self.quotes, _DEEPEST_QUOTE)
        if self.gap and self.lines:
            self.lines.append(mark.rstrip())
        self.gap = False
        self.lines.append(mark + text.replace(" \t", "\t").replace("\t ", "\t"))

    def words(self, text: str) -> None:
        """Add running text; spaces never double."""
        plain = _SPACES.sub(" ", text)
        if plain == " " and (not self.line or self.line[-1].endswith((" ", "\t"))):
            return
        if plain.startswith(" ") and self.line and self.line[-1].endswith(" "):
            plain = plain[1:]
        self.line.append(plain)

    def preformatted(self, text: str) -> None:
        """Add text whose line ends count."""
        first, *others = text.split("\n")
        self.line.append(first)
        for other in others:
            self.gap = self.gap or not any(self.line)
            self.end_line()
            self.line.append(other)

    def text(self) -> str:
        """Give all of it."""
        self.end_line()
        return "\n".join(self.lines)


class _Walk:
    """Goes over all nodes in order, without recursion."""

    def __init__(self) -> None:
        self.page = _Page()
        self.hidden: list[str] = []
        self.depth = 0
        self.pre = 0
        self.faint: int | None = None  # depth of the outermost element that can't be seen
        self.grounds: list[tuple[int, bool]] = []  # depth and whether it is coloured, of each background around

    def through(self, root: LexborNode) -> None:
        """Visit every node; `leave` follows each `enter` that led inside."""
        node, inside = root, True
        while True:
            below = node.child if inside else None
            if below is not None:
                node, self.depth = below, self.depth + 1
                inside = self.enter(node)
                continue
            while (beside := node.next) is None or self.depth == 0:
                if self.depth == 0 or (above := node.parent) is None:
                    return
                node, self.depth = above, self.depth - 1
                self.leave(node.tag or "", node)
            node = beside
            inside = self.enter(node)

    def enter(self, node: LexborNode) -> bool:
        """Take one node; tell whether to go inside."""
        if node.is_text_node:
            self.text(node.text_content or "")
            return False
        tag = node.tag
        if not node.is_element_node or tag is None or tag in _DROPPED:
            return False
        if tag == "br":
            self.page.gap = self.page.gap or not self.page.line
            self.page.end_line()
            return False
        if attributes := node.attributes:
            if "hidden" in attributes or _HIDES.search((attributes.get("style") or "")[:2000]):
                self.hidden.append(node.text() or "")
                return False
            self.look(tag, attributes)
        self.open(tag, attributes)
        return True

    def text(self, text: str) -> None:
        """Take the text of a node."""
        if self.faint is not None:
            self.hidden.append(text)
        if self.pre:
            self.page.preformatted(text)
        else:
            self.page.words(text)

    def open(self, tag: str, attributes: Mapping[str, str | None]) -> None:
        """Do what the beginning of an element does to the lines."""
        if tag in _BLOCKS:
            self.page.end_line()
            self.page.gap = self.page.gap or tag in _GAPS
        if tag == "pre":
            self.pre += 1
        elif tag == "blockquote" and not _INDENT.search((attributes.get("style") or "")[:500]):
            self.page.quotes += 1
        elif attributes.get("id") == "divRplyFwdMsg":
            self.page.words(_RULE)
            self.page.end_line()

    def leave(self, tag: str, node: LexborNode) -> None:
        """Do what the end of an element does."""
        if tag in _BLOCKS:
            self.page.end_line()
            self.page.gap = self.page.gap or tag in _GAPS
            if tag == "blockquote" and not _INDENT.search((node.attributes.get("style") or "")[:500]):
                self.page.quotes -= 1
            self.pre -= tag == "pre"
        elif tag in {"td", "th"} and self.page.line:
            self.page.line.append("\t")
        if self.faint == self.depth:
            self.faint = None
        if self.grounds and self.grounds[-1][0] == self.depth:
            self.grounds.pop()

    def look(self, tag: str, attributes: Mapping[str, str | None]) -> None:
        """See by an element's colours and sizes whether its text can be seen."""
        style = (attributes.get("style") or "")[:2000]
        ground = _GROUND.search(style)
        shade = ground[1] if ground else attributes.get("bgcolor") or attributes.get("background")
        if shade and shade.strip().lower() not in {"none", "transparent", "inherit"}:
            self.grounds.append((self.depth, not _WHITE.fullmatch(shade.strip())))
        colour = _COLOUR.search(style)
        ink = colour[1] if colour else attributes.get("color") if tag == "font" else None
        on_colour = bool(self.grounds) and self.grounds[-1][1]
        white = ink is not None and _WHITE.fullmatch(ink.strip()) is not None and not on_colour
        if self.faint is None and (white or _FAINT.search(style)):
            self.faint = self.depth
