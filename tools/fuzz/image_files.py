# Small PNG and JPEG files of every kind, whole and broken, written by Pillow, ImageMagick and by hand, with the pixels
# that Pillow reads in them, over white:
#   apt-get install imagemagick && pip install pillow
#   python3 tools/fuzz/image_files.py > packages/datasets/test/images/corpus.json
import base64
import io
import json
import struct
import subprocess
import zlib

import PIL
from PIL import Image, ImageOps


def magick(content, *options):
    done = subprocess.run(["convert", "-", *options], input=content, stdout=subprocess.PIPE, check=True)
    return done.stdout


def written(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


width, height = 21, 13


def scene(mode, of=lambda x, y: (x * 12, y * 19, (x * 7 + y * 11) % 256, 255 - x * y)):
    image = Image.new(mode, (width, height))
    bands = len(image.getbands())
    for y in range(height):
        for x in range(width):
            values = of(x, y)[:bands]
            image.putpixel((x, y), values if bands > 1 else values[0])
    return image


colour = written(scene("RGB"), "PNG")
grey = written(scene("L"), "PNG")
alpha = written(scene("RGBA"), "PNG")
grey_alpha = written(scene("LA", lambda x, y: (x * 12, 255 - x * y)), "PNG")


def chunk(kind, data=b""):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(header, *chunks):
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(chunks) + chunk(b"IEND")


def header(wide, high, depth, colour_type, interlace=0):
    return struct.pack(">IIBBBBB", wide, high, depth, colour_type, 0, 0, interlace)


def raw(kind, depth, wide, high, samples, *before):
    rows = b"".join(b"\0" + row for row in samples)
    return png(header(wide, high, depth, kind), *before, chunk(b"IDAT", zlib.compress(rows)))


def sixteen(colours):
    values = [[(x * 3001 + y * 17 + c * 257) % 65536 for x in range(9) for c in range(colours)] for y in range(5)]
    return [struct.pack(f">{len(row)}H", *row) for row in values]


def few(bits):
    # The pixels of a row in the high bits first.
    rows = [[(x * 3 + y * y) % 2**bits for x in range(width)] for y in range(height)]
    text = ["".join(f"{value:0{bits}b}" for value in row) for row in rows]
    return [int(line.ljust(-(-len(line) // 8) * 8, "0"), 2).to_bytes(-(-len(line) // 8), "big") for line in text]


def filtered(kind):
    # Every row by one filter, which the library that writes it does not choose.
    lines = [bytes((x * x * 3 + y * 41 + c) % 256 for x in range(width) for c in range(3)) for y in range(height)]
    out, above = b"", bytes(3 * width)
    for line in lines:
        row = bytearray(len(line))
        for i, value in enumerate(line):
            left, up, corner = (line[i - 3] if i > 2 else 0), above[i], (above[i - 3] if i > 2 else 0)
            guess = left + up - corner
            nearest = min((abs(guess - left), 0, left), (abs(guess - up), 1, up), (abs(guess - corner), 2, corner))[2]
            row[i] = (value - (0, left, up, (left + up) // 2, nearest)[kind]) % 256
        out += bytes([kind]) + bytes(row)
        above = line
    return png(header(width, height, 8, 2), chunk(b"IDAT", zlib.compress(out)))


def palette(depth, transparent=False, interlace=False):
    image = scene("P", lambda x, y: ((x + y) % 2**depth,))
    image.putpalette([(i * step) % 256 for i in range(2**depth) for step in (31, 57, 97)])
    options = {"transparency": bytes((i * 40) % 256 for i in range(min(2**depth, 6)))} if transparent else {}
    content = written(image, "PNG", bits=depth, **options)
    return magick(content, "-interlace", "PNG", f"PNG8:-") if interlace else content


exact = {
    "grey": grey,
    "colour": colour,
    "alpha": alpha,
    "grey and alpha": grey_alpha,
    **{f"{bits} bits of grey": raw(0, bits, width, height, few(bits)) for bits in (1, 2, 4)},
    **{f"{bits} bits of grey, interlaced": magick(raw(0, bits, width, height, few(bits)), "-interlace", "PNG", "-define",
                                                  f"png:bit-depth={bits}", "-define", "png:color-type=0", "png:-")
       for bits in (1, 2, 4)},
    "16 bits of grey": raw(0, 16, 9, 5, sixteen(1)),
    "16 bits of colour": raw(2, 16, 9, 5, sixteen(3)),
    "16 bits of grey and alpha": raw(4, 16, 9, 5, sixteen(2)),
    "16 bits of colour and alpha": raw(6, 16, 9, 5, sixteen(4)),
    "16 bits, interlaced": magick(raw(2, 16, 9, 5, sixteen(3)), "-interlace", "PNG", "-define", "png:bit-depth=16", "png:-"),
    "colour, interlaced": magick(colour, "-interlace", "PNG", "png:-"),
    "alpha, interlaced": magick(alpha, "-interlace", "PNG", "png:-"),
    **{f"palette of {bits} bits": palette(bits) for bits in (1, 2, 4, 8)},
    **{f"palette of {bits} bits, some transparent": palette(bits, True) for bits in (2, 4, 8)},
    "palette, interlaced": palette(4, interlace=True),
    "a grey that is transparent": written(scene("L"), "PNG", transparency=48),
    "a colour that is transparent": written(scene("RGB"), "PNG", transparency=(12, 19, 18)),
    **{f"filter {kind}": filtered(kind) for kind in range(5)},
    "one pixel": written(Image.new("RGB", (1, 1), (1, 2, 3)), "PNG"),
    "one column, interlaced": magick(colour, "-crop", "1x13+4+0", "+repage", "-interlace", "PNG", "png:-"),
    "data in many parts": png(header(width, height, 8, 0), *[
        chunk(b"IDAT", zlib.compress(b"".join(b"\0" + bytes(range(y, y + width)) for y in range(height)))[i : i + 7])
        for i in range(0, 200, 7)]),
    **{f"turned by {turn}": written(scene("RGB"), "PNG", exif=(lambda e: (e.__setitem__(0x112, turn), e)[1])(Image.Exif()))
       for turn in (3, 6)},
}


def soft(mode):
    # Smooth, so that what writers and readers do about the chroma between its samples differs little.
    return Image.radial_gradient("L").resize((width * 2, height * 2)).convert(mode) if mode == "L" else Image.merge(
        mode, [Image.linear_gradient("L").resize((width * 2, height * 2)).rotate(angle) for angle in (0, 90, 180, 270)][: len(mode)])


def turned(turn):
    exif = Image.Exif()
    exif[0x112] = turn
    return written(soft("RGB"), "JPEG", quality=92, subsampling=0, exif=exif)


jpegs = {
    "grey": written(soft("L"), "JPEG", quality=85),
    "4:4:4": written(soft("RGB"), "JPEG", quality=85, subsampling=0),
    "4:2:2": written(soft("RGB"), "JPEG", quality=85, subsampling=1),
    "4:2:0": written(soft("RGB"), "JPEG", quality=85, subsampling=2),
    "4:1:1": magick(written(soft("RGB"), "PNG"), "-sampling-factor", "4x1", "-quality", "90", "jpeg:-"),
    "4:4:0": magick(written(soft("RGB"), "PNG"), "-sampling-factor", "1x2", "-quality", "90", "jpeg:-"),
    "progressive": written(soft("RGB"), "JPEG", quality=85, progressive=True, subsampling=0),
    "progressive 4:2:0": written(soft("RGB"), "JPEG", quality=60, progressive=True, subsampling=2),
    "progressive grey": written(soft("L"), "JPEG", quality=85, progressive=True),
    "restart markers": written(soft("RGB"), "JPEG", quality=85, restart_marker_blocks=2),
    "progressive with restart markers": written(soft("RGB"), "JPEG", quality=85, progressive=True, restart_marker_blocks=1),
    "own tables": written(soft("RGB"), "JPEG", quality=75, optimize=True),
    "wide tables of quantisation": written(soft("RGB"), "JPEG", qtables=[[300] * 64, [300] * 64]),
    "coarse": written(soft("RGB"), "JPEG", quality=5),
    "inks": written(soft("CMYK"), "JPEG", quality=90),
    "inks as luma and chroma": magick(written(soft("CMYK"), "TIFF"), "-define", "jpeg:colorspace=YCCK", "-quality", "90", "jpeg:-"),
    "red, green and blue": written(soft("RGB"), "JPEG", quality=90, keep_rgb=True),
    "progressive in inks": written(soft("CMYK"), "JPEG", quality=90, progressive=True),
    "one pixel": written(Image.new("RGB", (1, 1), (200, 100, 50)), "JPEG", quality=95),
    "17 pixels": written(soft("RGB").crop((0, 0, 17, 1)), "JPEG", quality=90),
    **{f"turned by {turn}": turned(turn) for turn in range(1, 9)},
    "bytes after the end": written(soft("RGB"), "JPEG", quality=85) + b"trailing",
}

whole = written(soft("RGB"), "JPEG", quality=85)
progressive = written(soft("RGB"), "JPEG", quality=85, progressive=True)
broken = {
    "nothing": b"",
    "zeros": bytes(100),
    "text": b"not an image at all",
    "a GIF": written(scene("P"), "GIF"),
    "a PNG cut in its data": colour[:-40],
    "a PNG cut in its header": colour[:20],
    "a PNG without its end": colour[:-12],
    "a PNG with a wrong checksum": colour[:60] + bytes([colour[60] ^ 1]) + colour[61:],
    "a PNG without data": png(header(4, 4, 8, 0)),
    "a PNG with too few rows": raw(0, 8, 4, 9, [b"abcd"] * 4),
    "a PNG that unpacks to more": raw(0, 8, 4, 2, [b"abcd"] * 400),
    "a PNG with a wrong filter": png(header(1, 1, 8, 0), chunk(b"IDAT", zlib.compress(b"\7a"))),
    "a PNG with a pixel beyond its palette": raw(3, 8, 1, 1, [b"\5"], chunk(b"PLTE", bytes(6))),
    "a PNG without its palette": raw(3, 8, 1, 1, [b"\0"]),
    "a PNG of 3 bits": raw(0, 3, 1, 1, [b"\0"]),
    "a PNG of no width": raw(0, 8, 0, 1, [b""]),
    "a PNG of gigabytes": png(header(60000, 60000, 8, 6), chunk(b"IDAT", zlib.compress(bytes(10**5)))),
    "a PNG of a row of gigabytes": png(header(2**31 - 1, 1, 16, 6), chunk(b"IDAT", zlib.compress(bytes(10**5)))),
    "a PNG with an unknown part": png(header(1, 1, 8, 0), chunk(b"XXXX"), chunk(b"IDAT", zlib.compress(b"\0a"))),
    "a JPEG cut in its data": whole[: len(whole) * 3 // 4],
    "a JPEG cut in its header": whole[:100],
    "a progressive JPEG cut in a scan": progressive[: len(progressive) * 3 // 4],
    "a progressive JPEG without its end": progressive[:-2],
    "a JPEG of gigabytes": whole.replace(struct.pack(">HH", 2 * height, 2 * width), b"\xff\xff\xff\xff"),
    "a JPEG of no height": whole.replace(struct.pack(">HH", 2 * height, 2 * width), b"\0\0\0\x2a"),
    "a JPEG of 12 bits": whole.replace(b"\x11\x08" + struct.pack(">HH", 2 * height, 2 * width),
                                       b"\x11\x0c" + struct.pack(">HH", 2 * height, 2 * width)),
    "an arithmetic-coded JPEG": whole.replace(b"\xff\xc0", b"\xff\xc9"),
    "a lossless JPEG": whole.replace(b"\xff\xc0", b"\xff\xc3"),
    "a JPEG without an image": b"\xff\xd8\xff\xd9",
}


def over_white(value, alpha, most):
    # In 8 bits, rounded once.
    return (255 * (value * alpha + most * (most - alpha)) * 2 + most * most) // (2 * most * most)


def deep(samples, colours):
    # Pillow drops the low half of 16 bits, so these pixels are what was written.
    out = []
    for row in samples:
        values = struct.unpack(f">{len(row) // 2}H", row)
        for i in range(0, len(values), colours):
            *shown, opacity = values[i : i + colours] if colours in (2, 4) else (*values[i : i + colours], 65535)
            out += [over_white(value, opacity, 65535) for value in (shown * 3 if len(shown) == 1 else shown)]
    return [9, 5], bytes(out)


def pixels(name, content):
    if name.startswith("16 bits"):
        colours = {"16 bits of grey": 1, "16 bits of grey and alpha": 2, "16 bits of colour and alpha": 4}.get(name, 3)
        return deep(sixteen(colours), colours)
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(content)))
    if image.format == "JPEG" or content[:2] == b"\xff\xd8":
        return list(image.size), image.convert("RGB").tobytes()
    seen = image.convert("RGBA").tobytes()
    return list(image.size), bytes(over_white(seen[i + c], seen[i + 3], 255) for i in range(0, len(seen), 4) for c in range(3))


def case(name, content):
    size, data = pixels(name, content)
    grey = all(data[i] == data[i + 1] == data[i + 2] for i in range(0, len(data), 3))
    shown = data[::3] if grey else data
    return {"case": name, "size": size, "file": base64.b64encode(content).decode(),
            "channels": 1 if grey else 3, "pixels": base64.b64encode(shown).decode()}


def lines(name, rows):
    return f'"{name}":[\n' + ",\n".join(json.dumps(row) for row in rows) + "\n]"


print("{" + ",\n".join([
    f'"libraries":"Pillow {PIL.__version__}, ImageMagick"',
    lines("png", [case(name, content) for name, content in exact.items()]),
    lines("jpeg", [case(name, content) for name, content in jpegs.items()]),
    lines("broken", [{"case": name, "file": base64.b64encode(content).decode()} for name, content in broken.items()]),
]) + "}")
