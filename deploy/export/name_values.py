"""Writes the names of a model's features and outputs, and a version, into its metadata, where Unroll holds the pipeline file against them.

usage: python3 name_values.py model.onnx [--features precipitation,temp_max,wind] [--outputs temp_max,temp_min] [--version 3]
Weights that stood beside the model come into the file. Nothing is written if no input takes, or no output gives, as many values as are named.
"""
import argparse, os, sys
try:
    import onnx
    from google.protobuf.message import DecodeError
except ImportError:
    sys.exit("name_values: the onnx package is not installed: pip install onnx")


def widths(values):
    """What a name stands for: values of the last axis, or a single one where only batch and time are left. None: not known."""
    found = {}
    for value in values:
        dims = value.type.tensor_type.shape.dim
        known = dims and dims[-1].HasField("dim_value")
        found[value.name] = {dims[-1].dim_value} | ({1} if len(dims) < 3 else set()) if known else None
    return found


def main(arguments):
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("onnx")
    for key in ("features", "outputs", "version"): p.add_argument("--" + key)
    a = p.parse_args(arguments); given = {key: value for key, value in vars(a).items() if key != "onnx" and value}
    if not given: raise ValueError("nothing to write: expected --features, --outputs or --version")
    if not os.path.isfile(a.onnx): raise ValueError(f"there is no file '{a.onnx}'")
    try:
        model = onnx.load(a.onnx)
    except DecodeError:
        raise ValueError(f"'{a.onnx}' is no ONNX file") from None
    weights = {weight.name for weight in model.graph.initializer}
    for key, values in (("features", [value for value in model.graph.input if value.name not in weights]), ("outputs", model.graph.output)):
        if key not in given: continue
        names, found = [name.strip() for name in given[key].split(",")], widths(values)
        if "" in names or len(set(names)) < len(names): raise ValueError(f"--{key} {given[key]}: each value needs a name of its own")
        if found and all(width and len(names) not in width for width in found.values()):
            has = ", ".join(f"'{name}' has {max(width)}" for name, width in found.items())
            raise ValueError(f"--{key} names {len(names)} values, but {has}. Nothing was written")
    kept = {entry.key: entry.value for entry in model.metadata_props}; del model.metadata_props[:]
    for key, value in {**kept, **given}.items(): model.metadata_props.add(key=key, value=value)
    onnx.save(model, a.onnx)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (ValueError, OSError) as e:
        sys.exit(f"name_values: {e}")
