"""The tag keys that every taggable resource of the platform must bear; the policy packs read them too."""

from enum import StrEnum


class Tag(StrEnum):
    """Keys of the tags that the platform writes."""

    OWNER = "owner"
    """Mail address of whoever answers for the resource."""
    COST_CENTER = "cost-center"
    """Where the bill goes."""
    ENVIRONMENT = "environment"
    """Profile of the stack: local, dev or prod."""
    PROJECT = "project"
    """The workload."""
    DATA_CLASS = "data-class"
    """How confidential its data may be."""
    MANAGED_BY = "managed-by"
    """What changes the resource: nothing else should."""
    EXPIRES_ON = "expires-on"
    """Day after which the resource may be deleted, YYYY-MM-DD; of stacks that are not meant to stay."""
    STACK = "stack"
    """The stack that it belongs to."""


REQUIRED_TAGS: tuple[str, ...] = (
    Tag.OWNER,
    Tag.COST_CENTER,
    Tag.ENVIRONMENT,
    Tag.PROJECT,
    Tag.DATA_CLASS,
    Tag.MANAGED_BY,
)
"""Keys without which a resource is refused."""

MANAGED_BY = "pulumi"
"""Value of the `managed-by` tag."""
