//! Content, brand and locale become mail, text messages, pushes and the rest. Pure.
