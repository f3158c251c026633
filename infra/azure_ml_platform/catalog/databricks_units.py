"""Databricks units (DBU) that one machine of a cluster uses per hour, without Photon, which doubles them.

Source: the price page of Azure Databricks as github.com/microsoft/LakeBench reads it
(src/lakebench/engines/databricks_azure_dbu_map.py), read 2026-11.
"""

from collections.abc import Mapping

DBUS_PER_HOUR: Mapping[str, float] = {
    "Standard_D16s_v5": 4.0,
    "Standard_D4ds_v5": 1.0,
    "Standard_D4s_v3": 0.75,
    "Standard_D4s_v5": 1.0,
    "Standard_D8ds_v5": 2.0,
    "Standard_D8s_v5": 2.0,
    "Standard_DS3_v2": 0.75,
    "Standard_DS4_v2": 1.5,
    "Standard_E4ds_v5": 1.5,
    "Standard_E4s_v5": 1.5,
    "Standard_E8ds_v5": 2.75,
    "Standard_E8s_v5": 2.75,
    "Standard_NC16as_T4_v3": 2.5,
    "Standard_NC24ads_A100_v4": 10.0,
    "Standard_NC40ads_H100_v5": 13.06,
    "Standard_NC48ads_A100_v4": 20.0,
    "Standard_NC4as_T4_v3": 1.0,
    "Standard_NC6s_v3": 5.0,
    "Standard_NC8as_T4_v3": 1.5,
}
"""DBU per hour by machine size."""
