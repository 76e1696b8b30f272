"""What a user can get wrong. Each error is one line that says what, where and what to do; the command line ends with exit code 2."""


class CorpusmillError(Exception):
    """A mistake the user can mend. The message is one line for the terminal."""


class ConfigError(CorpusmillError):
    """A setting is unknown, missing, of the wrong type or out of range."""


class InputError(CorpusmillError):
    """A file that was named is missing, twice there, or of no known format."""


class StoreError(CorpusmillError):
    """The store root is not ours, or a table in it is not what this version expects."""


class NotReadyError(CorpusmillError):
    """A job was asked for whose inputs no other job has made yet, or has made with other settings."""


class TooLittleInputError(CorpusmillError):
    """So little is left that the job has nothing to do. A pipeline ends here with its report, and exit code 0."""
