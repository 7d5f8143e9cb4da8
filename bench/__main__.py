"""python -m bench runs every benchmark, one JSON line each."""

from bench import accept, calls, end_to_end, process

for each in (accept, end_to_end, calls, process):
    each.main()
