//! Delivery windows, moments and durations.
