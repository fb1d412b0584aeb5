# Fact sheets, exports, charts.
