//! Fact sheets as PDF.
