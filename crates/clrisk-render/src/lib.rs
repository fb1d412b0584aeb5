#![doc = "From bundle to map, chart and table."]
