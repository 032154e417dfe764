# SPDX-License-Identifier: Apache-2.0
"""Puts the program `reprise` in the place of this process: it lies beside this file, with all that belongs to it."""
import os
import sys


def main():
    program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bin", "reprise")
    os.execv(program, [program, *sys.argv[1:]])
