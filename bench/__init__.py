"""Benchmarks: each figure that the README names comes from here (`make bench`)."""
