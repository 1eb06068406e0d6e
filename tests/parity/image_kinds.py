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


# Orientation ---------------------------------------------------------------

ORIENTATION = 0x0112
SHORT, LONG = 3, 4


def ifd(*entries, order="<", tail=b"", count=None):
    """A TIFF structure; an entry is (tag, type, count, value of 4 bytes)."""
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "L", 8)
    rows = b"".join(struct.pack(order + "HHL", *entry[:3]) + entry[3] for entry in entries)
    size = struct.pack(order + "H", len(entries) if count is None else count)
    return head + size + rows + bytes(4) + tail


def short(value, order="<"):
    return struct.pack(order + "HH", value, 0)


def exif_forms():
    """{name: TIFF structure}, with and without an orientation that Pillow goes by."""
    forms = {f"{value}": ifd((ORIENTATION, SHORT, 1, short(value))) for value in range(10)}
    forms["big-endian-6"] = ifd((ORIENTATION, SHORT, 1, short(6, ">")), order=">")
    six = (ORIENTATION, SHORT, 1, short(6))
    forms["swapped-head-6"] = b"II\0*" + ifd(six)[4:]
    forms["without-tag"] = ifd((0x0128, SHORT, 1, short(2)))
    forms["empty"] = b""
    forms["second-6"] = ifd((0x0128, SHORT, 1, short(2)), six)
    forms["twice-6-8"] = ifd(six, (ORIENTATION, SHORT, 1, short(8)))
    forms["two-values-6-8"] = ifd((ORIENTATION, SHORT, 2, struct.pack("<HH", 6, 8)))
    forms["no-value"] = ifd((ORIENTATION, SHORT, 0, short(6)))
    forms["no-such-type"] = ifd((ORIENTATION, 14, 1, short(6)))
    for type, value in {
        1: b"\6\0\0\0",  # byte: no number for Pillow
        2: b"6\0\0\0",  # text
        LONG: struct.pack("<L", 6),
        6: b"\6\0\0\0",
        7: b"\6\0\0\0",  # undefined
        8: struct.pack("<hh", 6, 0),
        9: struct.pack("<l", -6),
        11: struct.pack("<f", 6),
        13: struct.pack("<L", 6),
    }.items():
        forms[f"type{type}"] = ifd((ORIENTATION, type, 1, value))
    behind = struct.pack("<L", 8 + 2 + 12 + 4)
    forms["rational-6"] = ifd((ORIENTATION, 5, 1, behind), tail=struct.pack("<LL", 12, 2))
    forms["rational-nothing"] = ifd((ORIENTATION, 5, 1, behind), tail=bytes(8))
    forms["rational-signed-3"] = ifd((ORIENTATION, 10, 1, behind), tail=struct.pack("<ll", -6, -2))
    forms["double-8"] = ifd((ORIENTATION, 12, 1, behind), tail=struct.pack("<d", 8))
    forms["double-6.5"] = ifd((ORIENTATION, 12, 1, behind), tail=struct.pack("<d", 6.5))
    forms["long8-7"] = ifd((ORIENTATION, 16, 1, behind), tail=struct.pack("<Q", 7))
    forms["after-absent-text"] = ifd((0x010F, 2, 20, struct.pack("<L", 30)), six)
    forms["after-huge-text"] = ifd((0x010F, 2, 2**31, struct.pack("<L", 30)), six)
    forms["cut-behind-6"] = ifd(six, count=9)[:-4]
    forms["cut-within-6"] = ifd(six)[:-6]
    forms["directory-outside"] = b"II*\0" + struct.pack("<L", 500)
    return forms


XMP_FORMS = {
    "attribute-8": b'<x tiff:Orientation="8"/>',
    "element-5": b"<tiff:Orientation>5</tiff:Orientation>",
    "upright": b'<x tiff:Orientation="1"/>',
    "zero": b'<x tiff:Orientation="0"/>',
    "nine": b'<x tiff:Orientation="9"/>',
    "second-3": b'<tiff:Orientation>up</tiff:Orientation><x tiff:Orientation="3"/>',
    "without": b"<x/>",
    "empty": b"",
}


def text_chunk(keyword, text, kind):
    """tEXt, zTXt, iTXt, or iTXt compressed ("iTXtz")."""
    data = keyword + b"\0"
    if kind == "tEXt":
        data += text
    elif kind == "zTXt":
        data += b"\0" + zlib.compress(text)
    elif kind == "iTXt":
        data += b"\0\0en\0key\0" + text
    else:
        data += b"\1\0\0\0" + zlib.compress(text)
    return chunk(kind[:4].encode(), data)


def raw_profile(exif):
    digits = (b"Exif\0\0" + exif).hex()
    lines = "\n".join(digits[i : i + 72] for i in range(0, len(digits), 72))
    return f"\nexif\n{len(digits) // 2:8}\n{lines}\n".encode()


