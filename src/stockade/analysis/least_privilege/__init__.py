"""What each function's role should have been: needed, granted, the difference, and the proof."""

from stockade.analysis.least_privilege.excess import Excess, wider
from stockade.analysis.least_privilege.generated import GeneratedPolicy, Statement
from stockade.analysis.least_privilege.granted import Grant, Granted
from stockade.analysis.least_privilege.judgement import (
    Judgement,
    Privileges,
    judge,
    privileges,
)
from stockade.analysis.least_privilege.proof import Proof
from stockade.analysis.least_privilege.summary import line_of, place_of, summary, use_of

__all__ = [
    "Excess",
    "GeneratedPolicy",
    "Grant",
    "Granted",
    "Judgement",
    "Privileges",
    "Proof",
    "Statement",
    "judge",
    "line_of",
    "place_of",
    "privileges",
    "summary",
    "use_of",
    "wider",
]
