"""The index as tools of the Model Context Protocol: what the commands tell, for an assistant to read.

``library`` keeps the index warm, ``tools`` is the table of what can be asked of it, with schemas, and
``server`` speaks the protocol through the official SDK. Nothing here writes.
"""
