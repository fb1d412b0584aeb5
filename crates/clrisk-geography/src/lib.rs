//! Boundaries: formats, projections, validity, topology, neighbours.
