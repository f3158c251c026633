"""What Azure allows as the name of each kind of resource, and the abbreviation that starts ours.

Sources, read 2026-11: learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
(lengths, characters, scope), learn.microsoft.com/azure/cloud-adoption-framework/ready/
azure-best-practices/resource-abbreviations (abbreviations), learn.microsoft.com/azure/machine-learning/
how-to-manage-quotas (endpoints and deployments).
"""

import re
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The kinds of resources that the platform names."""

    RESOURCE_GROUP = "resource group"
    USER_ASSIGNED_IDENTITY = "user-assigned identity"
    LOG_ANALYTICS_WORKSPACE = "Log Analytics workspace"
    APPLICATION_INSIGHTS = "Application Insights component"
    ACTION_GROUP = "action group"
    SMART_DETECTOR_ALERT_RULE = "smart detector alert rule"
    ALERT_RULE = "alert rule"
    PRIVATE_LINK_SCOPE = "private link scope"
    COST_ALERT = "cost anomaly alert"
    KEY_VAULT = "key vault"
    CONTAINER_REGISTRY = "container registry"
    STORAGE_ACCOUNT = "storage account"
    DATA_LAKE = "data lake"
    SQL_SERVER = "SQL server"
    SQL_FAILOVER_GROUP = "SQL failover group"
    SQL_JOB_AGENT = "SQL job agent"
    MACHINE_LEARNING_WORKSPACE = "machine learning workspace"
    MACHINE_LEARNING_REGISTRY = "machine learning registry"
    ONLINE_ENDPOINT = "online endpoint"
    DATABRICKS_WORKSPACE = "Databricks workspace"
    DATABRICKS_ACCESS_CONNECTOR = "Databricks access connector"
    VIRTUAL_NETWORK = "virtual network"
    SUBNET = "subnet"
    NETWORK_SECURITY_GROUP = "network security group"
    ROUTE_TABLE = "route table"
    NAT_GATEWAY = "NAT gateway"
    PUBLIC_IP_ADDRESS = "public IP address"
    NETWORK_PEERING = "virtual network peering"
    PRIVATE_ENDPOINT = "private endpoint"
    FLOW_LOG = "flow log"
    KUBERNETES_CLUSTER = "Kubernetes cluster"
    DATA_FACTORY = "data factory"
    MONITOR_WORKSPACE = "Azure Monitor workspace"
    DATA_COLLECTION_RULE = "data collection rule"
    DATA_COLLECTION_ENDPOINT = "data collection endpoint"
    BUDGET = "budget"
    LOCK = "management lock"


class Unique(StrEnum):
    """Where no second resource of a kind may bear the same name."""

    WORLD = "all of Azure"
    REGION = "its region"
    RESOURCE_GROUP = "its resource group"
    SUBSCRIPTION = "its subscription"
    SCOPE = "what it is attached to"


@dataclass(frozen=True)
class NameRule:
    """Azure's rule for the names of one kind."""

    abbreviation: str
    """First part of the name, of the Cloud Adoption Framework where it has one; may be empty."""
    min_length: int
    max_length: int
    pattern: re.Pattern[str]
    """What the whole name has to match, length apart."""
    unique: Unique
    separator: str = "-"
    """Between the parts; empty where the characters or the length leave no room for it."""
    suffixed: bool = False
    """Whether the name carries the stack's suffix: it has to be unique far away, or stays taken after a deletion."""
    regional: bool = True
    """Whether the name carries the region's code."""

    def allows(self, name: str) -> bool:
        """Whether Azure accepts `name`."""
        return self.min_length <= len(name) <= self.max_length and self.pattern.fullmatch(name) is not None


_WORD_START = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_WORD_BOTH_ENDS = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?")
_LETTER_START = re.compile(r"[A-Za-z](-?[A-Za-z0-9])*")
_LOWER = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
_GROUP = re.compile(r"[\w.()-]*[\w()-]")
_NETWORK = re.compile(r"[A-Za-z0-9]([\w.-]*\w)?")
_NO_RESERVED = re.compile(r"[^*#&+:<>?%\\/]*[^*#&+:<>?%\\/. ]")

