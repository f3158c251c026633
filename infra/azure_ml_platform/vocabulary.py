"""The words of the settings: constrained types and closed sets, each with its rule as a sentence."""

import re
import secrets
import string
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from azure_ml_platform import parsing
from azure_ml_platform.catalog.regions import REGIONS
from azure_ml_platform.catalog.vm_sizes import VM_SIZES
from azure_ml_platform.constraints import Constraint, Text, broken


def _day(value: Any) -> Any:
    # The engine hands an unquoted YAML date over as a moment; only its day counts.
    moment = re.fullmatch(r"(\d{4}-\d\d-\d\d)[T ]00:00:00.*", value) if isinstance(value, str) else None
    return moment[1] if moment else value


@dataclass(frozen=True)
class _FirstOfMonth(Constraint):
    def check(self, value: date) -> date:
        if value.day != 1:
            raise broken(self.rule, value.replace(day=1).isoformat())
        return value

    def suggestion(self) -> str:
        return date.today().replace(day=1).isoformat()


@dataclass(frozen=True)
class _Seed(Text):
    def suggestion(self) -> str:
        alphabet = string.ascii_lowercase + string.digits
        return secrets.choice(string.ascii_lowercase) + "".join(secrets.choice(alphabet) for _ in range(4))


def _arm_id(arm_type: str, name: str) -> Text:
    """An ARM id of a type in a resource group; `name` may go on with child segments, as `name/subnets/child`."""
    example = f"/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-hub/providers/{arm_type}/{name}"
    _, *children = name.split("/")
    tail = "".join(f"/{kind}/[^/]+" for kind in children[::2])
    pattern = rf"/subscriptions/[0-9a-f-]{{36}}/resourceGroups/[^/]+/providers/{re.escape(arm_type)}/[^/]+{tail}"
    full = "/".join((arm_type, *children[::2]))
    return Text(f"the ARM id of a {full}", example, pattern)


FIRST_OF_MONTH = _FirstOfMonth("the first day of a month, as YYYY-MM-DD", "2027-01-01")

is_registry_asset = parsing.is_registry_asset

AzureLocation = Annotated[
    str,
    Text("the programmatic name of an Azure region", "westeurope", parse=parsing.location, choices=tuple(REGIONS)),
]
"""An Azure region of the catalog."""

BudgetStart = Annotated[date, Field(strict=False), FIRST_OF_MONTH, BeforeValidator(_day)]
"""First day of a budget's first month."""

Day = Annotated[date, Field(strict=False), BeforeValidator(_day)]
"""A day."""

ClusterName = Annotated[
    str,
    Text(
        "a name of 3 to 24 lower-case letters, digits and single hyphens that starts with a letter",
        "cpu-cluster",
        r"(?=.{3,24}$)[a-z](-?[a-z0-9])*",
    ),
]
"""Name of a compute cluster in its workspace (Microsoft.MachineLearningServices/workspaces/computes)."""

InstanceName = Annotated[
    str,
    Text(
        "a name of 3 to 24 lower-case letters, digits and single hyphens that starts with a letter and does not end "
        "with a hyphen and digits",
        "ci-jane",
        r"(?=.{3,24}$)(?!.*-[0-9]+$)[a-z](-?[a-z0-9])*",
    ),
]
"""Name of a compute instance, unique in its region (Microsoft.MachineLearningServices/workspaces/computes)."""

ObjectId = Annotated[
    str,
    Text(
        "the object id of a user or group of Microsoft Entra, a GUID",
        "00000000-0000-4000-8000-000000000001",
        r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    ),
]
"""Object id of a principal of Microsoft Entra."""

TimeOfDay = Annotated[str, Text("a time of day, hours and minutes", "19:00", r"([01][0-9]|2[0-3]):[0-5][0-9]")]
"""A time of day."""

