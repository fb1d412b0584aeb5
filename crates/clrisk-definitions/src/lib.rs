//! What counts as child labour: versioned definitions as data, and the classification of children by them.
