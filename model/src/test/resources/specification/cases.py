"""Writes cases.json: ONNX's published cases for RNN, LSTM and GRU (onnx/backend/test/case/node),
their inputs as published, their outputs by the operators' equations in double.

    python3 cases.py > cases.json

The random weights are NumPy's legacy generator from seed 0, as ONNX's exporter sets it before each
case. A case that is refused (reverse, bidirectional) has no outputs.
"""
import json

import numpy as np

GATES = {"RNN": 1, "LSTM": 4, "GRU": 3}


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def rnn(x, h, c, w, r, wb, rb, p):
    return np.tanh(x @ w.T + h @ r.T + wb + rb), None


def lstm(x, h, c, w, r, wb, rb, p):
    i, o, f, g = np.split(x @ w.T + h @ r.T + wb + rb, 4, axis=-1)
    pi, po, pf = np.split(p, 3)
    c_next = sigmoid(f + pf * c) * c + sigmoid(i + pi * c) * np.tanh(g)
    return sigmoid(o + po * c_next) * np.tanh(c_next), c_next


def gru(x, h, c, w, r, wb, rb, p):
    wz, wr, wh = np.split(w, 3)
    rz, rr, rh = np.split(r, 3)
    wbz, wbr, wbh = np.split(wb, 3)
    rbz, rbr, rbh = np.split(rb, 3)
    z = sigmoid(x @ wz.T + h @ rz.T + wbz + rbz)
    reset = sigmoid(x @ wr.T + h @ rr.T + wbr + rbr)
    candidate = np.tanh(x @ wh.T + (reset * h) @ rh.T + rbh + wbh)
    return (1 - z) * candidate + z * h, None


STEP = {"RNN": rnn, "LSTM": lstm, "GRU": gru}


def numbers(a):
    return [float(v) for v in np.asarray(a, dtype=np.float64).ravel()]


def case(name, op, x, hidden, scale=None, bias=None, seed=False, peepholes=None, layout=0, direction="forward"):
    """scale: all weights; seed: random ones; bias: all input biases; x as the file has it."""
    x = np.asarray(x, dtype=np.float32)
    rows = GATES[op] * hidden
    directions = 2 if direction == "bidirectional" else 1
    if seed:
        np.random.seed(0)
        w = np.random.randn(1, rows, x.shape[2]).astype(np.float32)
        r = np.random.randn(1, rows, hidden).astype(np.float32)
        wb = np.random.randn(1, rows).astype(np.float32)
        rb = np.random.randn(1, rows).astype(np.float32)
        b = np.concatenate((wb, rb), axis=1)
    else:
        scales = np.asarray(scale, dtype=np.float32).reshape(-1, 1, 1)
        w = scales * np.ones((directions, rows, x.shape[2]), dtype=np.float32)
        r = scales * np.ones((directions, rows, hidden), dtype=np.float32)
        b = None
        if bias is not None:
            b = np.zeros((1, 2 * rows), dtype=np.float32)
            b[:, :rows] = bias
    result = {"name": name, "op": op, "hidden_size": hidden, "layout": layout, "direction": direction}
    result["X"] = {"dims": list(x.shape), "values": numbers(x)}
    result["W"] = {"dims": list(w.shape), "values": numbers(w)}
    result["R"] = {"dims": list(r.shape), "values": numbers(r)}
    if b is not None:
        result["B"] = {"dims": list(b.shape), "values": numbers(b)}
    p = None
    if peepholes is not None:
        p = np.full((1, 3 * hidden), peepholes, dtype=np.float32)
        result["P"] = {"dims": list(p.shape), "values": numbers(p)}
    if direction == "forward":
        steps = np.float64(x if layout == 0 else x.swapaxes(0, 1))
        h = np.zeros((steps.shape[1], hidden))
        c = np.zeros_like(h)
        wb, rb = np.split(np.float64(b[0]) if b is not None else np.zeros(2 * rows), 2)
        pd = np.float64(p[0]) if p is not None else np.zeros(3 * hidden)
        y = []
        for step in steps:
            h, c = STEP[op](step, h, c, np.float64(w[0]), np.float64(r[0]), wb, rb, pd)
            y.append(h)
        result["Y"] = [[numbers(y[t][s]) for t in range(len(y))] for s in range(steps.shape[1])]
    return result


def lines(*rows):
    return [list(row) for row in rows]


TWO = [lines((1, 2), (3, 4), (5, 6))]
THREE = [lines((1, 2, 3), (4, 5, 6), (7, 8, 9))]
LONG = THREE + [lines((10, 11, 12), (13, 14, 15), (16, 17, 18))]
BATCH = [lines((1, 2)), lines((3, 4)), lines((5, 6))]
WIDE = [lines((1, 2, 3, 4), (5, 6, 7, 8))]

CASES = [
    case("simple_rnn_defaults", "RNN", TWO, 4, 0.1),
    case("simple_rnn_with_initial_bias", "RNN", THREE, 5, 0.1, bias=0.1),
    case("rnn_seq_length", "RNN", LONG, 5, seed=True),
    case("simple_rnn_batchwise", "RNN", BATCH, 4, 0.5, layout=1),
    case("simple_rnn_reverse", "RNN", BATCH, 4, 0.1, direction="reverse"),
    case("simple_rnn_bidirectional", "RNN", BATCH, 4, [0.5, 2], direction="bidirectional"),
    case("lstm_defaults", "LSTM", TWO, 3, 0.1),
    case("lstm_with_initial_bias", "LSTM", THREE, 4, 0.1, bias=0.1),
    case("lstm_with_peepholes", "LSTM", WIDE, 3, 0.1, bias=0, peepholes=0.1),
    case("lstm_batchwise", "LSTM", BATCH, 7, 0.3, layout=1),
    case("gru_defaults", "GRU", TWO, 5, 0.1),
    case("gru_with_initial_bias", "GRU", THREE, 3, 0.1, bias=0.1),
    case("gru_seq_length", "GRU", LONG, 5, seed=True),
    case("gru_batchwise", "GRU", BATCH, 6, 0.2, layout=1),
]

print("[\n" + ",\n".join(json.dumps(c) for c in CASES) + "\n]")
