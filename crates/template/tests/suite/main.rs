//! Templates and conditions as their callers use them.

#[cfg(test)]
mod conditions;
#[cfg(test)]
mod templates;
