"""Writes the names of a model's features and outputs, and a version, into its metadata, where Unroll holds the pipeline file against them.

usage: python3 name_values.py model.onnx [--features precipitation,temp_max,wind] [--outputs temp_max,temp_min] [--version 3]
Weights that stood beside the model come into the file.
"""
import argparse
import onnx

p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
p.add_argument("onnx")
for key in ("features", "outputs", "version"): p.add_argument("--" + key)
a = p.parse_args(); model = onnx.load(a.onnx); given = {key: value for key, value in vars(a).items() if key != "onnx" and value}
kept = {entry.key: entry.value for entry in model.metadata_props}; del model.metadata_props[:]
for key, value in {**kept, **given}.items(): model.metadata_props.add(key=key, value=value)
onnx.save(model, a.onnx)
