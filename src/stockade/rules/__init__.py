"""Every rule, in the order of the practices. To add a rule, add its file and its line here."""

from stockade.rules._rule import Rule

RULES: tuple[Rule, ...] = ()
