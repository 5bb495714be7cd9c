"""A BERT encoder's weights -> an int8 ONNX graph: token ids of one text in, its unit vector out.

The graph is written node by node rather than traced, so that making it needs neither torch nor transformers,
and so that every node is one that a processor runs fast:

- it takes texts of one length (in practice one text), so there is no padding and no attention mask, and a
  text's vector never depends on what else was encoded beside it;
- matrix products run on int8: weights signed, per output channel, symmetric; activations per text, as they
  come (ONNX Runtime's ``DynamicQuantizeMatMul``);
- word embeddings are int8 with one scale a row, which halves the file;
- ``Add`` and ``LayerNormalization`` stay apart: fused (``SkipLayerNormalization``) they take four times as
  long on a CPU.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

Weights = Mapping[str, NDArray[np.float32]]
"""A state dict in the names of Hugging Face's ``BertModel``, without a prefix."""

OPSET = 18
IR_VERSION = 9
FUSED = "com.microsoft"
"""ONNX Runtime's own operators."""

KINDS_LAYER = 3
"""The layer from which on the entailment model knows claim from passage; those below are the encoder's."""
PAPER_KINDS_LAYER = 2
"""The same of the model that reads papers, which knows question from paper."""
INT8_MAX = 127
"""Largest magnitude of a signed 8-bit weight."""


@dataclass(frozen=True, slots=True)
class BertShape:
    """What the weights alone do not say."""

    layers: int
    heads: int
    epsilon: float
    pooling: str


