"""Kinds of resources, as the SDK's type tokens name them whatever their API version.

Both `azure-native:storage:StorageAccount` and the types of another API version, which are written
`azure-native:storage/v20240101:StorageAccount` or `azure-native_storage_v20240101:storage:StorageAccount`.
"""

import re

_AZURE_TYPE = re.compile(r"azure-native(?:_\w+)?:(?P<module>\w+)(?:/\w+)?:(?P<name>\w+)")
_DYNAMIC_TYPE = re.compile(r"pulumi-python:dynamic/azure_ml_platform:(?P<name>\w+)")


def kind_of(type_token: str) -> str:
    """The kind of a Pulumi type, `storage:StorageAccount` whatever its API version; empty if it is not Azure's."""
    match = _AZURE_TYPE.fullmatch(type_token)
    return f"{match['module']}:{match['name']}" if match else ""


def dynamic_kind_of(type_token: str) -> str:
    """The kind of one of the library's own resources, `dynamic:LogTable`; empty for every other type."""
    match = _DYNAMIC_TYPE.fullmatch(type_token)
    return f"dynamic:{match['name']}" if match else ""


def kind_of_any(type_token: str) -> str:
    """The kind of a type of Azure's or of the library's own; empty for every other one."""
    return kind_of(type_token) or dynamic_kind_of(type_token)


def type_of(urn: str) -> str:
    """The type token in a URN, where it comes last in a chain of the parents' types; empty if it is no URN."""
    parts = urn.split("::")
    return parts[2].rpartition("$")[2] if len(parts) > 3 else ""
