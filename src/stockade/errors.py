"""What can go wrong, by who must act. Every error says what to do next."""


class StockadeError(Exception):
    """Something failed. `str()` says what and where, `hint` what to do next."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class InputError(StockadeError):
    """The user's files or arguments must change."""


class ConfigError(StockadeError):
    """The configuration file must change."""


class RuleError(StockadeError):
    """A rule failed: our bug."""
