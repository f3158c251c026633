"""Logical servers, their administrators and their firewall.

Sources: learn.microsoft.com/rest/api/sql/servers, /server-azure-ad-administrators,
/server-azure-ad-only-authentications, /firewall-rules and /outbound-firewall-rules, each with its error codes;
.../azure/azure-sql/database/authentication-azure-ad-only-authentication, .../connectivity-settings,
.../outbound-firewall-rule-overview.
"""

import ipaddress
import re
import uuid

from local.arm.behaviours import private_links
from local.arm.cloud import Cloud
from local.arm.documents import Json, member, overlay
from local.arm.errors import bad_request
from local.arm.resource_types import Answer, Change, NameRule, ResourceType, UniqueName
from local.arm.store import Resource

SERVER = "Microsoft.Sql/servers"
DATABASE = f"{SERVER}/databases"
ADMINISTRATOR = f"{SERVER}/administrators"
ENTRA_ONLY = f"{SERVER}/azureADOnlyAuthentications"
ADMINISTRATOR_NAME, ENTRA_ONLY_NAME = "ActiveDirectory", "Default"
NAMES = NameRule(
    r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?",
    "1 to 63 lower-case letters, digits and '-', no '-' at the ends",
    "InvalidServerName",
)
_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_LOGIN, _PASSWORD, _ADMINISTRATORS = (
    "properties.administratorLogin",
    "properties.administratorLoginPassword",
    "properties.administrators",
)


def entra_only(cloud: Cloud, server: Resource) -> bool:
    """Whether SQL logins are switched off."""
    setting = cloud.store.get(server.id.child("azureADOnlyAuthentications", ENTRA_ONLY_NAME))
    return bool(setting and setting.properties.get("azureADOnlyAuthentication"))


def _check_login(change: Change) -> None:
    """A server has a SQL login unless it is made with an Entra administrator alone; then it can have none."""
    login, password = change.get(_LOGIN, ""), change.get(_PASSWORD, "")
    only = change.get(f"{_ADMINISTRATORS}.azureADOnlyAuthentication", False)
    if change.current is None:
        if not only and (not login or not password):
            message = (
                "Invalid value given for parameter Login. Specify a valid parameter value: administratorLogin with "
                "administratorLoginPassword, or administrators with azureADOnlyAuthentication true."
            )
            raise bad_request("InvalidParameterValue", message, target=_LOGIN)
        return
    if password and entra_only(change.cloud, change.current):
        message = (
            f"Server '{change.id.name}' has Microsoft Entra-only authentication; administratorLoginPassword cannot be "
            "sent. Leave administratorLogin and administratorLoginPassword out."
        )
        raise bad_request("AadOnlyAuthenticationIsEnabled", message, target=_PASSWORD)


def _check_administrators(change: Change) -> None:
    """Object ids are GUIDs; once the server is there, its administrator is a resource of its own."""
    wanted: Json = change.get(_ADMINISTRATORS, {})
    if not wanted:
        return
    for name in ("login", "sid"):
        if not member(wanted, name):
            message = f"Invalid value given for parameter {name} of the external administrator: it is missing."
            raise bad_request("InvalidParameterValue", message, target=f"{_ADMINISTRATORS}.{name}")
    _check_sid(str(member(wanted, "sid")), f"{_ADMINISTRATORS}.sid")
    if change.current is not None:
        shown = administrators(change.cloud, change.current)
        differing = [name for name, value in wanted.items() if value != member(shown, name, value)]
        if differing or not shown:
            message = (
                f"administrators ({', '.join(differing) or 'all of it'}) can be sent only when the server is created; "
                f"PUT {change.id}/administrators/{ADMINISTRATOR_NAME} instead."
            )
            raise bad_request("PropertyChangeUnsupported", message, target=_ADMINISTRATORS)


def _check_sid(sid: str, path: str) -> None:
    if not _GUID.fullmatch(sid):
        message = f"Invalid value given for parameter sid: '{sid}' is no object id of Microsoft Entra."
        raise bad_request("InvalidParameterValue", message, target=path)


