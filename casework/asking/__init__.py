"""Ask: the cases a query finds, among those the asker may see."""
