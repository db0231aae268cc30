"""Runs the command line: ``python -m calsvc``."""

from calsvc.cli import main

main(prog_name="calsvc")
