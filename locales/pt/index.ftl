# The vulnerability index and the quick screen.
