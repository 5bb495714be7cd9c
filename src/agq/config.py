"""The settings, and where each of them comes from. The only reader of the environment and of ``agq.yaml``.

Options come before ``AGQ_*`` variables, those before the nearest ``agq.yaml`` upwards, that before
``$XDG_CONFIG_HOME/agq/config.yaml``, and that before ``OPENAI_*`` and the defaults: a name that belongs to
agq wins over one that other programs share, as ``GIT_EDITOR`` and ``core.editor`` win over ``EDITOR``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from agq.errors import UnknownName, UsageError
from agq.servers import SERVERS, PromptKind, is_own

FILE = "agq.yaml"
DEFAULT_ORIGIN = "default"
SECRET = "api_key"
WITHHELD = "withheld: "

PERSONAL = frozenset({"pager", "key_variable"})
"""Settings that run a program or choose a secret: a folder that came from somebody else may not make them."""

MIN_KEY = 6
"""Shorter values are placeholders such as "none", which local servers are given, and are no secret."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All that a run may be told. The key is never part of the ``repr``."""

    index: Path = Path(".agq")
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
    top_k: int = 8
    search_k: int = 20
    format: str = ""
    cite_style: str = "id"
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
    origins: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    def origin(self, name: str) -> str:
        """Where a setting's value comes from, as ``agq config`` tells it."""
        return self.origins.get(name, DEFAULT_ORIGIN)

    @property
    def index_is_default(self) -> bool:
        """Whether nobody named the index: only such a one is built by asking."""
        return self.origin("index").startswith(DEFAULT_ORIGIN)

    @property
    def withheld(self) -> str:
        """Why a key that is there is not sent; empty where nothing is withheld."""
        origin = self.origin(SECRET)
        return origin.removeprefix(WITHHELD) if origin.startswith(WITHHELD) else ""


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
        "max_tokens": "most tokens of an answer, reasoning included; 0: as suits the model",
        "prompt": "full for a strong model, short for a small one; by default chosen by the model",
        "context_tokens": "tokens that the model can read; 0: the model's own limit",
        "top_k": "how many papers an answer may cite",
        "search_k": "how many papers a search lists",
        "format": "output format of ask and search: terminal, markdown, json, html, plain ...",
        "cite_style": "id for [id], pandoc for [@key]",
        "embedder": "the encoder of a new index: a name or a folder",
        "exclude": "files in folders to skip, one pattern per entry, as in .gitignore",
        "fields": "what your own layout calls title, abstract ...: {title: Titel}; or by file pattern",
        "history": "keep past answers",
        "brief": "only the three best entries of an answer, and nothing below them",
        "sources": "list the sources below an answer",
        "follow_ups": "propose follow-up questions",
        "caution": "end an answer with the caution",
        "judge": "let the chat model, if one is named, judge the citations of ask and check",
        "strict": "fail on a citation in doubt or a rejected record",
        "pager": "the program that pages long output; `cat` for none",
        "contact": "your email address, sent to the services that add, fetch and fill use",
        "quiet": "only errors on stderr",
        "verbose": "more detail on stderr",
    }
)
"""One line a setting, for ``agq config`` and the manual."""


@dataclass(frozen=True, slots=True)
class Environment:
    """Where a run happens: what the outside world gives to the settings."""

    folder: Path
    environ: Mapping[str, str] = field(repr=False)

    @classmethod
    def here(cls) -> Environment:
        """The working folder and the environment of this process."""
        return cls(Path.cwd(), dict(os.environ))

    @property
    def home(self) -> Path:
        """The user's home."""
        return Path(self.environ.get("HOME") or Path.home())

    def xdg(self, kind: str, fallback: str) -> Path:
        """``$XDG_<kind>_HOME/agq``. A relative value is ignored, as the XDG specification asks."""
        named = Path(self.environ.get(f"XDG_{kind}_HOME", ""))
        return (named if named.is_absolute() else self.home / fallback) / "agq"

    @property
    def dumb(self) -> bool:
        """Whether the terminal understands no escapes."""
        return self.environ.get("TERM") == "dumb"

    @property
    def colours(self) -> bool:
        """Whether a terminal may be given colours (https://no-color.org)."""
        return not self.environ.get("NO_COLOR") and not self.dumb

    def redacted(self, text: str) -> str:
        """``text`` without the keys that this place holds."""
        for name, key in self.environ.items():
            if name.endswith(("KEY", "TOKEN", "SECRET", "PASSWORD")) and len(key) >= MIN_KEY:
                text = text.replace(key, "(key)")
        return _LOGIN.sub("://", text)

    @property
    def user_file(self) -> Path:
        """The settings of this user."""
        return self.xdg("CONFIG", ".config") / "config.yaml"

    @property
    def project_file(self) -> Path | None:
        """The nearest ``agq.yaml`` from the working folder upwards."""
        return next((p for p in self._upwards(FILE) if p.is_file()), None)

    @property
    def history_file(self) -> Path:
        """The log of past answers."""
        return self.xdg("STATE", ".local/state") / "history.db"

    @property
    def cache(self) -> Path:
        """Where what can be made again is kept."""
        return self.xdg("CACHE", ".cache")

    def default_index(self) -> tuple[Path, str]:
        """The index that is meant where none is named, and why."""
        if found := next((p for p in self._upwards(".agq") if p.is_dir()), None):
            return found, "default: the nearest .agq"
        if (self.folder / "corpus").is_dir():
            return self.folder / ".agq", "default: beside corpus/"
        return self.xdg("DATA", ".local/share"), "default: the user's own"

    def _upwards(self, name: str) -> list[Path]:
        return [folder / name for folder in (self.folder, *self.folder.parents)]


