"""XML as a stream, with lxml: PubMed, OAI-PMH, Atom, ACL Anthology, JATS.

The file is cut at its records' tags and each record parsed by itself: a mistake in one costs no other
(lxml's own recovery nests what follows into the broken record), and memory holds one. Entities are left
alone and nothing is fetched, so a file cannot make itself grow or read another.
"""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

from agq.readers import dates, identifiers
from agq.readers.base import Bad, Draft, Fields, Input, Layout, Raw, Reader
from agq.readers.names import split_names
from agq.readers.streams import CHUNK
from agq.readers.tex import script
from agq.records import Name, of_text

if TYPE_CHECKING:
    from lxml.etree import _Element

_NO_TEXT = bytes(c for c in range(32) if c not in b"\t\n\r")
_DECLARED = re.compile(rb"<\?xml[^>]*encoding=[\"']([A-Za-z0-9._-]+)")
_XMLNS = re.compile(rb"(xmlns(?::[\w.-]+)?)\s*=\s*(\"[^\"<]*\"|'[^'<]*')")
_ENTITIES = frozenset({"ERR_UNDECLARED_ENTITY", "WAR_UNDECLARED_ENTITY"})
_DOCUMENT = re.compile(r"\\begin\{document\}(.*?)\\end\{document\}", re.DOTALL)
_LOST = "\ufffd"


class _Text:
    """The file as UTF-8 whatever it declares, without the bytes that XML forbids, in a window of bounded
    length."""

    def __init__(self, file: Input) -> None:
        self._stream = file.stream
        self._decode = codecs.getincrementaldecoder(_encoding(file.head))(errors="replace").decode
        self._lines = 1
        self.data = b""
        self.ended = False

    def more(self) -> None:
        """A further piece."""
        piece = self._stream.read(CHUNK)
        self.ended = not piece
        self.data += self._decode(piece, final=self.ended).encode().translate(None, _NO_TEXT)

    def line(self, at: int) -> int:
        """The number of the line at this place in the window."""
        return self._lines + self.data.count(b"\n", 0, at)

    def cut(self, at: int) -> None:
        """Lets go of what stands before ``at``."""
        self._lines = self.line(at)
        self.data = self.data[at:]


def _encoding(head: bytes) -> str:
    declared = _DECLARED.search(head[:200])
    try:
        name = codecs.lookup(declared.group(1).decode()).name if declared else "utf-8"
    except LookupError:
        return "utf-8"
    return "utf-8" if name.startswith(("utf-16", "ascii")) else name


Context = Mapping[str, str]
"""What stands around the records and says something of them."""


class Kind(NamedTuple):
    """One sort of XML: its record's tag, what makes fields of one (or says why not), what sorts those.

    ``around`` reads what stands between the records.
    """

    tag: str
    fields: Callable[[_Element, Context], Fields | str]
    layout: Layout
    around: Callable[[bytes, Context], Context] = lambda _between, context: context


class _Piece(NamedTuple):
    """A record's text, the line it begins in, what stood before it, and whether it has an end."""

    data: bytes
    line: int
    before: bytes
    whole: bool


def _read(kind: Kind, file: Input) -> Iterator[Raw | Bad]:
    text = _Text(file)
    spaces: bytes | None = None
    context: Context = {}
    for number, piece in enumerate(_pieces(text, kind.tag, file.limits.record), start=1):
        spaces = _name_spaces(piece.before) if spaces is None else spaces
        context = kind.around(piece.before, context)
        if piece.whole:
            yield _record(piece, kind, spaces, context, str(number))
        elif not (text.ended and file.broken):
            yield Bad("the record does not end, or is too long", piece.line, str(number))


def _pieces(text: _Text, tag: str, limit: int) -> Iterator[_Piece]:
    """The records, cut at their tags, so that a mistake in one stays in it."""
    begins = re.compile(rb"<((?:[A-Za-z_][\w.-]*:)?%b)(?=[\s>/])" % tag.encode())
    before = b""
    while True:
        found = begins.search(text.data)
        if found is None:
            if text.ended:
                return
            keep = max(0, len(text.data) - 4096)
            before = (before + text.data[:keep])[-limit:]
            text.cut(keep)
            text.more()
            continue
        before += text.data[: found.start()]
        text.cut(found.start())
        end = _end(text, found.group(1), limit)
        line = text.line(0)
        stop = abs(end)
        yield _Piece(text.data[:stop], line, before, end > 0)
        text.cut(stop)
        before = b""


