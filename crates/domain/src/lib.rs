//! Decisions: routing, preferences, the delivery state machine. Pure.
