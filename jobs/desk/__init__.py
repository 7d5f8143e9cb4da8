"""What the desk shows and what its buttons do; the pages themselves hold no SQL."""
