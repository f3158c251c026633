"""Facts about Azure as data: each with the page it comes from and the date it was read.

Standard library only, so that the program, the policy packs, the cost estimator and the commands
can all read the same facts without loading each other.
"""