def quantized(weight: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Symmetric int8 of a (in, out) matrix and the scale of each output channel, shape (out,)."""
    scale = np.abs(weight).max(axis=0) / INT8_MAX
    scale[scale == 0] = 1.0
    return np.rint(weight / scale).astype(np.int8), scale.astype(np.float32)


class _Graph:
    """Nodes and constants under construction. Every method returns the name of what it made."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, value: NDArray[Any]) -> str:
        self.constants.append(numpy_helper.from_array(np.asarray(value, order="C"), name))
        return name

    def node(self, op: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        name = f"{op}{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, inputs, [name], name=name, domain=domain, **attributes))
        return name

    def linear(self, x: str, name: str, weight: NDArray[np.float32], bias: NDArray[np.float32]) -> str:
        """``x @ weight + bias`` on int8. ``weight`` is (in, out)."""
        values, scale = quantized(weight)
        return self.node(
            "DynamicQuantizeMatMul",
            x,
            self.constant(f"{name}.weight", values),
            self.constant(f"{name}.scale", scale),
            self.constant(f"{name}.zero", np.zeros(len(scale), np.int8)),
            self.constant(f"{name}.bias", bias),
            domain=FUSED,
        )

    def norm(self, x: str, name: str, weights: Weights, epsilon: float) -> str:
        scale = self.constant(f"{name}.weight", weights[f"{name}.weight"])
        shift = self.constant(f"{name}.bias", weights[f"{name}.bias"])
        return self.node("LayerNormalization", x, scale, shift, axis=-1, epsilon=epsilon)


def bert_graph(weights: Weights, shape: BertShape) -> onnx.ModelProto:
    """The graph: input ``ids`` int32 (texts, tokens), output ``vector`` float32 (texts, dim), unit rows."""
    graph = _Graph()
    pooled = _encoded(graph, weights, shape)
    graph.nodes.append(helper.make_node("LpNormalization", [pooled], ["vector"], axis=-1, p=2))
    return _model(graph, "vector", weights["embeddings.LayerNorm.weight"].shape[0])


def entailment_graph(weights: Weights, shape: BertShape) -> onnx.ModelProto:
    """The graph of the model that reads a claim with a passage: inputs ``ids`` and ``kinds`` int32 (pairs,
    tokens), output ``scores`` float32 (pairs, n).

    From layer ``KINDS_LAYER`` on each token carries what kind it is: of the claim (0, 1) or of the passage
    (2, 3). Claim and passage are pooled apart. What any one token of the claim speaks against it counts
    against the first score, as a smooth maximum: one wrong word makes a claim false.
    """
    graph = _Graph()
    x = _with_kinds(graph, weights, shape, KINDS_LAYER)
    pooled, of_passage = _beside(graph, x, "head", weights)
    tokens = graph.constant("tokens", np.array([1], np.int64))
    against = _dense(graph, x, "token", weights)
    outside = graph.node("Mul", of_passage, _number(graph, "outside", -1e4, np.float32))
    doubt = graph.node("ReduceLogSumExp", graph.node("Add", against, outside), tokens, keepdims=0)
    width = len(weights["head.bias"])
    first = graph.constant("first.score", np.eye(1, width, dtype=np.float32))
    graph.nodes.append(helper.make_node("Sub", [pooled, graph.node("Mul", doubt, first)], ["scores"]))
    return _model(graph, "scores", width, ("ids", "kinds"))


def cross_graph(weights: Weights, shape: BertShape) -> onnx.ModelProto:
    """The graph of the model that reads a question with a paper: inputs ``ids`` and ``kinds`` int32 (1,
    tokens) and ``pool`` float32 (rows, tokens), output ``scores`` float32 (rows, n).

    From layer ``PAPER_KINDS_LAYER`` on each token carries what kind it is: of the question (0, 1) or of the
    paper (2, 3). The head sees the mean of the question's tokens beside each of the means that ``pool``
    makes.
    """
    graph = _Graph()
    x = _with_kinds(graph, weights, shape, PAPER_KINDS_LAYER)
    tokens = graph.constant("tokens.axis", np.array([1], np.int64))
    asked = _mean_of(graph, x, _of_first(graph), tokens)
    first = graph.constant("first.axis", np.array([0], np.int64))
    rows = graph.node("MatMul", "pool", graph.node("Squeeze", x, first))
    beside = graph.node("Expand", asked, graph.node("Shape", rows))
    both = graph.node("Concat", beside, rows, graph.node("Mul", beside, rows), axis=1)
    graph.nodes.append(helper.make_node("Identity", [_dense(graph, both, "head", weights)], ["scores"]))
    pool = helper.make_tensor_value_info("pool", TensorProto.FLOAT, ["rows", "tokens"])
    return _model(graph, "scores", len(weights["head.bias"]), ("ids", "kinds"), [pool])


def _with_kinds(graph: _Graph, weights: Weights, shape: BertShape, at: int) -> str:
    """The encoded tokens; before layer ``at`` each is told what kind it is."""
    x = _embeddings(graph, weights, shape)
    for layer in range(shape.layers):
        if layer == at:
            kinds = graph.node("Gather", graph.constant("kinds.weight", weights["kinds.weight"]), "kinds")
            x = graph.node("Add", x, kinds)
        x = _layer(graph, x, f"encoder.layer.{layer}", weights, shape)
    return x


def _beside(graph: _Graph, x: str, head: str, weights: Weights) -> tuple[str, str]:
    """What a head makes of the first part's mean beside the second's; and where the second is, (pairs,
    tokens, 1).
    """
    tokens = graph.constant("axis.1", np.array([1], np.int64))
    of_first = _of_first(graph)
    of_second = graph.node("Sub", _number(graph, "one", 1, np.float32), of_first)
    asked, told = (_mean_of(graph, x, part, tokens) for part in (of_first, of_second))
    both = graph.node("Concat", asked, told, graph.node("Mul", asked, told), axis=1)
    return _dense(graph, both, head, weights), of_second


def _of_first(graph: _Graph) -> str:
    """Where the first part is, (pairs, tokens, 1)."""
    first = graph.node("Less", "kinds", _number(graph, "two", 2, np.int32))
    last = graph.constant("axis.2", np.array([2], np.int64))
    return graph.node("Unsqueeze", graph.node("Cast", first, to=TensorProto.FLOAT), last)


def _number(graph: _Graph, name: str, value: float, kind: type[Any]) -> str:
    return graph.constant(name, np.array(value, kind))


def _mean_of(graph: _Graph, x: str, part: str, tokens: str) -> str:
    """The mean of the tokens that ``part`` (pairs, tokens, 1) marks."""
    total = graph.node("ReduceSum", graph.node("Mul", x, part), tokens, keepdims=0)
    return graph.node("Div", total, graph.node("ReduceSum", part, tokens, keepdims=0))


def _dense(graph: _Graph, x: str, name: str, weights: Weights) -> str:
    product = graph.node("MatMul", x, graph.constant(f"{name}.weight", weights[f"{name}.weight"].T))
    return graph.node("Add", product, graph.constant(f"{name}.bias", weights[f"{name}.bias"]))


def _encoded(graph: _Graph, weights: Weights, shape: BertShape) -> str:
    x = _embeddings(graph, weights, shape)
    for layer in range(shape.layers):
        x = _layer(graph, x, f"encoder.layer.{layer}", weights, shape)
    return _pooled(graph, x, shape.pooling)


def _embeddings(graph: _Graph, weights: Weights, shape: BertShape) -> str:
    words = weights["embeddings.word_embeddings.weight"]
    values, scale = quantized(words.T)
    rows = graph.node("Gather", graph.constant("words", values.T), "ids")
    scales = graph.node("Gather", graph.constant("words.scale", scale[:, None]), "ids")
    word = graph.node("Mul", graph.node("Cast", rows, to=TensorProto.FLOAT), scales)
    # every text is one segment, so its segment's embedding belongs to the positions
    places = (
        weights["embeddings.position_embeddings.weight"]
        + weights["embeddings.token_type_embeddings.weight"][0]
    )
    zero = graph.constant("zero", np.array([0], np.int64))
    tokens = graph.node("Shape", "ids", start=1, end=2)
    place = graph.node("Slice", graph.constant("positions", places), zero, tokens, zero)
    return graph.norm(graph.node("Add", word, place), "embeddings.LayerNorm", weights, shape.epsilon)


def _layer(graph: _Graph, x: str, at: str, weights: Weights, shape: BertShape) -> str:
    def dense(inner: str, name: str) -> str:
        return graph.linear(inner, name, weights[f"{name}.weight"].T, weights[f"{name}.bias"])

    attended = dense(
        _attention(graph, x, f"{at}.attention.self", weights, shape), f"{at}.attention.output.dense"
    )
    x = graph.norm(graph.node("Add", attended, x), f"{at}.attention.output.LayerNorm", weights, shape.epsilon)
    inner = graph.node("Gelu", dense(x, f"{at}.intermediate.dense"), domain=FUSED)
    outer = dense(inner, f"{at}.output.dense")
    return graph.norm(graph.node("Add", outer, x), f"{at}.output.LayerNorm", weights, shape.epsilon)


def _attention(graph: _Graph, x: str, at: str, weights: Weights, shape: BertShape) -> str:
    parts = ("query", "key", "value")
    weight = np.concatenate([weights[f"{at}.{part}.weight"].T for part in parts], axis=1)
    bias = np.concatenate([weights[f"{at}.{part}.bias"] for part in parts])
    joined = graph.linear(x, f"{at}.qkv", weight, bias)
    names = [f"{at}.{part}" for part in parts]
    graph.nodes.append(helper.make_node("Split", [joined], names, axis=2, num_outputs=3))
    return graph.node("MultiHeadAttention", *names, domain=FUSED, num_heads=shape.heads)


def _pooled(graph: _Graph, x: str, pooling: str) -> str:
    if pooling == "cls":
        return graph.node("Gather", x, graph.constant("first", np.array(0, np.int64)), axis=1)
    axis = graph.constant("tokens.axis", np.array([1], np.int64))
    return graph.node("ReduceMean", x, axis, keepdims=0)


def _model(
    graph: _Graph,
    output: str,
    width: int,
    inputs: Sequence[str] = ("ids",),
    others: Sequence[onnx.ValueInfoProto] = (),
) -> onnx.ModelProto:
    """``inputs``: int32, a token each; ``others`` of other shapes."""
    given = [helper.make_tensor_value_info(name, TensorProto.INT32, ["texts", "tokens"]) for name in inputs]
    rows = helper.make_tensor_value_info(output, TensorProto.FLOAT, ["texts", width])
    made = helper.make_graph(graph.nodes, "encoder", [*given, *others], [rows], graph.constants)
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(FUSED, 1)]
    return helper.make_model(made, opset_imports=opsets, ir_version=IR_VERSION, producer_name="agq")
