"""LaTeX to outlines that can be drawn at any size. No Qt."""

from __future__ import annotations

import re
import threading
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

from gui.override import override

if TYPE_CHECKING:
    from collections.abc import Iterable
    from concurrent.futures import ThreadPoolExecutor

LONGEST = 3000
"""Characters of a formula that is set; a longer one stays its source."""

DEEPEST = 24
"""Braces inside of each other."""

MOST_WORK = 1000
"""Parts of a formula that are measured and built: a tenth of a second, which only a page of mathematics takes."""

KEPT = 1000
"""Formulas that are not set again: a theme or a zoom draws them anew from what is here, some 8 kB each."""

INK = b'"black"'
"""What stands in an outline for the colour of the text."""

X_HEIGHT = 0.467
"""Of the font that formulas are set in, in em."""

_SIZE = 24.0  # the library's own unit for an em; its limits for small print are made for it
_MARGIN = 1.0

_ENVIRONMENTS = (
    r"(?:[bBpvV]?matrix|smallmatrix|array|[dr]?cases|align(?:ed|at|edat)?|equation|gather(?:ed)?|split|subarray)\*?"
)
_ENVIRONMENT = re.compile(rf"\\begin\s*\{{(?!{_ENVIRONMENTS}\}})")
# They would outlive their formula, or grow without end.
_DEFINITION = re.compile(
    r"\\(?:def|let|gdef|edef|(?:re)?newcommand|newenvironment|providecommand|DeclareMathOperator)\b"
)
_LABEL = re.compile(r"\\label\s*\{[^{}]*\}|\\(?:nonumber|notag)\b")
_TAG = re.compile(r"\\tag\*?\s*\{([^{}]*)\}")
_LIKELY = re.compile(r"\$\$.+?\$\$|\\\[.+?\\\]|\\\(.+?\\\)|\$[^\s$](?:[^$\n]*[^\s$])?\$", re.DOTALL)
_TAGS = frozenset(
    (
        *("math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mfrac", "msqrt", "mroot", "msub", "msup", "msubsup"),
        *("munder", "mover", "munderover", "mtable", "mtr", "mtd", "mstyle", "mpadded", "mphantom", "menclose"),
    )
)


@dataclass(frozen=True, slots=True)
class Formula:
    """`svg` has INK for its colour. Sizes in em: `height` is above the baseline, `depth` below."""

    svg: bytes
    width: float
    height: float
    depth: float


class CannotSet(Exception):
    """The library does not know it, or it would take too long."""


def is_display(source: str) -> bool:
    """Whether a formula, with the marks around it, stands on a line of its own."""
    return source.startswith(("$$", "\\["))


class Formulas:
    """Sets formulas, each once, in any thread. A source has the marks around it: $…$, $$…$$, \\(…\\), \\[…\\]."""

    def __init__(self) -> None:
        self._set: dict[str, Formula | None] = {}
        self._asked: set[str] = set()
        self._worker: ThreadPoolExecutor | None = None

    def get(self, source: str) -> Formula | None:
        """None: it can only be shown as it is."""
        if source not in self._set:
            formula = _set(source)
            while len(self._set) >= KEPT:
                self._set.pop(next(iter(self._set)), None)
            self._set[source] = formula
        return self._set[source]

    def ready(self, source: str) -> bool:
        """Whether `get` gives it at once; if not, it is being set from now on."""
        if source in self._set:
            return True
        if source not in self._asked:
            from concurrent.futures import ThreadPoolExecutor

            self._asked.add(source)
            self._worker = self._worker or ThreadPoolExecutor(1, "formulas")
            self._worker.submit(self._set_ahead, source)
        return False

    def prepare(self, texts: Iterable[str]) -> None:
        """Set what look like formulas in these texts. To be called in a thread of its own: it may take seconds."""
        for text in texts:
            for found in _LIKELY.finditer(text):
                self.get(found[0])

    def waits_for(self, texts: Iterable[str]) -> bool:
        """Whether `prepare` has something to do."""
        return any(found[0] not in self._set for text in texts for found in _LIKELY.finditer(text))

    def _set_ahead(self, source: str) -> None:
        self.get(source)
        self._asked.discard(source)


FORMULAS = Formulas()
"""Of the whole program: what a formula looks like depends on its source alone."""


