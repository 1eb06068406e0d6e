"""`python -m pomona`: the same as `pomona`."""

from _pomona_command import main

main()
