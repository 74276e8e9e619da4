//! Bytes in lower-case letters and digits, RFC 4648's base 32 without padding: what survives mail programs, and servers that change case.

const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// The sign of a value below 32.
pub(super) fn sign(value: u32) -> char {
    ALPHABET.get(value as usize & 31).map_or('a', |c| char::from(*c))
}

/// What a sign stands for; `None` for one that is not written here.
pub(super) fn value(sign: char) -> Option<u32> {
    ALPHABET.iter().position(|known| char::from(*known) == sign).map(|at| at as u32)
}

pub(super) fn write(bytes: &[u8]) -> String {
    let bit = |n: usize| bytes.get(n / 8).is_some_and(|byte| byte & (0x80 >> (n % 8)) != 0);
    (0..(bytes.len() * 8).div_ceil(5))
        .map(|at| (0..5).fold(0, |value, n| value << 1 | u32::from(bit(at * 5 + n))))
        .map(sign)
        .collect()
}

/// Only what [`write()`] writes: the bits that are left over are zero.
pub(super) fn read(text: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut held, mut bits) = (Vec::with_capacity(text.len()), 0u32, 0);
    for c in text.chars() {
        held = held << 5 | value(c)?;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits) as u8);
            held &= (1 << bits) - 1;
        }
    }
    (held == 0).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_nothing_else_is() {
        for bytes in [&b""[..], b"f", b"foobar", &[0; 24], &[255; 24]] {
            assert_eq!(read(&write(bytes)).as_deref(), Some(bytes));
        }
        // RFC 4648, section 10.
        assert_eq!(write(b"foobar"), "mzxw6ytboi");
        for other in ["MZXW6", "mzxw1", "mz-w", "mz w", "mzé", "mt"] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
