//! What a list's time zone means where its contact is: a name, an abbreviation that several places use, an offset without summer time.
//!
//! A zone is taken when nothing else can be meant; what was concluded or is open is told. Nobody is planned an hour wrong in silence.

use crate::rules::calendar::countries::{lists, offsets, same_clocks, zones_of};

use super::places;

/// Abbreviations, and who uses them: one zone for each, the best known first.
const ABBREVIATIONS: &str = "EST America/New_York America/Toronto America/Panama America/Jamaica Australia/Sydney|\
    EDT America/New_York America/Toronto|ET America/New_York America/Toronto|CST America/Chicago Asia/Shanghai \
    America/Mexico_City America/Costa_Rica America/Havana America/Winnipeg America/Regina Asia/Taipei|\
    CDT America/Chicago America/Winnipeg America/Havana|CT America/Chicago America/Winnipeg|\
    MST America/Denver America/Phoenix America/Edmonton|MDT America/Denver America/Edmonton|\
    MT America/Denver America/Phoenix|PST America/Los_Angeles America/Vancouver America/Tijuana Asia/Manila|\
    PDT America/Los_Angeles America/Vancouver America/Tijuana|PT America/Los_Angeles America/Vancouver|\
    AKST America/Anchorage|AKDT America/Anchorage|HST Pacific/Honolulu|\
    AST America/Halifax America/Puerto_Rico Asia/Riyadh|ADT America/Halifax|NST America/St_Johns|NDT America/St_Johns|\
    GMT Europe/London Africa/Accra Africa/Abidjan Atlantic/Reykjavik|BST Europe/London Asia/Dhaka|\
    IST Asia/Kolkata Europe/Dublin Asia/Jerusalem|WET Europe/Lisbon Atlantic/Canary Africa/Casablanca|\
    WEST Europe/Lisbon Atlantic/Canary|CET Europe/Berlin Africa/Algiers Africa/Tunis|CEST Europe/Berlin|\
    MET Europe/Berlin|MEZ Europe/Berlin|MESZ Europe/Berlin|\
    EET Europe/Athens Africa/Cairo Africa/Tripoli Europe/Chisinau|EEST Europe/Athens Africa/Cairo|OEZ Europe/Athens|\
    MSK Europe/Moscow|TRT Europe/Istanbul|JST Asia/Tokyo|KST Asia/Seoul|HKT Asia/Hong_Kong|SGT Asia/Singapore|\
    PHT Asia/Manila|WIB Asia/Jakarta|WITA Asia/Makassar|WIT Asia/Jayapura|ICT Asia/Bangkok|PKT Asia/Karachi|\
    GST Asia/Dubai Atlantic/South_Georgia|AEST Australia/Sydney Australia/Brisbane|AEDT Australia/Sydney|\
    AET Australia/Sydney Australia/Brisbane|ACST Australia/Adelaide Australia/Darwin|ACDT Australia/Adelaide|\
    AWST Australia/Perth|NZST Pacific/Auckland|NZDT Pacific/Auckland|SAST Africa/Johannesburg|CAT Africa/Maputo|\
    EAT Africa/Nairobi|WAT Africa/Lagos|BRT America/Sao_Paulo|ART America/Argentina/Buenos_Aires|CLT America/Santiago|\
    COT America/Bogota|PET America/Lima|VET America/Caracas";

/// What is wrong or worth asking: a code, and the sentence after "Row 17: ".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ZoneRemark {
    pub code: &'static str,
    pub sentence: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Understood {
    /// IANA name; empty: the round's own zone is used.
    pub zone: String,
    pub told: Option<ZoneRemark>,
}

impl Understood {
    fn silent(zone: &str) -> Understood {
        Understood { zone: zone.to_owned(), told: None }
    }

    fn told(code: &'static str, zone: &str, sentence: String) -> Understood {
        Understood { zone: zone.to_owned(), told: Some(ZoneRemark { code, sentence }) }
    }
}

