"""Runs the command line."""

from deploy.vastdb_emulator.cli import main

if __name__ == "__main__":
    main()
