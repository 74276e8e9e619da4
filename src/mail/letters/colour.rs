//! The client's accent colour, made dark enough for white letters on it (WCAG: 4.5 to 1).

use crate::rules::message::MessageKind;

use super::label::label;
use super::placeholders::Values;

/// How the one button of a mail looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    accent: String,
    /// What stands on the button, in the language of the words.
    pub button: String,
}

const USUAL: (u8, u8, u8) = (0x1f, 0x4e, 0x79);

impl Default for Look {
    fn default() -> Look {
        Look::new("", "en")
    }
}

impl Look {
    /// `accent` as `#rrggbb`; anything else is the usual blue.
    pub fn new(accent: &str, language: &str) -> Look {
        let mut colour = parse(accent).unwrap_or(USUAL);
        while contrast_with_white(colour) < 4.5 {
            let darker = |part: u8| (u16::from(part) * 19 / 20) as u8;
            colour = (darker(colour.0), darker(colour.1), darker(colour.2));
        }
        let button = label(MessageKind::Login, language, &Values::new());
        Look { accent: format!("#{:02x}{:02x}{:02x}", colour.0, colour.1, colour.2), button }
    }

    /// With a button that says what a mail of this kind is for.
    pub fn asking(self, kind: MessageKind, language: &str, values: &Values) -> Look {
        Look { button: label(kind, language, values), ..self }
    }

    pub fn accent(&self) -> &str {
        &self.accent
    }
}

fn parse(accent: &str) -> Option<(u8, u8, u8)> {
    let digits =
        accent.trim().strip_prefix('#').filter(|d| d.len() == 6 && d.bytes().all(|b| b.is_ascii_hexdigit()))?;
    let part = |from: usize| u8::from_str_radix(digits.get(from..from + 2)?, 16).ok();
    Some((part(0)?, part(2)?, part(4)?))
}

fn contrast_with_white((r, g, b): (u8, u8, u8)) -> f64 {
    let light = |part: u8| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    1.05 / (0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b) + 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_letters_can_be_read_on_any_accent() {
        for accent in ["#ffffff", "#ffff00", "#1f4e79", "#000000", "red", "#12345", "#zzzzzz", "#é1234"] {
            let look = Look::new(accent, "en");
            assert!(contrast_with_white(parse(look.accent()).unwrap()) >= 4.5, "{accent}");
        }
        assert_eq!(Look::new("#1f4e79", "en").accent(), "#1f4e79");
        assert!((contrast_with_white((0, 0, 0)) - 21.0).abs() < 0.01);
    }
}
