#![doc = "The vocabulary of clrisk."]