def _end(text: _Text, name: bytes, limit: int) -> int:
    """Where the record at the beginning of the window ends; negative where the next begins first or nothing
    ends it."""
    marks = re.compile(rb"<(/?)%b(?=[\s>/])[^<>]*?(/?)>" % re.escape(name))
    depth, at = 0, 0
    while True:
        found = marks.search(text.data, at)
        if found is None:
            if text.ended or len(text.data) > limit:
                return -len(text.data)
            at = max(at, len(text.data) - 4096)
            text.more()
            continue
        opens = not found.group(1)
        if opens and depth and b"xmlns" not in found.group():
            return -found.start()
        depth += 1 if opens and not found.group(2) else -1 if not opens else 0
        at = found.end()
        if depth == 0:
            return at


def _name_spaces(before: bytes) -> bytes:
    """The name spaces declared around the records."""
    return b" ".join(b"%b=%b" % pair for pair in dict(_XMLNS.findall(before)).items())


def _record(piece: _Piece, kind: Kind, spaces: bytes, context: Context, number: str) -> Raw | Bad:
    document = b"<r %b>%b</r>" % (spaces, piece.data)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        recover=True,
        encoding="utf-8",
        remove_comments=True,
    )
    root = etree.fromstring(document, parser)
    mistake = next((entry for entry in parser.error_log if entry.type_name not in _ENTITIES), None)
    if mistake is not None or root is None or not len(root):
        reason = mistake.message if mistake is not None else "nothing in it"
        return Bad(
            f"not valid XML: {reason}", piece.line + (mistake.line - 1 if mistake is not None else 0), number
        )
    fields = kind.fields(root[0], context)
    problem = fields if isinstance(fields, str) else _unreadable(root[0])
    return (
        Bad(problem, piece.line, number)
        if isinstance(fields, str) or problem
        else Raw(fields, kind.layout, piece.line, number)
    )


def _unreadable(element: _Element) -> str:
    """Why a record's text is not what its writer meant; empty where it is."""
    for entity in element.iter(etree.Entity):
        if html.unescape(entity.text or "") == entity.text:
            return f"uses the XML entity {entity.text}, which is not resolved"
    return "not valid UTF-8" if any(_LOST in text for text in element.itertext()) else ""


def local(element: _Element) -> str:
    """An element's name without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def child(element: _Element | None, *path: str) -> _Element | None:
    """The element down this path of names, the first of each."""
    for name in path:
        element = next((e for e in element if local(e) == name), None) if element is not None else None
    return element


def children(element: _Element | None, *path: str) -> list[_Element]:
    """All elements down this path of names."""
    held = [element] if element is not None else []
    for name in path:
        held = [e for parent in held for e in parent if local(e) == name]
    return held


def flat(element: _Element | None) -> str:
    """The text of an element and of those in it; what is raised or lowered in Unicode's letters, formulas as
    TeX."""
    if element is None:
        return ""
    parts = [element.text or ""]
    for inside in element:
        parts.append(_inside(inside))
        parts.append(inside.tail or "")
    return "".join(parts)


def _inside(element: _Element) -> str:
    if element.tag is etree.Entity:
        return html.unescape(element.text or "")
    name = local(element)
    if name in ("sub", "sup"):
        return script("^" if name == "sup" else "_", flat(element))
    if name == "tex-math":
        return _formula(flat(element))
    if name == "alternatives" and (maths := child(element, "tex-math")) is not None:
        return _formula(flat(maths))
    return flat(element) if name else ""


def _formula(text: str) -> str:
    if found := _DOCUMENT.search(text):
        return found.group(1)
    return text if text.startswith("$") else f"${text}$"


def at(element: _Element | None, *path: str) -> str:
    """The text down a path of names."""
    return flat(child(element, *path)).strip()


def texts(element: _Element | None, *path: str) -> list[str]:
    """The texts of all elements down a path of names."""
    return [flat(e).strip() for e in children(element, *path)]


_LISTS = frozenset({"authors", "categories"})


def _draft(layout: str, mapping: Mapping[str, str]) -> Layout:
    """What makes a draft of fields that already have a paper's names."""

    def draft(fields: Fields) -> Draft:
        def text(name: str) -> str:
            value = fields.get(name)
            return value if isinstance(value, str) else ""

        def several(name: str) -> list[str]:
            value = fields.get(name)
            return [v for v in value if isinstance(v, str)] if isinstance(value, list) else []

        def people(name: str) -> list[Name]:
            value = fields.get(name)
            return [v for v in value if isinstance(v, Name)] if isinstance(value, list) else []

        return Draft(
            key=text("id"),
            title=text("title"),
            abstract=text("abstract"),
            authors=people("authors"),
            categories=several("categories"),
            date=text("date"),
            doi=text("doi"),
            arxiv=text("arxiv"),
            pmid=text("pmid"),
            url=text("url"),
            venue=text("venue"),
            layout=layout,
            mapping=mapping,
        )

    return draft


