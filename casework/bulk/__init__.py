"""Many cases moved by one word: chosen, foreseen, moved one by one, and told of row by row."""
