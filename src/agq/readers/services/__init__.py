"""The layouts of the services that hand out metadata as JSON, one file a service."""

from agq.readers.services.ads import ads
from agq.readers.services.aminer import aminer
from agq.readers.services.arxiv import arxiv_snapshot
from agq.readers.services.csl import csl
from agq.readers.services.dblp import dblp
from agq.readers.services.inspire import inspire
from agq.readers.services.openalex import open_alex
from agq.readers.services.semantic_scholar import semantic_scholar

__all__ = ["ads", "aminer", "arxiv_snapshot", "csl", "dblp", "inspire", "open_alex", "semantic_scholar"]
