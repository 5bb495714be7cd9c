"""`agq config`: the settings in force and where each comes from."""

from __future__ import annotations

from typing import Annotated

import typer

from agq.commands import screen
from agq.commands.context import CommandContext
from agq.config import ABOUT, FILE, SECRET, Environment, Settings, default
from agq.errors import UsageError
from agq.redaction import public_address

ACTIONS = ("path", "init", "set")


def config(
    context: CommandContext,
    action: Annotated[
        str,
        typer.Argument(
            metavar="[path|init|set]",
            show_default=False,
            help="`path`: list the files; `init`: write an agq.yaml; `set KEY VALUE`: change your own.",
        ),
    ] = "",
    key: Annotated[str, typer.Argument(metavar="[KEY]", show_default=False, help="A setting.")] = "",
    value: Annotated[str, typer.Argument(metavar="[VALUE]", show_default=False, help="Its value.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="The settings as JSON.")] = False,
) -> None:
    """Show the settings in force and where each comes from.

    `agq config path` lists the files that are read; `agq config init` writes an agq.yaml here with every
    setting in it, commented out; `agq config set KEY VALUE` changes your own file, which holds for all
    folders.
    """
    if action and action not in ACTIONS:
        raise UsageError(f"`agq config` knows no {action!r}", hint="agq config [path|init|set KEY VALUE]")
    if action == "path":
        screen.write(_paths(context.environment))
    elif action == "init":
        _init(context)
    elif action == "set":
        _set(context, key, value)
    else:
        settings = context.settings()
        screen.write(_as_json(settings) if as_json else _listed(settings))


def shown(settings: Settings, name: str) -> str:
    """A setting's value; a key is only told to be there."""
    value = settings.value(name)
    if name == SECRET:
        return "(set)" if value else ""
    if name == "index":
        return settings.index_name
    if name == "base_url":
        return public_address(str(value))
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {said}" for key, said in value.items())
    return str(value).lower() if isinstance(value, bool) else str(value)


def _listed(settings: Settings) -> str:
    rows = [(name, shown(settings, name), settings.origin(name)) for name in ABOUT]
    widths = [max(len(row[n]) for row in rows) for n in (0, 1)]
    return "".join(f"{name:<{widths[0]}}  {value:<{widths[1]}}  {origin}\n" for name, value, origin in rows)


def _as_json(settings: Settings) -> str:
    from agq.text.clean import as_json

    rows = {name: {"value": shown(settings, name), "from": settings.origin(name)} for name in ABOUT}
    return as_json({"schema": 2, "settings": rows})


def _paths(environment: Environment) -> str:
    project = environment.project_file
    rows = [("project", project or environment.folder / FILE), ("user", environment.user_file)]
    told = [f"{kind:<8} {path}{'' if path.is_file() else '  (does not exist)'}\n" for kind, path in rows]
    return "".join(told) + f"history  {environment.history_file}\n"


def _init(context: CommandContext) -> None:
    path = context.environment.folder / FILE
    if path.exists():
        raise UsageError(f"{path} exists", hint="edit it; `agq config` shows what is in force")
    from agq.commands.output import Target

    Target(path).write(template())
    settings = context.settings()
    screen.notice(settings, f"wrote {path}")
    if not settings.chat.model:
        from agq.answerers.local import at_hand

        for one in at_hand():
            screen.notice(settings, f"{one.told}; to have it answer: {one.choice}")


def _set(context: CommandContext, key: str, value: str) -> None:
    """One setting into the user's own file; what else stands there stays as it is."""
    if not key:
        raise UsageError("which setting?", hint="agq config set KEY VALUE; `agq config` lists them")
    from agq.commands.output import Target
    from agq.config import changed

    path = context.environment.user_file
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    Target(path, force=True).write(changed(text, key, value))
    settings = context.settings()
    screen.notice(settings, f"wrote {path}")
    if (origin := settings.origin(key)) != str(path):
        screen.notice(settings, f"note: {key} is {shown(settings, key)!r} here all the same, set by {origin}")


def template() -> str:
    """A settings file with every setting commented out at its default."""
    lines = ["# Settings of agq for this folder and those below it. `agq config` shows what is in force.\n"]
    for name, about in ABOUT.items():
        if name != SECRET:
            lines.append(f"\n# {about}\n# {name}: {_yaml(default(name))}\n")
    return "".join(lines)


def _yaml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return "[]"
    return str(value) if value != "" else '""'
