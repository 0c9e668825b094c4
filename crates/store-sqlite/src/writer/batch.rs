//! Many jobs, one commit.

use rusqlite::Connection;
use tidings_types::Error;

use super::Write;
use super::job::Job;
use crate::fault::{Fault, Outcome};
use crate::leases::Claims;

/// At most this many jobs share a commit, so that none waits long for the others.
pub(super) const LIMIT: usize = 1024;

/// Runs all jobs within one transaction, commits, and answers every one of them.
pub(super) fn run(connection: &Connection, claims: &mut Claims, mut jobs: Vec<Box<dyn Job>>) {
    if jobs.is_empty() {
        return;
    }
    let mut committed = together(connection, claims, &mut jobs);
    if let Ok(false) = committed {
        roll_back(connection, claims);
        committed = apart(connection, claims, &mut jobs);
    }
    if committed.is_ok() {
        claims.commit();
    } else {
        roll_back(connection, claims);
    }
    let committed = committed.map(drop).map_err(Error::from);
    if let Err(error) = &committed {
        tracing::error!(%error, jobs = jobs.len(), "a commit failed");
    }
    for job in jobs {
        job.answer(committed.clone());
    }
}

/// Runs jobs that all work, as nearly all do: without savepoints, for which SQLite copies every page before its first
/// change within each. False when a job failed; nothing is committed then.
fn together(connection: &Connection, claims: &mut Claims, jobs: &mut [Box<dyn Job>]) -> Outcome<bool> {
    execute(connection, "BEGIN IMMEDIATE")?;
    for job in jobs {
        if !job.run(&mut Write {
            sql: connection,
            leases: &mut claims.work,
            jobs: &mut claims.jobs,
        }) {
            return Ok(false);
        }
    }
    execute(connection, "COMMIT")?;
    Ok(true)
}

/// Runs each job within its own savepoint, so that one that fails is undone alone.
fn apart(connection: &Connection, claims: &mut Claims, jobs: &mut [Box<dyn Job>]) -> Outcome<bool> {
    execute(connection, "BEGIN IMMEDIATE")?;
    for job in jobs {
        execute(connection, "SAVEPOINT job")?;
        let mark = claims.mark();
        if !job.run(&mut Write {
            sql: connection,
            leases: &mut claims.work,
            jobs: &mut claims.jobs,
        }) {
            claims.roll_back_to(mark);
            if connection.is_autocommit() {
                // A full disk or a failing one: SQLite has undone everything, not just this job.
                return Err(Fault::Domain(Error::unavailable("the transaction was lost")));
            }
            execute(connection, "ROLLBACK TO job")?;
        }
        execute(connection, "RELEASE job")?;
    }
    execute(connection, "COMMIT")?;
    Ok(true)
}

/// Goes back to where the transaction began.
fn roll_back(connection: &Connection, claims: &mut Claims) {
    claims.roll_back();
    // Some failures end the transaction by themselves; the others are ended here.
    if !connection.is_autocommit()
        && let Err(error) = execute(connection, "ROLLBACK")
    {
        tracing::error!(%error, "a transaction could not be rolled back");
    }
}

fn execute(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.execute([]).map(drop)
}
