"""A page to look at: what is deployed, read-only, without a script and without anything from elsewhere."""

from local.arm.page.routes import Page

__all__ = ["Page"]
