#!/usr/bin/env python
"""Crisisboard's command line: `python manage.py help` lists the commands."""

import sys

from crisisboard.start import run_command_line

if __name__ == "__main__":
    run_command_line(sys.argv)
