"""Draws one image of every kind that Pomona reads: {name: encoded bytes}.

Pillow writes most of them; interlaced and odd PNGs are put together here, since
Pillow cannot write them. BMP, GIF and TIFF have files of their own. Deterministic.
"""

import random
import struct
import zlib

import numpy as np
from bmp_kinds import bmp_kinds
from gif_kinds import gif_kinds
from pictures import packed_bits, picture, save
from PIL import Image
from tiff_kinds import tiff, tiff_kinds

# PNG by hand ---------------------------------------------------------------

ADAM7 = [
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
]


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def packed_rows(samples, depth):
    """samples: [height, width, channels] of values below 2**depth; filtered rows as bytes."""
    height, width, channels = samples.shape
    rows = packed_bits(samples.reshape(height, width * channels), depth)
    bpp = max(1, channels * depth // 8)
    out, previous = b"", np.zeros(rows.shape[1], np.uint8)
    for i, row in enumerate(rows):
        kind = i % 3  # none, sub, up
        if kind == 1:
            left = np.concatenate([np.zeros(bpp, np.uint8), row[:-bpp]])
            coded = row - left
        else:
            coded = row - previous if kind == 2 else row
        out += bytes([kind]) + coded.tobytes()
        previous = row
    return out


def png(samples, colour_type, depth, interlaced=False, before_data=()):
    height, width, _ = samples.shape
    if interlaced:
        parts = [samples[y0::dy, x0::dx] for x0, y0, dx, dy in ADAM7]
        data = b"".join(packed_rows(p, depth) for p in parts if p.size)
    else:
        data = packed_rows(samples, depth)
    header = struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, int(interlaced))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + b"".join(before_data)
        + chunk(b"IDAT", zlib.compress(data))
        + chunk(b"IEND", b"")
    )


