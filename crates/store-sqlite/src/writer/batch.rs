//! Many jobs, one commit.

use rusqlite::Connection;
use tidings_types::Error;

use super::Write;
use super::job::Job;
use crate::fault::{Fault, Outcome};
use crate::leases::Leases;

/// At most this many jobs share a commit, so that none waits long for the others.
pub(super) const LIMIT: usize = 1024;

/// Runs all jobs within one transaction, commits, and answers every one of them.
pub(super) fn run(connection: &Connection, leases: &mut Leases, mut jobs: Vec<Box<dyn Job>>) {
    if jobs.is_empty() {
        return;
    }
    let committed = attempt(connection, leases, &mut jobs);
    if committed.is_ok() {
        leases.commit();
    } else {
        leases.roll_back();
        // Some failures end the transaction by themselves; the others are ended here.
        if !connection.is_autocommit()
            && let Err(error) = execute(connection, "ROLLBACK")
        {
            tracing::error!(%error, "a transaction could not be rolled back");
        }
    }
    let committed = committed.map_err(Error::from);
    if let Err(error) = &committed {
        tracing::error!(%error, jobs = jobs.len(), "a commit failed");
    }
    for job in jobs {
        job.answer(committed.clone());
    }
}

fn attempt(connection: &Connection, leases: &mut Leases, jobs: &mut [Box<dyn Job>]) -> Outcome<()> {
    execute(connection, "BEGIN IMMEDIATE")?;
    for job in jobs {
        execute(connection, "SAVEPOINT job")?;
        let mark = leases.mark();
        if !job.run(&mut Write {
            sql: connection,
            leases,
        }) {
            leases.roll_back_to(mark);
            if connection.is_autocommit() {
                // A full disk or a failing one: SQLite has undone everything, not just this job.
                return Err(Fault::Domain(Error::unavailable("the transaction was lost")));
            }
            execute(connection, "ROLLBACK TO job")?;
        }
        execute(connection, "RELEASE job")?;
    }
    execute(connection, "COMMIT")?;
    Ok(())
}

fn execute(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.execute([]).map(drop)
}
