//! The key under which secrets are sealed at rest: from the settings, or from a file made at the first start.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::Context as _;
use tidings_store::vault::Vault;
use tidings_types::{ExposeSecret as _, Random};

use crate::settings::Settings;

/// The key file within the data folder.
const FILE: &str = "master.key";

/// The vault of this server.
///
/// # Errors
/// When the key cannot be read, or the file cannot be made.
pub(crate) fn vault(settings: &Settings, random: &dyn Random) -> anyhow::Result<Vault> {
    if let Some(key) = &settings.master_key {
        return Vault::from_text(key.expose_secret()).map_err(|error| anyhow::anyhow!("master_key: {error}"));
    }
    let path = settings.data_dir.join(FILE);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => make(&path, random)?,
        Err(error) => return Err(error).with_context(|| format!("the key file {} cannot be read", path.display())),
    };
    Vault::from_text(&text).map_err(|_| anyhow::anyhow!("the key file {} does not hold a key", path.display()))
}

/// Makes the file, or reads the one that another process made at the same moment.
fn make(path: &Path, random: &dyn Random) -> anyhow::Result<String> {
    let mut key = [0_u8; 32];
    random.fill(&mut key);
    let text = hex::encode(key);
    // Written whole under another name first, so that nobody ever reads half a key.
    let draft = path.with_extension(format!("key.{}", std::process::id()));
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&draft)
        .with_context(|| format!("the key file {} cannot be made", draft.display()))?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    match linked {
        Ok(()) => Ok(text),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(fs::read_to_string(path)?),
        Err(error) => Err(error).with_context(|| format!("the key file {} cannot be made", path.display())),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use tidings_types::SystemRandom;

    use super::*;

    #[test]
    fn the_file_is_made_once_and_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        let first = make(&path, &SystemRandom).unwrap();
        assert_eq!(make(&path, &SystemRandom).unwrap(), first);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
