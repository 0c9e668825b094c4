//! Pictures that mails show.

use async_trait::async_trait;
use rusqlite::{OptionalExtension as _, params};
use tidings_store::{Image, Images, NewImage};
use tidings_types::{Environment, Result};

use crate::{SqliteStore, codec};

#[async_trait]
impl Images for SqliteStore {
    async fn put_image(&self, environment: Environment, image: NewImage) -> Result<bool> {
        self.write(move |write| {
            let kept = write
                .sql
                .prepare_cached(
                    "INSERT INTO images (environment, digest, type, created, bytes) VALUES (?1, ?2, ?3, ?4, ?5)
                     ON CONFLICT DO NOTHING",
                )?
                .execute(params![
                    codec::environment(environment),
                    image.digest,
                    image.media_type,
                    image.now.as_millis(),
                    image.bytes,
                ])?;
            Ok(kept == 1)
        })
        .await
    }

    async fn has_image(&self, environment: Environment, digest: &str) -> Result<bool> {
        let digest = digest.to_owned();
        self.read(move |sql| {
            Ok(sql
                .prepare_cached("SELECT 1 FROM images WHERE environment = ?1 AND digest = ?2")?
                .exists(params![codec::environment(environment), digest])?)
        })
        .await
    }

    async fn image(&self, environment: Environment, digest: &str) -> Result<Option<Image>> {
        let digest = digest.to_owned();
        self.read(move |sql| {
            Ok(sql
                .prepare_cached("SELECT type, bytes FROM images WHERE environment = ?1 AND digest = ?2")?
                .query_row(params![codec::environment(environment), digest], |row| {
                    Ok(Image {
                        media_type: row.get(0)?,
                        bytes: row.get(1)?,
                    })
                })
                .optional()?)
        })
        .await
    }
}
