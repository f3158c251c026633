"""A stand-in for Azure Resource Manager on loopback, faithful at the wire.

`server` starts it, `router` takes a request to its handler, `behaviours` holds what each resource provider knows.
"""