def _set(source: str) -> Formula | None:
    marks = 1 if source.startswith("$") and not source.startswith("$$") else 2
    latex = source[marks:-marks].strip()
    if not latex or len(latex) > LONGEST or _depth(latex) > DEEPEST:
        return None
    if _DEFINITION.search(latex) or _ENVIRONMENT.search(latex):
        return None
    latex = _TAG.sub(r"\\qquad\\text{(\1)}", _LABEL.sub("", latex))
    try:
        return _library().set(latex, display=is_display(source))
    except Exception:  # noqa: BLE001 -- whatever a library raises over a formula: it is shown as its source
        return None


def _depth(latex: str) -> int:
    deepest = depth = 0
    for mark in re.findall(r"\\.|[{}]", latex, re.DOTALL):
        depth += {"{": 1, "}": -1}.get(mark, 0)
        deepest = max(deepest, depth)
    return deepest


class _Library(Protocol):
    def set(self, latex: str, *, display: bool) -> Formula: ...


@cache
def _library() -> _Library:
    """Imported at first use: the first paint does not wait for it, nor does a text without formulas."""
    from xml.etree import ElementTree as ET

    from ziamath.config import config
    from ziamath.escapes import unescape
    from ziamath.nodes.mnode import Mnode
    from ziamath.nodes.mrow import Mrow
    from ziamath.operators import get_params
    from ziamath.tex import tex2mml
    from ziamath.zmath import Math, loadedfonts

    config.svg2 = False  # Qt draws outlines, but not the symbols of SVG 2
    font = loadedfonts["default"]
    heights: dict[object, Any] = {}  # of the parts of the formula that is being set
    work = 0

    @cache
    def stretches(sign: str) -> bool:
        forms = (get_params(sign, form) for form in ("prefix", "infix", "postfix"))
        return any(form.get("stretchy", "false") != "false" for form in forms)

    class Row(Mrow, tag="mrow"):
        """In place of the library's own, which sets each part twice, and the parts of that four times, to know how
        far its brackets reach. What was measured is kept.
        """

        @override
        def _get_height_nostretch(self, line: list[ET.Element], **options: Any) -> tuple[float, float]:
            nonlocal work
            work += len(line)
            if work > MOST_WORK:
                raise CannotSet
            signs = (one for child in line for one in child.iter() if one.text and one.get("stretchy") != "false")
            if not any(stretches(sign.text or "") for sign in signs):
                return 0.0, 0.0  # nobody asks
            options = {key: one for key, one in options.items() if key not in {"rowymin", "rowymax"}}
            options["nostretch"] = True
            place = repr((self.style, self.glyphsize, sorted(options.items())))
            lowest, highest = 9999.0, -9999.0  # as the library has it for an empty row
            for child in line:
                if child.tag == "mo" and not (child.text or "").strip() and not len(child):
                    continue
                key = (ET.tostring(child), place)
                if key not in heights:
                    work += 1
                    heights[key] = Mnode.fromelement(deepcopy(child), parent=self, **options).bbox
                lowest, highest = min(lowest, heights[key].ymin), max(highest, heights[key].ymax)
            return lowest, highest

    class Library:
        def __init__(self) -> None:
            self._lock = threading.Lock()  # one formula at a time, for `heights` and `work`

        def set(self, latex: str, *, display: bool) -> Formula:
            nonlocal work
            # The library's own way to write \binom takes the first brace for the last.
            latex = latex.replace(r"\binom", r"\dbinom" if display else r"\tbinom")
            mathml = unescape(tex2mml(latex, inline=not display))
            tree = ET.fromstring(mathml)  # noqa: S314 -- what tex2mml writes has no DOCTYPE, and so no entities
            for element in tree.iter():
                self._check(element)
            with self._lock:
                heights.clear()
                work = 0
                drawn = Math(tree, size=_SIZE, margin=_MARGIN)
                box, svg = drawn.node.bbox, drawn.svg()
            return Formula(
                svg.encode(),
                (box.xmax - box.xmin + 2 * _MARGIN) / _SIZE,
                (box.ymax + _MARGIN) / _SIZE,
                (_MARGIN - box.ymin) / _SIZE,
            )

        def _check(self, element: ET.Element) -> None:
            """A command that is not known comes out as text with its backslash, a missing sign as an empty box."""
            text = element.text or ""
            if element.tag.rpartition("}")[2] not in _TAGS or "\\" in text:
                raise CannotSet
            if any(ord(one) > 0x7F and not one.isspace() and not font.glyphindex(one) for one in text):  # noqa: PLR2004 -- beyond ASCII
                raise CannotSet

    return Library()
