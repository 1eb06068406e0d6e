"""FOLDER/expected.json: what `predict` answers of some pictures of the set, for app.test.mjs."""

import json
import pathlib
import subprocess
import sys
import tempfile

import pyarrow.parquet

PER_LABEL = 2


def main():
    folder = pathlib.Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as scratch:
        chosen = pathlib.Path(scratch, "images")
        sources = {}
        for label in sorted((folder / "images" / "Test").iterdir()):
            (chosen / label.name).mkdir(parents=True)
            for image in sorted(label.iterdir())[:PER_LABEL]:
                copy = chosen / label.name / image.name
                copy.write_bytes(image.read_bytes())
                sources[f"file:{copy}"] = str(image)
        answers = pathlib.Path(scratch, "answers")
        command = ["build/release/pomona", "predict", chosen, answers, "--quiet"]
        subprocess.run([*command, "--classifier", folder / "fruits.classifier"], check=True)
        rows = pyarrow.parquet.read_table(answers).to_pylist()
    told = []
    for row in rows:
        first, second = sorted(row["probabilities"], reverse=True)[:2]
        told.append(
            {
                "path": sources[row["path"]],
                "predicted": row["predicted"],
                "probability": first,
                "second_gap": first - second,
            }
        )
    (folder / "expected.json").write_text(json.dumps(told))


if __name__ == "__main__":
    main()