TimeZone = Annotated[
    str, Text("a time zone as Windows names it", "W. Europe Standard Time", r"[A-Za-z][A-Za-z0-9 .+()-]{2,59}")
]
"""A time zone, as schedules of Azure Machine Learning name it."""

VmFamily = Annotated[
    str,
    Text(
        "a family of virtual machine sizes of the catalog",
        "standardDSv2Family",
        choices=tuple(sorted({size.family for size in VM_SIZES.values() if not size.retired})),
        parse=parsing.vm_family,
    ),
]
"""Family of sizes that share a quota."""

CodeSource = Annotated[
    str,
    Text(
        "the path of a folder in the project or the id of a code version in a registry",
        "examples/model/scoring",
        parse=parsing.asset("codes", "scoring"),
    ),
]
"""A folder of scoring code of the project, or of a machine learning registry."""

ContainerName = Annotated[
    str,
    Text(
        "a name of 3 to 63 lower-case letters, digits and single hyphens, a letter or digit at both ends",
        "models",
        r"(?=.{3,63}$)[a-z0-9](-?[a-z0-9])*",
    ),
]
"""Name of a blob container."""

CostCenter = Annotated[
    str,
    Text("1 to 64 letters, digits, dots, hyphens and underscores", "ml-4711", r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"),
]
"""Cost centre as the bill's reader knows it."""

Email = Annotated[
    str, Text("a mail address", "ml-platform@example.com", r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
]
"""A mail address."""

EnvironmentSource = Annotated[
    str,
    Text(
        "the path of a conda file in the project or the id of an environment version in a registry",
        "examples/model/environment.yaml",
        parse=parsing.asset("environments", "scoring"),
    ),
]
"""A conda file of the project, or an environment of a machine learning registry."""

HostName = Annotated[
    str,
    Text(
        "a fully qualified domain name in lower case",
        "contoso.blob.core.windows.net",
        r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}",
    ),
]
"""Name of a host."""

IpRange = Annotated[str, Text("a public IPv4 address or CIDR block", "198.51.100.0/24", parse=parsing.ip_range)]
"""A public IPv4 address or CIDR block, as the firewalls of storage, vault and registry take it."""

IpAddress = Annotated[str, Text("an IPv4 address", "10.0.0.4", parse=parsing.ip_address)]
"""One IPv4 address."""
KubernetesVersion = Annotated[str, Text("a minor version of Kubernetes", "1.33", r"1\.\d\d")]
"""A minor version of Kubernetes; the cluster gets its newest patch."""

LogTableName = Annotated[
    str, Text("the name of a table of a Log Analytics workspace", "AppTraces", r"[A-Za-z][A-Za-z0-9_]{2,62}")
]
"""Name of a table (Microsoft.OperationalInsights/workspaces/tables)."""

KeyId = Annotated[
    str,
    Text(
        "the address of a version of a key in a vault",
        "https://kv-keys.vault.azure.net/keys/workspace/0123456789abcdef0123456789abcdef",
        r"https://[a-z0-9-]+\.vault\.[a-z.]+/keys/[A-Za-z0-9-]+/[0-9a-f]{32}",
    ),
]
"""Address of a key in a vault (Microsoft.KeyVault/vaults/keys)."""

ModelName = Annotated[
    str,
    Text(
        "a name of 2 to 20 lower-case letters, digits and single hyphens that starts with a letter",
        "wine-quality",
        r"(?=.{2,20}$)[a-z](-?[a-z0-9])*",
    ),
]
"""Name of a deployed model; part of its endpoint's name."""

ModelSource = Annotated[
    str,
    Text(
        "the path of a model in the project or the id of a model version in a registry",
        "examples/model/model",
        parse=parsing.asset("models", "wine-quality"),
    ),
]
"""A file or folder of the project, or a model of a machine learning registry."""

PoolName = Annotated[
    str,
    Text("a name of 1 to 12 lower-case letters and digits that starts with a letter", "gpu", r"[a-z][a-z0-9]{0,11}"),
]
"""Name of a node pool (Microsoft.ContainerService/managedClusters/agentPools, pools of Linux)."""

PluginVersion = Annotated[str, Text("a version of three numbers", "4.34.2", r"\d+\.\d+\.\d+")]
"""Version of a plugin of the engine."""

ProjectPath = Annotated[
    str, Text("a path inside the project, relative to its root", "examples/model", parse=parsing.project_path)
]
"""A file or folder of the project."""

Repository = Annotated[str, Text("a repository as organisation/name", "organisation/repository", r"[\w.-]+/[\w.-]+")]
"""A repository on GitHub."""

GitName = Annotated[str, Text("the name of a branch or an environment", "main", r"[\w][\w./-]{0,99}")]
"""Name of a branch or of an environment of a repository."""

SchemaName = Annotated[
    str,
    Text(
        "a name of 1 to 255 lower-case letters, digits and underscores that starts with a letter",
        "features",
        r"[a-z][a-z0-9_]{0,254}",
    ),
]
"""Name of a schema in Unity Catalog."""

Seed = Annotated[
    str, _Seed("five lower-case letters and digits that start with a letter", "k7m2x", r"[a-z][a-z0-9]{4}")
]
"""Five characters that tell this stack's globally unique names from everyone else's."""

SqlName = Annotated[
    str,
    Text("a name of 1 to 128 printable characters", "people", r"[^\x00-\x1f\x7f]{1,128}"),
]
"""Name of a schema, table or column."""

SqlSku = Annotated[
    str,
    Text(
        "a service objective of SQL Database, such as GP_S_Gen5_1, GP_Gen5_2, BC_Gen5_4, HS_Gen5_2 or S1",
        "GP_S_Gen5_1",
        r"(GP|BC|HS)(_S)?_(Gen5|PRMS|MOPRMS)_[0-9]{1,3}|Basic|S([0-4]|6|7|9|12)|P(1|2|4|6|11|15)",
    ),
]
"""Size of a SQL database."""

CheckName = Annotated[
    str,
    Text(
        "a name of 1 to 60 lower-case letters, digits and single hyphens",
        "orders-have-a-customer",
        r"(?=.{1,60}$)[a-z](-?[a-z0-9])*",
    ),
]
"""Name of a data quality check; part of its job's name."""

Duration = Annotated[
    str,
    Text("an ISO 8601 duration such as PT1H or P1D", "P1D", r"P(?=[0-9T])([0-9]+[YMWD])*(T([0-9]+[HMS])+)?"),
]
"""A span of time."""

TagKey = Annotated[
    str,
    Text("a tag name of 1 to 128 characters without < > % & \\ ? /", "team", r"[^<>%&\\?/]{1,128}"),
]
"""Name of a tag; storage accounts allow 128 characters, everything else more."""

TagValue = Annotated[str, Text("a tag value of 1 to 256 characters", "vision", r".{1,256}")]
"""Value of a tag."""

VariableName = Annotated[
    str, Text("a variable name of letters, digits and underscores", "LOG_LEVEL", r"[A-Za-z_][A-Za-z0-9_]*")
]
"""Name of an environment variable."""

NetworkRange = Annotated[
    str, Text("a private IPv4 block (RFC 1918) of /29 or more addresses", "10.40.0.0/16", parse=parsing.network_range)
]
"""Addresses of a virtual network or of a subnet in it."""

NetworkWatcherId = Annotated[str, _arm_id("Microsoft.Network/networkWatchers", "NetworkWatcher_westeurope")]
"""ARM id of a network watcher."""

PrivateDnsZoneId = Annotated[str, _arm_id("Microsoft.Network/privateDnsZones", "privatelink.vaultcore.azure.net")]
"""ARM id of a private DNS zone, in whatever subscription."""

SubnetId = Annotated[str, _arm_id("Microsoft.Network/virtualNetworks", "vnet-hub/subnets/links")]
"""ARM id of a subnet."""

VirtualNetworkId = Annotated[str, _arm_id("Microsoft.Network/virtualNetworks", "vnet-hub")]
"""ARM id of a virtual network, in whatever subscription."""

VaultId = Annotated[str, _arm_id("Microsoft.KeyVault/vaults", "kv-keys")]
"""ARM id of a key vault."""

VmSize = Annotated[
    str,
    Text(
        "a virtual machine size of the catalog",
        parsing.VM_SIZE,
        parse=parsing.vm_size,
        choices=tuple(size.name for size in VM_SIZES.values() if not size.retired),
    ),
]
"""A virtual machine size that Azure still offers."""

WorkloadName = Annotated[
    str,
    Text(
        "2 to 12 lower-case letters and digits that start with a letter",
        "mlops",
        r"[a-z][a-z0-9]{1,11}",
    ),
]
"""Name of the workload; part of every resource's name."""


class PrivateSystem(StrEnum):
    """Systems that private endpoints can lead to; the value is the system's area of the settings."""

    KEY_VAULT = "key_vault"
    """The key vault."""
    REGISTRY = "registry"
    """The container registry."""
    BLOB = "blob"
    """The storage account of the workspace: blobs and files."""
    DATA_LAKE = "data_lake"
    """The data lake: its files, and the same as blobs."""
    MACHINE_LEARNING = "machine_learning"
    """The workspace, its endpoints and notebooks."""
    DATABRICKS = "databricks"
    """The Databricks workspace: its front end, its clusters' back end, and signing in."""
    SQL = "sql"
    """The SQL server."""


class Profile(StrEnum):
    """What a stack is for; picks the defaults of every setting."""

    LOCAL = "local"
    """The Azure on loopback: small, open, nothing kept."""
    DEV = "dev"
    """A team's development platform on Azure: small, reachable from listed addresses."""
    PROD = "prod"
    """Production on Azure: closed network, redundant, protected."""


class DataClass(StrEnum):
    """How confidential the data of the platform may be."""

    PUBLIC = "public"
    """Anyone may read it."""
    INTERNAL = "internal"
    """Everyone in the organisation may read it."""
    CONFIDENTIAL = "confidential"
    """Only named groups may read it."""


class VaultSku(StrEnum):
    """Tier of a key vault."""

    STANDARD = "standard"
    """Keys in software."""
    PREMIUM = "premium"
    """Keys in hardware security modules too."""


class InventorySchedule(StrEnum):
    """How often Azure lists the blobs of an account; the value is ARM's."""

    DAILY = "Daily"
    """Every day."""
    WEEKLY = "Weekly"
    """Every week."""


class RegistrySku(StrEnum):
    """Tier of a container registry."""

    BASIC = "Basic"
    """Small storage; no network rules."""
    STANDARD = "Standard"
    """More storage and throughput; no network rules."""
    PREMIUM = "Premium"
    """Network rules, private endpoints, zones, retention of untagged manifests."""


class Redundancy(StrEnum):
    """How a storage account copies its data; the SKU is `Standard_<value>`."""

    LRS = "LRS"
    """Three copies in one datacenter."""
    ZRS = "ZRS"
    """Three zones of the region."""
    GRS = "GRS"
    """LRS, and a second region."""
    RAGRS = "RAGRS"
    """GRS, the second region readable."""
    GZRS = "GZRS"
    """ZRS, and a second region."""
    RAGZRS = "RAGZRS"
    """GZRS, the second region readable."""

    @property
    def zonal(self) -> bool:
        """Whether it needs a region with availability zones."""
        return self.value.endswith("ZRS")


class IsolationMode(StrEnum):
    """Outbound rules of the workspace's managed virtual network; the value is ARM's."""

    DISABLED = "Disabled"
    """No managed network."""
    ALLOW_INTERNET_OUTBOUND = "AllowInternetOutbound"
    """Managed network that may call the internet."""
    ALLOW_ONLY_APPROVED_OUTBOUND = "AllowOnlyApprovedOutbound"
    """Managed network that may call only what outbound rules name."""


class FirewallSku(StrEnum):
    """Tier of the firewall behind the managed network's outbound rules by domain name."""

    BASIC = "Basic"
    """The cheaper one."""
    STANDARD = "Standard"
    """More throughput and threat intelligence."""


class AlertSet(StrEnum):
    """Which of the curated alerts a stack has."""

    NONE = "none"
    """None of them."""
    ESSENTIAL = "essential"
    """Those without which a broken platform goes unnoticed."""
    ALL = "all"
    """Every one: metrics, logs and activity."""


class AuthMode(StrEnum):
    """How callers of an online endpoint prove who they are; the value is ARM's."""

    AAD_TOKEN = "AADToken"  # noqa: S105 - the name of a mode
    """A Microsoft Entra token: nothing to keep secret, access by role."""
    KEY = "Key"
    """Two long-lived keys."""
    AML_TOKEN = "AMLToken"  # noqa: S105 - the name of a mode
    """Short-lived tokens issued by the workspace."""


class DatabricksComputeMode(StrEnum):
    """Where the compute of a Databricks workspace is; fixed at creation."""

    HYBRID = "Hybrid"
    """Clusters in the stack's own subscription, and serverless compute."""
    SERVERLESS = "Serverless"
    """Serverless compute alone, in Databricks' subscription."""


class DatabricksPolicyUse(StrEnum):
    """What clusters under a policy are for."""

    PERSONAL = "personal"
    """One machine for one person, gone when it idles."""
    JOBS = "jobs"
    """Clusters that live as long as their job."""


class DatabricksObjectsMode(StrEnum):
    """How what is inside a Databricks workspace comes about."""

    DECLARED = "declared"
    """The update makes it through the workspace's REST interface, which it has to reach."""
    DESCRIBED = "described"
    """The outputs describe it for somebody inside the closed network."""


class Persona(StrEnum):
    """Who works with a workspace."""

    DATA_SCIENTIST = "data-scientist"
    """Runs experiments, uses notebooks and designer, registers and deploys models."""
    COMPUTE_OPERATOR = "compute-operator"
    """Creates, starts and stops compute."""
    LABELER = "labeler"
    """Labels data in projects that others set up."""
    READER = "reader"
    """Sees everything, changes nothing."""


class BackupRedundancy(StrEnum):
    """How the backups of a SQL database are copied; the value is ARM's."""

    LOCAL = "Local"
    """Three copies in one datacenter."""
    ZONE = "Zone"
    """Three zones of the region."""
    GEO = "Geo"
    """Local, and the paired region."""
    GEO_ZONE = "GeoZone"
    """Zone, and the paired region."""


class Severity(StrEnum):
    """What a violation of a data quality check means."""

    WARN = "warn"
    """A row in the results."""
    FAIL = "fail"
    """A row in the results, and an alert."""


class CheckKind(StrEnum):
    """What a data quality check looks at."""

    NOT_NULL = "not-null"
    """Every row has a value."""
    UNIQUE = "unique"
    """No value occurs twice."""
    RANGE = "range"
    """No value is outside of bounds."""
    FOREIGN_KEY = "foreign-key"
    """Every reference leads to a row."""
    FRESHNESS = "freshness"
    """The latest row is not old."""
    ROW_COUNT_DELTA = "row-count-delta"
    """The number of rows does not jump."""
    ACCEPTED_VALUES = "accepted-values"
    """No value is other than those listed."""
    CUSTOM = "custom"
    """A query finds nothing."""


class SensitivityRank(StrEnum):
    """How sensitive the values of a column are."""

    LOW = "low"
    """Little harm when they get out."""
    MEDIUM = "medium"
    """Some harm."""
    HIGH = "high"
    """Much harm."""
    CRITICAL = "critical"
    """Harm without remedy."""
