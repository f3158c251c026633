"""The container registry of the platform's images."""

from typing import Self

import pulumi
from pulumi_azure_native import containerregistry
from pydantic import Field, model_validator

from azure_ml_platform.args import Input
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components.interfaces import ComponentArgs, DiagnosticsArgs, NetworkAccessArgs, diagnose
from azure_ml_platform.components.private_endpoints import PrivateEndpoints, connect
from azure_ml_platform.vocabulary import RegistrySku


class RegistryArgs(ComponentArgs):
    """Inputs of Registry."""

    resource_group_name: Input[str]
    """Required. Resource group that holds the registry."""
    location: Input[str]
    """Required. Azure region."""
    registry_name: str
    """Required. Name of the registry, unique in the whole cloud: letters and digits."""
    sku: RegistrySku = RegistrySku.PREMIUM
    """Optional. Tier. Default Premium, the only one that can be closed."""
    network: NetworkAccessArgs = NetworkAccessArgs()
    """Optional. Who reaches the registry from outside; public without addresses is everyone. Default nobody."""
    zone_redundancy: bool = True
    """Optional. Spread over availability zones (Premium). Fixed at creation. Default true."""
    untagged_retention_days: int | None = Field(default=30, ge=0, le=365)
    """Optional. Days that manifests without a tag are kept, None for ever (Premium). Default 30."""
    private_endpoints: PrivateEndpoints = {}
    """Optional. Private endpoints by group id: registry. Default none."""
    diagnostics: DiagnosticsArgs | None = None
    """Optional. Where sign-ins and pulls are logged. Default nowhere."""
    protect: bool = False
    """Optional. Refuse to delete or replace the registry. Default false."""

    @model_validator(mode="after")
    def _only_premium_is_closed(self) -> Self:
        if self.sku is not RegistrySku.PREMIUM and (not self.network.public or self.network.allowed_ip_ranges):
            raise ValueError(
                f"sku {self.sku} has no network rules: "
                "take sku Premium, or network.public = true without network.allowed_ip_ranges"
            )
        if self.sku is not RegistrySku.PREMIUM and self.private_endpoints:
            raise ValueError(f"sku {self.sku} has no private endpoints: take sku Premium, or leave them out")
        return self


class Registry(PlatformComponent):
    """A registry without an administrator account and without anonymous pulls."""

    registry_id: pulumi.Output[str]
    """Resource id of the registry."""
    login_server: pulumi.Output[str]
    """Host that images are pulled from."""

    def __init__(self, name: str, args: RegistryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the registry and its diagnostic setting."""
        args = RegistryArgs.model_validate(args)
        super().__init__(name, opts, keep_sdk_aliases=args.keep_sdk_aliases)
        premium = args.sku is RegistrySku.PREMIUM
        self.registry = containerregistry.Registry(
            f"{name}-registry",
            registry_name=args.registry_name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            sku={"name": args.sku.value},
            admin_user_enabled=False,
            anonymous_pull_enabled=False,
            public_network_access=args.network.state,
            network_rule_bypass_options="AzureServices",
            network_rule_set=_network_rules(args) if premium else None,
            policies=_policies(args) if premium else None,
            zone_redundancy=("Enabled" if args.zone_redundancy else "Disabled") if premium else None,
            tags=args.tags,
            opts=self.child(protect=args.protect),
        )
        arm_type = "Microsoft.ContainerRegistry/registries"
        diagnose(self, f"{name}-diagnostics", arm_type, self.registry.id, args.diagnostics)
        self.private_endpoints = connect(self, name, self.registry.id, args.private_endpoints, args)
        self.registry_id = self.registry.id
        self.login_server = self.registry.login_server
        self.finish()


def _network_rules(args: RegistryArgs) -> "containerregistry.NetworkRuleSetArgs":
    open_to_all = args.network.public and not args.network.allowed_ip_ranges
    return containerregistry.NetworkRuleSetArgs(
        default_action="Allow" if open_to_all else "Deny",
        ip_rules=[
            containerregistry.IPRuleArgs(action="Allow", i_p_address_or_range=address)
            for address in args.network.allowed_ip_ranges
        ],
    )


def _policies(args: RegistryArgs) -> "containerregistry.PoliciesArgs":
    days = args.untagged_retention_days
    return containerregistry.PoliciesArgs(
        retention_policy=containerregistry.RetentionPolicyArgs(
            status="disabled" if days is None else "enabled", days=days
        ),
        # Azure accepts a closed export only where the public endpoint is closed too.
        export_policy=containerregistry.ExportPolicyArgs(status="enabled" if args.network.public else "disabled"),
    )
