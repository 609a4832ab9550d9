#!/usr/bin/env python3
# SPDX-FileCopyrightText: the szilard authors
# SPDX-License-Identifier: Apache-2.0
"""Writes inputs.npy and labels.npy: 20 noisy views of one handwritten digit, then 20 of another, four times over."""
import ast
import pathlib
import random
import struct

FOLDER = pathlib.Path(__file__).resolve().parent
CLASSES, BLOCK, REPEATS = (4, 3), 20, 4


def read(name):
    raw = (FOLDER.parent / "data" / name).read_bytes()
    length = struct.unpack("<H", raw[8:10])[0]
    header = ast.literal_eval(raw[10:10 + length].decode())
    assert header["descr"] == "|u1" and not header["fortran_order"]
    return header["shape"], raw[10 + length:]


def write(name, shape, data):
    text = f"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}"
    text += " " * (-(len(text) + 11) % 64) + "\n"
    (FOLDER / name).write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode() + bytes(data))


(count, *pixels), images = read("digits_train_images.npy")
_, labels = read("digits_train_labels.npy")
size = len(images) // count
scene = {c: images[labels.index(c) * size:(labels.index(c) + 1) * size] for c in CLASSES}
order = [c for _ in range(REPEATS) for c in CLASSES for _ in range(BLOCK)]
draw = random.Random(1)
views = [bytes(min(16, max(0, grey + draw.choice((-1, 0, 1)))) for grey in scene[c]) for c in order]
write("inputs.npy", (len(order), *pixels), b"".join(views))
write("labels.npy", (len(order),), bytes(order))
