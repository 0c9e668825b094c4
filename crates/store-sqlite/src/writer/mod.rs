//! The one thread that writes.

mod batch;
mod job;

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

/// What arrives at the thread.
enum Order {
    Run(Box<dyn Job>),
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
        self.orders
            .send(Order::Run(Box::new(JobOf::new(job, reply))))
            .await
            .map_err(|_| closed())?;
        let (result, _job) = answer.await.map_err(|_| closed())?;
        result
    }

    /// Tells the thread to carry out what is queued and end.
    pub(crate) async fn stop(&self) {
        // A thread that has ended already needs no telling.
        drop(self.orders.send(Order::Stop).await);
    }
}

/// The thread's life: until it is told to stop or nobody is left who could ask for anything.
fn work(mut connection: Connection, mut inbox: mpsc::Receiver<Order>, log: &Log) {
    let mut claims = Claims::default();
    while let Some(first) = inbox.blocking_recv() {
        let mut jobs = Vec::new();
        let mut next = Some(first);
        while let Some(order) = next {
            match order {
                Order::Run(job) => jobs.push(job),
                // Those who asked before the door closed are still served; the loop ends when they are.
                Order::Stop => inbox.close(),
            }
            next = if jobs.len() < batch::LIMIT {
                inbox.try_recv().ok()
            } else {
                None
            };
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
