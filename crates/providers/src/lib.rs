//! One directory per provider: what to call and what the answer means.