/// The zone of a contact. `quote` is the text as a finding quotes it, `country` an ISO 3166 code or empty, `asked` whether the list
/// has columns that could have said it.
pub fn understand(text: &str, quote: &str, country: &str, asked: bool) -> Understood {
    let here = zones_of(country);
    if text.is_empty() {
        return missing(here, country, asked);
    }
    if let Some(known) = abbreviation(text) {
        return abbreviated(&known, quote, here, country);
    }
    // "(GMT+00:00) Greenwich Mean Time (Europe/Dublin)" names the place.
    let named = text.starts_with('(') && places::time_zone(text).is_some();
    if let Some((minutes, reversed)) = fixed(text).filter(|_| !named) {
        return offset(minutes, reversed.then_some(text), quote, here, country);
    }
    match (places::time_zone(text), here) {
        (Some(zone), here) if here.is_empty() || here.iter().any(|known| same_clocks(known, &zone)) => {
            Understood::silent(&zone)
        }
        (Some(zone), _) => {
            let sentence = format!(
                "the time zone {zone} is not one of {country} ({}). Messages follow {zone}; correct the zone or the country if that is \
                 wrong.",
                some(here)
            );
            Understood::told("time_zone_elsewhere", &zone, sentence)
        }
        (None, [only]) => Understood::told(
            "time_zone_unknown",
            only,
            format!("the time zone “{quote}” is not known. {only} is used, the only one of {country}."),
        ),
        (None, _) => Understood::told(
            "time_zone_unknown",
            "",
            format!(
                "the time zone “{quote}” is not known. Write a name such as Europe/Dublin; the round's time zone is used."
            ),
        ),
    }
}

fn missing(here: &[&str], country: &str, asked: bool) -> Understood {
    match here {
        [only] => Understood::silent(only),
        [] if country.is_empty() && asked => Understood::told(
            "time_zone_missing",
            "",
            "neither the time zone nor the country is known. Messages go by the round's own time zone; write the zone, such as \
             Europe/Dublin.".into(),
        ),
        [] => Understood::default(),
        several => Understood::told(
            "time_zone_missing",
            "",
            format!(
                "the time zone is empty and {country} has several: {}. Messages go by the round's own time zone; write the contact's, \
                 or the region or city.",
                some(several)
            ),
        ),
    }
}

/// The first few names, and how many more there are.
fn some(zones: &[&str]) -> String {
    match zones.len().checked_sub(4).filter(|more| *more > 0) {
        Some(more) => format!("{} and {more} more", zones[..4].join(", ")),
        None => zones.join(", "),
    }
}

fn abbreviation(text: &str) -> Option<Vec<&'static str>> {
    let wanted = text.trim().to_ascii_uppercase();
    ABBREVIATIONS.split('|').find_map(|line| {
        let (short, zones) = line.trim_start().split_once(' ')?;
        (short == wanted).then(|| zones.split(' ').collect())
    })
}

fn abbreviated(known: &[&str], quote: &str, here: &[&str], country: &str) -> Understood {
    const CODE: &str = "time_zone_ambiguous";
    let alone = known.iter().all(|zone| same_clocks(zone, known[0]));
    let mut fits: Vec<&str> = known.iter().copied().filter(|zone| lists(country, zone)).collect();
    if fits.is_empty() {
        fits = here.iter().copied().filter(|zone| known.iter().any(|k| same_clocks(k, zone))).collect();
    }
    match (fits.as_slice(), here) {
        ([only], _) if alone => Understood::silent(only),
        ([], []) if alone => Understood::silent(known[0]),
        ([only], _) => Understood::told(
            CODE,
            only,
            format!(
                "the time zone “{quote}” is used in several countries. {only} is taken, as the contact is in {country}; write that name."
            ),
        ),
        ([], []) => Understood::told(
            CODE,
            "",
            format!(
                "the time zone “{quote}” may be {}. Write the one that is meant; the round's time zone is used.",
                some(known)
            ),
        ),
        ([], [only]) => Understood::told(
            CODE,
            only,
            format!(
                "the time zone “{quote}” is not one of {country}. {only} is taken, the only one there; write that name, or correct the \
                 country."
            ),
        ),
        ([], _) => Understood::told(
            CODE,
            "",
            format!(
                "the time zone “{quote}” is not one of {country} ({}). Write the one that is meant; the round's time zone is used.",
                some(here)
            ),
        ),
        (several, _) => Understood::told(
            CODE,
            "",
            format!(
                "the time zone “{quote}” may be {} in {country}. Write the one that is meant; the round's time zone is used.",
                some(several)
            ),
        ),
    }
}

