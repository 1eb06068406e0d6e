"""A GIF of every kind, put together by hand where Pillow cannot write it."""

import struct

import numpy as np
from pictures import picture, save
from PIL import Image


def lzw(indices, bits):
    """Codes that grow and are cleared as an encoder's do, in blocks."""
    clear, out, buffer, have = 1 << bits, bytearray(), 0, 0
    table, size = {bytes([i]): i for i in range(clear)}, bits + 1
    following = clear + 2

    def put(code):
        nonlocal buffer, have
        buffer |= code << have
        have += size
        while have >= 8:
            out.append(buffer & 255)
            buffer >>= 8
            have -= 8

    put(clear)
    text = b""
    for index in indices:
        longer = text + bytes([index])
        if longer in table:
            text = longer
            continue
        put(table[text])
        if following < 4096:
            table[longer] = following
            if following == 1 << size and size < 12:
                size += 1
            following += 1
        else:
            put(clear)
            table, size = {bytes([i]): i for i in range(clear)}, bits + 1
            following = clear + 2
        text = bytes([index])
    put(table[text])
    put(clear + 1)
    if have:
        out.append(buffer & 255)
    blocks = [bytes(out[i : i + 255]) for i in range(0, len(out), 255)]
    return bytes([bits]) + b"".join(bytes([len(b)]) + b for b in blocks) + b"\0"


def palette_of(colours, seed=4):
    return np.random.default_rng(seed).integers(0, 256, (colours, 3), np.uint8).tobytes()


def flags_of(palette):
    return 0x80 | (len(palette) // 3).bit_length() - 2 if palette else 0


def gif(indices, screen=None, at=(0, 0), bits=8, shared=b"", own=b"", interlaced=False, before=b""):
    height, width = indices.shape
    order = range(height)
    if interlaced:
        order = [y for first, step in ((0, 8), (4, 8), (2, 4), (1, 2))
                 for y in range(first, height, step)]  # fmt: skip
    screen = struct.pack("<HHBBB", *(screen or (width, height)), flags_of(shared), 3, 0)
    flags = flags_of(own) | (0x40 if interlaced else 0)
    return (
        b"GIF89a" + screen + shared + before
        + struct.pack("<cHHHHB", b",", *at, width, height, flags) + own
        + lzw(indices[list(order)].tobytes(), bits) + b";"
    )  # fmt: skip


def control(transparent):
    return struct.pack("<BBBBHBB", 0x21, 0xF9, 4, 1, 0, transparent, 0)


def gif_kinds():
    rgb = Image.fromarray(picture(101, 67, 3))
    paletted = rgb.quantize(64)
    later = Image.fromarray(picture(101, 67, 3, seed=8)).quantize(32)
    yield "gif-saved", save(paletted, "GIF")
    yield "gif-saved-grey", save(rgb.convert("L"), "GIF")
    yield "gif-saved-transparent", save(paletted, "GIF", transparency=3)
    yield "gif-animated", save(paletted, "GIF", save_all=True, append_images=[later], loop=0)
    yield "gif-comment", save(paletted, "GIF", comment=b"hello" * 200)

    for bits in (2, 4, 8):
        for width, height in ((37, 29), (3, 2), (1, 1), (200, 150)):
            indices = picture(width, height, 1)[:, :, 0] >> (8 - bits)
            for interlaced in (False, True):
                order = "interlaced" if interlaced else "plain"
                yield (
                    f"gif-{bits}bit-{order}-{width}x{height}",
                    gif(indices, bits=bits, shared=palette_of(2**bits), interlaced=interlaced),
                )
    indices = picture(37, 29, 1)[:, :, 0]
    colours = palette_of(256)
    yield "gif-own-palette", gif(indices, shared=palette_of(256, 5), own=colours)
    yield "gif-no-palette", gif(indices)
    yield "gif-short-palette", gif(indices, shared=palette_of(16))
    yield "gif-grey-palette", gif(indices, shared=bytes(np.repeat(np.arange(16), 3).tolist()))
    yield "gif-own-grey-palette", gif(indices, own=b"\0\0\0\1\1\1")
    for name, before in (("", b""), ("-transparent", control(9))):
        yield f"gif-inset{name}", gif(indices, (50, 40), (5, 6), shared=colours, before=before)
        yield f"gif-sticks-out{name}", gif(indices, (30, 40), (5, 6), shared=colours, before=before)
        yield f"gif-no-screen{name}", gif(indices, (0, 0), shared=colours, before=before)
    yield "gif-bytes-before", gif(indices, shared=colours, before=b"\0\0junk")
    yield "gif-two-controls", gif(indices, shared=colours, before=control(9) + control(30))
    netscape = b"!\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"
    yield "gif-loop", gif(indices, shared=colours, before=netscape + b"!\xfe\x05hello\x02hi\0")
    whole = gif(indices, shared=colours)
    yield "gif-without-trailer", whole[:-1]
    yield "gif-without-terminator", whole[:-2]
    yield "gif-trailing-junk", whole + b"junk"
