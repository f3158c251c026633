"""The data plane of key vaults: secrets and keys behind a vault's own address."""
