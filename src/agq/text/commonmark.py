"""The one parser of Markdown that agq shows or cuts: CommonMark, tables and TeX; no links, images, HTML.

What is left out stays text, so nothing of a model's or an abstract's words acts on a terminal or a page.
"""

from __future__ import annotations

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

_RULES = [
    "heading", "list", "fence", "code", "blockquote", "hr", "table",
    "emphasis", "backticks", "escape", "entity",
]  # fmt: skip


def parser() -> MarkdownIt:
    """A new one for each caller, who may add rules."""
    return (
        MarkdownIt("zero")
        .enable(_RULES)
        .use(dollarmath_plugin, allow_labels=False, allow_space=False, allow_digits=False, double_inline=True)
    )
