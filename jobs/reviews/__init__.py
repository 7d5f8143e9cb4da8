"""Who is who, asked: reviews and their answers, merging and its undoing."""
