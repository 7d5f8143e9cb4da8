"""The objects an org has before anybody adds to it: those a mortgage desk meets, as data."""
