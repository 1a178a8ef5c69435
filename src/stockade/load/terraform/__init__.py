"""Terraform and OpenTofu: configurations of HCL read as templates of CloudFormation."""

from stockade.load.terraform.drafts import drafts

__all__ = ["drafts"]
