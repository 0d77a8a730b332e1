"""Where links of strangers lead, found out without reaching what is not public."""
