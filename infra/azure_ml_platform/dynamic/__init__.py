"""The few resources that Resource Manager cannot express, each with a provider that runs in a process of its own.

Stacks keep these providers by the path of their module, so a module here is never moved or renamed. What they do is
not part of the stored provider: a change of behaviour raises the module's `REVISION`, which every resource carries
as an input, so that it shows as a diff.
"""
