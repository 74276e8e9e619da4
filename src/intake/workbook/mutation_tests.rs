//! Files of every kind, broken in every way that a seed thinks of: a list or a sentence, never a panic. `fuzz/` does the same without an end.

use std::path::PathBuf;

use crate::intake::list::{Choice, look, read};

use super::made::{unzip, zip};

/// Each file is broken so many times.
const TIMES: u64 = 30;

/// The same numbers in every run.
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n.max(1) as u64) as usize
    }
}

const PIECES: [&[u8]; 14] = [
    b"<",
    b">",
    b"</c>",
    b"</row>",
    b"&#0;",
    b"&bad;",
    b"<c t=\"s\"><v>99999</v></c>",
    b"r=\"ZZZZZZZZ99999999999\"",
    b"\xff\xfe",
    b"\"",
    b"number-rows-repeated=\"99999999999\"",
    b"<!--",
    b"\0\0\0\0",
    b"\xff\xff\xff\xff",
];

fn broken(bytes: &[u8], seeded: &mut Seeded) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for _ in 0..=seeded.below(4) {
        let at = seeded.below(out.len() + 1);
        match seeded.below(6) {
            0 if at < out.len() => out[at] ^= 1 << seeded.below(8),
            1 if at < out.len() => out[at] = [0, 0xff, 0x7f, 0x80, 1][seeded.below(5)],
            2 => out.truncate(at),
            3 => {
                let end = (at + seeded.below(200)).min(out.len());
                out.drain(at..end);
            }
            4 => {
                let end = (at + seeded.below(200)).min(out.len());
                let piece = out[at..end].to_vec();
                out.splice(at..at, piece);
            }
            _ => {
                out.splice(at..at, PIECES[seeded.below(PIECES.len())].iter().copied());
            }
        }
    }
    out
}

fn try_it(name: &str, bytes: &[u8]) -> bool {
    let told = read(bytes, "list");
    let _ = look(bytes, "list", &Choice::default());
    match told {
        Ok(list) => list.rows > 0,
        Err(problem) => {
            assert!(problem.what.len() > 10 && !problem.what.contains(['\n', '\r']), "{name}: {problem}");
            false
        }
    }
}

#[test]
fn s25_a_broken_file_is_a_list_or_a_sentence() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/lists/files");
    let mut seeded = Seeded(0x5eed_0012_0c0f_fee5);
    for name in ["same.csv", "same.xlsx", "same-openpyxl.xlsx", "same.xls", "same.ods"] {
        let bytes = std::fs::read(folder.join(name)).unwrap();
        let mut read = 0;
        for _ in 0..TIMES {
            read += u64::from(try_it(name, &broken(&bytes, &mut seeded)));
        }
        if bytes.starts_with(b"PK") {
            let parts = unzip(&bytes);
            for _ in 0..TIMES * 3 {
                let which = seeded.below(parts.len());
                let mut parts = parts.clone();
                parts[which].1 = broken(&parts[which].1, &mut seeded);
                let parts: Vec<(&str, &[u8])> = parts.iter().map(|(n, b)| (n.as_str(), b.as_slice())).collect();
                read += u64::from(try_it(name, &zip(&parts)));
            }
        }
        println!("{name}: {read} were lists all the same");
        assert!(read > 0, "{name}: what is broken a little is read all the same");
    }
}
