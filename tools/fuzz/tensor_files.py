# Small safetensors files, whole and broken, with what the library for Python makes of each:
#   pip install safetensors numpy
#   python3 tools/fuzz/tensor_files.py > packages/core/test/safetensors_corpus.json
import base64
import json
import struct

import numpy
import safetensors
import safetensors.numpy as library


def tensor(shape, begin, end, dtype="F32"):
    return f'{{"dtype":"{dtype}","shape":{json.dumps(shape)},"data_offsets":[{begin},{end}]}}'


def file(header, data=b"", length=None):
    header = header if isinstance(header, bytes) else header.encode()
    return struct.pack("<Q", len(header) if length is None else length) + header + data


one = tensor([1], 0, 4)
four = struct.pack("<f", 1.5)
eight = struct.pack("<2f", -0.25, 3)
whole = file(f'{{"a":{one}}}', four)


def named(name):
    return file(f"{{{name}:{one}}}", four)


def fields(text):
    return file(f'{{"a":{{{text}}}}}', four)


def nested(depth):
    return fields('"dtype":"F32","x":' + "[" * depth + "]" * depth + ',"shape":[1],"data_offsets":[0,4]')


cases = {
    "one tensor": whole,
    "no tensor": file("{}"),
    "a scalar": file(f'{{"a":{tensor([], 0, 4)}}}', four),
    "metadata alone": file('{"__metadata__":{"a":"b"}}'),
    "written by the library": library.save(
        {name: numpy.arange(n, dtype=numpy.float32) for name, n in (("z", 3), ("a", 0), ("m/n", 2))},
        {"step": "5", "µ": "é"},
    ),
    "spaces behind the header": file(f'{{"a":{one}}}    ', four),
    "space around everything": file(f' \n\t\r{{ "a" : {one} }} ', four),
    "tensors out of order": file(f'{{"b":{tensor([1], 4, 8)},"a":{one}}}', eight),
    "empty after one of equal begin": file(f'{{"a":{tensor([2], 0, 8)},"b":{tensor([0], 0, 0)}}}', eight),
    "empty before one of equal begin": file(f'{{"b":{tensor([0], 0, 0)},"a":{tensor([2], 0, 8)}}}', eight),
    "empty at the end": file(f'{{"b":{tensor([0, 3], 8, 8)},"a":{tensor([2], 0, 8)}}}', eight),
    "empty in the middle of another": file(f'{{"b":{tensor([0], 4, 4)},"a":{tensor([2], 0, 8)}}}', eight),
    "empty beyond the end": file(f'{{"b":{tensor([0], 9, 9)},"a":{tensor([2], 0, 8)}}}', eight),
    "three empty ones": file(f'{{"c":{tensor([0], 0, 0)},"a":{tensor([0], 0, 0)},"b":{tensor([2, 0], 0, 0)}}}'),
    "not finite": file(f'{{"a":{one}}}', struct.pack("<I", 0x7FC00000)),
    "named constructor": named('"constructor"'),
    "named prototype": named('"prototype"'),
    "named __proto__": named('"__proto__"'),
    "named toString": named('"toString"'),
    "named hasOwnProperty": named('"hasOwnProperty"'),
    "named by nothing": named('""'),
    "named by digits": file(f'{{"10":{tensor([1], 4, 8)},"9":{one}}}', eight),
    "named with an escape": named('"a\\u0000\\n\\"\\\\"'),
    "named with a pair of surrogates": named('"\\ud83d\\ude00"'),
    "named with half a pair": named('"\\ud800"'),
    "named with a control character": named('"a\n"'),
    "named with a wrong escape": named('"\\x41"'),
    "named without quotes": named("a"),
    "named twice": file(f'{{"a":{tensor([9], 0, 36)},"a":{one}}}', four),
    "metadata null": file(f'{{"__metadata__":null,"a":{one}}}', four),
    "metadata empty": file(f'{{"__metadata__":{{}},"a":{one}}}', four),
    "metadata a list": file(f'{{"__metadata__":[],"a":{one}}}', four),
    "metadata a number": file('{"__metadata__":{"a":1}}'),
    "metadata of null": file('{"__metadata__":{"a":null}}'),
    "metadata of the prototype": file('{"__metadata__":{"__proto__":"x","constructor":"y"}}'),
    "metadata twice": file('{"__metadata__":{},"__metadata__":{}}'),
    "metadata with one key twice": file('{"__metadata__":{"a":"1","a":"2"}}'),
    "metadata as a tensor": file(f'{{"__metadata__":{one}}}', four),
    "fields as a list": file('{"a":["F32",[1],[0,4]]}', four),
    "fields as a longer list": file('{"a":["F32",[1],[0,4],1]}', four),
    "another field": fields('"dtype":"F32","x":{"y":[1.5,true]},"shape":[1],"data_offsets":[0,4]'),
    "another field twice": fields('"dtype":"F32","x":1,"x":2,"shape":[1],"data_offsets":[0,4]'),
    "a field twice": fields('"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]'),
    "a field missing": fields('"dtype":"F32","shape":[1]'),
    "no fields": file('{"a":{}}'),
    "null for a tensor": file('{"a":null}'),
    "a number for a tensor": file('{"a":4}', four),
    "shape null": fields('"dtype":"F32","shape":null,"data_offsets":[0,4]'),
    "shape with a point": fields('"dtype":"F32","shape":[1.0],"data_offsets":[0,4]'),
    "shape with an exponent": fields('"dtype":"F32","shape":[1e0],"data_offsets":[0,4]'),
    "shape with a sign": fields('"dtype":"F32","shape":[-1],"data_offsets":[0,4]'),
    "shape with a leading zero": fields('"dtype":"F32","shape":[01],"data_offsets":[0,4]'),
    "shape of text": fields('"dtype":"F32","shape":["1"],"data_offsets":[0,4]'),
    "begin of minus zero": fields('"dtype":"F32","shape":[1],"data_offsets":[-0,4]'),
    "three offsets": fields('"dtype":"F32","shape":[1],"data_offsets":[0,4,4]'),
    "one offset": fields('"dtype":"F32","shape":[1],"data_offsets":[4]'),
    "offsets that turn back": file(f'{{"a":{tensor([1], 4, 0)}}}', four),
    "a product beyond 2^64 on the way": file(f'{{"a":{tensor([2**32, 2**32, 0], 0, 0)}}}'),
    "a product beyond 2^53 on the way": file(f'{{"a":{tensor([10**9, 10**9, 0], 0, 0)}}}'),
    "a product beyond 2^64": file(f'{{"a":{tensor([2**32, 2**32], 0, 0)}}}'),
    "a product that wraps to its size": file(f'{{"a":{tensor([2**62 + 1], 0, 4)}}}', four),
    "an empty tensor of 2^53 columns": file(f'{{"a":{tensor([0, 2**53], 0, 0)}}}'),
    "an empty tensor of 2^60 rows": file(f'{{"a":{tensor([2**60, 0], 0, 0)}}}'),
    "an empty tensor of 2^64 columns": file(f'{{"a":{tensor([0, 2**64], 0, 0)}}}'),
    "2^53 values": file(f'{{"a":{tensor([2**53], 0, 4)}}}', four),
    "offsets of 2^53": file(f'{{"a":{tensor([0], 2**53, 2**53)}}}'),
    "offsets of 2^64": file(f'{{"a":{tensor([0], 2**64, 2**64)}}}'),
    "shape larger than its bytes": file(f'{{"a":{tensor([2], 0, 4)}}}', four),
    "type unknown": file(f'{{"a":{tensor([1], 0, 4, "F33")}}}', four),
    "type as a key": fields('"dtype":{"F32":null},"shape":[1],"data_offsets":[0,4]'),
    "type as a key in a list": file('{"a":[{"F32":null},[1],[0,4]]}', four),
    "type as a key of nothing": fields('"dtype":{},"shape":[1],"data_offsets":[0,4]'),
    "type as a key of an object": fields('"dtype":{"F32":{}},"shape":[1],"data_offsets":[0,4]'),
    "type as a key of a number": fields('"dtype":{"F32":0},"shape":[1],"data_offsets":[0,4]'),
    "type as a key twice": fields('"dtype":{"F32":null,"F32":null},"shape":[1],"data_offsets":[0,4]'),
    "type as two keys": fields('"dtype":{"F32":null,"F16":null},"shape":[1],"data_offsets":[0,4]'),
    "type in a list": fields('"dtype":["F32"],"shape":[1],"data_offsets":[0,4]'),
    "type null": fields('"dtype":null,"shape":[1],"data_offsets":[0,4]'),
    "type in small letters": file(f'{{"a":{tensor([1], 0, 4, "f32")}}}', four),
    "overlap": file(f'{{"a":{one},"b":{tensor([1], 2, 6)}}}', eight),
    "the same bytes twice": file(f'{{"a":{one},"b":{one}}}', four),
    "a gap": file(f'{{"a":{one},"b":{tensor([1], 5, 9)}}}', eight + b"\0"),
    "a gap at the start": file(f'{{"a":{tensor([1], 4, 8)}}}', eight),
    "a byte too many": whole + b"\0",
    "a byte too few": whole[:-1],
    "cut in the header": whole[:20],
    "cut in the length": whole[:5],
    "nothing": b"",
    "length zero": struct.pack("<Q", 0),
    "length beyond the file": file(f'{{"a":{one}}}', four, 10**6),
    "length beyond any file": file(f'{{"a":{one}}}', four, 2**63),
    "length too short": file(f'{{"a":{one}}}', four, 10),
    "a list at the top": file("[]"),
    "null at the top": file("null"),
    "a byte-order mark": file(b"\xef\xbb\xbf" + f'{{"a":{one}}}'.encode(), four),
    "not UTF-8": file(b'{"\xff":' + one.encode() + b"}", four),
    "zeros behind the header": file(f'{{"a":{one}}}\0\0', four),
    "two objects": file(f'{{"a":{one}}}{{}}', four),
    "a comma too many": file(f'{{"a":{one},}}', four),
    "a comma too few": file(f'{{"a":{one} "b":{tensor([1], 4, 8)}}}', eight),
    "a comment": file(f'{{"a":{one}/**/}}', four),
    "a number too large": fields('"dtype":"F32","x":1e999,"shape":[1],"data_offsets":[0,4]'),
    "nested as deep as may be": nested(125),
    "nested deeper": nested(126),
    "nested very deep": nested(1000),
}


def verdict(content):
    try:
        found = library.load(content)
    except safetensors.SafetensorError:
        return None
    return {
        name: {"shape": list(values.shape), "bytes": values.tobytes().hex()} for name, values in found.items()
    }


rows = [
    json.dumps(
        {"case": case, "file": base64.b64encode(content).decode(), "read": verdict(content)},
        ensure_ascii=True,
    )
    for case, content in cases.items()
]
print(f'{{"library":"{safetensors.__version__}","cases":[\n' + ",\n".join(rows) + "\n]}")
