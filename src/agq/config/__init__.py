"""The settings: their values, the layers that they come from, the environment of a run."""

from agq.config.environment import FILE, Environment
from agq.config.layers import changed, load
from agq.config.settings import (
    ABOUT,
    DEFAULT_ORIGIN,
    SECRET,
    ChatSettings,
    Settings,
    default,
    setting_names,
)

__all__ = [
    "ABOUT",
    "DEFAULT_ORIGIN",
    "FILE",
    "SECRET",
    "ChatSettings",
    "Environment",
    "Settings",
    "changed",
    "default",
    "load",
    "setting_names",
]
