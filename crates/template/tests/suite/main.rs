//! Templates and conditions as their callers use them.

#[cfg(test)]
mod blocks;
#[cfg(test)]
mod conditions;
#[cfg(test)]
mod handlebars;
#[cfg(test)]
mod helpers;
#[cfg(test)]
mod templates;
