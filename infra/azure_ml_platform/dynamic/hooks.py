"""What is done around the engine's own operations on an endpoint and its deployments."""

import asyncio
from typing import Any

import pulumi

from azure_ml_platform.dynamic.arm import ArmClient
from azure_ml_platform.dynamic.online_endpoint import API_VERSION, container_log, live, mirrored, set_traffic


def keep_traffic(name: str) -> pulumi.ResourceHookBinding:
    """Give an endpoint its traffic back after it was written: Azure takes it away, and deployments may take long.

    `name` tells the hooks of several endpoints apart.
    """
    seen: dict[str, Any] = {}

    def look(endpoint_id: str) -> None:
        with ArmClient() as arm:
            seen["endpoint"] = arm.get(endpoint_id, API_VERSION)

    def give_back(endpoint_id: str) -> None:
        before = seen.get("endpoint")
        with ArmClient() as arm:
            now = arm.get(endpoint_id, API_VERSION)
            if before and now and (live(before), mirrored(before)) != (live(now), mirrored(now)):
                set_traffic(arm, now, live(before), mirrored(before))

    async def before_update(args: pulumi.ResourceHookArgs) -> None:
        await asyncio.to_thread(look, args.id)

    async def after_update(args: pulumi.ResourceHookArgs) -> None:
        await asyncio.to_thread(give_back, args.id)

    return pulumi.ResourceHookBinding(
        before_update=[pulumi.ResourceHook(f"{name}-before-update", before_update)],
        after_update=[pulumi.ResourceHook(f"{name}-after-update", after_update)],
    )


def tell_why(name: str, deployment: str, endpoint_id: pulumi.Output[str]) -> pulumi.ResourceHookBinding:
    """Show the end of the container's log of a deployment that failed, unless the error has it already.

    `name` tells the hooks of several deployments apart.
    """

    def log(found: str) -> list[str]:
        with ArmClient() as arm:
            return container_log(arm, f"{found}/deployments/{deployment}")

    async def on_error(args: pulumi.ErrorHookArgs) -> bool:
        found = await endpoint_id.future()
        lines = await asyncio.to_thread(log, found) if found else []
        if lines and not any(lines[-1] in error for error in args.errors):
            pulumi.log.error("\n".join([f"the end of the log of {deployment}'s container:", *lines]))
        return False

    return pulumi.ResourceHookBinding(on_error=[pulumi.ErrorHook(f"{name}-on-error", on_error)])
