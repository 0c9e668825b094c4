//! Pictures that mails show.

use async_trait::async_trait;
use tidings_store::{Image, Images, NewImage};
use tidings_types::{Environment, Result};

use crate::PostgresStore;
use crate::codec::{self, Cells};
use crate::fault::Outcome;

#[async_trait]
impl Images for PostgresStore {
    async fn put_image(&self, environment: Environment, image: NewImage) -> Result<bool> {
        let kept = self
            .execute(
                "INSERT INTO images (environment, digest, type, created, bytes) VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT DO NOTHING RETURNING digest",
                &[
                    &codec::environment(environment),
                    &image.digest,
                    &image.media_type,
                    &image.now.as_millis(),
                    &image.bytes,
                ],
            )
            .await?;
        Ok(!kept.is_empty())
    }

    async fn has_image(&self, environment: Environment, digest: &str) -> Result<bool> {
        let row = self
            .database
            .read_one(
                "SELECT digest FROM images WHERE environment = $1 AND digest = $2",
                &[&codec::environment(environment), &digest],
            )
            .await?;
        Ok(row.is_some())
    }

    async fn image(&self, environment: Environment, digest: &str) -> Result<Option<Image>> {
        let row = self
            .database
            .read_one(
                "SELECT type, bytes FROM images WHERE environment = $1 AND digest = $2",
                &[&codec::environment(environment), &digest],
            )
            .await?;
        let read = |row| -> Outcome<Image> {
            let mut cells = Cells::new(&row);
            Ok(Image {
                media_type: cells.take()?,
                bytes: cells.take()?,
            })
        };
        Ok(row.map(read).transpose()?)
    }
}
