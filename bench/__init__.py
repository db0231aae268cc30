"""Benchmarks, run by hand: nothing here decides whether calsvc is right."""
