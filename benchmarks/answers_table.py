"""The table of answers: every configuration asked every question, with the honest one always there.

    answers_table.py [--only NAME...] [--data NAME...] [--against NAME] [--list]

Prints, and writes build/bench/answers.json.
"""

import argparse
import dataclasses
import functools
import json
import os
import sys

import numpy as np
from answers_configurations import CONFIGURATIONS, Configuration
from answers_features import Features, NotKnownError, features_of
from answers_intervals import interval
from answers_kept import kept
from answers_logistic import logistic
from answers_movies import real_data
from answers_nearest import cosine, discriminant
from answers_questions import QUESTIONS, Answer, Question
from hardware import describe
from measure import REPOSITORY, line

REPORT = REPOSITORY / "build" / "bench" / "answers.json"
ALWAYS = "fruits-81"  # has the honest split
GOALS = (
    # What, its less, and at least: an accuracy or a difference, of the honest question.
    ("lite0-fast", "lite0-same", -0.01),
    ("lite0-rich", None, 0.88),
)


class Row:
    """What one configuration answered, by question and answerer."""

    def __init__(self, name: str):
        self.name = name
        self.answers: dict[tuple[str, str], Answer] = {}
        self.numbers = 0
        self.extract_seconds: dict[str, float] = {}

    def ask(self, question: Question, features: Features) -> None:
        self.numbers = features.original.shape[1]
        self.extract_seconds[question.data] = features.seconds
        ways = {"cosine": cosine, "discriminant": discriminant, "logistic": logistic}
        if question.name == "official":
            # The official split is no judge of anything: the penalty is the honest one's.
            penalty = self.answers["honest", "logistic"].penalty
            ways = {"logistic": functools.partial(logistic, penalty=penalty)}
        if question.name == "unseen":
            del ways["logistic"]
        for answerer, way in ways.items():
            learn = functools.partial(way, question, features)
            answer = kept(features.folder, f"{question.name}-{answerer}", learn)
            self.answers[question.name, answerer] = answer
            if answer.averaged is not None:
                averaged = dataclasses.replace(answer, right=answer.averaged)
                self.answers[question.name, f"{answerer}, averaged"] = averaged

    def record(self) -> dict:
        return {"numbers": self.numbers, "extract_seconds": self.extract_seconds}


def ask(configuration: Configuration, data: list[str], asked: dict[str, Question]) -> Row:
    row = Row(configuration.name)
    for name in data:
        features = features_of(configuration, real_data() / name)
        for question in QUESTIONS[name](features.paths):
            asked[question.name] = question
            row.ask(question, features)
    return row


def said(ends: tuple[float, float, float], sign: str = "") -> str:
    return "{0:{3}.3f} ({1:{3}.3f} to {2:{3}.3f})".format(*ends, sign)


def accuracies(question: Question, rows: list[Row], base: Row | None) -> list[dict]:
    """One for each configuration and answerer, with the difference from the base's same one."""
    clusters = question.variety[question.test]
    found = []
    for row in rows:
        for (name, answerer), answer in row.answers.items():
            if name != question.name:
                continue
            # Averaged views are compared with the base's images as they are.
            other = base.answers.get((name, answerer.split(",")[0])) if base else None
            less = None
            if other is not None and other is not answer:
                less = interval(answer.right.astype(float) - other.right, clusters)
            found.append(
                {
                    "configuration": row.name,
                    "answerer": answerer,
                    "accuracy": interval(answer.right, clusters),
                    "less": less,
                    "seconds": answer.seconds,
                    "penalty": answer.penalty,
                }
            )
    return found


def print_question(question: Question, rows: list[Row], base: Row | None) -> list[dict]:
    learned, asked = len(question.train), len(question.test)
    names = len(np.unique(question.labels[question.train]))
    print(f"\n{question.name}: {question.says}")
    print(f"  {learned:,} images to learn from, {asked:,} asked, {names} names")
    found = accuracies(question, rows, base)
    less = f"less {base.name}" if base else ""
    print(f"  {'':<24}{'':<20}{'right':<26}{less:<29}seconds, C")
    for one in found:
        difference = said(one["less"], "+") if one["less"] else ""
        cost = f"{one['seconds']:.0f}" + (f", {one['penalty']:g}" if one["penalty"] else "")
        who = f"  {one['configuration']:<24}{one['answerer']:<20}"
        print(f"{who}{said(one['accuracy']):<26}{difference:<29}{cost}")
    return found


