//! Pages that Tidings itself serves: the outbox, unsubscribe, the reference.
