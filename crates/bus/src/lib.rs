//! Hints between the parts of one node and between nodes. Lossy by design.
