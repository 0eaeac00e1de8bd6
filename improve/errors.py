"""What can go wrong that a person can mend.

ImproveError                 its message is one or more whole sentences for the person who reads it
├── InstrumentError          an instrument file is not valid (names file, path in the file, rule)
├── RegisterError            an organisation is unknown, or its name is doubtful
├── IntakeError              a file cannot be read, or its columns cannot be understood
├── SelectionError           a round, cohort or role that does not exist was asked for
├── ActionError              an action cannot be kept as it was typed, or not by this viewer
├── AssessmentError          the same of an assessment, a poll or a partnership
└── StoreError               the store cannot be opened, written or copied
    └── StoreHeldError       another process holds the store

Anything else that escapes is a bug of ours. The command line prints an ImproveError's message on
standard error and exits with 2; a page shows it in place of what it could not do.
"""


class ImproveError(Exception):
    """A mistake that the reader of its message can mend."""


class InstrumentError(ImproveError):
    """An instrument file is not valid."""


class RegisterError(ImproveError):
    """An organisation is unknown, or its name is doubtful."""


class IntakeError(ImproveError):
    """A file cannot be read, or its columns cannot be understood."""


class SelectionError(ImproveError):
    """Something that does not exist was asked for."""


class ActionError(ImproveError):
    """An action cannot be kept as it was typed, or not by this viewer."""


class CohortError(ImproveError):
    """A group cannot be saved, seen or deleted so, or not by this viewer."""


class AssessmentError(ImproveError):
    """An assessment, a poll or a partnership cannot be answered or changed so, or not by this viewer."""


class StoreError(ImproveError):
    """The store cannot be opened, written or copied."""


class StoreHeldError(StoreError):
    """Another process holds the store."""
