# Readers of files, codebook proposals, boundaries: inspect, convert, init.
