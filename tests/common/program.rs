//! The program that a test starts: the one that cargo has built for it, or another one (`SOUNDINGS_BINARY=target/release/soundings`).

use std::sync::LazyLock;

static PROGRAM: LazyLock<String> = LazyLock::new(|| {
    let named = std::env::var("SOUNDINGS_BINARY").ok().filter(|named| !named.is_empty());
    // Tests start it in folders of their own.
    let whole = named.map(|named| std::fs::canonicalize(&named).map(|path| path.display().to_string()));
    match whole {
        Some(path) => path.unwrap(),
        None => env!("CARGO_BIN_EXE_soundings").into(),
    }
});

pub fn program() -> &'static str {
    &PROGRAM
}