def _pubmed(article: _Element, _context: Context) -> Fields:
    citation = child(article, "MedlineCitation")
    held = child(citation, "Article")
    pmid = at(citation, "PMID")
    return {
        "id": pmid,
        "pmid": pmid,
        "title": at(held, "ArticleTitle"),
        "abstract": "\n".join(_labelled(part) for part in children(held, "Abstract", "AbstractText")),
        "authors": [_pubmed_author(author) for author in children(held, "AuthorList", "Author")],
        "categories": [
            *texts(citation, "KeywordList", "Keyword"),
            *texts(citation, "MeshHeadingList", "MeshHeading", "DescriptorName"),
        ],
        "date": _pubmed_date(held),
        "doi": _pubmed_doi(article, held),
        "url": f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid else "",
        "venue": at(held, "Journal", "Title"),
    }


def _labelled(part: _Element) -> str:
    label = part.get("Label", "")
    return f"{label}: {flat(part).strip()}" if label and label != "UNLABELLED" else flat(part).strip()


def _pubmed_author(author: _Element) -> Name:
    given = at(author, "ForeName") or at(author, "Initials")
    name = Name(at(author, "LastName"), given, "", at(author, "Suffix"))
    return name if any(name) else Name(literal=at(author, "CollectiveName"))


def _pubmed_date(held: _Element | None) -> str:
    issue = child(held, "Journal", "JournalIssue", "PubDate")
    printed = dates.parts(at(issue, "Year"), at(issue, "Month"), at(issue, "Day")) or dates.iso(
        at(issue, "MedlineDate")
    )
    online = child(held, "ArticleDate")
    return printed or dates.parts(at(online, "Year"), at(online, "Month"), at(online, "Day"))


def _pubmed_doi(article: _Element, held: _Element | None) -> str:
    ids = [*children(held, "ELocationID"), *children(article, "PubmedData", "ArticleIdList", "ArticleId")]
    return next((flat(e) for e in ids if "doi" in (e.get("EIdType"), e.get("IdType"))), "")


def _oai(record: _Element, _context: Context) -> Fields | str:
    header = child(record, "header")
    if header is not None and header.get("status") == "deleted":
        return "deleted in the archive it comes from"
    metadata = child(record, "metadata")
    held = next(iter(metadata), None) if metadata is not None else None
    if held is None:
        return "a record without metadata"
    known = {"arXiv": _oai_arxiv, "arXivRaw": _oai_arxiv_raw}.get(local(held), _oai_dc)
    return known(held) if known is not _oai_dc else _dublin_core(held, at(header, "identifier"))


def _oai_dc(held: _Element) -> Fields:
    return _dublin_core(held, "")


def _oai_arxiv(held: _Element) -> Fields:
    people = children(held, "authors", "author")
    return {
        "id": at(held, "id"),
        "arxiv": at(held, "id"),
        "title": at(held, "title"),
        "abstract": at(held, "abstract"),
        "authors": [Name(at(p, "keyname"), at(p, "forenames"), "", at(p, "suffix")) for p in people],
        "categories": at(held, "categories").split(),
        "date": dates.iso(at(held, "created")),
        "doi": at(held, "doi"),
        "venue": at(held, "journal-ref"),
    }