def png_kinds():
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
    depths = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
    rng = np.random.default_rng(3)
    for colour_type in channels:
        for depth in depths[colour_type]:
            for interlaced in (False, True):
                for size in ((37, 29), (3, 2), (1, 1)):
                    width, height = size
                    base = picture(width, height, channels[colour_type]).astype(np.uint32)
                    if depth == 16:
                        # Dark enough in places that clipping and halving differ.
                        base = base * 257 + rng.integers(0, 200, base.shape)
                        base[: height // 2] //= 300
                        base = np.minimum(base, 65535)
                    else:
                        base >>= 8 - depth
                    before = []
                    if colour_type == 3:
                        colours = rng.integers(0, 256, (2**depth, 3), dtype=np.uint8)
                        before.append(chunk(b"PLTE", colours.tobytes()))
                    order = "adam7" if interlaced else "plain"
                    name = f"png-type{colour_type}-{depth}bit-{order}-{width}x{height}"
                    yield name, png(base, colour_type, depth, interlaced, before)
                    if interlaced or size != (37, 29):
                        continue
                    # The same with a transparent colour taken from the picture.
                    if colour_type == 3:
                        alphas = rng.integers(0, 256, max(2**depth - 1, 1), dtype=np.uint8)
                        before.append(chunk(b"tRNS", alphas.tobytes()))
                    elif colour_type in (0, 2):
                        before.append(
                            chunk(b"tRNS", struct.pack(f">{channels[colour_type]}H", *base[20, 20]))
                        )
                    else:
                        continue
                    yield name + "-trns", png(base, colour_type, depth, interlaced, before)
    few = np.zeros((9, 11, 1), np.uint32) + np.arange(11)[None, :, None]
    yield "png-palette-short", png(few, 3, 8, before_data=[chunk(b"PLTE", bytes(range(15)))])
    data = png(picture(8, 8, 3), 2, 8)
    yield "png-without-iend", data[:-12]
    yield "png-trailing-junk", data + b"junk"


# JPEG ----------------------------------------------------------------------


def segment(marker, data):
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def jpeg_kinds():
    rgb = Image.fromarray(picture(101, 67, 3))
    grey = Image.fromarray(picture(101, 67, 1)[:, :, 0])
    cmyk = Image.fromarray(picture(101, 67, 4), "CMYK")
    for subsampling in (0, 1, 2):
        for progressive in (False, True):
            name = ("444", "422", "420")[subsampling]
            kind = "progressive" if progressive else "baseline"
            yield (
                f"jpeg-{name}-{kind}",
                save(rgb, "JPEG", quality=85, subsampling=subsampling, progressive=progressive),
            )
    yield "jpeg-grey", save(grey, "JPEG")
    yield "jpeg-grey-progressive", save(grey, "JPEG", progressive=True)
    yield "jpeg-keep-rgb", save(rgb, "JPEG", keep_rgb=True)
    yield "jpeg-restart", save(rgb, "JPEG", restart_marker_blocks=3)
    yield "jpeg-low-quality", save(rgb, "JPEG", quality=3)
    yield "jpeg-best", save(rgb, "JPEG", quality=100, optimize=True)
    yield "jpeg-1x1", save(rgb.resize((1, 1)), "JPEG")
    yield "jpeg-tall", save(rgb.resize((20, 900)), "JPEG")
    yield "jpeg-wide", save(rgb.resize((900, 20)), "JPEG")
    yield "jpeg-65500-wide", save(rgb.resize((65500, 2)), "JPEG")
    yield "jpeg-cmyk", save(cmyk, "JPEG")
    yield "jpeg-cmyk-progressive", save(cmyk, "JPEG", progressive=True)
    # Adobe's transform flag, the last byte of its segment: 2 makes it YCCK.
    adobe = bytearray(save(cmyk, "JPEG"))
    adobe[adobe.index(b"Adobe") + 11] = 2
    yield "jpeg-ycck", bytes(adobe)
    plain = save(rgb, "JPEG")
    yield "jpeg-junk-before-marker", plain[:2] + b"\xff\xff\x00junk\xff\x00" + plain[2:]
    yield "jpeg-short-app14", plain[:2] + segment(0xEE, b"Adobe\0d") + plain[2:]
    yield "jpeg-without-eoi", plain[:-2]
    yield "jpeg-trailing-junk", plain + b"junk"
    yield "jpeg-comment", plain[:2] + segment(0xFE, b"hello") + plain[2:]


# WebP ----------------------------------------------------------------------


def webp_kinds():
    rgb = Image.fromarray(picture(101, 67, 3))
    rgba = Image.fromarray(picture(101, 67, 4), "RGBA")
    yield "webp-lossy", save(rgb, "WEBP", quality=70)
    yield "webp-lossy-alpha", save(rgba, "WEBP", quality=70)
    yield "webp-lossless", save(rgb, "WEBP", lossless=True)
    yield "webp-lossless-alpha", save(rgba, "WEBP", lossless=True)
    yield "webp-lossless-exact", save(rgba, "WEBP", lossless=True, exact=True)
    yield "webp-1x1", save(rgb.resize((1, 1)), "WEBP")
    later = Image.fromarray(picture(101, 67, 3, seed=8))
    yield "webp-animated", save(rgb, "WEBP", save_all=True, append_images=[later], duration=50)
    yield (
        "webp-animated-alpha",
        save(
            rgba,
            "WEBP",
            save_all=True,
            append_images=[later.convert("RGBA")],
            duration=50,
            lossless=True,
        ),
    )


# PNM -----------------------------------------------------------------------


def pnm(magic, samples, maxval=255, head=b"%d %d\n%d\n"):
    height, width = samples.shape[:2]
    return magic + head % (width, height, maxval) + samples.tobytes()


def pnm_kinds():
    for width, height in ((101, 67), (3, 2), (1, 1)):
        rgb = picture(width, height, 3)
        yield f"ppm-{width}x{height}", save(Image.fromarray(rgb), "PPM")
        yield f"pgm-{width}x{height}", save(Image.fromarray(rgb[:, :, 0]), "PPM")
    # Samples above the maxval included.
    for maxval in (1, 2, 7, 100, 200, 254):
        yield f"ppm-max{maxval}", pnm(b"P6\n", rgb_of_all_levels(), maxval)
        yield f"pgm-max{maxval}", pnm(b"P5\n", rgb_of_all_levels()[:, :, 1], maxval)
    yield "ppm-spaces", pnm(b"P6\t\r\v", picture(9, 7, 3), head=b" %d\f %d\n\n%d ")
    yield (
        "ppm-comments",
        pnm(b"P6\n# 1 2 3\r", picture(19, 7, 3), head=b"%d#\n %d # 4\n#\n%d#5\n\n"),
    )
    yield "ppm-trailing-junk", pnm(b"P6\n", picture(9, 7, 3)) + b"junk"


def rgb_of_all_levels():
    return np.arange(16 * 16 * 3, dtype=np.uint16).reshape(16, 16, 3).astype(np.uint8)


def all_kinds():
    makers = (jpeg_kinds, png_kinds, webp_kinds, pnm_kinds, bmp_kinds, gif_kinds, tiff_kinds)
    return dict(item for kinds in makers for item in kinds())


def rotated_kinds():
    """Images with each EXIF orientation, in each format."""
    image = Image.fromarray(picture(61, 43, 3))
    kinds = {}
    for orientation in range(0, 10):
        exif = Image.Exif()
        exif[0x0112] = orientation
        for format in ("JPEG", "PNG", "WEBP", "TIFF"):
            options = {"lossless": True} if format == "WEBP" else {}
            kinds[f"{format.lower()}-{orientation}"] = save(image, format, exif=exif, **options)
    xmp = b'http://ns.adobe.com/xap/1.0/\0<x tiff:Orientation="6"/>'
    plain = save(image, "JPEG")
    kinds["jpeg-xmp"] = plain[:2] + segment(0xE1, xmp) + plain[2:]
    big_endian = b"Exif\0\0MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0"
    kinds["jpeg-big-endian"] = plain[:2] + segment(0xE1, big_endian) + plain[2:]
    return kinds


def damaged_kinds():
    """Cut and bent files: Pillow decides which of them can be read."""
    rng = random.Random(11)
    kinds = dict(jpeg_kinds())
    sources = {
        "jpeg": kinds["jpeg-420-baseline"],
        "jpeg-progressive": kinds["jpeg-420-progressive"],
        "jpeg-restart": kinds["jpeg-restart"],
        "png": save(Image.fromarray(picture(60, 40, 3)), "PNG"),
        "webp": save(Image.fromarray(picture(60, 40, 3)), "WEBP"),
        "webp-lossless": save(Image.fromarray(picture(60, 40, 4), "RGBA"), "WEBP", lossless=True),
        "bmp": save(Image.fromarray(picture(20, 9, 3)), "BMP"),
        "bmp-runs": dict(bmp_kinds())["bmp-rle8"],
        "gif": dict(gif_kinds())["gif-4bit-interlaced-37x29"],
        "gif-saved": dict(gif_kinds())["gif-saved-transparent"],
        # Of TIFFs that are not compressed Pillow is the reader itself: other damage is forgiven.
        "tiff-deflate": tiff(picture(37, 29, 3), 2, deflate=True, rows=10),
        "tiff-lzw": save(Image.fromarray(picture(60, 40, 3)), "TIFF", compression="tiff_lzw"),
        "tiff-jpeg": save(Image.fromarray(picture(60, 40, 3)), "TIFF", compression="jpeg"),
        "ppm": pnm(b"P6\n# made by hand\n", picture(12, 9, 3), maxval=250),
    }
    out = {}
    for name, data in sources.items():
        for _ in range(40):
            cut = rng.randrange(1, len(data))
            out[f"{name}-cut-{cut}"] = data[:cut]
        for i in range(120):
            bent = bytearray(data)
            at = rng.randrange(2, len(data))
            bent[at] ^= 1 << rng.randrange(8)
            out[f"{name}-bent-{at}-{i}"] = bytes(bent)
    return out
