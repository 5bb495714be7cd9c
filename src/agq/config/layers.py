"""The layers that the settings come from. The only reader of ``agq.yaml``.

Options come before ``AGQ_*`` variables, those before the nearest ``agq.yaml`` upwards, that before
``$XDG_CONFIG_HOME/agq/config.yaml``, and that before ``OPENAI_*`` and the defaults: a name that belongs to
agq wins over one that other programs share, as ``GIT_EDITOR`` and ``core.editor`` win over ``EDITOR``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path

from agq.config.environment import FILE, Environment
from agq.config.settings import SECRET, WITHHELD, Settings, setting_names
from agq.config.values import STRUCTURED, checked
from agq.errors import UnknownName, UsageError
from agq.redaction import public_address
from agq.servers import SERVERS, is_own

PERSONAL = frozenset({"pager", "key_variable"})
"""Settings that run a program or choose a secret: a folder that came from somebody else may not make them."""

STORES = ("s3", "gs", "az")
"""Schemes of object stores, as LanceDB knows them."""

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
            values[name] = checked(name, value, origin)
            origins[name] = origin.format(
                name.replace("_", "-") if origin.startswith("option") else name.upper()
            )
    if store := _address(values["index"], origins["index"]):
        values |= {"store": store, "index": environment.mirror(store)}
    else:
        values["index"] = _absolute(values["index"], origins["index"], environment)
    _find_key(environment.environ, values, origins)
    return Settings.of(values, origins)


def _address(value: object, origin: str) -> str:
    """The address of an index on an object store; empty where the index is a folder."""
    scheme, there, _ = str(value).partition("://")
    if not there:
        return ""
    if scheme not in STORES:
        shown, known = public_address(str(value)), ", ".join(f"{name}://" for name in STORES)
        raise UsageError(f"index is {shown!r} ({origin})", hint=f"name a folder, or one of {known}")
    return str(value).rstrip("/")


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
    line = yaml.safe_dump({name: checked(name, value, "given")}, allow_unicode=True).rstrip("\n")
    there = re.compile(rf"^{name}[ \t]*:.*$", re.MULTILINE)
    if there.search(text):
        return there.sub(lambda _: line, text, count=1)
    return f"{text.rstrip()}\n{line}\n".lstrip()
