"""Reference cases from TensorFlow 1's cells: random variables under the names of a checkpoint, through deploy/export/tf1_to_onnx.py.

usage: python3 golden_tf1.py OUT_DIR [SEED]      (numpy, onnx; no TensorFlow)
The expected outputs are TensorFlow 1's published equations (tensorflow/python/ops/rnn_cell_impl.py, call() of each cell) in float64, written
here step by step and not by way of ONNX.
"""
import json, os, subprocess, sys, tempfile
import numpy as np
HERE = os.path.dirname(os.path.abspath(__file__))
SCRIPT = os.path.join(HERE, *[".."] * 5, "deploy", "export", "tf1_to_onnx.py")
OUT = sys.argv[1]; rng = np.random.default_rng(int(sys.argv[2]) if len(sys.argv) > 2 else 7)
sigmoid = lambda v: 1 / (1 + np.exp(-v))
cat = lambda *parts: np.concatenate(parts, 1)
random = lambda *shape: (.6 * rng.standard_normal(shape)).astype(np.float32)

def basic_rnn(v, n, act=np.tanh):
    """output = new_state = act([inputs, state] kernel + bias)"""
    def step(x, s): h = act(cat(x, s) @ v["kernel"] + v["bias"]); return h, h
    return step, lambda m: np.zeros((m, n))

def lstm(v, n, forget_bias=1.):
    """i, j, f, o; with peepholes f and i see the old c, o the new one"""
    wf, wi, wo = (v.get(f"w_{g}_diag", 0) for g in "fio")
    def step(x, s):
        c, h = s; i, j, f, o = np.split(cat(x, h) @ v["kernel"] + v["bias"], 4, 1)
        c = sigmoid(f + forget_bias + wf * c) * c + sigmoid(i + wi * c) * np.tanh(j); h = sigmoid(o + wo * c) * np.tanh(c); return h, (c, h)
    return step, lambda m: (np.zeros((m, n)), np.zeros((m, n)))

def gru(v, n):
    """r, u; the candidate takes r * state; new state = u * state + (1 - u) * c"""
    def step(x, s):
        r, u = np.split(sigmoid(cat(x, s) @ v["gates/kernel"] + v["gates/bias"]), 2, 1)
        c = np.tanh(cat(x, r * s) @ v["candidate/kernel"] + v["candidate/bias"]); h = u * s + (1 - u) * c; return h, h
    return step, lambda m: np.zeros((m, n))

def dynamic_rnn(x, stack):
    states = [zero(len(x)) for _, zero in stack]; out = []
    for t in range(x.shape[1]):
        y = x[:, t].astype(np.float64)
        for k, (step, _) in enumerate(stack): y, states[k] = step(y, states[k])
        out.append(y)
    return np.stack(out, 1)

def case(name, note, variables, n_in, f, *flags, every=True, steps=11):
    d = os.path.join(OUT, name); os.makedirs(d, exist_ok=True); L = lambda a: np.asarray(a, np.float32).tolist()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "variables.npz"); np.savez(path, **variables, global_step=np.array(4100), beta1_power=np.float32(.9))
        subprocess.run([sys.executable, SCRIPT, path, os.path.join(d, "model.onnx"), *flags], check=True)
    x = rng.standard_normal((4, steps, n_in)).astype(np.float32); lengths = [steps, 1, steps - 2, steps // 2]
    json.dump(dict(note=note, layout="batch,time,feature", input=L(x), output=L(f(x)), lengths=lengths, output_by_length=[L(f(x[b:b + 1, :n])[0]) for b, n in enumerate(lengths)], every_step=every),
              open(os.path.join(d, "case.json"), "w"), separators=(",", ":")); print(name)

def scoped(scope, v): return {f"{scope}/{name}": value for name, value in v.items()}
def cell(n_in, n, gates): return dict(kernel=random(n_in + n, gates * n), bias=random(gates * n))

v = cell(3, 5, 1); head = dict(kernel=random(5, 2), bias=random(2))
case("17-tf1-basic-rnn-output-projection", "BasicRNNCell with relu in OutputProjectionWrapper, through tf1_to_onnx.py",
     {**scoped("rnn/output_projection_wrapper/basic_rnn_cell", v), **scoped("rnn/output_projection_wrapper", head)}, 3,
     lambda x: dynamic_rnn(x, [basic_rnn(v, 5, lambda z: np.maximum(z, 0))]) @ head["kernel"] + head["bias"], "--activation", "relu")

v1 = cell(4, 6, 4); head1 = dict(kernel=random(6, 3), bias=random(3)); optimizer = {"rnn/basic_lstm_cell/kernel/Adam": random(10, 24), "rnn/basic_lstm_cell/kernel/Adam_1": random(10, 24)}
softmax = lambda z: np.exp(z) / np.exp(z).sum(-1, keepdims=True)
case("18-tf1-basic-lstm-last-step-softmax", "BasicLSTMCell, forget_bias 1.0 outside the variables; the last step through a dense layer and softmax; an optimizer's variables are left out",
     {**scoped("rnn/basic_lstm_cell", v1), **scoped("dense", head1), **optimizer}, 4,
     lambda x: softmax(dynamic_rnn(x, [lstm(v1, 6)])[:, -1] @ head1["kernel"] + head1["bias"]), "--head", "dense:softmax", "--last-step", every=False)

v2 = cell(3, 7, 4); v2.update({f"w_{g}_diag": random(7) for g in "fio"})
case("19-tf1-lstm-peepholes", "LSTMCell with use_peepholes and forget_bias 0.5", scoped("rnn/lstm_cell", v2), 3, lambda x: dynamic_rnn(x, [lstm(v2, 7, .5)]), "--forget-bias", "0.5")

v3 = {"gates/kernel": random(9, 10), "gates/bias": random(10), "candidate/kernel": random(9, 5), "candidate/bias": random(5)}
case("20-tf1-gru", "GRUCell: gates r, u, the reset before the product", scoped("rnn/gru_cell", v3), 4, lambda x: dynamic_rnn(x, [gru(v3, 5)]))

v4, v5 = cell(3, 6, 4), cell(6, 4, 4); head4 = dict(weights=random(4, 2), biases=random(2))
case("21-tf1-multi-rnn-projection", "MultiRNNCell of two BasicLSTMCells, then tf.contrib.layers.fully_connected; metadata names features and outputs",
     {**scoped("rnn/multi_rnn_cell/cell_0/basic_lstm_cell", v4), **scoped("rnn/multi_rnn_cell/cell_1/basic_lstm_cell", v5), **scoped("fully_connected", head4)}, 3,
     lambda x: dynamic_rnn(x, [lstm(v4, 6), lstm(v5, 4)]) @ head4["weights"] + head4["biases"], "--features", "a,b,c", "--outputs", "up,down")
