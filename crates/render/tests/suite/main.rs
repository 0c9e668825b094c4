//! Rendering as its callers use it.

#[cfg(test)]
mod blocks;
#[cfg(test)]
mod brands;
#[cfg(test)]
mod chat;
#[cfg(test)]
mod common;
#[cfg(test)]
mod content;
mod designed;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod mail;
#[cfg(test)]
mod nodes;
#[cfg(test)]
mod pretty;
#[cfg(test)]
mod seeds;
#[cfg(test)]
mod values;
