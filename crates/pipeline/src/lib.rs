//! A message's way from acceptance to its final status.
