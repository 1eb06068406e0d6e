"""Decode and resize alone, images/s on one core: Pomona against Pillow and OpenCV.

Takes the JPEGs of $POMONA_TEST_DATA (default ../shared/fruits-360), decodes each from
memory and resizes it to 224 x 224, bicubic. The contenders take turns, so that a busy
machine hurts all alike; the best round of each counts. OpenCV resizes without Pillow's
rounding: other pixels, shown for its speed only.

    python benchmarks/decode_resize.py [--rounds 7] [--size 224] [--json]
"""

import argparse
import io
import json
import os
import pathlib
import subprocess
import tempfile
import time

import numpy as np
from PIL import Image

try:
    import cv2
except ImportError:
    cv2 = None

ROOT = pathlib.Path(__file__).resolve().parents[1]
BUILD = pathlib.Path(os.environ.get("POMONA_BUILD", ROOT / "build" / "release"))
DATA = pathlib.Path(os.environ.get("POMONA_TEST_DATA", ROOT / ".." / "shared" / "fruits-360"))


def with_pillow(images, size):
    for data in images:
        image = Image.open(io.BytesIO(data)).convert("RGB")
        np.asarray(image.resize((size, size), Image.Resampling.BICUBIC))


def with_opencv(images, size):
    for data in images:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB)
        cv2.resize(image, (size, size), interpolation=cv2.INTER_CUBIC)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--images", type=int, default=1000, help="at most so many")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()

    files = sorted(DATA.rglob("*.jpg"))
    if not files:
        raise SystemExit(f"error: no JPEGs in {DATA}\nhint: set POMONA_TEST_DATA")
    files = files[:: max(1, len(files) // options.images)][: options.images]
    images = [f.read_bytes() for f in files]
    if cv2 is not None:
        cv2.setNumThreads(1)

    with tempfile.NamedTemporaryFile("w", suffix=".txt") as paths:
        paths.write("".join(f"{f}\n" for f in files))
        paths.flush()
        size = str(options.size)
        command = [
            BUILD / "benchmarks" / "decode_resize_bench",
            paths.name,
            "--rounds",
            "0",
            "--width",
            size,
            "--height",
            size,
        ]
        ours = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        best = {}
        detail = {}
        for _ in range(options.rounds):
            ours.stdin.write("\n")
            ours.stdin.flush()
            line = json.loads(ours.stdout.readline())
            if line["images_per_s"] > best.get("pomona", 0):
                best["pomona"], detail = line["images_per_s"], line
            others = {"pillow": with_pillow}
            if cv2 is not None:
                others["opencv"] = with_opencv
            for name, run in others.items():
                start = time.perf_counter()
                run(images, options.size)
                best[name] = max(best.get(name, 0), len(images) / (time.perf_counter() - start))
        ours.stdin.close()
        ours.wait()

    report = {"images": len(images), **{f"{k}_images_per_s": round(v, 1) for k, v in best.items()}}
    report["ratio_to_pillow"] = round(best["pomona"] / best["pillow"], 2)
    report |= {k: detail[k] for k in ("decode_us", "resize_us")}
    if options.json:
        print(json.dumps(report))
        return
    print(
        f"decode + resize, images/s per core: pomona {best['pomona']:,.0f} "
        f"(decode {detail['decode_us']:.0f} us, resize {detail['resize_us']:.0f} us), "
        + ", ".join(f"{name} {value:,.0f}" for name, value in best.items() if name != "pomona")
        + f"; ratio to Pillow {report['ratio_to_pillow']} (goal 3)"
    )


if __name__ == "__main__":
    main()
