"""The systems of the platform: one file each, its arguments above it.

A namespace of the SDK loads when one of its names is first used. Annotations that name an SDK type are therefore
quoted: evaluated, they would load the namespace of every component that is imported, built or not.
"""
