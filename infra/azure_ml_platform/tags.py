"""The tags that every taggable resource of the platform bears."""

from collections.abc import Mapping
from datetime import date

from azure_ml_platform.catalog.tags import MANAGED_BY, Tag


def platform_tags(
    *,
    owner: str,
    cost_center: str,
    environment: str,
    workload: str,
    data_class: str,
    stack: str,
    expires_on: date | None = None,
    further: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Return the tags of one stack's resources, `further` ones of the platform team among them.

    No further tag can replace one of the platform's own.
    """
    own = {
        Tag.OWNER: owner,
        Tag.COST_CENTER: cost_center,
        Tag.ENVIRONMENT: environment,
        Tag.PROJECT: workload,
        Tag.DATA_CLASS: data_class,
        Tag.MANAGED_BY: MANAGED_BY,
        Tag.STACK: stack,
        **({Tag.EXPIRES_ON: expires_on.isoformat()} if expires_on else {}),
    }
    return {**(further or {}), **{str(tag): value for tag, value in own.items()}}
