"""Compute instances: a person's own machine, which stops when it is idle and every evening."""

from pulumi_azure_native import machinelearningservices
from pydantic import Field

from azure_ml_platform.args import Args, Input


class InstanceArgs(Args):
    """A compute instance of one person."""

    user_object_id: Input[str]
    """Required. Object id of the person; nobody else opens the instance. A change replaces it."""
    user_tenant_id: Input[str]
    """Required. Tenant of the person."""
    vm_size: str
    """Required. Size of the machine. A change replaces it."""
    idle_minutes: int = Field(default=30, ge=15, le=4320)
    """Optional. Minutes without activity after which it stops. Default 30."""
    stops_at: str | None = "19:00"
    """Optional. Time of day at which it stops, `HH:MM`. Default 19:00."""
    time_zone: str = "UTC"
    """Optional. Time zone of that time, as Windows names it. Default UTC."""


def instance_properties(
    instance: InstanceArgs, *, node_public_ip: bool, subnet_id: Input[str] | None
) -> "machinelearningservices.ComputeInstancePropertiesArgs":
    """An instance that only its person opens, without SSH."""
    return machinelearningservices.ComputeInstancePropertiesArgs(
        vm_size=instance.vm_size,
        application_sharing_policy="Personal",
        compute_instance_authorization_type="personal",
        enable_node_public_ip=node_public_ip,
        enable_sso=True,
        subnet=machinelearningservices.ResourceIdArgs(id=subnet_id) if subnet_id else None,
        idle_time_before_shutdown=f"PT{instance.idle_minutes}M",
        personal_compute_instance_settings=machinelearningservices.PersonalComputeInstanceSettingsArgs(
            assigned_user=machinelearningservices.AssignedUserArgs(
                object_id=instance.user_object_id, tenant_id=instance.user_tenant_id
            )
        ),
        schedules=_schedules(instance),
        ssh_settings=machinelearningservices.ComputeInstanceSshSettingsArgs(ssh_public_access="Disabled"),
    )


def _schedules(instance: InstanceArgs) -> "machinelearningservices.ComputeSchedulesArgs | None":
    """One schedule, the same however often it is sent."""
    if instance.stops_at is None:
        return None
    hours, minutes = instance.stops_at.split(":")
    stop = machinelearningservices.ComputeStartStopScheduleArgs(
        action="Stop",
        status="Enabled",
        trigger_type="Cron",
        cron=machinelearningservices.CronArgs(
            expression=f"{int(minutes)} {int(hours)} * * *", time_zone=instance.time_zone
        ),
    )
    return machinelearningservices.ComputeSchedulesArgs(compute_start_stop=[stop])
