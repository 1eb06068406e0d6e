"""`python -m pomona.pack`."""

import sys

from pomona.pack.command import main

sys.exit(main(sys.argv[1:]))
