"""Turns the variables of a TensorFlow 1 recurrent network into ONNX with real recurrent nodes.

usage: python3 tf1_to_onnx.py VARIABLES --list
       python3 tf1_to_onnx.py VARIABLES --npz variables.npz
       python3 tf1_to_onnx.py VARIABLES model.onnx [--scope rnn] [--head dense[:softmax]]... [--last-step]
                              [--cell my_cell:LSTM]... [--activation relu] [--forget-bias 1.0] [--features a,b] [--outputs y]

VARIABLES is a checkpoint prefix (model.ckpt-4100, as tf.train.Saver wrote it; needs TensorFlow 2, which reads it) or an .npz of the
variables by name (needs NumPy only). BasicRNNCell, BasicLSTMCell, LSTMCell (with peepholes), GRUCell, and MultiRNNCell of them; then dense
layers, in the order in which --head names them. One layer that fits is found without --head. --cell names a cell whose scope does not say its kind.
Input and output are (batch, time, feature); with --last-step the output is (batch, feature), of the last step.

What a checkpoint does not hold must be said: the cell's activation if it is not tanh, forget_bias if it is not 1.0, a head's activation.
The equations are those of tensorflow/python/ops/rnn_cell_impl.py: kernel is [inputs; state] stacked, LSTM's gates are i, j, f, o,
GRU's are r, u, and its candidate resets the state before the product (linear_before_reset=0).
Refused with ValueError: LSTMCell's num_proj (a projected state), a backward half, and a graph whose cells do not follow one another.
Without an error and wrong: cell_clip and residual or attention wrappers, which leave no trace in the variables. Compare (deploy/unroll verify).
"""
import argparse, re, sys
import numpy as np, onnx
from onnx import helper as oh, numpy_helper as nh

ACTIVATIONS = dict(tanh="Tanh", relu="Relu", sigmoid="Sigmoid", softplus="Softplus", softsign="Softsign", elu="Elu")
HEADS = dict(ACTIVATIONS, softmax="Softmax", linear=None)
KERNELS, BIASES = ("kernel", "weights"), ("bias", "biases")            # weights and biases: before TensorFlow 1.2, and tf.contrib.layers
NOT_WEIGHTS = re.compile(r"(/(Adam|Adam_1|Adagrad|Momentum|RMSProp|RMSProp_1|Adadelta|Adadelta_1|Ftrl|Ftrl_1|ExponentialMovingAverage)|_power|global_step)$")


def load(path):
    """Every variable by name, without what an optimizer keeps."""
    if path.endswith(".npz"):
        with np.load(path) as found:
            variables = {name: found[name] for name in found.files}
    else:
        import tensorflow as tf
        reader = tf.train.load_checkpoint(path)
        variables = {name: reader.get_tensor(name) for name in reader.get_variable_to_shape_map()}
    return {name.split(":")[0]: value for name, value in variables.items() if not NOT_WEIGHTS.search(name.split(":")[0])}


