"""One file a command; this table lists them in the order in which `agq --help` does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from agq.commands.add import add
from agq.commands.ask import ask
from agq.commands.chat import chat
from agq.commands.check import check
from agq.commands.cite import cite
from agq.commands.config import config
from agq.commands.doctor import doctor
from agq.commands.eval import evaluate
from agq.commands.fetch import fetch
from agq.commands.fill import fill
from agq.commands.help import help as help_
from agq.commands.history import history
from agq.commands.index import index
from agq.commands.list import list_
from agq.commands.mcp import mcp
from agq.commands.more import more
from agq.commands.search import search
from agq.commands.show import show
from agq.commands.similar import similar
from agq.commands.sources import forget, sources
from agq.commands.stores import pull, push

TABLE: Mapping[str, Callable[..., None]] = MappingProxyType(
    {
        "index": index,
        "ask": ask,
        "search": search,
        "list": list_,
        "similar": similar,
        "show": show,
        "cite": cite,
        "check": check,
        "more": more,
        "chat": chat,
        "history": history,
        "add": add,
        "fetch": fetch,
        "fill": fill,
        "mcp": mcp,
        "eval": evaluate,
        "sources": sources,
        "forget": forget,
        "pull": pull,
        "push": push,
        "doctor": doctor,
        "config": config,
        "help": help_,
    }
)
