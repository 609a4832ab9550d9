#!/usr/bin/env python3
# SPDX-FileCopyrightText: the szilard authors
# SPDX-License-Identifier: Apache-2.0
"""Writes the single-layer networks and dense random inputs of the published chips: nothing but the standard library."""
import pathlib
import random
import struct

HERE = pathlib.Path(__file__).resolve().parent
SAMPLES = 32
# name: inputs, outputs, distribution of weights and inputs
LAYERS = {
    "dense_128_16": (128, 16, "uniform", "unsigned"),
    "dense_128_256": (128, 256, "normal", "signed"),
    "dense_256_256": (256, 256, "normal", "signed"),
    "signs_2304_16": (2304, 16, "signs", "signs"),
    "dense_27_5": (27, 5, "uniform", "unsigned"),
    "dense_1024_64": (1024, 64, "uniform", "signed"),
}


def varint(value):
    out = b""
    while value >= 128:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def number(field, value):
    return varint(field << 3) + varint(value)


def block(field, content):
    content = content.encode() if isinstance(content, str) else content
    return varint(field << 3 | 2) + varint(len(content)) + content


def value_info(name, sizes):
    dims = b"".join(block(1, block(2, "N") if size is None else number(1, size)) for size in sizes)
    tensor_type = number(1, 1) + block(2, dims)
    return block(1, name) + block(2, block(1, tensor_type))


def onnx(name, inputs, outputs, weights):
    tensor = number(1, inputs) + number(1, outputs) + number(2, 1) + block(8, "w") + block(9, struct.pack(f"<{len(weights)}f", *weights))
    node = block(1, "x") + block(1, "w") + block(2, "y") + block(3, "fc") + block(4, "MatMul")
    graph = (block(1, node) + block(2, name) + block(5, tensor) + block(11, value_info("x", [None, inputs])) +
             block(12, value_info("y", [None, outputs])))
    return number(1, 8) + block(7, graph) + block(8, block(1, "") + number(2, 13))


def npy(path, rows, columns, values):
    header = "{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }" % (rows, columns)
    header += " " * (63 - (10 + len(header)) % 64) + "\n"
    path.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + struct.pack(f"<{len(values)}f", *values))


def draw(source, kind):
    if kind == "normal":
        return source.gauss(0, 1)
    if kind == "signs":
        return source.choice((-1.0, 1.0))
    if kind == "unsigned":
        return source.random()
    return source.uniform(-1, 1)


for name, (inputs, outputs, of_weights, of_inputs) in LAYERS.items():
    source = random.Random(name)
    weights = [draw(source, of_weights) for _ in range(inputs * outputs)]
    (HERE / f"{name}.onnx").write_bytes(onnx(name, inputs, outputs, weights))
    npy(HERE / f"{name}.npy", SAMPLES, inputs, [draw(source, of_inputs) for _ in range(SAMPLES * inputs)])