def _oai_arxiv_raw(held: _Element) -> Fields:
    return {
        **_oai_arxiv(held),
        "authors": split_names(at(held, "authors")),
        "date": dates.iso(at(held, "version", "date")),
    }


def _dublin_core(held: _Element, identifier: str) -> Fields:
    ids = texts(held, "identifier")
    arxiv = identifiers.arxiv(identifier) or next(
        (found for i in ids if (found := identifiers.arxiv_of_url(i))), ""
    )
    return {
        "id": arxiv or identifier,
        "arxiv": arxiv,
        "title": at(held, "title"),
        "abstract": max(texts(held, "description") or texts(held, "abstract"), key=len, default=""),
        "authors": [of_text(name) for name in texts(held, "creator")],
        "categories": texts(held, "subject"),
        "date": next((found for d in texts(held, "date") if (found := dates.iso(d))), ""),
        "doi": next(
            (found for i in [*ids, *texts(held, "relation")] if (found := identifiers.doi_as_written(i))), ""
        ),
        "url": next((i for i in ids if i.startswith("http")), ""),
        "venue": at(held, "source") or at(held, "publisher"),
    }


def _atom(entry: _Element, _context: Context) -> Fields | str:
    address = at(entry, "id")
    if "arxiv.org/api/errors" in address:
        return f"the service's own error message: {at(entry, 'summary')}"
    arxiv = identifiers.arxiv_of_url(address)
    links = {link.get("rel", "alternate"): link.get("href", "") for link in children(entry, "link")}
    return {
        "id": arxiv or ("" if address.startswith("http") else address),
        "arxiv": arxiv,
        "title": at(entry, "title"),
        "abstract": at(entry, "summary") or at(entry, "content"),
        "authors": [of_text(name) for name in texts(entry, "author", "name")],
        "categories": [category.get("term", "") for category in children(entry, "category")],
        "date": dates.iso(at(entry, "published") or at(entry, "updated")),
        "doi": at(entry, "doi"),
        "url": links.get("alternate", "") or (address if address.startswith("http") else ""),
        "venue": at(entry, "journal_ref"),
    }


def _acl(paper: _Element, context: Context) -> Fields:
    key = _acl_id(paper, context)
    return {
        "id": key,
        "title": at(paper, "title"),
        "abstract": at(paper, "abstract"),
        "authors": [Name(at(a, "last"), at(a, "first")) for a in children(paper, "author")],
        "date": dates.parts(
            at(paper, "year") or context.get("year"), at(paper, "month") or context.get("month")
        ),
        "doi": at(paper, "doi"),
        "url": f"https://aclanthology.org/{key}/" if key else "",
        "venue": context.get("booktitle", ""),
    }


def _acl_around(between: bytes, context: Context) -> Context:
    """The collection, the volume and what its ``meta`` says."""
    found = {name.decode(): value.decode("utf-8", "replace") for name, value in _ACL_PLACE.findall(between)}
    if "volume" not in found and "collection" not in found:
        return context
    meta = _ACL_META.findall(between)
    held = etree.fromstring(meta[-1], etree.XMLParser(recover=True, resolve_entities=False)) if meta else None
    facts = {name: at(held, name) for name in ("year", "month", "booktitle")}
    return {**context, **found, **facts}


_ACL_PLACE = re.compile(rb"<(collection|volume)\s[^<>]*?\bid=[\"']([^\"'<>]*)")
_ACL_META = re.compile(rb"<meta>.*?</meta>", re.DOTALL)


def _acl_id(paper: _Element, context: Context) -> str:
    """The Anthology's id: ``2020.acl-main.1``, or ``P18-1001`` for what came before 2020."""
    collection, volume, number = context.get("collection", ""), context.get("volume", ""), paper.get("id", "")
    if not collection or not volume or not number:
        return at(paper, "url")
    if collection[0].isdecimal() or not (volume.isdecimal() and number.isdecimal()):
        return f"{collection}-{volume}.{number}"
    if collection[0] == "W" or collection == "C69" or (collection == "D19" and int(volume) >= 5):
        return f"{collection}-{int(volume):02d}{int(number):02d}"
    return f"{collection}-{int(volume)}{int(number):03d}"


