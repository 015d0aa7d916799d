"""A network from PyTorch to ONNX, with inputs and PyTorch's own outputs for deploy/unroll verify.

usage: python3 pytorch_example.py      writes model.onnx, x.csv, y.csv and, for a cell of its own, step.onnx, x_step.csv, y_step.csv (torch, onnx)
"""
import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, inputs, units, outputs):
        super().__init__()
        self.rnn = nn.GRU(inputs, units, batch_first=True)
        self.head = nn.Linear(units, outputs)

    def forward(self, x):
        y, _ = self.rnn(x)
        return self.head(y)


def write(path, column, values):
    """Values (series, step, column) as a row per step; (series, column), of a model of the last step, as a row per series."""
    if values.ndim == 3:
        rows = [[f"s{s}", t, *values[s, t].tolist()] for s in range(values.shape[0]) for t in range(values.shape[1])]
    else:
        rows = [[f"s{s}", *values[s].tolist()] for s in range(values.shape[0])]
    names = ["series", "step"][: values.ndim - 1] + [f"{column}{k}" for k in range(values.shape[-1])]
    with open(path, "w") as file:
        file.writelines(",".join(map(str, row)) + "\n" for row in [names, *rows])


net = Net(5, 16, 2)                                # or your own, with its trained weights: net.load_state_dict(torch.load("net.pt"))
net.eval()                                         # or dropout and batch normalisation are exported as in training
axes = {0: "batch", 1: "time"}
torch.onnx.export(net, (torch.zeros(1, 5, 5),), "model.onnx", dynamo=False, input_names=["x"], output_names=["y"], dynamic_axes={"x": axes, "y": axes}, opset_version=17)
x = torch.randn(4, 30, 5)                          # better: real inputs, as they come, before any scaling outside the graph
with torch.no_grad():
    y = net(x)
write("x.csv", "x", x)
write("y.csv", "y", y)


class Step(nn.Module):
    """One step of a cell of its own: the state comes in and goes out."""

    def __init__(self, inputs, units, outputs):
        super().__init__()
        self.cell = nn.GRUCell(inputs, units)
        self.head = nn.Linear(units, outputs)

    def forward(self, x, h_in):
        h_out = self.cell(x, h_in)
        return self.head(h_out), h_out


step = Step(5, 16, 2).eval()
names = ["x", "h_in", "y", "h_out"]
torch.onnx.export(step, (torch.zeros(1, 5), torch.zeros(1, 16)), "step.onnx", dynamo=False, input_names=names[:2], output_names=names[2:], dynamic_axes={name: {0: "batch"} for name in names}, opset_version=17)
h, outputs = torch.zeros(4, 16), []
with torch.no_grad():
    for t in range(x.shape[1]):                    # the loop that Unroll takes over
        y_t, h = step(x[:, t], h)
        outputs.append(y_t)
write("x_step.csv", "x", x)
write("y_step.csv", "y", torch.stack(outputs, 1))
