# Sourced by the scripts beside it: where what they fetch and build is kept.
#
# Everything lands below cargo's target directory, which git ignores and a
# `cargo clean` removes. CARGO_TARGET_DIR moves all of it.

repository="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
target="${CARGO_TARGET_DIR:-$repository/target}"
tools="$target/test-tools"
mkdir -p "$tools"
