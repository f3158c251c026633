"""The Pulumi CLI of this checkout: found, installed or built; and the Python language host of a built one."""