def print_defects(question: Question, rows: list[Row]) -> list[dict]:
    """Counts: there is one apple of each fault, and no interval over one."""
    print(f"\n{question.name}: {question.says}")
    labels = question.labels[question.test]
    found = []
    for row in rows:
        for (name, answerer), answer in row.answers.items():
            if name != question.name:
                continue
            counts = {
                str(label): (int(answer.right[labels == label].sum()), int(sum(labels == label)))
                for label in np.unique(labels)
            }
            shown = ", ".join(f"{label} {a} of {b}" for label, (a, b) in counts.items())
            print(f"  {row.name:<24}{answerer:<20}{shown}")
            found.append({"configuration": row.name, "answerer": answerer, "right": counts})
    return found


def print_goals(honest: Question, rows: dict[str, Row]) -> None:
    clusters = honest.variety[honest.test]
    print()
    for name, less, least in GOALS:
        if name not in rows or (less and less not in rows):
            continue
        right = rows[name].answers["honest", "logistic"].right.astype(float)
        if less:
            right = right - rows[less].answers["honest", "logistic"].right
        line(
            f"honest, {name}" + (f" less {less}" if less else ""),
            f">= {least}",
            said(interval(right, clusters)),
        )


def show(rows: dict[str, Row], asked: dict[str, Question], against: str) -> dict:
    """Prints what was asked and answered; returns it for the report."""
    all_rows, base = list(rows.values()), rows.get(against)
    found = {}
    for name, question in asked.items():
        tell = print_defects if name == "defects" else functools.partial(print_question, base=base)
        found[name] = {"says": question.says, "answers": tell(question, all_rows)}
    print("\nextract, seconds of the whole process, when the table was made:")
    for row in all_rows:
        each = ", ".join(f"{data} {spent:.0f}" for data, spent in row.extract_seconds.items())
        print(f"  {row.name:<24}{row.numbers:>6,} numbers an image   {each}")
    if "honest" in asked:
        print_goals(asked["honest"], rows)
    return {"questions": found, "configurations": {row.name: row.record() for row in all_rows}}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", metavar="NAME", help="these configurations alone")
    parser.add_argument("--data", nargs="+", choices=QUESTIONS, default=list(QUESTIONS))
    parser.add_argument("--against", metavar="NAME", default="lite0-same", help="what all are less")
    parser.add_argument("--list", action="store_true", help="the configurations and their flags")
    options = parser.parse_args()
    if options.list:
        for one in CONFIGURATIONS:
            print(f"{one.name:<24}{' '.join(one.flags)}")
        return
    names = {options.against, *(options.only or (one.name for one in CONFIGURATIONS))}
    wanted = [one for one in CONFIGURATIONS if one.name in names]
    unknown = names - {one.name for one in wanted}
    if unknown:
        sys.exit(f"answers: no configuration {', '.join(sorted(unknown))}; --list names them")
    data = [name for name in QUESTIONS if name == ALWAYS or name in options.data]
    rows: dict[str, Row] = {}
    left_out: dict[str, str] = {}
    asked: dict[str, Question] = {}
    for number, one in enumerate(wanted):
        print(f"{number + 1} of {len(wanted)}: {one.name}", file=sys.stderr, flush=True)
        try:
            rows[one.name] = ask(one, data, asked)
        except NotKnownError as error:
            left_out[one.name] = str(error)
    report = show(rows, asked, options.against)
    for name, why in left_out.items():
        print(f"left out: {name}: {why}")
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    report.update(left_out=left_out, hardware=describe(len(os.sched_getaffinity(0))))
    REPORT.write_text(json.dumps(report, indent=2) + "\n")


if __name__ == "__main__":
    main()
