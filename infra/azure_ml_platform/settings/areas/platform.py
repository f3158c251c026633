"""What every resource of the stack shares: names, place, tags."""

from collections.abc import Iterable, Mapping
from typing import Annotated

from azure_ml_platform.catalog.tags import Tag
from azure_ml_platform.constraints import whole
from azure_ml_platform.settings.area import Area, Broken, Mend
from azure_ml_platform.vocabulary import (
    AzureLocation,
    CostCenter,
    DataClass,
    Day,
    Email,
    Seed,
    TagKey,
    TagValue,
    WorkloadName,
)


class PlatformSettings(Area):
    """What the platform is called, where it is and who answers for it."""

    workload: WorkloadName
    """Name of the workload; part of every resource's name. Changing it replaces the platform."""
    location: AzureLocation
    """Azure region of all resources. Changing it replaces the platform."""
    owner: Email
    """Who answers for the platform; the `owner` tag, and the default receiver of alerts."""
    cost_center: CostCenter
    """Cost centre that pays; the `cost-center` tag."""
    data_class: DataClass = DataClass.INTERNAL
    """How confidential the data may be; the `data-class` tag."""
    seed: Seed
    """Random characters, written once per stack, that make its globally unique names its own."""
    generation: Annotated[int, whole(1, 99)] = 1
    """Raised to rebuild a stack whose old names are still held by soft-deleted resources."""
    expires_on: Day | None = None
    """Last day of a stack that is not meant to stay, as YYYY-MM-DD; the `expires-on` tag, for whoever cleans up."""
    tags: Mapping[TagKey, TagValue] = {}
    """Further tags for every resource."""
    keep_sdk_aliases: bool = False
    """Keep the SDK's historic aliases of every resource, for a stack that its version 1 or 2 has written."""

    def conflicts(self) -> Iterable[Broken]:  # noqa: D102 - as the base
        own = {str(tag) for tag in Tag}
        for key in self.tags:
            if key.lower() in own:
                yield Broken(("tags", key), "left out: the platform writes this tag itself", Mend.REMOVE)
