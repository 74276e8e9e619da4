//! The client's accent colour, made readable: darkened on the light page and lightened on the dark one until it passes
//! 4.5:1, both as a text and as the ground of a button. It is served as a style sheet of its own because the content
//! security policy forbids styles inside pages.

/// The grounds that the accent stands on, as in `style.css`: the darkest light one and the lightest dark one.
const LIGHT_GROUND: Rgb = Rgb(0xf1, 0xf3, 0xf5);
const DARK_GROUND: Rgb = Rgb(0x24, 0x2a, 0x31);
/// The text on a button in the dark: the colour of the dark page.
const DARK_INK: Rgb = Rgb(0x10, 0x13, 0x17);
const ENOUGH: f64 = 4.5;

#[derive(Clone, Copy, Debug, PartialEq)]
struct Rgb(u8, u8, u8);

/// The style sheet for an accent of six hexadecimal digits, with or without `#`; `None` for anything else.
pub fn accent_css(hex: &str) -> Option<String> {
    let accent = parse(hex.strip_prefix('#').unwrap_or(hex))?;
    let light = towards(accent, Rgb(0, 0, 0), |c| contrast(c, LIGHT_GROUND) >= ENOUGH);
    let dark =
        towards(accent, Rgb(255, 255, 255), |c| contrast(c, DARK_GROUND) >= ENOUGH && contrast(c, DARK_INK) >= ENOUGH);
    Some(format!(
        ":root{{--accent:{};--accent-ink:#fff}}\n@media (prefers-color-scheme:dark){{:root{{--accent:{};--accent-ink:{}}}}}\n",
        show(light),
        show(dark),
        show(DARK_INK)
    ))
}

/// `#1F4E79` as it stands in the address of the sheet: `1f4e79`. Empty, so that our own accent is used, for anything that is no colour.
pub fn accent_name(hex: &str) -> String {
    let hex = hex.strip_prefix('#').unwrap_or(hex);
    if parse(hex).is_some() { hex.to_ascii_lowercase() } else { String::new() }
}

fn parse(hex: &str) -> Option<Rgb> {
    if hex.len() != 6 || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let n = u32::from_str_radix(hex, 16).ok()?;
    Some(Rgb((n >> 16) as u8, (n >> 8) as u8, n as u8))
}

fn show(Rgb(r, g, b): Rgb) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// The first colour on the way from `from` to `end` that will do.
fn towards(from: Rgb, end: Rgb, will_do: impl Fn(Rgb) -> bool) -> Rgb {
    let mix = |a: u8, b: u8, step: u16| ((u16::from(a) * (50 - step) + u16::from(b) * step) / 50) as u8;
    (0..=50)
        .map(|step| Rgb(mix(from.0, end.0, step), mix(from.1, end.1, step), mix(from.2, end.2, step)))
        .find(|c| will_do(*c))
        .unwrap_or(end)
}

/// WCAG 2.2, relative luminance and contrast ratio.
fn contrast(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn luminance(Rgb(r, g, b): Rgb) -> f64 {
    let linear = |c: u8| {
        let c = f64::from(c) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_accent_becomes_readable() {
        for accent in ["000000", "ffffff", "ffff00", "1f4e79", "00ff00", "808080", "e4002b", "0000ff"] {
            let css = accent_css(accent).unwrap();
            let colours: Vec<Rgb> = css.split("--accent:#").skip(1).map(|c| parse(&c[..6]).unwrap()).collect();
            assert!(
                contrast(colours[0], LIGHT_GROUND) >= ENOUGH && contrast(colours[0], Rgb(255, 255, 255)) >= ENOUGH,
                "{accent}"
            );
            assert!(
                contrast(colours[1], DARK_GROUND) >= ENOUGH && contrast(colours[1], DARK_INK) >= ENOUGH,
                "{accent}"
            );
        }
    }

    #[test]
    fn a_good_accent_stays_as_it_is_and_anything_else_is_refused() {
        assert!(accent_css("#1f4e79").unwrap().contains("--accent:#1f4e79"));
        for bad in ["", "#12345", "1234567", "zzzzzz", "red;}*{x", "+12345", "1f4é9"] {
            assert_eq!(accent_css(bad), None, "{bad}");
            assert_eq!(accent_name(bad), "");
        }
    }
}
