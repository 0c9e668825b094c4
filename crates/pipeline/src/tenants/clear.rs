//! Taking the people of a tenant that is gone out of it.

use async_trait::async_trait;
use serde::Deserialize;
use tidings_store::{DocumentKind, JobRow};
use tidings_types::{Error, Result, Timestamp};

use super::CLEAR;
use crate::Services;
use crate::jobs::{JobHandler, JobStep};

/// How many leave per transaction.
const BATCH: u32 = 1000;

/// Does jobs of the kind [`CLEAR`].
pub(crate) struct ClearTenant;

#[derive(Deserialize)]
struct Body {
    tenant: String,
    before: i64,
}

#[async_trait]
impl JobHandler for ClearTenant {
    fn kind(&self) -> &'static str {
        CLEAR
    }

    async fn run(&self, services: &Services, job: &JobRow) -> Result<JobStep> {
        let body = Body::deserialize(&job.body).map_err(Error::internal)?;
        let environment = job.name.environment;
        let before = Timestamp::from_millis(body.before);
        // The job is written before the tenant goes; if it never went, or came back, those who joined since then stay.
        let tenant = services
            .store
            .document(environment, DocumentKind::Tenant, &body.tenant)
            .await?;
        if tenant.is_some_and(|tenant| tenant.created <= before) {
            return Err(Error::busy("The tenant is not gone yet"));
        }
        let gone = services
            .store
            .clear_tenant(environment, &body.tenant, before, BATCH)
            .await?;
        Ok(if gone == BATCH {
            JobStep::go_on(job.body.clone())
        } else {
            JobStep::finished()
        })
    }
}