/// Minutes ahead of UTC of "GMT+1", "UTC-05:30", "+0100", "(UTC+01:00) Amsterdam", and whether it is of the tz database's own names with
/// the sign reversed: Etc/GMT+1 is an hour behind.
fn fixed(text: &str) -> Option<(i64, bool)> {
    let text = text.trim();
    let text = match text.strip_prefix('(') {
        Some(inner) => inner.split(')').next()?,
        None => text,
    };
    let plain: String =
        text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_uppercase().replace('−', "-");
    let (etc, rest) = plain.strip_prefix("ETC/").map_or((false, plain.as_str()), |rest| (true, rest));
    let named = ["GMT", "UTC", "UCT"].iter().find_map(|name| rest.strip_prefix(name));
    if matches!(rest, "UTC" | "UCT" | "ZULU" | "Z" | "UNIVERSAL" | "GREENWICH" | "GMT0") || etc && named == Some("") {
        return Some((0, false));
    }
    let signed = named.unwrap_or(rest);
    let (sign, digits) = match signed.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let (hours, minutes) = match digits.split_once([':', '.']) {
        Some((hours, minutes)) => (hours, minutes),
        None if digits.len() > 2 => digits.split_at_checked(digits.len() - 2)?,
        None => (digits, "0"),
    };
    if hours.is_empty()
        || hours.len() > 2
        || minutes.is_empty()
        || !(hours.to_owned() + minutes).bytes().all(|b| b.is_ascii_digit())
    {
        return None;
    }
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    let ahead = sign * (hours * 60 + minutes) * if etc { -1 } else { 1 };
    ((-12 * 60..=14 * 60).contains(&ahead) && minutes < 60).then_some((ahead, etc && ahead != 0))
}

fn offset(minutes: i64, reversed: Option<&str>, quote: &str, here: &[&str], country: &str) -> Understood {
    const CODE: &str = "time_zone_fixed";
    let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
    let by = if rest == 0 { format!("{hours} h") } else { format!("{hours} h {rest} min") };
    let what = match (minutes, reversed) {
        (0, _) => format!("the time zone “{quote}” is UTC all year and knows no summer time"),
        (ahead, Some(_)) => {
            let direction = if ahead > 0 { "ahead of" } else { "behind" };
            format!("the time zone “{quote}” is {by} {direction} UTC, against its sign, and knows no summer time")
        }
        (ahead, None) => format!(
            "the time zone “{quote}” is {by} {} UTC all year and knows no summer time",
            if ahead > 0 { "ahead of" } else { "behind" }
        ),
    };
    // Winter time is what people mean by the offset of a place.
    let fits: Vec<&str> =
        here.iter().copied().filter(|zone| offsets(zone).is_some_and(|(winter, _)| winter == minutes)).collect();
    match (fits.as_slice(), here) {
        ([only], _) => Understood::told(
            CODE,
            only,
            format!("{what}. {only} is taken, which has this offset in {country}; write that name."),
        ),
        ([], [only]) => Understood::told(
            CODE,
            only,
            format!(
                "{what}; {country} does not have it. {only} is taken, the only one there; write that name, or correct the country."
            ),
        ),
        ([], []) => {
            let zone = same_all_year(minutes);
            let used = if zone.is_empty() { "the round's time zone".to_owned() } else { zone.clone() };
            Understood::told(
                CODE,
                &zone,
                format!("{what}. Write the name of a place such as Europe/Dublin; {used} is used."),
            )
        }
        (several, _) => Understood::told(
            CODE,
            "",
            format!(
                "{what}. Write the one that is meant, {}; the round's time zone is used.",
                some(if several.is_empty() { here } else { several })
            ),
        ),
    }
}

