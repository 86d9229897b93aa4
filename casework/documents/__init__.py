"""Official documents 公文: what stands in one, how it is issued once, and the files made of it."""