class Layer:
    """A scope with a kernel: the variables of one cell or of one dense layer."""

    def __init__(self, scope, variables, kind=None):
        self.scope, self.v = scope, variables
        gates = "gates/" if "gates/kernel" in variables or "gates/weights" in variables else ""
        self.kernel, self.bias = self.pair(gates)
        name = scope.split("/")[-1]
        rows, columns = self.kernel.shape
        if kind:
            self.kind, self.units = kind, columns // dict(RNN=1, LSTM=4, GRU=2)[kind]
        elif gates:
            self.kind, self.units = "GRU", columns // 2
        elif "w_f_diag" in variables or (rows > columns // 4 and re.match(r"(basic_)?lstm_cell", name)):
            self.kind, self.units = "LSTM", columns // 4
        elif re.match(r"(basic_)?rnn_cell", name):
            self.kind, self.units = "RNN", columns
        else:
            self.kind, self.units = "Dense", columns
        self.inputs = rows - (0 if self.kind == "Dense" else self.units)
        if self.kind == "LSTM" and any(name.startswith("projection/") for name in variables):
            raise ValueError(f"'{scope}' has num_proj: ONNX has no LSTM with a projected state here. Train without num_proj, with a dense layer behind")

    def pair(self, prefix):
        kernel = next((self.v[prefix + k] for k in KERNELS if prefix + k in self.v), None)
        bias = next((self.v[prefix + b] for b in BIASES if prefix + b in self.v), None)
        if kernel is None or kernel.ndim != 2:
            raise ValueError(f"'{self.scope}' has no matrix {prefix}kernel; its variables: {', '.join(sorted(self.v))}")
        return kernel.astype(np.float32), np.zeros(kernel.shape[1], np.float32) if bias is None else bias.astype(np.float32)

    def split(self, kernel, bias, gates):
        """Per gate: W (units, inputs), R (units, units) and b (units)."""
        return [(k[:self.inputs].T, k[self.inputs:].T, b) for k, b in zip(np.split(kernel, gates, 1), np.split(bias, gates))]

    def weights(self, forget_bias):
        """W, R, B and P as ONNX has them: (1, gates * units, inputs), (1, gates * units, units), (1, 2 * gates * units), (1, 3 * units)."""
        n, peepholes = self.units, None
        if self.kind == "RNN":
            gates = self.split(self.kernel, self.bias, 1)
        elif self.kind == "GRU":
            r, u = self.split(self.kernel, self.bias, 2)
            gates = [u, r, self.split(*self.pair("candidate/"), 1)[0]]                                   # ONNX: z (here u), r, h
        else:
            i, j, f, o = self.split(self.kernel, self.bias, 4)
            gates = [i, o, (f[0], f[1], f[2] + np.float32(forget_bias)), j]                              # ONNX: i, o, f, c (here j)
            if "w_f_diag" in self.v:
                peepholes = np.concatenate([self.v[f"w_{g}_diag"] for g in "iof"]).astype(np.float32)[None]
        W, R, b = (np.concatenate([gate[part] for gate in gates]) for part in range(3))
        return W[None], R[None], np.concatenate([b, np.zeros(len(gates) * n, np.float32)])[None], peepholes


def layers(variables, kinds):
    """Cells and dense layers by scope, cells of a MultiRNNCell in their order. kinds: of scopes whose names do not say it."""
    scopes = {}
    for name, value in variables.items():
        match = re.match(r"(.*?)/((gates/|candidate/)?(kernel|weights|bias|biases)|w_[fio]_diag)$", name)
        if match:
            scopes.setdefault(match.group(1), {})[match.group(2)] = value
    for path in [path for path in scopes if path.endswith("/projection")]:         # of an LSTMCell, or a dense layer of that name
        if re.match(r"lstm_cell", path.split("/")[-2]):
            scopes[path[:-len("/projection")]].update({"projection/" + name: value for name, value in scopes.pop(path).items()})
    order = lambda path: [(int(part) if part.isdigit() else -1, part) for part in re.split(r"(\d+)", path)]
    given = lambda path: next((kind for scope, kind in kinds.items() if path == scope or path.endswith("/" + scope)), None)
    return [Layer(path, scopes[path], given(path)) for path in sorted(scopes, key=order) if any(k in scopes[path] for k in KERNELS + ("gates/kernel", "gates/weights"))]


def chain(found, heads):
    """Cells in the order of their scopes, then the heads that were named, or the one that fits."""
    cells = [layer for layer in found if layer.kind != "Dense"]
    dense = [layer for layer in found if layer.kind == "Dense"]
    seen = "; ".join(f"{layer.kind} '{layer.scope}' {layer.inputs} -> {layer.units}" for layer in found) or "nothing"
    if not cells:
        raise ValueError(f"no RNN, LSTM or GRU cell among the variables. Found: {seen}. A cell with a name of its own: --cell NAME:LSTM")
    for cell in cells:
        if "/bw/" in f"/{cell.scope}/":
            raise ValueError(f"'{cell.scope}' is the backward half of a bidirectional network: it cannot be streamed. Train a forward one")
    for below, cell in zip(cells, cells[1:]):
        if cell.inputs != below.units:
            raise ValueError(f"'{cell.scope}' takes {cell.inputs} inputs, '{below.scope}' gives {below.units}: not one stack. Choose one with --scope. Found: {seen}")
    chosen = []
    for head in heads:
        path, _, activation = head.partition(":")
        match = [layer for layer in dense if layer.scope == path or layer.scope.endswith("/" + path)]
        if len(match) != 1 or activation not in ("", *HEADS):
            raise ValueError(f"--head {head}: expected the scope of one dense layer, then one of {', '.join(HEADS)}. Found: {seen}")
        chosen.append((match[0], HEADS[activation or "linear"]))
    if not heads:
        fit = [layer for layer in dense if layer.inputs == cells[-1].units]
        if dense and (len(dense) > 1 or not fit):
            raise ValueError(f"{len(dense)} dense layers: name those behind the cells with --head, in their order. Found: {seen}")
        chosen = [(layer, None) for layer in fit]
    width = cells[-1].units
    for layer, _ in chosen:
        if layer.inputs != width:
            raise ValueError(f"'{layer.scope}' takes {layer.inputs} inputs, what is before it gives {width}. Found: {seen}")
        width = layer.units
    return cells, chosen, width


def convert(variables, scope="", heads=(), last_step=False, activation="tanh", forget_bias=1.0, features="", outputs="", cells=()):
    """The ONNX model of variables by name. ValueError says what does not fit."""
    if activation not in ACTIVATIONS:
        raise ValueError(f"activation '{activation}', expected one of {', '.join(ACTIVATIONS)}")
    kinds = dict(cell.rpartition(":")[::2] for cell in cells)
    for name, kind in kinds.items():
        if kind not in ("RNN", "LSTM", "GRU"): raise ValueError(f"--cell {name}:{kind}, expected RNN, LSTM or GRU behind the colon")
    # A head may stand outside the cells' scope.
    found = [layer for layer in layers(variables, kinds) if layer.kind == "Dense" or not scope or (layer.scope + "/").startswith(scope.rstrip("/") + "/")]
    cells, chosen, width = chain(found, heads)
    print("read: " + ", ".join(f"{layer.kind} '{layer.scope}' {layer.inputs} -> {layer.units}" for layer in [*cells, *(layer for layer, _ in chosen)]), file=sys.stderr)
    nodes, init = [], []
    def const(name, value): init.append(nh.from_array(np.ascontiguousarray(value), name)); return name
    def node(op, ins, outs, **attributes): nodes.append(oh.make_node(op, ins, outs, name=outs[0], **attributes)); return outs[0]
    axis = const("direction", np.array([1], np.int64)) if not last_step or len(cells) > 1 else None
    cur = node("Transpose", ["x"], ["x/time_major"], perm=[1, 0, 2])
    for cell in cells:
        W, R, B, P = cell.weights(forget_bias)
        ins = [cur] + [const(f"{cell.scope}/{name}", value) for name, value in (("W", W), ("R", R), ("B", B))]
        if P is not None: ins += ["", "", "", const(cell.scope + "/P", P)]
        act = ACTIVATIONS[activation]
        extra = {"RNN": dict(activations=[act]), "LSTM": dict(activations=["Sigmoid", act, act]), "GRU": dict(activations=["Sigmoid", act], linear_before_reset=0)}
        node(cell.kind, ins, [cell.scope, cell.scope + "/state"], hidden_size=cell.units, **extra[cell.kind])
        top = cell is cells[-1]
        if top and last_step: cur = node("Squeeze", [cell.scope + "/state", const("layer", np.array([0], np.int64))], ["last_step"])
        else: cur = node("Squeeze", [cell.scope, axis], [cell.scope + "/steps"])
    if not last_step: cur = node("Transpose", [cur], ["steps"], perm=[1, 0, 2])
    for layer, act in chosen:
        cur = node("MatMul", [cur, const(layer.scope + "/kernel", layer.kernel)], [layer.scope + "/product"])
        cur = node("Add", [cur, const(layer.scope + "/bias", layer.bias)], [layer.scope])
        if act: cur = node(act, [cur], [layer.scope + "/" + act.lower()], **({"axis": -1} if act == "Softmax" else {}))
    nodes.append(oh.make_node("Identity", [cur], ["y"], name="output"))
    io = lambda name, steps, n: oh.make_tensor_value_info(name, 1, ["batch"] + (["time"] if steps else []) + [n])
    graph = oh.make_graph(nodes, "tf1", [io("x", True, cells[0].inputs)], [io("y", not last_step, width)], init)
    model = oh.make_model(graph, producer_name="tf1_to_onnx", opset_imports=[oh.make_opsetid("", 17)]); model.ir_version = 8
    for key, value in (("features", features), ("outputs", outputs)):
        if value: model.metadata_props.add(key=key, value=value)
    onnx.checker.check_model(model); return model


def main(arguments):
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("variables"); p.add_argument("onnx", nargs="?"); p.add_argument("--list", action="store_true"); p.add_argument("--npz")
    p.add_argument("--scope", default=""); p.add_argument("--head", action="append", default=[]); p.add_argument("--last-step", action="store_true"); p.add_argument("--cell", action="append", default=[])
    p.add_argument("--activation", default="tanh"); p.add_argument("--forget-bias", type=float, default=1.0)
    p.add_argument("--features", default=""); p.add_argument("--outputs", default="")
    a = p.parse_args(arguments); variables = load(a.variables)
    if a.list:
        for name in sorted(variables): print(name, tuple(variables[name].shape))
    elif a.npz:
        np.savez(a.npz, **variables)
    elif not a.onnx:
        p.error("where to? expected VARIABLES model.onnx, VARIABLES --list or VARIABLES --npz FILE")
    else:
        onnx.save(convert(variables, a.scope, a.head, a.last_step, a.activation, a.forget_bias, a.features, a.outputs, a.cell), a.onnx)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except ValueError as e:
        sys.exit(f"tf1_to_onnx: {e}")
