//! Where the published inbox components may have been built, for the demo.

use std::path::{Path, PathBuf};

/// Where `make run` and `make demo` put them, within the repository.
const BUNDLE: &str = "examples/inbox/dist";

/// How far above the program the repository may be: it is built at `target/debug`.
const LEVELS: usize = 4;

/// The folders to look in: that in which the program was started, and those around the program, wherever it was started.
pub(crate) fn bundles() -> Vec<PathBuf> {
    let program = std::env::current_exe().and_then(|path| path.canonicalize()).ok();
    around(program.as_deref())
}

fn around(program: Option<&Path>) -> Vec<PathBuf> {
    let above = program
        .into_iter()
        .flat_map(|path| path.ancestors().skip(1).take(LEVELS));
    [Path::new("")]
        .into_iter()
        .chain(above)
        .map(|folder| folder.join(BUNDLE))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_repository_is_found_from_the_program_and_from_within() {
        let found = around(Some(Path::new("/home/ada/tidings/target/debug/tidings")));
        assert!(found.contains(&PathBuf::from("/home/ada/tidings/examples/inbox/dist")));
        assert_eq!(found.first(), Some(&PathBuf::from(BUNDLE)));
        assert_eq!(around(None), [PathBuf::from(BUNDLE)]);
    }
}
