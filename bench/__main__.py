"""python -m bench runs every benchmark that takes less than a minute, one JSON line each."""

from bench import accept, calls, end_to_end, process

for each in (accept, end_to_end, calls, process):
    each.main()
