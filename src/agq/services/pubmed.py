"""PubMed through NCBI's E-utilities: a search gives numbers, a second request their records as XML."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from agq.services.base import PAGE_RECORDS, Ask, Client, Page, Request, as_object, as_xml, batches, whole

ADDRESS = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils"
TOOL = "agq"


def search(ask: Ask, token: str, client: Client) -> Iterator[Page]:
    """The newest first. The token is how many records came before."""
    start = int(token or 0)
    while True:
        numbers, total = client.get(_request(ask, "esearch.fcgi", _parameters(ask, start)), _numbers(start))
        end = start + len(numbers)
        for page in works(ask, numbers, client):
            yield Page(page.body, page.suffix, page.count, str(end) if end < total else "", total)
        if end >= total or not numbers:
            return
        start = end


def _request(ask: Ask, program: str, parameters: Mapping[str, str]) -> Request:
    who = {"tool": TOOL} | ({"email": ask.contact} if ask.contact else {})
    return Request(f"{ask.address or ADDRESS}/{program}", {"db": "pubmed", **parameters, **who})


def _parameters(ask: Ask, start: int) -> Mapping[str, str]:
    held = {
        "term": ask.query,
        "retstart": str(start),
        "retmax": str(PAGE_RECORDS),
        "retmode": "json",
        "sort": "date",
    }
    if ask.since:
        held |= {"datetype": "pdat", "mindate": ask.since.replace("-", "/"), "maxdate": "3000"}
    return held


def _numbers(start: int) -> Callable[[bytes], tuple[list[str], int]]:
    def read(body: bytes) -> tuple[list[str], int]:
        found = as_object(body).get("esearchresult")
        if not isinstance(found, dict) or not isinstance(found.get("idlist"), list):
            raise ValueError("a reply without an idlist")  # noqa: TRY004  # as above
        total = int(found.get("count") or 0)
        whole(len(found["idlist"]), start, total)
        return [str(number) for number in found["idlist"]], total

    return read


def works(ask: Ask, ids: Sequence[str], client: Client) -> Iterator[Page]:
    """By PMID."""
    for batch in batches(ids, PAGE_RECORDS):
        wanted = {"id": ",".join(batch), "retmode": "xml"}
        yield client.get(_request(ask, "efetch.fcgi", wanted), _records)


def _records(body: bytes) -> Page:
    root = as_xml(body, "PubmedArticleSet")
    return Page(body, ".xml", len(root))
