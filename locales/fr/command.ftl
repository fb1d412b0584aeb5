command-name = clrisk
