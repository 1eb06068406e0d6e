"""The command line of a step: what steps.yaml has, with values in it."""

from __future__ import annotations

from pomona_aws import template


def command(bucket: str, job_key: str, source: str, output: str, options: list[str]) -> list[str]:
    """The words of the command line."""
    step = template.load("steps").content["Resources"]["Extraction"]["Properties"]
    separator, text = step["HadoopJarStep"]["Args"]["Fn::Split"]
    values = {
        "${Bucket}": bucket, "${JobKey}": job_key, "${Source}": source, "${Output}": output,
    }  # fmt: skip
    words: list[str] = []
    for word in text["Fn::Sub"].split(separator):
        if word == "${Options}":
            words += options
            continue
        # A value is one word, whatever is in it.
        for name, value in values.items():
            word = word.replace(name, value) if name in word else word
        words.append(word)
    return words


def places(words: list[str]) -> tuple[str, str]:
    """SOURCE and OUTPUT of a command line: they follow the job's file."""
    for position, word in enumerate(words):
        if word.startswith("s3://") and word.endswith(".py"):
            return words[position + 1], words[position + 2]
    return "", ""