_LOGIN = re.compile(r"://[^/@\s]*@")


def public(address: str) -> str:
    """An address without the name and password, and without the query, that may stand in it."""
    return _LOGIN.sub("://", address.partition("?")[0])


Layer = tuple[Mapping[str, object], str]
"""Values by setting, and what to call their origin; ``{}`` in it stands for the setting's own name."""


def load(environment: Environment, options: Mapping[str, object] | None = None) -> Settings:
    """The settings in force at ``environment``, with ``options`` (those that are not None) on top.

    Raises
    ------
    UsageError
        An unknown setting, a value of the wrong kind, or a settings file that is not YAML.
    """
    given = {name: value for name, value in (options or {}).items() if value is not None}
    layers = [
        _from_openai(environment.environ),
        _from_file(environment.user_file),
        *([_from_file(environment.project_file)] if environment.project_file else []),
        _from_environment(environment.environ),
        (given, "option --{}"),
    ]
    return _merged(environment, layers)


def _merged(environment: Environment, layers: list[Layer]) -> Settings:
    index, why = environment.default_index()
    values: dict[str, object] = {"index": index}
    origins = {"index": why}
    for layer, origin in layers:
        for name, value in layer.items():
            values[name] = _checked(name, value, origin)
            origins[name] = origin.format(
                name.replace("_", "-") if origin.startswith("option") else name.upper()
            )
    values["index"] = _absolute(values["index"], origins["index"], environment)
    _find_key(environment.environ, values, origins)
    return Settings(**values, origins=MappingProxyType(origins))  # type: ignore[arg-type]  # checked one by one


def _absolute(value: object, origin: str, environment: Environment) -> Path:
    """Paths in a settings file are relative to that file, all others to the working folder."""
    base = Path(origin).parent if origin.endswith(".yaml") else environment.folder
    text = str(value)
    path = environment.home / text[2:] if text.startswith("~/") else Path(text)
    return Path(os.path.normpath(base / path))


def _find_key(environ: Mapping[str, str], values: dict[str, object], origins: dict[str, str]) -> None:
    """The key from the variable that belongs to the server, unless ``AGQ_API_KEY`` gave it.

    A server that only a project's file names gets none: the project may be somebody else's.
    """
    variable = _key_variable(values)
    if SECRET not in values and environ.get(variable):
        values[SECRET] = environ[variable]
        origins[SECRET] = variable
    named_by, address = origins.get("base_url", ""), str(values.get("base_url", ""))
    if SECRET in values and Path(named_by).name == FILE and not is_own(address):
        del values[SECRET]
        origins[SECRET] = f"{WITHHELD}only {named_by} names {address}"


def _key_variable(values: Mapping[str, object]) -> str:
    if named := values.get("key_variable"):
        return str(named)
    server, slash, _ = str(values.get("model", "")).partition("/")
    known = bool(slash) and not values.get("base_url")
    return SERVERS.get(server, SERVERS["openai"]).key_variable if known else SERVERS["openai"].key_variable


def _from_openai(environ: Mapping[str, str]) -> Layer:
    url = environ.get("OPENAI_BASE_URL")
    return {"base_url": url} if url else {}, "OPENAI_{}"


def _from_environment(environ: Mapping[str, str]) -> Layer:
    given = {
        k.removeprefix("AGQ_").lower(): v for k, v in environ.items() if k.startswith("AGQ_") and v != ""
    }
    for name in given:
        _known(name, lambda n: f"AGQ_{n.upper()}")
    return given, "AGQ_{}"


def _from_file(path: Path) -> Layer:
    if not path.is_file():
        return {}, str(path)
    import yaml  # only where there is a file to read

    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        reason = " ".join(str(error).split())
        raise UsageError(
            f"{path} cannot be read as YAML: {reason}", hint="fix it, or move it away"
        ) from error
    if not isinstance(content, dict):
        raise UsageError(f"{path} holds no settings", hint="write one `name: value` a line")
    for name in content:
        _allowed_in_file(str(name), path)
    return {str(name): value for name, value in content.items() if value is not None}, str(path)


