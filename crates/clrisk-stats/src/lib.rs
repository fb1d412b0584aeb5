#![doc = "The statistics of clrisk. Numbers in, numbers out: no files, no domain words."]
