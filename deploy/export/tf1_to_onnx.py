"""Turns the variables of a TensorFlow 1 recurrent network into ONNX with real recurrent nodes.

usage: python3 tf1_to_onnx.py VARIABLES --list
       python3 tf1_to_onnx.py VARIABLES --npz variables.npz
       python3 tf1_to_onnx.py VARIABLES model.onnx [--scope rnn] [--head dense[:softmax]]... [--head Variable+Variable_1[:softmax]]...
                              [--ignore NAME]... [--last-step] [--cell my_cell:LSTM]... [--activation relu] [--forget-bias 1.0] [--features a,b] [--outputs y]

VARIABLES is a checkpoint prefix (model.ckpt-4100, as tf.train.Saver wrote it; needs TensorFlow 2, which reads it) or an .npz of the
variables by name (needs NumPy only). BasicRNNCell, BasicLSTMCell, LSTMCell (with peepholes), GRUCell, and MultiRNNCell of them; then dense
layers, in the order in which --head names them: by scope, or as WEIGHTS+BIAS where they are variables of their own (WEIGHTS+ has no bias).
The only dense layer of the file is found without --head if it fits behind the cells only. --cell names a cell whose scope does not say its kind.
Every variable that is not read is printed. One with two axes or more is an error, unless it is of a cell outside --scope or --ignore names it or its scope.
Input and output are (batch, time, feature); with --last-step the output is (batch, feature), of the last step.

What a checkpoint does not hold must be said: the cell's activation if it is not tanh, forget_bias if it is not 1.0, a head's activation.
The equations are those of tensorflow/python/ops/rnn_cell_impl.py: kernel is [inputs; state] stacked, LSTM's gates are i, j, f, o,
GRU's are r, u, and its candidate resets the state before the product (linear_before_reset=0).
Names are those of every TensorFlow 1 and of 0.x (RNN/BasicLSTMCell/Linear/Matrix).
Refused with ValueError: a layer in front of the cell, LSTMCell's num_proj (a projected state), a backward half, and a graph whose cells do not follow one another.
Without an error and wrong: cell_clip and residual or attention wrappers, which leave no trace in the variables. Compare (deploy/unroll verify).
"""
import argparse, os, re, sys, zipfile
try:
    import numpy as np
except ImportError:
    sys.exit("tf1_to_onnx: NumPy is not installed: pip install numpy onnx")

ACTIVATIONS = dict(tanh="Tanh", relu="Relu", sigmoid="Sigmoid", softplus="Softplus", softsign="Softsign", elu="Elu")
HEADS = dict(ACTIVATIONS, softmax="Softmax", linear=None)
KERNELS, BIASES = ("kernel", "weights"), ("bias", "biases")            # weights and biases: before TensorFlow 1.2, and tf.contrib.layers
NOT_WEIGHTS = re.compile(r"(/(Adam|Adagrad|Momentum|RMSProp|Adadelta|Ftrl|ExponentialMovingAverage)(_\d+)?|_power(_\d+)?|global_step)$")
# TensorFlow 0.x: the same matrices under other names. Its LSTMCell is cut into W_0, W_1 and on with num_unit_shards; one piece is read.
OLD = [(re.compile(old), new) for old, new in ((r"/Gates/Linear/", "/gates/Linear/"), (r"/Candidate/Linear/", "/candidate/Linear/"), (r"/Linear/Matrix$", "/kernel"), (r"/Linear/Bias$", "/bias"),
    (r"/LSTMCell/W_P_0$", "/LSTMCell/projection/kernel"), (r"/LSTMCell/W_0$", "/LSTMCell/kernel"), (r"/LSTMCell/B$", "/LSTMCell/bias"), (r"/LSTMCell/W_([FIO])_diag$", lambda m: f"/LSTMCell/w_{m.group(1).lower()}_diag"))]
FRONT = ("a layer in front of the cell is not converted, and --ignore would leave it out of the computation: build that model with RecurrentModel.builder() (model/docs/java.md) "
         "or export one step of it")


def shapes(variables):
    return ", ".join(f"{name} ({', '.join(map(str, value.shape))})" for name, value in sorted(variables.items())) or "no variables"


