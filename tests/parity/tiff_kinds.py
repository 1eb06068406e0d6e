"""A TIFF of every kind, put together by hand where Pillow cannot write it."""

import struct
import zlib

import numpy as np
from pictures import packed_bits, picture, save
from PIL import Image

SHORT, LONG = 3, 4
WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, PALETTE, CMYK = 0, 1, 2, 3, 5


def tiff(samples, photometric, bits=8, *, tile=None, rows=None, planar=False, order="<",
         deflate=False, predictor=False, extras=(), palette=None, format=1, big=False,
         reversed_bits=False, fields=()):  # fmt: skip
    """`samples`: [height, width, samples] of numbers of `bits` bits."""
    height, width, count = samples.shape

    def stored(piece):
        if bits >= 16:
            piece = piece.astype({1: f"{order}u", 2: f"{order}i", 3: f"{order}f"}[format]
                                 + str(bits // 8))  # fmt: skip
        if predictor:
            piece = np.concatenate([piece[:, :1], piece[:, 1:] - piece[:, :-1]], axis=1)
        flat = piece.reshape(len(piece), -1)
        data = flat.tobytes() if bits in (8, 16, 32) else packed_bits(flat, bits).tobytes()
        if reversed_bits:
            data = bytes(int(f"{byte:08b}"[::-1], 2) for byte in data)
        return zlib.compress(data) if deflate else data

    planes = [samples[:, :, s : s + 1] for s in range(count)] if planar else [samples]
    pieces = []
    for plane in planes:
        if tile:
            for y in range(0, height, tile[1]):
                for x in range(0, width, tile[0]):
                    part = plane[y : y + tile[1], x : x + tile[0]]
                    filled = np.zeros((tile[1], tile[0], plane.shape[2]), plane.dtype)
                    filled[: part.shape[0], : part.shape[1]] = part
                    pieces.append(stored(filled))
        else:
            step = rows or height
            pieces += [stored(plane[y : y + step]) for y in range(0, height, step)]

    data, places = b"", []
    start = 16 if big else 8
    for piece in pieces:
        places.append(start + len(data))
        data += piece + bytes(len(piece) % 2)
    entries = {
        256: (LONG, [width]), 257: (LONG, [height]), 258: (SHORT, [bits] * count),
        259: (SHORT, [8 if deflate else 1]), 262: (SHORT, [photometric]), 277: (SHORT, [count]),
        284: (SHORT, [2 if planar else 1]), 339: (SHORT, [format] * count),
    }  # fmt: skip
    if tile:
        entries |= {322: (LONG, [tile[0]]), 323: (LONG, [tile[1]]), 324: (LONG, places),
                    325: (LONG, [len(piece) for piece in pieces])}  # fmt: skip
    else:
        entries |= {273: (LONG, places), 278: (LONG, [rows or height]),
                    279: (LONG, [len(piece) for piece in pieces])}  # fmt: skip
    if extras:
        entries[338] = (SHORT, list(extras))
    if palette is not None:
        entries[320] = (SHORT, palette.T.ravel().tolist())
    if predictor:
        entries[317] = (SHORT, [2])
    if reversed_bits:
        entries[266] = (SHORT, [2])
    entries |= {tag: (SHORT, [value]) for tag, value in fields}

    count_form, entry_form, room = ("Q", "HHQ", 8) if big else ("H", "HHI", 4)
    directory_at = start + len(data)
    behind = directory_at + struct.calcsize("<" + count_form) + len(entries) * (
        20 if big else 12) + room  # fmt: skip
    directory, later = struct.pack(order + count_form, len(entries)), b""
    for tag, (kind, values) in sorted(entries.items()):
        value = struct.pack(f"{order}{len(values)}{'H' if kind == SHORT else 'I'}", *values)
        if len(value) > room:
            place = struct.pack(order + ("Q" if big else "I"), behind + len(later))
            later += value
            value = place
        directory += struct.pack(order + entry_form, tag, kind, len(values)) + value.ljust(
            room, b"\0"
        )
    directory += bytes(room)
    magic = b"II" if order == "<" else b"MM"
    if big:
        head = magic + struct.pack(order + "HHHQ", 43, 8, 0, directory_at)
    else:
        head = magic + struct.pack(order + "HI", 42, directory_at)
    return head + data + directory + later


def wide(channels):
    """16-bit numbers, dark enough in places that cutting and halving differ."""
    base = picture(37, 29, channels).astype(np.uint32) * 257
    base[:14] //= 300
    return base


def saved_kinds():
    rgb = Image.fromarray(picture(101, 67, 3))
    rgba = Image.fromarray(picture(101, 67, 4), "RGBA")
    for mode in ("1", "L", "P", "RGB", "CMYK", "I;16", "I", "F"):
        yield (
            f"tiff-saved-{mode}",
            save(rgb.convert("L" if mode == "I;16" else mode).convert(mode), "TIFF"),
        )
    for mode in ("LA", "RGBA"):
        yield f"tiff-saved-{mode}", save(rgba.convert(mode), "TIFF")
    for compression in (
        "packbits",
        "tiff_lzw",
        "tiff_adobe_deflate",
        "tiff_deflate",
        "zstd",
        "lzma",
    ):
        for mode in ("L", "RGB", "P", "CMYK"):
            image = rgb.convert(mode)
            yield f"tiff-{compression}-{mode}", save(image, "TIFF", compression=compression)
    for mode in ("L", "RGB", "CMYK"):
        yield f"tiff-jpeg-{mode}", save(rgb.convert(mode), "TIFF", compression="jpeg")
    for compression in ("group3", "group4", "tiff_ccitt"):
        yield f"tiff-{compression}", save(rgb.convert("1"), "TIFF", compression=compression)
    yield "tiff-lzw-predicted", save(rgb, "TIFF", compression="tiff_lzw", tiffinfo={317: 2})
    later = Image.fromarray(picture(50, 40, 3, seed=8))
    yield "tiff-pages", save(rgb, "TIFF", save_all=True, append_images=[later])
    yield "tiff-big-lzw", save(rgb, "TIFF", compression="tiff_lzw", big_tiff=True)


def layout_kinds():
    rgb = picture(37, 29, 3)
    for order, name in (("<", "little"), (">", "big")):
        yield f"tiff-rgb-{name}", tiff(rgb, RGB, order=order)
        for rows in (1, 7, 100):
            yield f"tiff-strips-{rows}-{name}", tiff(rgb, RGB, rows=rows, order=order)
        for tile in ((16, 16), (48, 32), (16, 64)):
            for deflate in (False, True):
                yield (
                    f"tiff-tiles-{tile[0]}x{tile[1]}-{deflate}-{name}",
                    tiff(rgb, RGB, tile=tile, order=order, deflate=deflate),
                )
        yield (
            f"tiff-planar-{name}",
            tiff(rgb, RGB, planar=True, rows=5, order=order, deflate=True),
        )
        yield (
            f"tiff-planar-tiles-{name}",
            tiff(rgb, RGB, planar=True, tile=(16, 16), order=order, deflate=True),
        )
        yield (
            f"tiff-planar-16-{name}",
            tiff(wide(3), RGB, 16, planar=True, order=order, deflate=True),
        )
        for deflate in (False, True):
            kind = f"{'deflate' if deflate else 'plain'}-{name}"
            yield f"tiff-rgb16-{kind}", tiff(wide(3), RGB, 16, order=order, deflate=deflate)
            yield (
                f"tiff-rgba16-{kind}",
                tiff(wide(4), RGB, 16, order=order, deflate=deflate, extras=(2,)),
            )
            yield (
                f"tiff-rgba16-premultiplied-{kind}",
                tiff(wide(4), RGB, 16, order=order, deflate=deflate, extras=(1,)),
            )
            yield f"tiff-cmyk16-{kind}", tiff(wide(4), CMYK, 16, order=order, deflate=deflate)
            yield (
                f"tiff-grey16-{kind}",
                tiff(wide(1), BLACK_IS_ZERO, 16, order=order, deflate=deflate),
            )
        yield f"tiff-predicted-{name}", tiff(rgb, RGB, order=order, deflate=True, predictor=True)
        signed = wide(1).astype(np.int64) - 100
        yield (
            f"tiff-signed16-{name}",
            tiff(signed % 30000 - 50, BLACK_IS_ZERO, 16, order=order, format=2),
        )
        yield f"tiff-signed32-{name}", tiff(signed, BLACK_IS_ZERO, 32, order=order, format=2)
        yield (
            f"tiff-float-{name}",
            tiff(picture(37, 29, 1) * 1.37 - 20, BLACK_IS_ZERO, 32, order=order, format=3),
        )
    # Pillow does not know the other byte order of BigTIFF.
    yield "tiff-bigtiff", tiff(rgb, RGB, big=True)
    yield "tiff-grey16-white-is-zero", tiff(wide(1), WHITE_IS_ZERO, 16)
    yield "tiff-grey12", tiff(wide(1)[:, :36] >> 4, BLACK_IS_ZERO, 12)
    for bits in (1, 2, 4, 8):
        grey = picture(37, 29, 1) >> (8 - bits)
        for photometric in (WHITE_IS_ZERO, BLACK_IS_ZERO):
            yield f"tiff-grey{bits}-{photometric}", tiff(grey, photometric, bits)
            yield (
                f"tiff-grey{bits}-{photometric}-deflate",
                tiff(grey, photometric, bits, deflate=True, rows=4),
            )
            if (bits, photometric) == (8, WHITE_IS_ZERO):
                continue  # Pillow does not read it
            yield (
                f"tiff-grey{bits}-{photometric}-reversed",
                tiff(grey, photometric, bits, reversed_bits=True),
            )
        colours = np.random.default_rng(bits).integers(0, 65536, (2**bits, 3))
        yield f"tiff-palette{bits}", tiff(grey, PALETTE, bits, palette=colours)
        yield (
            f"tiff-palette{bits}-deflate",
            tiff(grey, PALETTE, bits, palette=colours, deflate=True),
        )


def extra_kinds():
    colours = np.random.default_rng(1).integers(0, 65536, (256, 3))
    for extras in ((0,), (1,), (2,), (0, 0), (1, 0), (2, 0), (0, 0, 0), (1, 0, 0), (2, 0, 0)):
        name = "-".join(map(str, extras))
        yield f"tiff-rgb-extra-{name}", tiff(picture(37, 29, 3 + len(extras)), RGB, extras=extras)
    for extra in (0, 2):
        grey = picture(37, 29, 2)
        yield f"tiff-grey-extra-{extra}", tiff(grey, BLACK_IS_ZERO, extras=(extra,))
        yield f"tiff-palette-extra-{extra}", tiff(grey, PALETTE, extras=(extra,), palette=colours)
    yield "tiff-cmyk", tiff(picture(37, 29, 4), CMYK)
    yield "tiff-cmyk-extra", tiff(picture(37, 29, 5), CMYK, extras=(0,))
    yield "tiff-cmyk-planar", tiff(picture(37, 29, 4), CMYK, planar=True, deflate=True)
    yield "tiff-rgba-planar", tiff(picture(37, 29, 4), RGB, planar=True, deflate=True, extras=(2,))


def tiff_kinds():
    yield from saved_kinds()
    yield from layout_kinds()
    yield from extra_kinds()
    # Pillow follows the orientation of a TIFF always.
    for orientation in range(10):
        yield (
            f"tiff-orientation-{orientation}",
            tiff(picture(37, 29, 3), RGB, fields=[(274, orientation)]),
        )
    yield (
        "tiff-orientation-lzw",
        save(
            Image.fromarray(picture(37, 29, 3)), "TIFF", compression="tiff_lzw", tiffinfo={274: 6}
        ),
    )
    yield "tiff-trailing-junk", tiff(picture(37, 29, 3), RGB) + b"junk"
