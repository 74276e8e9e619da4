//! Values of a workbook as text: what stands there for whoever looks at the sheet, as far as a list needs it.
//!
//! Whole numbers have no decimals, dates are written as ISO 8601 does, and error values stay what they are: the rules know them.

use chrono::{Days, NaiveDate, NaiveTime};

/// What the format of a cell makes of a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    #[default]
    Number,
    Date,
}

/// Of a format that every workbook has without saying so.
pub fn built_in(id: u32) -> Format {
    match id {
        14..=22 | 27..=36 | 45..=47 | 50..=58 => Format::Date,
        _ => Format::Number,
    }
}

/// Whether a format shows days or hours: one of their letters outside quotes, brackets and behind no backslash, and not in a word, as `Standard`
/// is one.
pub fn by_code(code: &str) -> Format {
    let (mut quoted, mut bracket, mut escaped) = (false, false, false);
    // What follows is for other signs of the number.
    let first = code.split(';').next().unwrap_or("");
    let (mut elapsed, mut word) = (String::new(), String::new());
    for c in first.chars().chain([' ']) {
        let is_letter = c.is_alphabetic() && c < '\u{2e80}' && !(escaped || quoted || bracket);
        if is_letter {
            word.push(c.to_ascii_lowercase());
            continue;
        }
        if !word.is_empty() && word.chars().all(|c| "ymdhs".contains(c)) {
            return Format::Date;
        }
        word.clear();
        match c {
            _ if escaped => escaped = false,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '\\' | '_' | '*' => escaped = true,
            '[' => (bracket, elapsed) = (true, String::new()),
            ']' => {
                bracket = false;
                if matches!(elapsed.to_ascii_lowercase().as_str(), "h" | "hh" | "m" | "mm" | "s" | "ss") {
                    return Format::Date;
                }
            }
            _ if bracket => elapsed.push(c),
            _ => {}
        }
    }
    Format::Number
}

/// A number in a cell.
pub fn number(raw: &str, format: Format, from_1904: bool) -> String {
    let raw = raw.trim();
    let Ok(value) = raw.parse::<f64>() else { return raw.to_owned() };
    if format == Format::Date
        && let Some(date) = date(value, from_1904)
    {
        return date;
    }
    let digits = raw.trim_start_matches('-');
    if digits.bytes().all(|b| b.is_ascii_digit()) && digits.len() <= 15 {
        return raw.to_owned();
    }
    plain(value)
}

/// With as many digits as a spreadsheet shows.
pub fn plain(value: f64) -> String {
    let rounded = format!("{value:.14e}").parse::<f64>().unwrap_or(value);
    if rounded == 0.0 { "0".into() } else { rounded.to_string() }
}

/// Days since the epoch of the workbook.
fn date(value: f64, from_1904: bool) -> Option<String> {
    if !(0.0..2_958_466.0).contains(&value) {
        return None;
    }
    let seconds = (value * 86_400.0).round() as u64;
    let (days, rest) = (seconds / 86_400, (seconds % 86_400) as u32);
    let time = NaiveTime::from_num_seconds_from_midnight_opt(rest, 0)?;
    if days == 0 && !from_1904 {
        return Some(time.to_string());
    }
    // Excel counts a 29 February 1900 that never was.
    let (year, month, day) = match (from_1904, days < 60) {
        (true, _) => (1904, 1, 1),
        (false, true) => (1899, 12, 31),
        (false, false) => (1899, 12, 30),
    };
    let day = NaiveDate::from_ymd_opt(year, month, day)?.checked_add_days(Days::new(days))?;
    Some(if rest == 0 { day.to_string() } else { format!("{day} {time}") })
}

/// A date as XML has it, `2027-02-01T00:00:00`.
pub fn iso(text: &str) -> String {
    let text = text.trim();
    match text.split_once('T') {
        Some((day, time)) if time.trim_matches(|c| "0:.Z".contains(c)).is_empty() => day.to_owned(),
        Some((day, time)) => format!("{day} {}", time.trim_end_matches('Z')),
        None => text.to_owned(),
    }
}

