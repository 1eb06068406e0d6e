"""The nearest image that may be learned from answers: by cosine, and in discriminant directions.

Discriminant directions are what linear discriminant analysis finds: they shrink what frames of one
variety differ in and keep what varieties do. They need a mean and a covariance, no penalty and no
steps, and what they learned of some varieties holds for others.
"""

import time

import numpy as np
from answers_features import Features
from answers_questions import Answer, Question
from answers_rows import Rows
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

# Chosen on movies of apples that fruits-81 lacks; 0.01 to 0.3 are nearly equal.
SHRINKAGE = 0.1


def by_cosine(question: Question, known: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """`known`, `asked`: rows of the question's train and test. Which are named rightly."""
    known, asked = (x / np.linalg.norm(x, axis=1, keepdims=True) for x in (known, asked))
    found = question.train[(asked @ known.T).argmax(axis=1)]
    return question.labels[found] == question.labels[question.test]


def cosine(question: Question, features: Features) -> Answer:
    rows = Rows(features, question.train)
    known, asked = rows.original(question.train), rows.original(question.test)
    return Answer(by_cosine(question, known, asked), 0)


def discriminant(question: Question, features: Features) -> Answer:
    """Turned views are learned from, and not compared."""
    start = time.monotonic()
    rows = Rows(features, question.teachers)
    x, labels = rows.to_learn(question.teachers, question.variety)
    model = LinearDiscriminantAnalysis(solver="eigen", shrinkage=SHRINKAGE).fit(x, labels)
    # About the mean: a cosine is of directions from somewhere.
    known, asked = (
        model.transform(rows.original(images) - x.mean(axis=0))
        for images in (question.train, question.test)
    )
    seconds = time.monotonic() - start
    return Answer(by_cosine(question, known, asked), seconds)
