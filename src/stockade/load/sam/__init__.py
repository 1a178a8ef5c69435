"""AWS SAM to plain CloudFormation: the resources that AWS would create, the author's lines kept.

Follows "AWS SAM resources and properties" and "Generated AWS CloudFormation resources for
AWS SAM". Nothing here reads the author's files.
"""

from stockade.load.sam.expand import Expanded, expand
from stockade.load.sam.renaming import rename_all, renamed

__all__ = ["Expanded", "expand", "rename_all", "renamed"]
