"""Zotero's items in CSL's terms, as Zotero's own programming interface writes them.

What each type and field is called in CSL follows Zotero's published schema (its ``csl`` part). Tags are what
a reader or a publisher has filed an item under: they are no categories. Collections stand in ``custom``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from lxml.etree import ParserError
from lxml.html import document_fromstring

from agq.readers import dates, names
from agq.readers.base import Draft, Fields
from agq.readers.values import as_list, inner, string
from agq.records import csl_date
from agq.text.people import Name


def _table(text: str) -> dict[str, str]:
    """Rows ``CSL's name: Zotero's names`` as Zotero's name -> CSL's."""
    rows = (row.split(":") for row in text.strip().splitlines())
    return {zotero: csl.strip() for csl, names in rows for zotero in names.split()}


TYPES: Mapping[str, str] = _table("""
article: preprint
article-journal: journalArticle
article-magazine: magazineArticle
article-newspaper: newspaperArticle
bill: bill
book: book
broadcast: podcast radioBroadcast tvBroadcast
chapter: bookSection
dataset: dataset
document: document
entry-dictionary: dictionaryEntry
entry-encyclopedia: encyclopediaArticle
graphic: artwork
hearing: hearing
interview: interview
legal_case: case
legislation: statute
manuscript: manuscript
map: map
motion_picture: film videoRecording
paper-conference: conferencePaper
patent: patent
personal_communication: email instantMessage letter
post: forumPost
post-weblog: blogPost
report: report
software: computerProgram
song: audioRecording
speech: presentation
standard: standard
thesis: thesis
webpage: webpage
""")

FIELDS: Mapping[str, str] = _table("""
title: title caseName nameOfAct subject
container-title: publicationTitle bookTitle proceedingsTitle encyclopediaTitle dictionaryTitle programTitle websiteTitle forumTitle blogTitle reporter code
container-title-short: journalAbbreviation
collection-title: series seriesTitle
collection-number: seriesNumber
publisher: publisher university institution company label studio network distributor repository organization
publisher-place: place repositoryLocation
event-title: conferenceName meetingName
authority: authority court legislativeBody issuingAuthority
volume: volume codeVolume reporterVolume codeNumber
issue: issue priorityNumbers
page: pages codePages firstPage
number: number reportNumber patentNumber billNumber docketNumber documentNumber publicLawNumber episodeNumber archiveID identifier
number-of-pages: numPages
number-of-volumes: numberOfVolumes
edition: edition
section: section committee
chapter-number: session
version: versionNumber
genre: type thesisType reportType letterType manuscriptType mapType postType presentationType websiteType genre
medium: medium artworkMedium interviewMedium audioFileType audioRecordingFormat videoRecordingFormat system
dimensions: artworkSize runningTime
scale: scale
status: legalStatus status
archive: archive
archive_location: archiveLocation
call-number: callNumber applicationNumber
source: libraryCatalog
license: rights
language: language
title-short: shortTitle
references: history references
ISBN: ISBN
ISSN: ISSN
PMID: PMID
PMCID: PMCID
""")  # noqa: E501  # a row is a row

ROLES: Mapping[str, str] = _table("""
author: author artist cartographer inventor podcaster presenter programmer sponsor
container-author: bookAuthor
collection-editor: seriesEditor
reviewed-author: reviewedAuthor
script-writer: scriptwriter
editor: editor
translator: translator
composer: composer
contributor: contributor
director: director
guest: guest
interviewer: interviewer
performer: performer castMember
producer: producer
recipient: recipient
""")

FIRST_ROLE: Mapping[str, str] = {
    "audioRecording": "performer",
    "film": "director",
    "hearing": "contributor",
    "interview": "interviewee",
    "radioBroadcast": "director",
    "tvBroadcast": "director",
    "videoRecording": "director",
}
"""Type -> the role that is its author, where no author's role is."""

_DATES = ("date", "dateDecided", "dateEnacted", "issueDate")
_EXTRA = re.compile(r"^\s*([A-Za-z][A-Za-z -]{1,30}?)\s*[:=]\s*(\S.*?)\s*$")
_KNOWN = {
    "citationkey": "key",
    "bibtex": "key",
    "doi": "DOI",
    "pmid": "PMID",
    "pmcid": "PMCID",
    "arxiv": "arxiv",
}