def load(path):
    """Every variable by name, without what an optimizer keeps."""
    if path.endswith((".onnx", ".h5", ".keras", ".pb")):
        way = {"onnx": "is ONNX already: deploy/unroll inspect reads it", "pb": "holds a graph: expected the checkpoint's prefix or an .npz of its variables"}
        raise ValueError(f"'{path}' {way.get(path.rsplit('.', 1)[1], 'is a Keras model: use keras_to_onnx.py')}")
    if path.endswith(".npz"):
        if not os.path.isfile(path): raise ValueError(f"there is no file '{path}'")
        try:
            with np.load(path) as found:
                variables = {name: found[name] for name in found.files}
        except (zipfile.BadZipFile, ValueError, AttributeError) as e:
            raise ValueError(f"'{path}' is no .npz of arrays: {e}") from None
    else:
        path = re.sub(r"\.(index|meta|data-\d+-of-\d+)$", "", path)
        if not os.path.exists(path + ".index") and not os.path.exists(path):
            raise ValueError(f"there is no checkpoint '{path}': expected {path}.index and {path}.data-00000-of-00001, named by what is in front of .index")
        try:
            import tensorflow as tf
        except ImportError:
            raise ValueError("TensorFlow, which reads checkpoints, is not installed: pip install tensorflow, or let a machine that has it write an .npz "
                             "(python3 tf1_to_onnx.py CHECKPOINT --npz variables.npz) and give that here (tensorflow1.md)") from None
        try:
            reader = tf.train.load_checkpoint(path)
            variables = {name: reader.get_tensor(name) for name in reader.get_variable_to_shape_map()}
        except (tf.errors.OpError, ValueError, RuntimeError) as e:
            raise ValueError(f"'{path}' is no checkpoint that TensorFlow reads: {e}") from None
    return {name.split(":")[0]: value for name, value in variables.items() if not NOT_WEIGHTS.search(name.split(":")[0])}