def _allowed_in_file(name: str, path: Path) -> None:
    if name == SECRET:
        raise UsageError(
            f"{path} contains a key, and keys do not belong in files", hint="set OPENAI_API_KEY instead"
        )
    if name in PERSONAL and path.name == FILE:
        raise UsageError(
            f"{path} sets {name}, which a project's file may not do",
            hint=f"set AGQ_{name.upper()}, or put it in your own settings: agq config path",
        )
    _known(name, lambda n: f"{n} in {path}")


def _known(name: str, shown: Callable[[str], str]) -> None:
    names = setting_names()
    if name in names:
        return
    near = get_close_matches(name, names, n=1)
    meant = f" (did you mean {shown(near[0]).split(' in ')[0]}?)" if near else ""
    raise UnknownName(f"unknown setting {shown(name)}{meant}", hint="`agq config` lists the settings")


def changed(text: str, name: str, value: str) -> str:
    """The text of a settings file with one setting changed, or added at its end.

    Raises
    ------
    UsageError
        There is no such setting, it takes no such value, or is no single line.
    """
    import yaml

    _known(name, str)
    if name == SECRET or name in STRUCTURED:
        why = "keys do not belong in files" if name == SECRET else "it is more than one line"
        raise UsageError(
            f"{name} cannot be set this way: {why}", hint="`agq config path` shows which file to edit"
        )
    line = yaml.safe_dump({name: _checked(name, value, "given")}, allow_unicode=True).rstrip("\n")
    there = re.compile(rf"^{name}[ \t]*:.*$", re.MULTILINE)
    if there.search(text):
        return there.sub(lambda _: line, text, count=1)
    return f"{text.rstrip()}\n{line}\n".lstrip()


def setting_names() -> tuple[str, ...]:
    """Every setting, in the order in which ``agq config`` lists them."""
    return tuple(f.name for f in fields(Settings) if f.name != "origins")


def default(name: str) -> object:
    """The value of a setting that nobody sets."""
    entry = next(entry for entry in fields(Settings) if entry.name == name)
    return entry.default if entry.default is not MISSING else {}


def _checked(name: str, value: object, origin: str) -> object:
    """``value`` as the kind that its setting has."""
    wanted = type(default(name))
    reading = READING.get(name) or {bool: _truth, int: _count, float: _seconds}.get(wanted)
    try:
        if name in STRUCTURED:
            return STRUCTURED[name](value)
        return reading(str(value)) if reading else str(value)
    except ValueError as error:
        where = origin.format(name.upper())
        raise UsageError(
            f"{name} is {str(value)!r} ({where}), and {error}", hint="`agq config` shows what is in force"
        ) from error


def _whole(text: str) -> int:
    if not text.isdigit():
        raise ValueError("should be a whole number from 0")
    return int(text)


def _warmth(text: str) -> float:
    try:
        degree = float(text)
    except ValueError:
        degree = -1.0
    if not 0 <= degree <= 2:
        raise ValueError("should be a number from 0 to 2")
    return degree


def _style(text: str) -> str:
    if text not in CITE_STYLES:
        raise ValueError(f"should be one of: {', '.join(CITE_STYLES)}")
    return text


def _prompt(text: str) -> str:
    if text not in PROMPTS:
        raise ValueError("should be full or short")
    return text


def _patterns(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(line for line in value.split("\n") if line.strip())
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return tuple(value)
    raise ValueError("should be a list of patterns")


def _field_map(value: object) -> dict[str, str | dict[str, str]]:
    if not isinstance(value, dict):  # a wrong value like any other
        raise ValueError("should say field: name of it in the records, in a settings file")  # noqa: TRY004
    return {
        str(key): {str(a): str(b) for a, b in said.items()} if isinstance(said, dict) else str(said)
        for key, said in value.items()
    }


def _truth(text: str) -> bool:
    words = {
        "true": True,
        "yes": True,
        "on": True,
        "1": True,
        "false": False,
        "no": False,
        "off": False,
        "0": False,
    }
    if text.lower() not in words:
        raise ValueError("should be true or false")
    return words[text.lower()]


def _count(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise ValueError("should be a whole number from 1")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise ValueError("should be a number of seconds above 0")
    return seconds


CITE_STYLES = ("id", "pandoc")
PROMPTS = ("", "full", "short")
READING: Mapping[str, Callable[[str], object]] = MappingProxyType(
    {
        "retries": _whole,
        "context_tokens": _whole,
        "max_tokens": _whole,
        "temperature": _warmth,
        "cite_style": _style,
        "prompt": _prompt,
    }
)
"""How a value is read where its kind alone does not say."""
STRUCTURED: Mapping[str, Callable[[object], object]] = MappingProxyType(
    {"exclude": _patterns, "fields": _field_map}
)
"""How values are read that are more than a word."""