def draft(fields: Fields) -> Draft:
    """One item; in the same order whoever tells of it, so that nothing seems to have changed."""
    held = inner(fields, "data") or fields
    kind = string(held.get("itemType"))
    said, note = extra(string(held.get("extra")))
    people = dict(_people(kind, held.get("creators")))
    csl = {FIELDS[name]: text for name, value in held.items() if name in FIELDS and (text := string(value))}
    published = _date(fields, held)
    return Draft(
        key=string(held.get("citationKey")) or said.get("key", "") or string(fields.get("betterBibtexKey")),
        title=csl.pop("title", ""),
        abstract=string(held.get("abstractNote")),
        authors=people.pop("author", ()),
        date=published,
        doi=string(held.get("DOI")) or said.get("DOI", ""),
        arxiv=said.get("arxiv", "") or _arxiv(held),
        pmid=string(held.get("PMID")) or said.get("PMID", ""),
        url=string(held.get("url")),
        venue=csl.get("container-title") or csl.get("event-title", "") or "",
        type=TYPES.get(kind, "document"),
        fields={**dict(sorted(csl.items())), **people, **_dated(held), "note": note, **_noted(fields)},
        custom=_custom(fields),
        tags=sorted(string(inner(tag).get("tag") or tag) for tag in as_list(held.get("tags"))),
        layout="Zotero",
        mapping={
            "authors": "creators",
            "abstract": "abstractNote",
            "venue": "publicationTitle",
            "doi": "DOI",
        },
    )


def exported(fields: Fields) -> Draft:
    """An item from Zotero's own interface, or of Better BibTeX JSON: known by Zotero's key where it has no
    other."""
    held = inner(fields, "data") or fields
    item = draft(fields)
    return replace(item, key=item.key or string(held.get("citekey")) or string(held.get("key")))


def _noted(fields: Fields) -> dict[str, str]:
    """What the reader has noted on the item, as text: CSL's variable for that is nobody else's business."""
    notes = [text for note in as_list(fields.get("notes")) if (text := _text(string(note)))]
    return {"annote": "\n\n".join(notes)} if notes else {}


def _text(note: str) -> str:
    """A note, which is HTML, without its elements."""
    if not note.strip():
        return ""
    try:
        return " ".join(" ".join(map(str, document_fromstring(note).itertext())).split())
    except ParserError:  # nothing but a comment
        return ""


def extra(text: str) -> tuple[dict[str, str], str]:
    """What Zotero's field Extra says in lines ``Citation Key: smith2020``, and the rest of it."""
    said: dict[str, str] = {}
    rest = []
    for line in text.splitlines():
        found = _EXTRA.match(line)
        name = _KNOWN.get(re.sub("[ -]", "", found[1]).lower(), "") if found else ""
        if found and name:
            said.setdefault(name, found[2])
        elif line.strip():
            rest.append(line.strip())
    return said, "\n".join(rest)


def _people(kind: str, creators: object) -> Iterator[tuple[str, Sequence[Name]]]:
    """CSL's roles and who has them, in their order."""
    listed = [inner(creator) for creator in as_list(creators)]
    roles = [string(creator.get("creatorType")) or "author" for creator in listed]
    first = FIRST_ROLE.get(kind, "")
    csl = ["author" if role == first else ROLES.get(role, "contributor") for role in roles]
    for role in dict.fromkeys(csl):
        yield role, [_name(one) for one, of in zip(listed, csl, strict=True) if of == role]


def _name(creator: Fields) -> Name:
    """A name as it stands in its two fields; one in a single field is a body's."""
    if whole := string(creator.get("name")):
        return Name(literal=" ".join(whole.split()))
    return names.from_mapping(creator)


def _date(fields: Fields, held: Fields) -> str:
    parsed = string(inner(fields, "meta").get("parsedDate"))
    written = next((text for name in _DATES if (text := string(held.get(name)))), "")
    return dates.iso(parsed) or dates.iso(written)


def _dated(held: Fields) -> dict[str, object]:
    days = {"accessed": "accessDate", "submitted": "filingDate", "original-date": "originalDate"}
    return {name: csl_date(dates.iso(string(held.get(field)))) for name, field in days.items()}


def _arxiv(held: Fields) -> str:
    """Where a preprint's number is one of arXiv's."""
    number = string(held.get("archiveID")) or string(held.get("number"))
    at = f"{number} {string(held.get('repository'))} {string(held.get('archive'))}".lower()
    return number if "arxiv" in at else ""


def _custom(fields: Fields) -> dict[str, object]:
    """Where the item lies in Zotero."""
    return {
        "zotero": string(fields.get("select")),
        "collections": sorted(string(path) for path in as_list(fields.get("paths"))),
    }
