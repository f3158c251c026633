"""The azure-native resource plugin for the local target: Pulumi's provider protocol on one side, ARM on the other.

It takes its endpoint and its identity from the environment contract (`ARM_METADATA_HOSTNAME`, `IDENTITY_ENDPOINT`,
`REQUESTS_CA_BUNDLE`) and what it knows of resource types from `local.arm.contracts`.
"""
