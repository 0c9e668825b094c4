//! Variables and conditions: parser, checker, bounded evaluator. Pure.
