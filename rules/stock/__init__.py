"""What is kept of a chemical: entries, who must sign, and what the ledger then says is there."""
