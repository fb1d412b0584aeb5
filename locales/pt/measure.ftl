# Definitions of child labour and direct measurement.
