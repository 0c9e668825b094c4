//! Pictures that mails show.

use super::fixtures::{HERE, NOW, THERE};
use crate::{Image, NewImage, Store};

fn picture(digest: &str, bytes: &[u8]) -> NewImage {
    NewImage {
        digest: digest.to_owned(),
        media_type: "image/png".to_owned(),
        bytes: bytes.to_owned(),
        now: NOW,
    }
}

pub async fn a_picture_is_kept_once_in_each_environment(store: &dyn Store) {
    assert!(!store.has_image(HERE, "ab").await.unwrap());
    assert_eq!(store.image(HERE, "ab").await.unwrap(), None);
    let bytes: Vec<u8> = (0..=255).cycle().take(300_000).collect();
    assert!(store.put_image(HERE, picture("ab", &bytes)).await.unwrap());
    assert!(
        !store.put_image(HERE, picture("ab", &[1])).await.unwrap(),
        "it is there"
    );
    let kept = Image {
        media_type: "image/png".to_owned(),
        bytes,
    };
    assert_eq!(store.image(HERE, "ab").await.unwrap(), Some(kept));
    assert!(store.has_image(HERE, "ab").await.unwrap());
    assert!(!store.has_image(THERE, "ab").await.unwrap());
    assert!(store.put_image(THERE, picture("ab", &[])).await.unwrap());
    assert!(store.image(THERE, "ab").await.unwrap().unwrap().bytes.is_empty());
}
