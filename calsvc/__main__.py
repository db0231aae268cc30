"""The entry point of ``python -m calsvc``: runs the command line."""

from calsvc.cli import main

main(prog_name="calsvc")
