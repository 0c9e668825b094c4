//! Uploading pictures.

use async_graphql::{Context, InputObject, SimpleObject};
use tidings_auth::{Of, Right};
use tidings_pipeline::images;
use tidings_store::audit as log;
use tidings_types::{Error, Result};

use super::super::{Viewer, services};
use super::audit::line;

#[derive(InputObject)]
pub(super) struct UploadImageInput {
    /// What the file is called. It gets another name here.
    #[graphql(name = "name")]
    _name: String,
    /// What it is said to be. What it is counts.
    #[graphql(name = "type")]
    _kind: String,
    /// The file in base64.
    data: String,
}

/// What uploading came to.
#[derive(SimpleObject)]
pub(super) struct UploadResult {
    /// Where everybody can load the picture.
    url: String,
}

/// Takes a picture in. It belongs to no tenant, so whoever may write templates of any may bring one.
pub(super) async fn upload(context: &Context<'_>, input: UploadImageInput) -> Result<UploadResult> {
    let viewer = Viewer::of(context)?;
    if !viewer.grants_of_some_tenant(Of::Notifications, Right::Write) {
        return Err(Error::forbidden(
            "The token lacks the scope `tenant:<id>:notification:write`",
        ));
    }
    let services = services(context).map_err(|_| Error::internal("the schema has no services"))?;
    let upload = images::upload(services, viewer.environment(), &input.data);
    let url = log::under(line(services, viewer, "images:create", "/images".to_owned()), upload).await?;
    Ok(UploadResult { url })
}