def _jats(article: _Element, _context: Context) -> Fields:
    front = child(article, "front")
    meta = child(front, "article-meta")
    ids = {e.get("pub-id-type", ""): flat(e).strip() for e in children(meta, "article-id")}
    pmc = ids.get("pmcid", "") or ids.get("pmc", "")
    return {
        "id": "" if ids.get("doi") or ids.get("pmid") else pmc,
        "title": at(meta, "title-group", "article-title"),
        "abstract": _jats_abstract(meta),
        "authors": _jats_authors(meta),
        "categories": texts(meta, "kwd-group", "kwd")
        or texts(meta, "article-categories", "subj-group", "subject"),
        "date": _jats_date(meta),
        "doi": ids.get("doi", ""),
        "arxiv": ids.get("arxiv", ""),
        "pmid": ids.get("pmid", ""),
        "venue": at(front, "journal-meta", "journal-title-group", "journal-title")
        or at(front, "journal-meta", "journal-title"),
    }


def _jats_abstract(meta: _Element | None) -> str:
    abstracts = sorted(children(meta, "abstract"), key=lambda e: bool(e.get("abstract-type")))
    parts = [part for part in (abstracts[0] if abstracts else ()) if not _heading(part)]
    own = (abstracts[0].text or "").strip() if abstracts else ""
    return "\n".join([own, *(_section(part) for part in parts)])


def _heading(part: _Element) -> bool:
    return local(part) in ("title", "label") and flat(part).strip().lower().rstrip(":.") in (
        "abstract",
        "summary",
        "",
    )


def _section(part: _Element) -> str:
    title = at(part, "title")
    body = (
        " ".join(flat(e).strip() for e in part if local(e) != "title") if local(part) == "sec" else flat(part)
    )
    return (
        f"{title}: {body.strip()}"
        if title and local(part) == "sec"
        else body.strip() + " " + (part.tail or "").strip()
    )


def _jats_authors(meta: _Element | None) -> list[Name]:
    people = [
        c for c in children(meta, "contrib-group", "contrib") if c.get("contrib-type", "author") == "author"
    ]
    return [_jats_name(person) for person in people]


def _jats_name(person: _Element) -> Name:
    name = child(person, "name")
    if name is None:
        name = child(person, "name-alternatives", "name")
    if name is not None:
        return Name(at(name, "surname"), at(name, "given-names"), at(name, "prefix"), at(name, "suffix"))
    body = at(person, "collab")
    return Name(literal=body) if body else of_text(at(person, "string-name"))


def _jats_date(meta: _Element | None) -> str:
    found = [dates.parts(at(d, "year"), at(d, "month"), at(d, "day")) for d in children(meta, "pub-date")]
    return min((d for d in found if d), key=lambda d: (-len(d), d), default="")


_SAME = {
    name: name for name in ("id", "title", "abstract", "authors", "categories", "date", "doi", "url", "venue")
}

KINDS: Mapping[str, Kind] = {
    "pubmed": Kind(
        "PubmedArticle", _pubmed, _draft("PubMed", {**_SAME, "id": "PMID", "title": "ArticleTitle"})
    ),
    "oai-pmh": Kind("record", _oai, _draft("OAI-PMH", _SAME)),
    "atom": Kind("entry", _atom, _draft("Atom", {**_SAME, "abstract": "summary", "date": "published"})),
    "acl": Kind("paper", _acl, _draft("ACL Anthology", {**_SAME, "venue": "booktitle"}), _acl_around),
    "jats": Kind("article", _jats, _draft("JATS", {**_SAME, "title": "article-title", "categories": "kwd"})),
}
"""Format -> how its XML is read."""

ROOTS: Mapping[str, str] = {
    "PubmedArticleSet": "pubmed",
    "PubmedArticle": "pubmed",
    "OAI-PMH": "oai-pmh",
    "ListRecords": "oai-pmh",
    "GetRecord": "oai-pmh",
    "record": "oai-pmh",
    "feed": "atom",
    "entry": "atom",
    "collection": "acl",
    "article": "jats",
    "pmc-articleset": "jats",
    "articles": "jats",
}
"""The outermost element's name -> format."""


def reader(kind: str) -> Reader:
    """The reader of one kind of XML."""
    return partial(_read, KINDS[kind])
