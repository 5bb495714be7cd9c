"""`agq help`: a command's help, or a topic."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Annotated

import typer

from agq.commands import screen
from agq.commands.context import CommandContext
from agq.errors import Exit
from agq.registry import pick

CODES: Mapping[Exit, str] = MappingProxyType(
    {
        Exit.DONE: "done",
        Exit.ERROR: "an error without a code of its own",
        Exit.USAGE: "wrong usage or settings",
        Exit.NOTHING: "nothing in the index bears on the question: no answer; the nearest papers on stderr",
        Exit.ANSWERER: "the model failed: key, network, limit or timeout; the message says what to do",
        Exit.CHECK: "`check`, `cite`: an unknown id; with --strict: a citation in doubt, a rejected record",
        Exit.INDEX: "no index, or one that cannot be read; the message names the command that fixes it",
        Exit.INTERRUPTED: "interrupted with Ctrl-C; nothing is lost",
    }
)


def help(  # noqa: A001  # the command's name
    context: CommandContext,
    topic: Annotated[
        str, typer.Argument(metavar="[TOPIC]", show_default=False, help="A topic or a command.")
    ] = "",
) -> None:
    """Explain a topic, such as formats or exit-codes."""
    settings = context.settings()
    if not topic:
        screen.write(_overview())
        return
    screen.page(settings, pick("topic", TOPICS, topic)())


def _overview() -> str:
    rows = "".join(f"  agq help {name}\n" for name in TOPICS)
    return f"Topics:\n{rows}\n`agq COMMAND --help` explains a command.\n"


def _formats() -> str:
    from agq.commands.formats import LISTED
    from agq.exporters import EXPORTERS
    from agq.readers import READERS
    from agq.renderers import RENDERERS
    from agq.renderers.json import SCHEMA

    return f"""What agq reads, recognised by content, plain or compressed (.gz, .bz2, .xz, .zst):
  {", ".join(sorted(READERS))}

An answer (ask, more, history show), --format:
  {", ".join(RENDERERS)}
  By default `terminal` on a terminal, `markdown` elsewhere, and with -o by the file's extension.

A list of papers (search, list, similar), --format:
  {", ".join(LISTED)}

A citation (cite), --format:
  {", ".join(EXPORTERS)}

JSON carries a "schema" number, {SCHEMA} at present; under one number fields are added, never changed.
"""


def _exit_codes() -> str:
    return "".join(f"{code.value:>4}  {meaning}\n" for code, meaning in CODES.items())


def _settings() -> str:
    from agq.config import ABOUT

    width = max(map(len, ABOUT))
    rows = "".join(f"  {name:<{width}}  {about}\n" for name, about in ABOUT.items())
    return f"""Options take precedence over AGQ_* variables (AGQ_TOP_K for top_k); then come the nearest
agq.yaml in this folder or above it, your own file, OPENAI_API_KEY and OPENAI_BASE_URL, and the defaults.
`agq config` shows what is in force and why; `agq config init` writes a file to edit.

{rows}"""


def _filters() -> str:
    return """Filters are applied before ranking: k papers come back if k papers pass.

  --category cs.LG    any of a paper's categories, or a branch: physics, cond-mat
  --since 2024        from this date on: a year, a month (2024-06) or a day (2024-06-13)
  --until 2024-06     up to and including this date
  --author NAME       a full or family name, in upper or lower case, with or without accents
  --venue NAME        a journal, book or meeting: its name, a part of it or its initials
  --type TYPE         CSL's type of the record: article-journal, book, dataset, thesis ...
  --tag TAG           a category, a keyword or a tag of your own
  --id ID             this paper: its id, DOI, arXiv id, PMID or address

All but --since and --until may be given several times; a paper passes with any of the values. Limits
in the question itself ("papers by Moss since 2020 in Nature Astronomy") are understood as filters and
reported on stderr; --literal takes them as words. A paper without a date does not pass a date filter.
"""


def _match() -> str:
    from agq.match import MIN_MATCH

    return f"""How well a paper fits the question. It does not depend on what else is in the list,
on how many papers are shown, or on the filters. Half of it is how close the two are in meaning, half how
much of the question the paper's title and abstract cover, rare words counting most. All matches are lower
if no paper here mentions a word that the question turns on. It is not a probability: how often papers
with a given match are relevant differs between collections (BENCHMARKS.md).

  70 % and more   about exactly this, in the question's own words
  40 to 70 %      on the subject: what a good hit usually gets
  20 to 40 %      shares the subject or some words, but seldom answers
  below 20 %      little in common
  {100 * MIN_MATCH:.0f} %            what the best paper must reach: below it `ask` gives no answer (exit 3)

A question in very different words from the papers' also gets low matches: use their terms. A paper whose
id is in the question gets 100 %. --explain shows the parts of each match.
"""


def _citing() -> str:
    return """  agq cite 2406.08554 --format ris             papers by id
  agq search "neural operators" -f bibtex      what a search finds
  agq cite --from note.md > refs.bib           every paper that a note cites
  agq ask "..." -o note.md --bib refs.bib      an answer and its references
  agq ask "..." --cite-style pandoc            [@key] instead of [id], for Pandoc and Quarto
  agq check note.md                            does each cited paper say what its sentence says?

A key is the paper's id where BibTeX, LaTeX and Pandoc allow it; otherwise the id's legal characters with a
short hash, the same in every export, and the entry keeps the id in its field `agq-id`.
"""


def _models() -> str:
    from agq.servers import SERVERS

    rows = "".join(
        f"  {name + '/MODEL':<18} {server.base_url:<58} {server.key_variable}".rstrip() + "\n"
        for name, server in SERVERS.items()
    )
    return f"""Without a model nothing leaves this machine. Name one with --model, AGQ_MODEL or in agq.yaml:

{rows}
Any other server that speaks OpenAI's protocol: --model NAME --base-url URL.
A model in a file needs no server: --model ./NAME.gguf, with `pip install 'agq[gguf]'`.
`agq doctor` lists the servers that answer on this machine, `agq config set model NAME` saves the choice.
The key comes from the environment only: AGQ_API_KEY, OPENAI_API_KEY or the server's own variable.
Every sentence a model writes is checked against the abstract it cites before it is shown. Then the model
judges the citations of `ask` and `check`, and must quote the words that decide; --no-judge or
`judge: false` turns that off.
"""


def _completion() -> str:
    return """  agq --install-completion      for the shell you are in: bash, zsh or fish
  agq --show-completion         print the script instead

Ids (show, cite, similar, --id) and categories (--category) are completed from the index in force.
"""


TOPICS: Mapping[str, Callable[[], str]] = MappingProxyType(
    {
        "formats": _formats,
        "exit-codes": _exit_codes,
        "settings": _settings,
        "filters": _filters,
        "match": _match,
        "citing": _citing,
        "models": _models,
        "completion": _completion,
    }
)
"""By name, what each has to say."""
