"""Records from services into a file, one CSL-JSON item per line, which is a source like any other.

What is fetched is added to the file page by page, each item once; where a run was cut short, the next goes on
there. Only a file that was made here is added to.
"""

from agq.collect.abstracts import Filled, fill, ways
from agq.collect.by_identifier import Clients, Named, add, identified
from agq.collect.items import works
from agq.collect.queries import Errand, Fetched, ResumePoint, fetch, first_request
from agq.collect.shelf import Shelf

__all__ = [
    "Clients",
    "Errand",
    "Fetched",
    "Filled",
    "Named",
    "ResumePoint",
    "Shelf",
    "add",
    "fetch",
    "fill",
    "first_request",
    "identified",
    "ways",
    "works",
]
