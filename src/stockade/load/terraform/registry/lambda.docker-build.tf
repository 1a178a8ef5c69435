# terraform-aws-modules/lambda/aws//modules/docker-build

variable "create_ecr_repo" { default = false }
variable "ecr_address" { default = null }
variable "ecr_repo" { default = null }
variable "image_tag" { default = null }
variable "use_image_tag" { default = true }
variable "image_tag_mutability" { default = "MUTABLE" }
variable "scan_on_push" { default = false }
variable "source_path" { default = null }
variable "docker_file_path" { default = "Dockerfile" }
variable "build_args" { default = {} }
variable "build_target" { default = null }

data "aws_region" "current" {}
data "aws_caller_identity" "current" {}

locals {
  address = coalesce(
    var.ecr_address,
    "${data.aws_caller_identity.current.account_id}.dkr.ecr.${data.aws_region.current.region}.amazonaws.com",
  )
  repository = "${local.address}/${var.ecr_repo}"
}

resource "docker_image" "this" {
  name = local.repository

  build {
    context    = var.source_path
    dockerfile = var.docker_file_path
    build_args = var.build_args
    target     = var.build_target
  }
}

resource "docker_registry_image" "this" {
  name = docker_image.this.name
}

resource "aws_ecr_repository" "this" {
  count                = var.create_ecr_repo ? 1 : 0
  name                 = var.ecr_repo
  image_tag_mutability = var.image_tag_mutability

  image_scanning_configuration {
    scan_on_push = var.scan_on_push
  }
}

output "image_uri" {
  value = var.use_image_tag ? "${local.repository}:${coalesce(var.image_tag, "at-deployment")}" : "${local.repository}@${docker_registry_image.this.sha256_digest}"
}
output "image_id" { value = docker_registry_image.this.sha256_digest }
