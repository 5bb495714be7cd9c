"""What a run may be told: frozen values, in groups. A settings file and the options know no groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from agq.redaction import public_address
from agq.servers import PromptKind

DEFAULT_ORIGIN = "default"
SECRET = "api_key"
WITHHELD = "withheld: "


@dataclass(frozen=True, slots=True)
class ChatSettings:
    """The chat model and its server. The key is never part of the ``repr``.

    ``model`` may name a server before a slash (``ollama/qwen3``). ``key_variable`` names the variable of the
    key. ``context_tokens`` 0: as is usual with the server; ``max_tokens`` 0 and ``prompt`` empty: as suits
    the model. ``retries`` counts further tries after the first.
    """

    model: str = ""
    base_url: str = ""
    api_key: str = field(default="", repr=False)
    key_variable: str = ""
    timeout: float = 120.0
    retries: int = 2
    temperature: float = 0.2
    max_tokens: int = 0
    prompt: PromptKind | Literal[""] = ""
    context_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Settings:
    """All that a run may be told.

    ``store`` is the address of an index in an object store; ``index`` then is what is kept of it here.
    """

    index: Path = Path(".agq")
    chat: ChatSettings = field(default_factory=ChatSettings)
    top_k: int = 8
    search_k: int = 20
    format: str = ""
    cite_style: str = "id"
    columns: str = ""
    embedder: str = ""
    exclude: tuple[str, ...] = ()
    fields: Mapping[str, str | Mapping[str, str]] = field(default_factory=dict)
    history: bool = True
    brief: bool = False
    sources: bool = True
    follow_ups: bool = True
    caution: bool = True
    judge: bool = True
    strict: bool = False
    pager: str = ""
    contact: str = ""
    quiet: bool = False
    verbose: bool = False
    store: str = ""
    origins: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    def origin(self, name: str) -> str:
        """Where a setting's value comes from, as ``agq config`` tells it."""
        return self.origins.get(name, DEFAULT_ORIGIN)

    @property
    def index_name(self) -> str:
        """The index as it was named: a folder, or an address without what is secret in it."""
        return public_address(self.store) if self.store else str(self.index)

    @property
    def index_is_default(self) -> bool:
        """Whether nobody named the index: only such a one is built by asking."""
        return self.origin("index").startswith(DEFAULT_ORIGIN)

    @property
    def withheld(self) -> str:
        """Why a key that is there is not sent; empty where nothing is withheld."""
        origin = self.origin(SECRET)
        return origin.removeprefix(WITHHELD) if origin.startswith(WITHHELD) else ""

    def value(self, name: str) -> object:
        """The value of the setting ``name``, in whichever group it stands."""
        return getattr(self.chat if name in _CHAT else self, name)

    @classmethod
    def of(cls, values: Mapping[str, object], origins: Mapping[str, str]) -> Settings:
        """The settings with these values, each checked before."""
        chat = {name: value for name, value in values.items() if name in _CHAT}
        own = {name: value for name, value in values.items() if name not in _CHAT}
        return cls(chat=ChatSettings(**chat), **own, origins=MappingProxyType(dict(origins)))  # type: ignore[arg-type]  # checked one by one


_CHAT = {entry.name: entry for entry in fields(ChatSettings)}


def _entries() -> Iterator[Field[Any]]:
    """The fields of all groups, in their order."""
    for entry in fields(Settings):
        if entry.name == "chat":
            yield from _CHAT.values()
        elif entry.name not in {"store", "origins"}:
            yield entry


def setting_names() -> tuple[str, ...]:
    """Every setting, in the order in which ``agq config`` lists them."""
    return tuple(entry.name for entry in _entries())


def default(name: str) -> object:
    """The value of a setting that nobody sets."""
    entry = next(entry for entry in _entries() if entry.name == name)
    return entry.default if entry.default is not MISSING else {}


ABOUT: Mapping[str, str] = MappingProxyType(
    {
        "index": "the index to read and to write",
        "model": "the chat model that answers; without one, answers quote the abstracts",
        "base_url": "the OpenAI-compatible server to ask, such as http://localhost:11434/v1",
        "api_key": "the key for that server; from the environment only",
        "key_variable": "the variable that holds the key; by default that of the model's server",
        "timeout": "seconds to wait for the model",
        "retries": "further attempts after a failed request",
        "temperature": "the model's temperature, 0 to 2",
        "max_tokens": "limit on the tokens of an answer, reasoning included; 0: as suits the model",
        "prompt": "full for a strong model, short for a small one; by default chosen by the model",
        "context_tokens": "tokens that the model can read; 0: the model's own limit",
        "top_k": "how many papers an answer may cite",
        "search_k": "how many papers a search lists",
        "format": "output format of ask and search: terminal, markdown, json, html, plain ...",
        "cite_style": "id for [id], pandoc for [@key], wiki for [[id]]; by default as the format cites",
        "columns": "columns of the source table: year,author,venue,title ...",
        "embedder": "the encoder of a new index: a name or a folder",
        "exclude": "files in folders to skip, one pattern per entry, as in .gitignore",
        "fields": "what your own layout calls title, abstract ...: {title: Titel}; or by file pattern",
        "history": "keep past answers",
        "brief": "only the three best entries of an answer, and nothing below them",
        "sources": "list the sources below an answer",
        "follow_ups": "propose follow-up questions",
        "caution": "end an answer with a line of caution",
        "judge": "let the chat model, if one is named, judge the citations of ask and check",
        "strict": "fail on a citation in doubt or a rejected record",
        "pager": "the program that pages long output; `cat` for none",
        "contact": "your email address, sent to the services that add, fetch and fill use",
        "quiet": "only errors on stderr",
        "verbose": "more detail on stderr",
    }
)
"""One line a setting, for ``agq config`` and the manual."""