class Layer:
    """A scope with a kernel: the variables of one cell or of one dense layer."""

    def __init__(self, scope, variables, kind=None, names=()):
        self.scope, self.v, self.names = scope, variables, set(names)
        gates = "gates/" if "gates/kernel" in variables or "gates/weights" in variables else ""
        self.kernel, self.bias = self.pair(gates)
        name = scope.split("/")[-1]
        rows, columns = self.kernel.shape
        if kind:
            self.kind, self.units = kind, columns // dict(RNN=1, LSTM=4, GRU=2, Dense=1)[kind]
        elif gates:
            self.kind, self.units = "GRU", columns // 2
        elif "w_f_diag" in variables or (rows > columns // 4 and re.match(r"(basic_)?lstm_cell|(Basic)?LSTMCell", name)):
            self.kind, self.units = "LSTM", columns // 4
        elif re.match(r"(basic_)?rnn_cell|BasicRNNCell", name):
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
        if bias is not None and bias.size != kernel.shape[1]:
            raise ValueError(f"'{self.scope}': a bias of {bias.size} values, expected {kernel.shape[1]}, the columns of {prefix}kernel")
        return kernel.astype(np.float32), np.zeros(kernel.shape[1], np.float32) if bias is None else bias.reshape(-1).astype(np.float32)

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
    scopes, origin = {}, {}
    for original, value in variables.items():
        name = original
        for old, new in OLD:
            name = old.sub(new, name)
        match = re.match(r"(.*?)/((gates/|candidate/)?(kernel|weights|bias|biases)|w_[fio]_diag)$", name)
        if match:
            scopes.setdefault(match.group(1), {})[match.group(2)] = value
            origin.setdefault(match.group(1), []).append(original)
    for path in [path for path in scopes if path.endswith("/projection")]:         # of an LSTMCell, or a dense layer of that name
        if re.match(r"lstm_cell|LSTMCell", path.split("/")[-2]) and path[:-len("/projection")] in scopes:
            scopes[path[:-len("/projection")]].update({"projection/" + name: value for name, value in scopes.pop(path).items()})
    order = lambda path: [(int(part) if part.isdigit() else -1, part) for part in re.split(r"(\d+)", path)]
    given = lambda path: next((kind for scope, kind in kinds.items() if path == scope or path.endswith("/" + scope)), None)
    matrix = lambda path: any(scopes[path][k].ndim == 2 for k in KERNELS + ("gates/kernel", "gates/weights") if k in scopes[path])
    return [Layer(path, scopes[path], given(path), origin[path]) for path in sorted(scopes, key=order) if matrix(path)]


def one(variables, name, head):
    """The only variable of that name, or whose name ends with it."""
    match = [name] if name in variables else [full for full in variables if full.endswith("/" + name)]
    if len(match) != 1:
        raise ValueError(f"--head {head}: {len(match)} variables are called '{name}', expected one of: {shapes(variables)}")
    return match[0]


def named_head(head, dense, variables):
    """The layer that --head names, as SCOPE or WEIGHTS+BIAS, and its activation."""
    path, _, activation = re.sub(r":0(?=[+:]|$)", "", head).partition(":")
    if activation not in ("", *HEADS):
        raise ValueError(f"--head {head}: activation '{activation}', expected one of {', '.join(HEADS)}")
    if "+" in path:
        kernel, bias = (one(variables, name, head) if name else None for name in path.split("+", 1))
        if kernel is None or variables[kernel].ndim != 2:
            raise ValueError(f"--head {head}: expected WEIGHTS+BIAS, WEIGHTS with two axes. Variables: {shapes(variables)}")
        layer = Layer(kernel, {"kernel": variables[kernel], **({"bias": variables[bias]} if bias else {})}, "Dense", {kernel, bias} - {None})
    else:
        match = [layer for layer in dense if layer.scope == path or layer.scope.endswith("/" + path)]
        if len(match) != 1:
            raise ValueError(f"--head {head}: {len(match)} dense layers have that scope, expected one. Where weights and bias are variables of their own: --head WEIGHTS+BIAS[:ACTIVATION]. Variables: {shapes(variables)}")
        layer = match[0]
    return layer, HEADS[activation or "linear"]


def chain(found, heads, variables):
    """Cells in the order of their scopes, then the heads that were named, or the one that fits. variables: those that may be read."""
    cells = [layer for layer in found if layer.kind != "Dense"]
    dense = [layer for layer in found if layer.kind == "Dense"]
    seen = "; ".join(f"{layer.kind} '{layer.scope}' {layer.inputs} -> {layer.units}" for layer in found) or "no layers"
    if not cells:
        raise ValueError(f"no RNN, LSTM or GRU cell among the variables. A cell with a name of its own: --cell NAME:LSTM. Found: {seen}. Variables: {shapes(variables)}")
    for cell in cells:
        if "/bw/" in f"/{cell.scope.lower()}/":
            raise ValueError(f"'{cell.scope}' is the backward half of a bidirectional network: it cannot be streamed. Train a forward one")
        if cell.inputs < 1:
            raise ValueError(f"'{cell.scope}': a matrix of {' x '.join(map(str, cell.kernel.shape))} is no {cell.kind}'s")
    for below, cell in zip(cells, cells[1:]):
        if cell.inputs != below.units:
            raise ValueError(f"'{cell.scope}' takes {cell.inputs} inputs, '{below.scope}' gives {below.units}: not one stack. Choose one with --scope. Found: {seen}")
    chosen = [named_head(head, dense, variables) for head in heads]
    if not heads and len(dense) == 1:
        head, behind = dense[0], "outputprojectionwrapper" in dense[0].scope.lower().replace("_", "")
        if head.inputs != cells[-1].units:
            raise ValueError(f"'{head.scope}' takes {head.inputs} inputs, the cells give {cells[-1].units}. If it stands in front: {FRONT}. If it is no part of the network: --ignore {head.scope}. Found: {seen}")
        if head.units == cells[0].inputs and not behind:
            raise ValueError(f"'{head.scope}' {head.inputs} -> {head.units} fits behind the cells and in front of them. Behind: --head {head.scope}. In front: {FRONT}. Found: {seen}")
        chosen = [(head, None)]
    elif not heads and dense:
        raise ValueError(f"{len(dense)} dense layers: name those behind the cells with --head, in their order. If one stands in front: {FRONT}. Found: {seen}")
    width = cells[-1].units
    for layer, _ in chosen:
        if layer.inputs != width:
            raise ValueError(f"'{layer.scope}' takes {layer.inputs} inputs, what is before it gives {width}. Found: {seen}")
        width = layer.units
    return cells, chosen, width


def account(variables, read, free, ignored):
    """Prints what was not read. A matrix must be read, free (a cell outside --scope) or ignored."""
    left = {name: value for name, value in variables.items() if name not in read}
    if left:
        print("not read: " + shapes(left), file=sys.stderr)
    lost = {name: value for name, value in left.items() if value.ndim >= 2 and name not in free | ignored}
    if lost:
        raise ValueError(f"weights that were not read: {shapes(lost)}. A layer behind the cells: --head WEIGHTS+BIAS[:ACTIVATION] or --head SCOPE. What is no part of the network: --ignore NAME. "
                         f"But {FRONT}")


def convert(variables, scope="", heads=(), last_step=False, activation="tanh", forget_bias=1.0, features="", outputs="", cells=(), ignore=()):
    """The ONNX model of variables by name. ValueError says what does not fit."""
    try:
        import onnx
        from onnx import helper as oh, numpy_helper as nh
    except ImportError:
        raise ValueError("the onnx package is not installed: pip install onnx") from None
    if activation not in ACTIVATIONS:
        raise ValueError(f"activation '{activation}', expected one of {', '.join(ACTIVATIONS)}")
    kinds = dict(cell.rpartition(":")[::2] for cell in cells)
    for name, kind in kinds.items():
        if kind not in ("RNN", "LSTM", "GRU"): raise ValueError(f"--cell {name}:{kind}, expected RNN, LSTM or GRU behind the colon")
    ignored = set()
    for name in ignore:
        match = {full for full in variables if full == name.split(":")[0] or full.startswith(name.rstrip("/") + "/")}
        if not match: raise ValueError(f"--ignore {name}: no such variable or scope. Variables: {shapes(variables)}")
        ignored |= match
    for name in variables:
        if name.endswith("/LSTMCell/W_1"):
            raise ValueError(f"'{name}': a kernel in pieces (num_unit_shards). Write variables.npz with --npz, then join the pieces in W_0 by np.concatenate and leave the others out")
        if re.search(r"(^|/)recurrent_kernel(/|$)", name) and name not in ignored:
            raise ValueError(f"'{name}' is a tf.keras layer's, not a TensorFlow 1 cell's: save the model with Keras and use keras_to_onnx.py (keras.md)")
    every = layers(variables, kinds)
    for layer in every:
        if layer.scope.lower().replace("_", "").endswith("inputprojectionwrapper"):
            raise ValueError(f"'{layer.scope}' stands in front of the cell: {FRONT}")
    every = [layer for layer in every if not layer.names <= ignored]
    inside = lambda layer: not scope or (layer.scope + "/").startswith(scope.rstrip("/") + "/")
    # A head may stand outside the cells' scope.
    found = [layer for layer in every if layer.kind == "Dense" or inside(layer)]
    free = {name for layer in every if layer.kind != "Dense" and not inside(layer) for name in layer.names}
    cells, chosen, width = chain(found, heads, {name: value for name, value in variables.items() if name not in ignored})
    read = {name for layer in [*cells, *(layer for layer, _ in chosen)] for name in layer.names}
    if read & ignored: raise ValueError(f"--ignore {min(read & ignored)}: its layer is read")
    account(variables, read, free, ignored)
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


def save(model, path):
    import onnx
    onnx.save(model, path)


def main(arguments):
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("variables"); p.add_argument("onnx", nargs="?"); p.add_argument("--list", action="store_true"); p.add_argument("--npz")
    p.add_argument("--scope", default=""); p.add_argument("--head", action="append", default=[]); p.add_argument("--last-step", action="store_true"); p.add_argument("--cell", action="append", default=[])
    p.add_argument("--ignore", action="append", default=[])
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
        save(convert(variables, a.scope, a.head, a.last_step, a.activation, a.forget_bias, a.features, a.outputs, a.cell, a.ignore), a.onnx)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (ValueError, OSError) as e:
        sys.exit(f"tf1_to_onnx: {e}")