NAME_RULES: dict[Kind, NameRule] = {
    Kind.RESOURCE_GROUP: NameRule("rg", 1, 90, _GROUP, Unique.SUBSCRIPTION),
    Kind.USER_ASSIGNED_IDENTITY: NameRule("id", 3, 128, _WORD_START, Unique.RESOURCE_GROUP),
    Kind.LOG_ANALYTICS_WORKSPACE: NameRule("log", 4, 63, _WORD_BOTH_ENDS, Unique.RESOURCE_GROUP, suffixed=True),
    Kind.APPLICATION_INSIGHTS: NameRule("appi", 1, 260, _NO_RESERVED, Unique.RESOURCE_GROUP, suffixed=True),
    Kind.ACTION_GROUP: NameRule("ag", 1, 260, _NO_RESERVED, Unique.RESOURCE_GROUP),
    Kind.SMART_DETECTOR_ALERT_RULE: NameRule("sdar", 1, 260, _NO_RESERVED, Unique.RESOURCE_GROUP),
    Kind.ALERT_RULE: NameRule("alert", 1, 260, _NO_RESERVED, Unique.RESOURCE_GROUP),
    Kind.PRIVATE_LINK_SCOPE: NameRule("ampls", 1, 255, _GROUP, Unique.RESOURCE_GROUP),
    Kind.COST_ALERT: NameRule("anomaly", 1, 64, _WORD_START, Unique.SCOPE),
    # Twenty-four characters: the separators would take four of the ten that are left for the workload.
    Kind.KEY_VAULT: NameRule("kv", 3, 24, _LETTER_START, Unique.WORLD, separator="", suffixed=True),
    Kind.CONTAINER_REGISTRY: NameRule(
        "cr", 5, 50, re.compile(r"[A-Za-z0-9]+"), Unique.WORLD, separator="", suffixed=True
    ),
    Kind.STORAGE_ACCOUNT: NameRule("st", 3, 24, re.compile(r"[a-z0-9]+"), Unique.WORLD, separator="", suffixed=True),
    # A storage account too. The framework's dls would take a letter from the workload.
    Kind.DATA_LAKE: NameRule("dl", 3, 24, re.compile(r"[a-z0-9]+"), Unique.WORLD, separator="", suffixed=True),
    Kind.SQL_SERVER: NameRule("sql", 1, 63, _LOWER, Unique.WORLD, suffixed=True),
    Kind.SQL_FAILOVER_GROUP: NameRule("sqlfg", 1, 63, _LOWER, Unique.WORLD, suffixed=True),
    Kind.SQL_JOB_AGENT: NameRule("sqlja", 1, 128, _NO_RESERVED, Unique.SCOPE),
    Kind.MACHINE_LEARNING_WORKSPACE: NameRule("mlw", 3, 33, _WORD_START, Unique.RESOURCE_GROUP, suffixed=True),
    Kind.MACHINE_LEARNING_REGISTRY: NameRule("mlr", 3, 33, _WORD_START, Unique.WORLD, suffixed=True),
    # Unique in its region only, and the model's name is what a caller looks for: neither abbreviation nor region.
    Kind.ONLINE_ENDPOINT: NameRule("", 3, 32, _LETTER_START, Unique.REGION, suffixed=True, regional=False),
    Kind.DATABRICKS_WORKSPACE: NameRule("dbw", 3, 64, _WORD_START, Unique.RESOURCE_GROUP, suffixed=True),
    Kind.DATABRICKS_ACCESS_CONNECTOR: NameRule("dbac", 3, 64, _WORD_START, Unique.RESOURCE_GROUP),
    Kind.VIRTUAL_NETWORK: NameRule("vnet", 2, 64, _NETWORK, Unique.RESOURCE_GROUP),
    Kind.SUBNET: NameRule("snet", 1, 80, _NETWORK, Unique.SCOPE),
    Kind.NETWORK_SECURITY_GROUP: NameRule("nsg", 1, 80, _NETWORK, Unique.RESOURCE_GROUP),
    Kind.ROUTE_TABLE: NameRule("rt", 1, 80, _NETWORK, Unique.RESOURCE_GROUP),
    Kind.NAT_GATEWAY: NameRule("ng", 1, 80, _NETWORK, Unique.RESOURCE_GROUP),
    Kind.PUBLIC_IP_ADDRESS: NameRule("pip", 1, 80, _NETWORK, Unique.RESOURCE_GROUP),
    Kind.NETWORK_PEERING: NameRule("peer", 1, 80, _NETWORK, Unique.SCOPE),
    Kind.PRIVATE_ENDPOINT: NameRule("pep", 2, 64, _NETWORK, Unique.RESOURCE_GROUP),
    Kind.FLOW_LOG: NameRule("fl", 1, 80, _NETWORK, Unique.SCOPE),
    # Azure allows 63; the name is the start of a host name as well, which leaves 54.
    Kind.KUBERNETES_CLUSTER: NameRule("aks", 1, 54, _WORD_BOTH_ENDS, Unique.RESOURCE_GROUP),
    Kind.DATA_FACTORY: NameRule("adf", 3, 63, re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*"), Unique.WORLD, suffixed=True),
    Kind.MONITOR_WORKSPACE: NameRule("amw", 4, 44, _WORD_BOTH_ENDS, Unique.RESOURCE_GROUP),
    Kind.DATA_COLLECTION_RULE: NameRule("dcr", 3, 64, _WORD_BOTH_ENDS, Unique.RESOURCE_GROUP),
    Kind.DATA_COLLECTION_ENDPOINT: NameRule("dce", 3, 44, _WORD_BOTH_ENDS, Unique.RESOURCE_GROUP),
    Kind.BUDGET: NameRule("budget", 1, 63, _WORD_START, Unique.SCOPE),
    Kind.LOCK: NameRule("lock", 1, 90, _GROUP, Unique.SCOPE),
}
"""The rule of each kind."""
