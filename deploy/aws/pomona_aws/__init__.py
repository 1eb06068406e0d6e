"""Drives Pomona on AWS: the stacks of deploy/aws, jobs on them, what jobs leave.

`command` is the command line; `stacks` knows which template needs what of which, `jobs` what is
submitted, `template` how CloudFormation's YAML is read.
"""
