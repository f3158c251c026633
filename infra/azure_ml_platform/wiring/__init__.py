"""Turns a stack's settings, and what other components made, into the arguments of each component: one file each."""