/// The zone without summer time of whole hours.
fn same_all_year(minutes: i64) -> String {
    match minutes {
        0 => "Etc/UTC".to_owned(),
        m if m % 60 == 0 => format!("Etc/GMT{}{}", if m > 0 { '-' } else { '+' }, m.abs() / 60),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::calendar::zone::Zone;

    fn of(text: &str, country: &str) -> (String, &'static str, String) {
        let found = understand(text, text, country, true);
        let (code, sentence) = found.told.map_or(("", String::new()), |told| (told.code, told.sentence));
        (found.zone, code, sentence)
    }

    #[test]
    fn zones_are_taken_when_nothing_else_can_be_meant() {
        for (text, country, zone, code) in [
            ("", "JP", "Asia/Tokyo", ""),
            ("(GMT+00:00) Greenwich Mean Time (Europe/Dublin)", "IE", "Europe/Dublin", ""),
            ("CST", "CA", "", "time_zone_ambiguous"),
            ("CST", "MX", "America/Mexico_City", "time_zone_ambiguous"),
            ("", "DE", "Europe/Berlin", ""),
            ("", "US", "", "time_zone_missing"),
            ("", "ES", "", "time_zone_missing"),
            ("", "", "", "time_zone_missing"),
            ("AEST", "AU", "", "time_zone_ambiguous"),
            ("AWST", "AU", "Australia/Perth", ""),
            ("EST", "US", "America/New_York", "time_zone_ambiguous"),
            ("est", "CA", "America/Toronto", "time_zone_ambiguous"),
            ("EST", "", "", "time_zone_ambiguous"),
            ("MST", "US", "", "time_zone_ambiguous"),
            ("CST", "CN", "Asia/Shanghai", "time_zone_ambiguous"),
            ("IST", "IN", "Asia/Kolkata", "time_zone_ambiguous"),
            ("IST", "IE", "Europe/Dublin", "time_zone_ambiguous"),
            ("BST", "GB", "Europe/London", "time_zone_ambiguous"),
            ("GMT", "GB", "Europe/London", "time_zone_ambiguous"),
            ("CET", "NL", "Europe/Amsterdam", "time_zone_ambiguous"),
            ("PST", "DE", "Europe/Berlin", "time_zone_ambiguous"),
            ("JST", "JP", "Asia/Tokyo", ""),
            ("JST", "", "Asia/Tokyo", ""),
            ("GMT+1", "DE", "Europe/Berlin", "time_zone_fixed"),
            ("UTC+01:00", "FR", "Europe/Paris", "time_zone_fixed"),
            ("(UTC+01:00) Amsterdam, Berlin", "NL", "Europe/Amsterdam", "time_zone_fixed"),
            ("+0100", "IT", "Europe/Rome", "time_zone_fixed"),
            ("Etc/GMT+1", "DE", "Europe/Berlin", "time_zone_fixed"),
            ("Etc/GMT-1", "DE", "Europe/Berlin", "time_zone_fixed"),
            ("Etc/GMT+1", "", "Etc/GMT+1", "time_zone_fixed"),
            ("GMT+1", "", "Etc/GMT-1", "time_zone_fixed"),
            ("UTC+5:30", "IN", "Asia/Kolkata", "time_zone_fixed"),
            ("GMT-5", "US", "America/New_York", "time_zone_fixed"),
            ("GMT-7", "US", "", "time_zone_fixed"),
            ("UTC", "DE", "Europe/Berlin", "time_zone_fixed"),
            ("Europe/London", "US", "Europe/London", "time_zone_elsewhere"),
            ("Asia/Tokyo", "DE", "Asia/Tokyo", "time_zone_elsewhere"),
            ("Europe/Kiev", "UA", "Europe/Kiev", ""),
            ("US/Pacific", "US", "US/Pacific", ""),
            ("Europe/Paris", "DE", "Europe/Paris", ""),
            ("Europe/London", "", "Europe/London", ""),
            ("W. Europe Standard Time", "AT", "Europe/Berlin", ""),
            ("GMT+25", "DE", "Europe/Berlin", "time_zone_unknown"),
            ("Mars/Base", "US", "", "time_zone_unknown"),
            ("CET time", "", "", "time_zone_unknown"),
        ] {
            let (found, told, sentence) = of(text, country);
            assert_eq!((found.as_str(), told), (zone, code), "{text} in {country}: {sentence}");
        }
        assert!(of("Etc/GMT+1", "DE").2.contains("1 h behind UTC, against its sign"));
        assert!(of("AEST", "AU").2.contains("Australia/Sydney, Australia/Brisbane"));
        assert_eq!(understand("", "", "", false), Understood::default(), "a list without such columns is told once");
    }

    #[test]
    fn every_zone_of_the_abbreviations_is_known() {
        for zone in ABBREVIATIONS.split('|').flat_map(|line| line.split_whitespace().skip(1)) {
            assert!(Zone::find(zone).is_some(), "{zone}");
        }
        for zone in (-12..=14).map(|hours| same_all_year(hours * 60)) {
            assert!(Zone::find(&zone).is_some(), "{zone}");
        }
    }
}