pub fn boolean(text: &str) -> String {
    match text.trim() {
        "1" | "true" => "TRUE".into(),
        "0" | "false" => "FALSE".into(),
        other => other.to_owned(),
    }
}

/// Without the escapes that workbooks write for control characters, `_x000D_`.
pub fn unescaped(text: &str) -> std::borrow::Cow<'_, str> {
    if !text.contains("_x") {
        return text.into();
    }
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find("_x") {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        let code = escape.get(2..6).filter(|_| escape.as_bytes().get(6) == Some(&b'_'));
        let c = code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32);
        if let Some(c) = c {
            out.push(c);
        } else {
            out.push_str("_x");
        }
        rest = escape.get(if c.is_some() { 7.. } else { 2.. }).unwrap_or_default();
    }
    out.push_str(rest);
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_a_spreadsheet_shows_them() {
        for (raw, text) in [
            ("362577", "362577"),
            ("362577.0", "362577"),
            ("-5", "-5"),
            ("0.1", "0.1"),
            ("0.30000000000000004", "0.3"),
            ("1E3", "1000"),
            ("1.5E-2", "0.015"),
            ("004", "004"),
            ("-0.0", "0"),
            ("abc", "abc"),
            ("49301234567", "49301234567"),
        ] {
            assert_eq!(number(raw, Format::Number, false), text, "{raw}");
        }
    }

    #[test]
    fn dates_are_iso_in_both_epochs() {
        for (raw, from_1904, text) in [
            ("46419", false, "2027-02-01"),
            ("46419.375", false, "2027-02-01 09:00:00"),
            ("44957", true, "2027-02-01"),
            ("59", false, "1900-02-28"),
            ("61", false, "1900-03-01"),
            ("0.5", false, "12:00:00"),
            ("1", false, "1900-01-01"),
            ("99999999", false, "99999999"),
            ("-1", false, "-1"),
        ] {
            assert_eq!(number(raw, Format::Date, from_1904), text, "{raw}");
        }
        assert_eq!((iso("2027-02-01T00:00:00"), iso("2027-02-01")), ("2027-02-01".into(), "2027-02-01".into()));
        assert_eq!(iso("2027-02-01T09:30:00"), "2027-02-01 09:30:00");
    }

    #[test]
    fn a_format_is_a_date_by_its_letters() {
        for code in ["dd/mm/yyyy", "[$-407]d. mmmm yyyy;@", "h:mm", "[h]:mm:ss", "yyyy\\-mm\\-dd", "TT.MM.JJJJ\\ hh"] {
            assert_eq!(by_code(code), Format::Date, "{code}");
        }
        for code in ["yyyymmdd", "yyyy年m月d日", "h:mm AM/PM", "jj/mm/aaaa", "d. mmmm"] {
            assert_eq!(by_code(code), Format::Date, "{code}");
        }
        for code in [
            "Standard",
            "STANDARD",
            "Standaard",
            "Estándar",
            "Geral",
            "Genel",
            "Général",
            "0 days",
            "Sales",
            "0.00E+00",
            "0 Stk",
        ] {
            assert_eq!(by_code(code), Format::Number, "{code}");
        }
        for code in [
            "General",
            "0.00",
            "#,##0 \"days\"",
            "[Red]-0",
            "0.0\\d",
            "_-* #,##0.00 [$€-407]_-",
            "@",
            "",
            "[$SFr.-807] 0",
        ] {
            assert_eq!(by_code(code), Format::Number, "{code}");
        }
    }

    #[test]
    fn escapes_of_control_characters_are_undone() {
        assert_eq!(unescaped("a_x000D_\nb_x005F_x000D_ _xZZZZ_ _x00"), "a\r\nb_x000D_ _xZZZZ_ _x00");
        assert_eq!(unescaped("max_xavier"), "max_xavier");
    }
}
