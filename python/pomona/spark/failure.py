"""What went wrong in a Spark job, in words: without the stack of two languages."""

from __future__ import annotations

import re

import pomona

# The last line of a Python traceback of ours, as Spark quotes it, with our hint below.
_OURS = re.compile(r"^(?:pomona\.(?:\w+\.)*)(\w+): (.+(?:\nhint: .+)?)$", re.MULTILINE)


def kind_of(error: BaseException) -> type[BaseException]:
    """The class of the core's error that is the cause, in a task too; else the error's own."""
    if isinstance(error, pomona.PomonaError):
        return type(error)
    ours = _OURS.search(str(error))
    named = getattr(pomona, ours[1], None) if ours else None
    return named if isinstance(named, type) else type(error)


def message_of(error: BaseException) -> str:
    """What the core said, where it is the cause; else the first lines of what Spark says."""
    if isinstance(error, pomona.PomonaError):
        return str(error)
    text = str(error)
    if "No module named 'pomona'" in text:
        return (
            "the Python of Spark's workers has no pomona\n"
            "hint: PYSPARK_PYTHON names that Python, before the session is made; a session's own "
            "spark.pyspark.python counts only with spark-submit"
        )
    ours = _OURS.search(text)
    if ours:
        return ours[2]
    java = getattr(error, "java_exception", None)
    if java is not None:
        causes = []
        while java is not None and len(causes) < 10:
            causes.append(f"{java.getClass().getSimpleName()}: {java.getMessage()}")
            java = java.getCause()
        return causes[-1].split("\n\tat ")[0].strip()
    return text.split("\n\nJVM stacktrace:")[0].strip() or type(error).__name__
