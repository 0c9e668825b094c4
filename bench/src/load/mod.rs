//! Load: light connections, a generator as fast as answers come, and one that keeps to a timetable.

mod closed;
mod connection;
mod latencies;
mod paced;
mod request;

pub(crate) use closed::{count, flood};
pub(crate) use connection::Connection;
pub(crate) use latencies::Latencies;
pub(crate) use paced::paced;
pub(crate) use request::{Kind, Requests, post, put};