def png_with(before=(), after=()):
    data = png(picture(61, 43, 3), 2, 8, before_data=before)
    return data[:-12] + b"".join(after) + data[-12:]


def png_oriented(exif, xmp):
    chunks = [] if exif is None else [chunk(b"eXIf", exif)]
    if xmp is not None:
        chunks.append(text_chunk(b"XML:com.adobe.xmp", xmp, "iTXt"))
    return png_with(chunks)


def jpeg_oriented(exif, xmp):
    plain = save(Image.fromarray(picture(61, 43, 3)), "JPEG")
    segments = b"" if exif is None else segment(0xE1, b"Exif\0\0" + exif)
    if xmp is not None:
        segments += segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp)
    return plain[:20] + segments + plain[20:]  # behind JFIF's segment


def webp_oriented(exif, xmp):
    image = Image.fromarray(picture(61, 43, 3))
    # Pillow takes one prefix off before it writes.
    return save(
        image,
        "WEBP",
        lossless=True,
        exif=b"Exif\0\0" + exif if exif else b"",
        xmp=xmp or b"",
    )


# name of a format -> image of it with (EXIF or None, XMP or None). Another format that knows
# both gets all their combinations by a line here.
ORIENTED = {"jpeg": jpeg_oriented, "png": png_oriented, "webp": webp_oriented}


def rotated_kinds():
    """Images of each format with each EXIF, each XMP, and both."""
    forms = exif_forms()
    six, upright, without = forms["6"], forms["1"], forms["without-tag"]
    kinds = {}
    for format, make in ORIENTED.items():
        for name, exif in forms.items():
            for xmp_name, xmp in (("none", None), ("8", XMP_FORMS["attribute-8"])):
                kinds[f"{format}-exif-{name}-xmp-{xmp_name}"] = make(exif, xmp)
        for name, xmp in XMP_FORMS.items():
            for exif_name, exif in {"none": None, "1": upright, "without": without}.items():
                kinds[f"{format}-exif-{exif_name}-xmp-{name}"] = make(exif, xmp)
        kinds[f"{format}-exif-with-prefix"] = make(b"Exif\0\0" + six, None)
    for orientation in range(10):
        exif = Image.Exif()
        exif[ORIENTATION] = orientation
        kinds[f"tiff-{orientation}"] = save(Image.fromarray(picture(61, 43, 3)), "TIFF", exif=exif)
    kinds["webp-exif-with-two-prefixes"] = webp_oriented(b"Exif\0\0Exif\0\0" + six, None)
    plain = jpeg_oriented(None, None)
    both = segment(0xE1, b"Exif\0\0" + six[:20]) + segment(0xE1, b"Exif\0\0" + six[20:])
    kinds["jpeg-exif-in-two-segments"] = plain[:20] + both + plain[20:]
    kinds["jpeg-exif-is-no-tiff"] = jpeg_oriented(b"nonsense", None)
    kinds["jpeg-exif-of-four-bytes"] = jpeg_oriented(six[:4], None)
    # Without a resolution, Pillow looks into EXIF while it opens, and takes no XMP after damage.
    no_jfif = plain[:2] + segment(0xE1, b"Exif\0\0nonsense") + plain[20:]
    xmp = b'http://ns.adobe.com/xap/1.0/\0<x tiff:Orientation="6"/>'
    kinds["jpeg-exif-is-no-tiff-xmp-6"] = no_jfif[:2] + segment(0xE1, xmp) + no_jfif[2:]
    second = b'http://ns.adobe.com/xap/1.0/\0<x tiff:Orientation="3"/>'
    kinds["jpeg-two-xmp"] = plain[:2] + segment(0xE1, xmp) + segment(0xE1, second) + plain[2:]
    kinds.update(rotated_png_kinds(six))
    # A TIFF has the tag in its own directory, and is turned without being asked, too.
    lying = Image.fromarray(picture(61, 43, 3))
    for name, packet in XMP_FORMS.items():
        for tag_name, tag in {"none": {}, "upright": {274: 1}}.items():
            kinds[f"tiff-tag-{tag_name}-xmp-{name}"] = save(
                lying, "TIFF", tiffinfo={700: packet or b"<x/>", **tag}
            )
    return kinds


