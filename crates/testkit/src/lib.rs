//! What tests share: a world with a store, a clock that stands still and providers that behave as told.
