"""ARM templates: what a deployment's template declares, resource by resource, in an order that dependencies allow."""

from local.arm.templates.planning import Plan, Planned, plan

__all__ = ["Plan", "Planned", "plan"]
