//! The one thread that writes.

mod batch;
mod job;

use std::collections::VecDeque;
use std::sync::Arc;
use std::thread::JoinHandle;

use rusqlite::Connection;
use tidings_store::JobKey;
use tidings_types::{Error, Result};
use tokio::sync::{mpsc, oneshot};

use crate::checkpoint::{self, Log};
use crate::fault::Outcome;
use crate::leases::{Claims, Leases, WorkKey};
use crate::readers::closed;

use self::job::{Job, JobOf};

/// Jobs that may wait; further callers wait before they queue.
const QUEUE: usize = 4096;

/// What a job works with: the connection, within a transaction, and the claims.
pub(crate) struct Write<'a> {
    /// Within the batch's transaction, and within a savepoint of its own once a job of the batch has failed.
    pub(crate) sql: &'a Connection,
    /// Who holds which message.
    pub(crate) leases: &'a mut Leases<WorkKey>,
    /// Who holds which job.
    pub(crate) jobs: &'a mut Leases<JobKey>,
}

/// How much of what may wait shares a commit, in rows: few enough that whoever comes next is soon served.
const BULK_ROWS: u32 = 256;

/// What arrives at the thread.
enum Order {
    Run(Box<dyn Job>),
    /// The same for what may wait: about so many rows.
    RunLater(u32, Box<dyn Job>),
    Stop,
}

/// A handle to the writing thread.
#[derive(Debug)]
pub(crate) struct Writer {
    orders: mpsc::Sender<Order>,
}

impl Writer {
    /// Starts the thread.
    pub(crate) fn start(connection: Connection, log: Arc<Log>) -> Result<(Self, JoinHandle<()>)> {
        let (orders, inbox) = mpsc::channel(QUEUE);
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || work(connection, inbox, &log))
            .map_err(Error::internal)?;
        Ok((Self { orders }, thread))
    }

    /// Runs a job; when this returns `Ok`, what it did is durable. The job may run more than once, each time as if it
    /// had not run before.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        job: impl FnMut(&mut Write<'_>) -> Outcome<T> + Send + 'static,
    ) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        self.order(Order::Run(Box::new(JobOf::new(job, reply)))).await?;
        let (result, _job) = answer.await.map_err(|_| closed())?;
        result
    }

    /// The same for a job that may wait and writes about so many rows: whatever else there is goes first, and only so
    /// much of this kind shares a commit that nobody waits long for it.
    pub(crate) async fn run_later<T: Send + 'static>(
        &self,
        rows: u32,
        job: impl FnMut(&mut Write<'_>) -> Outcome<T> + Send + 'static,
    ) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        self.order(Order::RunLater(rows, Box::new(JobOf::new(job, reply))))
            .await?;
        let (result, _job) = answer.await.map_err(|_| closed())?;
        result
    }

    async fn order(&self, order: Order) -> Result<()> {
        self.orders.send(order).await.map_err(|_| closed())
    }

    /// Tells the thread to carry out what is queued and end.
    pub(crate) async fn stop(&self) {
        // A thread that has ended already needs no telling.
        drop(self.orders.send(Order::Stop).await);
    }
}

/// As much of what may wait as shares a commit; at least one.
fn some_of(later: &mut VecDeque<(u32, Box<dyn Job>)>) -> Vec<Box<dyn Job>> {
    let mut rows = 0_u32;
    let mut some = Vec::new();
    while let Some((own, _)) = later.front() {
        if !some.is_empty() && rows.saturating_add(*own) > BULK_ROWS {
            break;
        }
        rows = rows.saturating_add(*own);
        some.extend(later.pop_front().map(|(_, job)| job));
    }
    some
}

/// The thread's life: until it is told to stop or nobody is left who could ask for anything.
fn work(mut connection: Connection, mut inbox: mpsc::Receiver<Order>, log: &Log) {
    let mut claims = Claims::default();
    let mut later: VecDeque<(u32, Box<dyn Job>)> = VecDeque::new();
    loop {
        let mut jobs = Vec::new();
        let mut next = if later.is_empty() {
            inbox.blocking_recv()
        } else {
            inbox.try_recv().ok()
        };
        while let Some(order) = next {
            match order {
                Order::Run(job) => jobs.push(job),
                Order::RunLater(rows, job) => later.push_back((rows, job)),
                // Those who asked before the door closed are still served; the loop ends when they are.
                Order::Stop => inbox.close(),
            }
            next = if jobs.len() < batch::LIMIT {
                inbox.try_recv().ok()
            } else {
                None
            };
        }
        jobs.extend(some_of(&mut later));
        if jobs.is_empty() {
            return;
        }
        let before = connection.total_changes();
        batch::run(&connection, &mut claims, jobs);
        log.committed(connection.total_changes().saturating_sub(before));
        if log.take_request() {
            checkpoint::begin_anew(&mut connection);
        }
    }
}

#[cfg(test)]
mod tests;
