"""Puts the pages of the project's root into the site, and mends the links between them and docs/.

In the repository ``README.md`` links to ``docs/tour.md``, and that to ``../BENCHMARKS.md``; in the site all
pages lie in one folder.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from mkdocs.structure.files import File

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

ROOT_PAGES: Mapping[str, str] = MappingProxyType(
    {
        "README.md": "index.md",
        "BENCHMARKS.md": "benchmarks.md",
        "CHANGELOG.md": "changelog.md",
        "CONTRIBUTING.md": "contributing.md",
        "SECURITY.md": "security.md",
    }
)

_LINK = re.compile(r"(?<=\]\()(?:\.\./|docs/)?([\w./-]+)(?=[#)])")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """A page that mkdocs.yml does not place stands at the end of the first section."""
    sections = [part for part in config.nav or [] if isinstance(part, dict)]
    placed = {page for section in sections for pages in section.values() for page in pages}
    new = sorted({page.name for page in Path(config.docs_dir).glob("*.md")} - placed)
    for pages in sections[0].values():
        pages.extend(new)
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """The root's pages join those of docs/."""
    root = Path(config.docs_dir).parent
    for name, page in ROOT_PAGES.items():
        files.append(File.generated(config, page, content=(root / name).read_text(encoding="utf-8")))
    return files


def on_page_markdown(markdown: str, **_: object) -> str:
    """Links as the site has them."""
    return _LINK.sub(lambda link: ROOT_PAGES.get(link[1], link[1]), markdown)
