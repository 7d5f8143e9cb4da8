"""python -m webapp.cli is the same as firstpath."""

from webapp.cli import main

main()
