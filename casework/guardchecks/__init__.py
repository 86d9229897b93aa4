"""保安抽查: drawn like a look-back, recorded at the gate, published as counts."""
