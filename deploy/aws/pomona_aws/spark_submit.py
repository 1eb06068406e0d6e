"""The command line of a step: what steps.yaml has, with values in it."""

from __future__ import annotations

import re

from pomona_aws import template


def command(bucket: str, job_key: str, source: str, output: str, options: list[str]) -> list[str]:
    """The words of the command line."""
    step = template.load("steps").content["Resources"]["Extraction"]["Properties"]
    separator, text = step["HadoopJarStep"]["Args"]["Fn::Split"]
    values = {"Bucket": bucket, "JobKey": job_key, "Source": source, "Output": output}
    words: list[str] = []
    for word in text["Fn::Sub"].split(separator):
        # A value is one word, whatever is in it; the options are several.
        filled = re.sub(r"\$\{(\w+)\}", lambda name: values.get(name[1], name[0]), word)
        words += options if filled == "${Options}" else [filled]
    return words


def places(words: list[str]) -> tuple[str, str]:
    """SOURCE and OUTPUT of a command line: they follow the job's file."""
    for position, word in enumerate(words):
        if word.startswith("s3://") and word.endswith(".py"):
            return words[position + 1], words[position + 2]
    return "", ""
