"""Resources and price tables for the tests of the estimator."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from azure_ml_platform.catalog import prices
from azure_ml_platform.catalog.prices import Grade, Price, Table
from azure_ml_platform.cost.assumptions import assumptions
from azure_ml_platform.cost.estimate import Estimate, estimate
from azure_ml_platform.cost.line import Line
from azure_ml_platform.cost.resource import Resource

DEV = assumptions("dev")


def resource(kind: str, name: str = "it", *, parent: str = "the component", **properties: Any) -> Resource:
    """A resource of a kind, `dynamic:…` for one of the library's own."""
    own = kind.startswith("dynamic:")
    token = f"pulumi-python:dynamic/azure_ml_platform:{kind[8:]}" if own else f"azure-native:{kind}"
    return Resource.of(
        f"urn:pulumi:dev::azure-ml-platform::{token}::{name}", {"location": "eastus"} | properties, parent
    )


def price(meter: str, usd: float, region: str = "eastus", free: float = 0, grade: Grade = Grade.B) -> Price:
    return Price(meter, region, usd, "unit", free, grade, date(2026, 11, 1), "list")


def estimated(*resources: Resource, table: Table | None = None, **terms: Any) -> Estimate:
    """The estimate with the assumptions of development and some changes of them."""
    return estimate(resources, assumptions("dev", terms), prices.load() if table is None else table)


def lines(*resources: Resource, **terms: Any) -> Mapping[str, Line]:
    """The lines of an estimate by meter and basis, `acr-basic fixed`."""
    return {f"{line.meter} {line.basis}": line for line in estimated(*resources, **terms).lines}


def quantities(*resources: Resource, **terms: Any) -> Mapping[str, float | None]:
    """What is billed, by meter and basis; None where it is not known."""
    return {key: line.quantity for key, line in lines(*resources, **terms).items()}
