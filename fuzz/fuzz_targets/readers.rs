//! Bytes of any kind as a list: a value or a sentence. `cargo +nightly fuzz run readers fuzz/corpus tests/lists/files -- -max_len=65536`.

#![no_main]

use libfuzzer_sys::fuzz_target;
use soundings_intake::list::{Choice, look, read};

fuzz_target!(|bytes: &[u8]| {
    if let Err(problem) = read(bytes, "list") {
        assert!(!problem.what.is_empty());
    }
    let _ = look(bytes, "list", &Choice::default());
});
