"""What ends a command with a message."""


class AwsError(Exception):
    """`hint`: what would do."""

    exit_code = 1

    def __init__(self, message: str, hint: str = ""):
        super().__init__(message)
        self.hint = hint


class Refused(AwsError):
    """Asked for something that cannot be; nothing was begun."""

    exit_code = 2


class Failed(AwsError):
    """Something that was begun went wrong."""
