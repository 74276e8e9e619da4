//! Which time zones a country has, and which of them show the same time.
//!
//! The zones are those of `config/calendar/zones.txt`, from the tz database. Zones whose clocks agree for the years ahead are one zone
//! to whoever plans a message: Germany and Argentina have one, Spain and the United States several.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::base::clock::{DAY, Ts};

use super::zone::{self, Zone};

static TABLE: &str = include_str!("../../../config/calendar/zones.txt");

/// Clocks are compared once a week from 1 January 2027 for three years.
const FROM: Ts = Ts(1_798_761_600_000);
const WEEKS: i64 = 157;

/// Zones of equal clocks have the same number.
struct Clocks {
    by_name: HashMap<String, usize>,
    offsets: Vec<Vec<i64>>,
}

static CLOCKS: LazyLock<Clocks> = LazyLock::new(|| {
    let (mut by_name, mut known, mut offsets) = (HashMap::new(), HashMap::new(), Vec::new());
    for name in zone::names() {
        let Some(zone) = Zone::find(&name) else { continue };
        let shown: Vec<i64> = (0..WEEKS).map(|week| zone.offset(FROM.plus(week * 7 * DAY))).collect();
        let number = *known.entry(shown.clone()).or_insert_with(|| {
            offsets.push(shown);
            offsets.len() - 1
        });
        by_name.insert(name, number);
    }
    Clocks { by_name, offsets }
});

static COUNTRIES: LazyLock<HashMap<&str, Vec<&str>>> = LazyLock::new(|| {
    let read = |line: &'static str| {
        let mut words = line.split(' ');
        let country = words.next()?;
        let mut zones: Vec<&str> = Vec::new();
        for zone in words {
            if !zones.iter().any(|known| same_clocks(known, zone)) {
                zones.push(zone);
            }
        }
        Some((country, zones))
    };
    TABLE.lines().filter_map(read).collect()
});

/// One zone for each of the times that clocks show in a country; none when the country is not known.
pub fn zones_of(country: &str) -> &'static [&'static str] {
    COUNTRIES.get(country).map_or(&[], Vec::as_slice)
}

/// The zone of a country that has one.
pub fn only_zone(country: &str) -> Option<&'static str> {
    match zones_of(country) {
        [only] => Some(only),
        _ => None,
    }
}

/// Whether the tz database lists this zone, by this name, in a country.
pub fn lists(country: &str, zone: &str) -> bool {
    let of = |line: &str| line.strip_prefix(country).is_some_and(|zones| zones.split(' ').any(|listed| listed == zone));
    !country.is_empty() && TABLE.lines().any(of)
}

/// The only country in which the tz database lists this zone.
pub fn country_of(zone: &str) -> Option<&'static str> {
    let mut all = TABLE.lines().filter_map(|line| {
        let (country, zones) = line.split_once(' ')?;
        zones.split(' ').any(|listed| listed == zone).then_some(country)
    });
    all.next().filter(|_| all.next().is_none())
}

/// The zone of a country that the tz database names after this city; `city` is folded: small letters alone.
pub fn zone_of_city(country: &str, city: &str) -> Option<&'static str> {
    let line =
        TABLE.lines().find_map(|line| line.strip_prefix(country)?.strip_prefix(' ')).filter(|_| !country.is_empty())?;
    let named = |zone: &str| {
        let name = zone.rsplit('/').next().unwrap_or("");
        name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).eq(city.chars())
    };
    line.split(' ').find(|zone| named(zone))
}

/// Whether clocks in two zones agree in the years ahead.
pub fn same_clocks(one: &str, other: &str) -> bool {
    one == other || matches!((CLOCKS.by_name.get(one), CLOCKS.by_name.get(other)), (Some(a), Some(b)) if a == b)
}

/// How many minutes clocks of a zone are ahead of UTC in winter and in summer.
pub fn offsets(zone: &str) -> Option<(i64, i64)> {
    let offsets = CLOCKS.offsets.get(*CLOCKS.by_name.get(zone)?)?;
    Some((offsets.iter().min()? / 60_000, offsets.iter().max()? / 60_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_zone_of_the_table_is_known() {
        for line in TABLE.lines() {
            for zone in line.split(' ').skip(1) {
                assert!(CLOCKS.by_name.contains_key(zone), "{zone}");
            }
        }
    }

    #[test]
    fn zones_whose_clocks_agree_are_one() {
        for (country, zones) in [
            ("DE", &["Europe/Berlin"][..]),
            ("JP", &["Asia/Tokyo"]),
            ("AR", &["America/Argentina/Buenos_Aires"]),
            ("CN", &["Asia/Shanghai"]),
            ("GB", &["Europe/London"]),
            ("IN", &["Asia/Kolkata"]),
            ("ES", &["Europe/Madrid", "Atlantic/Canary"]),
            ("PT", &["Europe/Lisbon", "Atlantic/Azores"]),
            ("", &[]),
        ] {
            assert_eq!(zones_of(country), zones, "{country}");
        }
        for (country, least) in [("US", 6), ("AU", 5), ("CA", 6), ("BR", 3), ("RU", 8), ("MX", 3), ("ID", 3)] {
            assert!(zones_of(country).len() >= least, "{country}: {:?}", zones_of(country));
        }
        assert!(same_clocks("Europe/Kiev", "Europe/Kyiv") && same_clocks("US/Pacific", "America/Los_Angeles"));
        assert!(same_clocks("Europe/Paris", "Europe/Berlin") && !same_clocks("Europe/London", "Europe/Berlin"));
        assert!(
            !same_clocks("America/Phoenix", "America/Denver") && !same_clocks("Australia/Sydney", "Australia/Brisbane")
        );
        assert_eq!(offsets("Europe/Berlin"), Some((60, 120)));
    }
}