def _check_identity(change: Change) -> None:
    """A user-assigned identity needs to be named as the primary one."""
    attached = {reference.casefold() for reference in change.get("identity.userAssignedIdentities", {})}
    primary = change.get("properties.primaryUserAssignedIdentityId", "")
    if attached and not primary:
        message = "primaryUserAssignedIdentityId is missing; it must name one of identity.userAssignedIdentities."
        raise bad_request("InvalidParameterValue", message, target="properties.primaryUserAssignedIdentityId")
    if primary and primary.casefold() not in attached:
        message = f"primaryUserAssignedIdentityId '{primary}' is not among identity.userAssignedIdentities."
        raise bad_request("InvalidParameterValue", message, target="properties.primaryUserAssignedIdentityId")


def _server(change: Change) -> Json:
    login = change.keep(_LOGIN, lambda: change.get(_LOGIN) or f"CloudSA{uuid.uuid4().hex[:8]}")
    return {
        "kind": "v12.0",
        "properties": {
            "administratorLogin": login,
            "version": "12.0",
            "state": "Ready",
            "fullyQualifiedDomainName": f"{change.id.name}.database.windows.net",
            "privateEndpointConnections": [],
            "minimalTlsVersion": change.get("properties.minimalTlsVersion", "1.2"),
            "publicNetworkAccess": change.get("properties.publicNetworkAccess", "Enabled"),
            "restrictOutboundNetworkAccess": change.get("properties.restrictOutboundNetworkAccess", "Disabled"),
            "externalGovernanceStatus": "Disabled",
        },
    }


def _provision_server(cloud: Cloud, server: Resource) -> Json:
    """The administrator that came with the server becomes a resource of its own."""
    given: Json = server.properties.get("administrators") or {}
    if given and cloud.store.get(server.id.child("administrators", ADMINISTRATOR_NAME)) is None:
        now, only = cloud.now(), bool(given.get("azureADOnlyAuthentication"))
        named = {name: value for name, value in given.items() if name != "azureADOnlyAuthentication"}
        tenant = {"tenantId": cloud.directory.tenant_id}
        for kind, name, properties in (
            (ADMINISTRATOR, ADMINISTRATOR_NAME, {"administratorType": "ActiveDirectory", **tenant, **named}),
            (ENTRA_ONLY, ENTRA_ONLY_NAME, {"azureADOnlyAuthentication": only}),
        ):
            id = server.id.child(kind.rpartition("/")[2], name)
            body: Json = {"properties": properties}
            cloud.store.put(Resource(id, kind, server.api_version, sent=None, body=body, created=now, changed=now))
    return {}


def administrators(cloud: Cloud, server: Resource) -> Json:
    """The Entra administrator as the server shows it; empty without one."""
    administrator = cloud.store.get(server.id.child("administrators", ADMINISTRATOR_NAME))
    if administrator is None:
        return {}
    shown = {name: value for name, value in administrator.properties.items() if name != "provisioningState"}
    return {**shown, "azureADOnlyAuthentication": entra_only(cloud, server)}


def _show_server(cloud: Cloud, server: Resource) -> Json:
    shown = {"properties": {"administrators": administrators(cloud, server) or None}}
    return overlay(shown, private_links.connections(cloud, server))


def _check_administrator(change: Change) -> None:
    _check_sid(str(change.get("properties.sid", "")), "properties.sid")


def _administrator(change: Change) -> Json:
    return {
        "properties": {
            "administratorType": "ActiveDirectory",
            "tenantId": change.get("properties.tenantId", change.cloud.directory.tenant_id),
        }
    }


def _show_entra_only(cloud: Cloud, administrator: Resource) -> Json:
    server = cloud.store.get(administrator.id.parent)
    return {"properties": {"azureADOnlyAuthentication": entra_only(cloud, server)}} if server else {}


def _check_has_administrator(change: Change) -> None:
    if change.cloud.store.get(change.parent.id.child("administrators", ADMINISTRATOR_NAME)) is None:
        message = (
            "AAD Admin is not configured, AAD Admin must be set before enabling/disabling AAD Only Authentication."
        )
        raise bad_request("InvalidServerAADOnlyAuthNoAADAdminPropertyName", message)


