"""A BMP of every kind, put together by hand where Pillow cannot write it."""

import struct

import numpy as np
from pictures import packed_bits, picture, save
from PIL import Image

# Red, green, blue, alpha of the 32-bit pixels that Pillow knows.
MASKS_OF_32 = {
    "bgrx": (0xFF0000, 0xFF00, 0xFF, 0),
    "xbgr": (0xFF000000, 0xFF0000, 0xFF00, 0),
    "bgxr": (0xFF000000, 0xFF00, 0xFF, 0),
    "abgr": (0xFF000000, 0xFF0000, 0xFF00, 0xFF),
    "rgba": (0xFF, 0xFF00, 0xFF0000, 0xFF000000),
    "bgra": (0xFF0000, 0xFF00, 0xFF, 0xFF000000),
    "bgar": (0xFF000000, 0xFF00, 0xFF, 0xFF0000),
    "none": (0, 0, 0, 0),
}
MASKS_OF_16 = {"565": (0xF800, 0x7E0, 0x1F, 0), "555": (0x7C00, 0x3E0, 0x1F, 0)}


def bmp(rows, width, bits, palette=b"", colours=0, compression=0, header=40, masks=(), up=True):
    """`rows`: bytes of each row from the top, or the runs of them all."""
    if isinstance(rows, bytes):
        pixels, height = rows, colours >> 16
        colours &= 0xFFFF
    else:
        height = len(rows)
        padded = [row + bytes(-len(row) % 4) for row in rows]
        pixels = b"".join(reversed(padded) if up else padded)
    if header == 12:
        info = struct.pack("<IHHHH", 12, width, height, 1, bits)
    else:
        signed = height if up else -height
        info = struct.pack("<IiiHHIIiiII", header, width, signed, 1, bits, compression, 0, 0, 0,
                           colours, 0)  # fmt: skip
        info += b"".join(struct.pack("<I", mask) for mask in masks[: 3 if header == 40 else 4])
        info += bytes(max(header - len(info), 0))
    offset = 14 + len(info) + len(palette)
    return struct.pack("<2sIII", b"BM", offset + len(pixels), 0, offset) + info + palette + pixels


def rows_of(packed):
    return [row.tobytes() for row in packed]


def palette_of(colours, seed, padding=b"\0"):
    rng = np.random.default_rng(seed)
    return b"".join(bytes(c) + padding for c in rng.integers(0, 256, (colours, 3), np.uint8))


def ramp(colours):
    return b"".join(bytes([i, i, i, 0]) for i in range(colours))


def indexed_kinds():
    for bits in (1, 4, 8):
        for width in (37, 8, 1):
            indices = picture(width, 21, 1)[:, :, 0] >> (8 - bits)
            rows = rows_of(packed_bits(indices, bits))
            colours = 2**bits
            name = f"bmp-{bits}bit-{width}"
            yield name, bmp(rows, width, bits, palette_of(colours, bits))
            yield f"{name}-top-down", bmp(rows, width, bits, palette_of(colours, bits), up=False)
            yield f"{name}-os2", bmp(rows, width, bits, palette_of(colours, 5, b""), header=12)
            few = max(1, colours - 1)
            yield f"{name}-short", bmp(rows, width, bits, palette_of(few, bits), few)
    rows = rows_of(picture(37, 21, 1)[:, :, 0])
    yield "bmp-8bit-grey", bmp(rows, 37, 8, ramp(256))
    yield "bmp-8bit-grey-short", bmp(rows, 37, 8, ramp(100), 100)
    rows = rows_of(packed_bits(picture(37, 21, 1)[:, :, 0] >> 7, 1))
    yield "bmp-1bit-black-white", bmp(rows, 37, 1, bytes([0, 0, 0, 0, 255, 255, 255, 0]))
    yield "bmp-1bit-white-black", bmp(rows, 37, 1, bytes([255, 255, 255, 0, 0, 0, 0, 0]))


def run_kinds():
    # Encoded runs, literal ones (odd, so padded), an end of line, a jump, the end of the bitmap.
    rle8 = bytes([3, 7, 0, 5, 1, 2, 3, 4, 5, 0, 0, 0])
    rle8 += bytes([10, 9, 0, 0]) + bytes([0, 2, 4, 1, 6, 3, 0, 0])
    rle8 += bytes([4, 1, 0, 3, 9, 8, 7, 0, 200, 5, 0, 0]) + bytes([10, 2, 0, 1])
    yield "bmp-rle8", bmp(rle8, 10, 8, palette_of(16, 1), 16 | 5 << 16, 1)
    yield "bmp-rle8-grey", bmp(rle8, 10, 8, ramp(256), 5 << 16, 1)
    rle4 = bytes([5, 0x7A, 0, 5, 0x12, 0x34, 0x50, 0, 0, 0])
    rle4 += bytes([10, 0x93, 0, 0]) + bytes([0, 2, 3, 1, 7, 0x63, 0, 0])
    rle4 += bytes([10, 0x01, 0, 0]) + bytes([0, 4, 0xAB, 0xCD, 6, 0x22, 0, 1])
    yield "bmp-rle4", bmp(rle4, 10, 4, palette_of(16, 1), 5 << 16, 2)
    yield "bmp-rle4-top-down", bmp(rle4, 10, 4, palette_of(16, 1), 5 << 16, 2, up=False)


def colour_kinds():
    words = picture(37, 21, 2)
    yield "bmp-16bit", bmp(rows_of(words), 37, 16)
    for name, masks in MASKS_OF_16.items():
        for header in (40, 52, 108):
            yield (
                f"bmp-16bit-{name}-{header}",
                bmp(rows_of(words), 37, 16, compression=3, header=header, masks=masks),
            )
    yield (
        "bmp-24bit-masks",
        bmp(rows_of(picture(37, 21, 3)), 37, 24, compression=3, masks=MASKS_OF_32["bgrx"]),
    )
    yield "bmp-24bit-os2", bmp(rows_of(picture(37, 21, 3)), 37, 24, header=12)
    pixels = picture(37, 21, 4)
    for header in (40, 56, 64, 108, 124):
        yield f"bmp-32bit-{header}", bmp(rows_of(pixels), 37, 32, header=header)
    for name, masks in MASKS_OF_32.items():
        header = 52 if masks[3] == 0 else 124
        yield (
            f"bmp-32bit-{name}",
            bmp(rows_of(pixels), 37, 32, compression=3, header=header, masks=masks),
        )


def bmp_kinds():
    rgb = Image.fromarray(picture(101, 67, 3))
    for mode in ("1", "L", "P", "RGB", "RGBA"):
        yield f"bmp-saved-{mode}", save(rgb.convert(mode), "BMP")
    yield from indexed_kinds()
    yield from run_kinds()
    yield from colour_kinds()
    whole = bmp(rows_of(picture(37, 21, 3)), 37, 24)
    yield "bmp-without-last-padding", whole[:-1]
    yield "bmp-trailing-junk", whole + b"junk"
