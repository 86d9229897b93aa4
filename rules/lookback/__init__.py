"""回头看: look-back draws that anyone can repeat, and what their results lead to."""