def rotated_png_kinds(six):
    kinds = {}
    other = ifd((ORIENTATION, SHORT, 1, short(3)))
    texts = {
        "xmp": (b"XML:com.adobe.xmp", XMP_FORMS["attribute-8"]),
        "raw-exif": (b"Raw profile type exif", raw_profile(six)),
        "raw-exif-with-prefixes": (b"Raw profile type exif", raw_profile(b"Exif\0\0" + six)),
        "raw-exif-upper-case": (b"Raw profile type exif", raw_profile(six).upper()),
    }
    for name, (keyword, text) in texts.items():
        for kind in ("tEXt", "zTXt", "iTXt", "iTXtz"):
            data = text_chunk(keyword, text, kind)
            kinds[f"png-{name}-{kind}-before"] = png_with([data])
            kinds[f"png-{name}-{kind}-after"] = png_with(after=[data])
    raw = text_chunk(b"Raw profile type exif", raw_profile(six), "zTXt")
    raw_upright = text_chunk(b"Raw profile type exif", raw_profile(ifd()), "zTXt")
    xmp = text_chunk(b"XML:com.adobe.xmp", XMP_FORMS["attribute-8"], "iTXt")
    second = text_chunk(b"XML:com.adobe.xmp", XMP_FORMS["element-5"], "iTXtz")
    kinds["png-exif-after"] = png_with(after=[chunk(b"eXIf", six)])
    kinds["png-two-exif"] = png_with([chunk(b"eXIf", other), chunk(b"eXIf", six)])
    kinds["png-exif-before-and-after"] = png_with([chunk(b"eXIf", six)], [chunk(b"eXIf", other)])
    kinds["png-exif-over-raw"] = png_with([chunk(b"eXIf", other), raw])
    kinds["png-empty-exif-over-raw"] = png_with([chunk(b"eXIf", b""), raw])
    kinds["png-raw-over-xmp"] = png_with([xmp, raw])
    kinds["png-raw-without-tag-xmp"] = png_with([xmp, raw_upright])
    kinds["png-exif-as-text"] = png_with([chunk(b"tEXt", b"exif\0" + six)])
    kinds["png-exif-and-as-text"] = png_with(
        [chunk(b"eXIf", six), chunk(b"tEXt", b"exif\0" + other)]
    )
    kinds["png-two-xmp"] = png_with([xmp, second])
    kinds["png-xmp-before-and-after"] = png_with([xmp], [second])
    kinds["png-text-without-keyword"] = png_with([chunk(b"tEXt", b"XML:com.adobe.xmp"), xmp])
    kinds["png-text-of-one-mebibyte"] = png_with(
        [text_chunk(b"XML:com.adobe.xmp", b" " * (2**20 - 25) + XMP_FORMS["attribute-8"], "zTXt")]
    )
    cut = zlib.compress(XMP_FORMS["attribute-8"] + bytes(range(256)) * 9)[:-30]
    kinds["png-cut-text"] = png_with([chunk(b"zTXt", b"XML:com.adobe.xmp\0\0" + cut)])
    kinds["png-damaged-text"] = png_with([chunk(b"zTXt", b"XML:com.adobe.xmp\0\0nonsense")])
    return kinds


def webp_container(size, mode="RGB"):
    """A WebP with a header, a picture and an orientation."""
    image = Image.fromarray(picture(*size, len(mode)), mode)
    return save(image, "WEBP", quality=50, exif=b"Exif\0\0" + exif_forms()["6"])


def webp_containers():
    """Chunks of a WebP where they should and should not be: of a size that is decoded at once, and
    of one that is decoded in steps."""

    def riff(chunks, missing=0):
        body = b"WEBP" + b"".join(chunks)
        return b"RIFF" + struct.pack("<I", len(body) + missing) + body

    kinds = {}
    for size in ((60, 40), (600, 500)):
        for mode in ("RGB", "RGBA"):
            rest, chunks = webp_container(size, mode)[12:], []
            while rest:
                length = 8 + (struct.unpack("<I", rest[4:8])[0] + 1) // 2 * 2
                chunks, rest = [*chunks, rest[:length]], rest[length:]
            header, *images, exif = chunks
            unknown = b"none" + struct.pack("<I", 2) + b"ab"
            without_flag = header[:8] + bytes([header[8] & ~8]) + header[9:]
            upright = exif.replace(b"\1\0\0\0\6", b"\1\0\0\0\1")
            assert upright != exif
            made = {
                "whole": riff(chunks),
                "cut-in-exif": riff(chunks)[:-6],
                "cut-before-exif": riff([header, *images], missing=len(exif)),
                "ends-before-exif": riff([header, *images]) + exif,
                "bytes-behind-all": riff(chunks) + b"anything",
                "bytes-behind-chunks": riff([*chunks, b"none"]),
                "chunk-too-long": riff([*chunks, b"none" + struct.pack("<I", 100) + b"ab"]),
                "two-images": riff([*chunks, *images]),
                "two-headers": riff([*chunks, header]),
                "unknown-chunks": riff([header, *[unknown] * 9, *images, *[unknown] * 9, exif]),
                "unknown-chunk-in-image": riff([header, images[0], unknown, *images[1:], exif]),
                "exif-first": riff([header, exif, *images]),
                "exif-not-announced": riff([without_flag, *images, exif]),
                "two-exif": riff([*chunks, upright]),
                "empty-exif-first": riff([header, exif[:4] + bytes(4), *images, exif]),
                "no-image": riff([header, exif]),
            }
            kinds |= {f"{mode}-{size[0]}-{name}": data for name, data in made.items()}
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
        "webp-container": webp_container((60, 40)),
        "webp-container-alpha": webp_container((60, 40), mode="RGBA"),
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