def check_public_endpoint(change: Change) -> None:
    """Rules for the public endpoint need one; also of virtual network rules."""
    if change.parent.properties.get("publicNetworkAccess") == "Disabled":
        message = (
            "Unable to create or modify firewall rules when public network interface for the server is disabled: "
            f"publicNetworkAccess of '{change.parent.name}' is 'Disabled'. To manage server or database level firewall "
            "rules, please enable the public network interface."
        )
        raise bad_request("DenyPublicEndpointEnabled", message)


def _check_range(change: Change) -> None:
    ends = [str(change.get(f"properties.{end}IpAddress", "")) for end in ("start", "end")]
    try:
        start, end = (ipaddress.IPv4Address(text) for text in ends)
    except ValueError as error:
        message = f"'{ends[0]}' to '{ends[1]}' is no range of IPv4 addresses."
        raise bad_request("InvalidParameterValue", message, target="properties") from error
    if start > end:
        message = f"Start IP address '{start}' must not be above end IP address '{end}'."
        raise bad_request("InvalidParameterValue", message, target="properties")


def _check_outbound(change: Change) -> None:
    if change.parent.properties.get("restrictOutboundNetworkAccess") != "Enabled":
        message = (
            f"Outbound firewall rules need restrictOutboundNetworkAccess 'Enabled' on '{change.parent.name}'; it is "
            f"'{change.parent.properties.get('restrictOutboundNetworkAccess')}'."
        )
        raise bad_request("InvalidParameterValue", message)


TYPES = (
    private_links.connection_type(SERVER),
    ResourceType(
        name=SERVER,
        tracked=True,
        names=NAMES,
        unique=UniqueName("NameAlreadyExists", 400, asked="available"),
        provisioning_state=False,
        immutable=(_LOGIN,),
        write_only=(_PASSWORD,),
        put=Answer.ASYNC_OPERATION,
        delete=Answer.ASYNC_OPERATION,
        one_operation_at_a_time=True,
        checks=(_check_login, _check_administrators, _check_identity),
        complete=_server,
        provision=_provision_server,
        shows=_show_server,
        default_children=(
            (DATABASE, "master"),
            (f"{SERVER}/encryptionProtector", "current"),
            (f"{SERVER}/extendedAuditingSettings", "default"),
            (f"{SERVER}/securityAlertPolicies", "Default"),
            (f"{SERVER}/sqlVulnerabilityAssessments", "default"),
        ),
    ),
    ResourceType(
        name=ADMINISTRATOR,
        names=NameRule(ADMINISTRATOR_NAME, f"the only one is '{ADMINISTRATOR_NAME}'"),
        provisioning_state=False,
        put=Answer.ASYNC_OPERATION,
        delete=Answer.ASYNC_OPERATION,
        checks=(_check_administrator,),
        complete=_administrator,
        shows=_show_entra_only,
    ),
    ResourceType(
        name=ENTRA_ONLY,
        names=NameRule(ENTRA_ONLY_NAME, f"the only one is '{ENTRA_ONLY_NAME}'"),
        provisioning_state=False,
        put=Answer.ASYNC_OPERATION,
        delete=Answer.ASYNC_OPERATION,
        checks=(_check_has_administrator,),
    ),
    ResourceType(
        name=f"{SERVER}/firewallRules",
        names=NameRule(
            r"[^<>*%&:\\/?]{0,127}[^<>*%&:\\/?.]", "1 to 128 characters, none of <>*%&:\\/?, no '.' at the end"
        ),
        provisioning_state=False,
        checks=(check_public_endpoint, _check_range),
    ),
    ResourceType(
        name=f"{SERVER}/outboundFirewallRules",
        names=NameRule(r"(?i)([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z]{2,63}", "a fully qualified domain name"),
        put=Answer.ASYNC_OPERATION,
        delete=Answer.ASYNC_OPERATION,
        checks=(_check_outbound,),
    ),
)
