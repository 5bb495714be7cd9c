"""agq: ask your own papers, from a terminal, and check every citation."""

__version__ = "0.1.0"
