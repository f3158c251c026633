"""What a stack costs per month: resources as they are declared in, lines of money out.

Standard library only, so that the policy pack and the commands can both estimate without loading an SDK.
"""
