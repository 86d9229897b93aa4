"""保安抽查: guards drawn at random, compared with the register, their certificates seen."""
