"""scikit-learn's logistic regression answers: its penalty is chosen inside training."""

import time
import warnings

import numpy as np
from answers_features import Features
from answers_questions import Answer, Question
from answers_rows import Rows
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

PENALTIES = (1.0, 10.0, 100.0, 1000.0)  # scikit-learn's C: larger is less penalty
STEPS = 300


def learn(model: LogisticRegression, rows: Rows, images: np.ndarray, labels: np.ndarray) -> None:
    x, y = rows.to_learn(images, labels)
    with warnings.catch_warnings():
        # A fit that has not settled after so many steps is one that stopped early: no worse.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(x, y)


def chosen_penalty(rows: Rows, question: Question) -> float:
    """Of PENALTIES, by images of training alone. One fold is learned from and the others are asked,
    as they are and not turned: with all folds but one nearly all answers are right, as a movie
    shows a fruit from all sides, and nothing is chosen."""
    folds = question.folds[question.train]
    right = dict.fromkeys(PENALTIES, 0)
    for fold in np.unique(folds)[::2]:  # opposite sides of the fruit
        known, asked = question.train[folds == fold], question.train[folds != fold]
        model = LogisticRegression(max_iter=STEPS, warm_start=True)
        for penalty in PENALTIES:
            learn(model.set_params(C=penalty), rows, known, question.labels)
            right[penalty] += np.sum(model.predict(rows.original(asked)) == question.labels[asked])
    return max(PENALTIES, key=lambda penalty: right[penalty])  # of equals the strongest


def logistic(question: Question, features: Features, penalty: float | None = None) -> Answer:
    """`penalty`: where it is known; else it is chosen."""
    start = time.monotonic()
    rows = Rows(features, question.train)
    penalty = penalty or chosen_penalty(rows, question)
    model = LogisticRegression(C=penalty, max_iter=STEPS)
    learn(model, rows, question.train, question.labels)
    seconds = time.monotonic() - start
    seen = model.decision_function(rows.original(question.test))
    turned = [model.decision_function(view) for view in rows.views(question.test)]

    def right(scores: np.ndarray) -> np.ndarray:
        return model.classes_[scores.argmax(axis=1)] == question.labels[question.test]

    # The scores are linear: their mean is the score of the mean of the features.
    averaged = right(np.mean([seen, *turned], axis=0)) if turned else None
    return Answer(right(seen), seconds, penalty, averaged)
