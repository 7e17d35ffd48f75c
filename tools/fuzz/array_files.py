"""Files as NumPy writes them, and what is in them:
  pip install numpy
  python3 tools/fuzz/array_files.py   (writes packages/datasets/test/array_corpus.json)
"""

import base64
import io
import json
import pathlib

import numpy as np

here = pathlib.Path(__file__).resolve().parents[2]
types = ["?", "u1", "i1", "<u2", ">u2", "<i2", ">i2", "<u4", ">u4", "<i4", ">i4", "<u8", ">u8", "<i8", ">i8"]
types += ["<f2", ">f2", "<f4", ">f4", "<f8", ">f8"]
shapes = [(7,), (3, 4), (2, 3, 4), (1, 1, 5, 2)]
rng = np.random.default_rng(1)


def values_of(kind, shape):
    dtype = np.dtype(kind)
    size = int(np.prod(shape))
    if dtype.kind == "b":
        return rng.integers(0, 2, size).reshape(shape).astype(dtype)
    if dtype.kind in "ui":
        info = np.iinfo(dtype)
        # What float32 holds: the ends, and small numbers between.
        found = rng.integers(max(info.min, -(2**20)), min(info.max, 2**20), size, endpoint=True)
        found = found.astype(dtype)
        found[0] = info.min
        return found.reshape(shape)
    found = rng.normal(size=size).astype(dtype)
    # Of half precision: zero, the least subnormal, the least normal, the greatest.
    special = np.array([0.0, 2.0**-24, 2.0**-14, 65504.0], dtype=dtype)
    found[: min(4, size)] = special[: min(4, size)]
    return found.reshape(shape)


def packed(content):
    return base64.b64encode(content).decode()


def numbers(array):
    return [float(np.float32(value)) for value in array.reshape(-1).tolist()]


arrays = []
for i, kind in enumerate(types):
    for fortran in (False, True):
        shape = shapes[(i + fortran) % len(shapes)]
        array = values_of(kind, shape)
        array = np.asfortranarray(array) if fortran else np.ascontiguousarray(array)
        out = io.BytesIO()
        np.lib.format.write_array(out, array, version=(1, 0) if i % 2 else (2, 0))
        arrays.append({"type": kind, "fortran": fortran, "bytes": packed(out.getvalue()), "shape": list(shape), "values": numbers(array)})

refused = []
for name, array in {
    "complex": np.zeros(2, complex),
    "text": np.array(["a", "bc"]),
    "records": np.zeros(2, [("a", "f4"), ("b", "i4")]),
    "dates": np.zeros(2, "M8[s]"),
    "objects": np.array([{}, []], dtype=object),
}.items():
    out = io.BytesIO()
    np.save(out, array, allow_pickle=True)
    refused.append({"name": name, "bytes": packed(out.getvalue())})

images = rng.integers(0, 256, (5, 4, 3)).astype("u1")
labels = np.arange(5) % 2
archives = {}
for name, save in {"stored": np.savez, "deflated": np.savez_compressed}.items():
    out = io.BytesIO()
    save(out, x_train=images, y_train=labels, x_test=images[:2], y_test=labels[:2])
    archives[name] = packed(out.getvalue())

corpus = {"numpy": np.__version__, "arrays": arrays, "refused": refused, "archives": archives, "images": images.reshape(-1).tolist()}
path = here / "packages/datasets/test/array_corpus.json"
path.write_text(json.dumps(corpus, separators=(",", ":")) + "\n")
print(path, len(arrays), "arrays,", path.stat().st_size, "bytes")
