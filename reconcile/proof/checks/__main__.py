"""Prints the page of all checks, docs/checks.md: ``python -m reconcile.proof.checks > docs/checks.md``."""

import sys

from reconcile.proof.checks.page import page

if __name__ == "__main__":
    sys.stdout.write(page())
