"""``python -m xacct_tui`` is ``xacct-tui``."""

import sys

from xacct_tui.cli import main

sys.exit(main())
