"""Benchmarks, run by hand: nothing here checks that calsvc is right."""
