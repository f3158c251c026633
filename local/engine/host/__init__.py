"""The Python language host: what the engine calls to run programs, policy packs, plugins and dynamic providers.

`__main__` and `service` are the host itself, a gRPC server that the engine starts. Whatever runs someone's code runs in
a process of its own, under the Python of the virtualenv that the project names: `child` is the entry point there.
"""
