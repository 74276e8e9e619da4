//! Language, country, region and time zone of a contact. Empty is allowed; what is not understood counts as empty and is told.

mod cities;
pub mod places;
pub mod zones;

use crate::rules::calendar;
use crate::rules::calendar::countries::zones_of;

use super::cells;
use super::row_check::RowCheck;
use crate::rules::contacts::row::Field;

pub(in crate::contacts) struct Whereabouts {
    pub language: String,
    pub country: String,
    pub region: String,
    pub time_zone: String,
}

pub(in crate::contacts) fn whereabouts(j: &mut RowCheck, columns: &[Field]) -> Whereabouts {
    let country =
        code(j, Field::Country, places::country, "a code such as IE or DE; no public holidays are known for it now");
    let language = code(
        j,
        Field::Language,
        // `na` is the language of Nauru, and what programs write for nothing.
        |text| places::language(text).filter(|code| code != "na"),
        "`en`, `de` or `fr`, for example; the round's language is used",
    );
    let region = region(j, &country);
    let time_zone = time_zone(j, (&country, &region), columns);
    Whereabouts { language, country, region, time_zone }
}

fn code(j: &mut RowCheck, field: Field, read: fn(&str) -> Option<String>, instead: &str) -> String {
    let text = j.get(field);
    if text.is_empty() {
        return String::new();
    }
    if let Some(code) = read(text) {
        code
    } else {
        let sentence = format!("the {} “{}” is not known. Write {instead}.", field.label(), cells::quoted(text));
        j.warn(&format!("{}_unknown", field.as_str()), field, &sentence);
        String::new()
    }
}

/// A state as other programs export it is taken where it is known; only what stands under our own name must be.
fn region(j: &mut RowCheck, country: &str) -> String {
    let text = j.get(Field::Region);
    if text.is_empty() {
        return calendar::region(country, j.get(Field::State)).unwrap_or_default();
    }
    if let Some(code) = calendar::region(country, text) {
        return code;
    }
    let what = format!("the region “{}” is not known", cells::quoted(text));
    let sentence = match country {
        "" => format!("{what}, because the country is not. Write the country, or leave the region empty."),
        _ => format!(
            "{what} in {country}. Write a code such as DE-BY, or leave it empty; the public holidays of the whole country are used."
        ),
    };
    j.warn("region_unknown", Field::Region, &sentence);
    String::new()
}

fn time_zone(j: &mut RowCheck, (country, region): (&str, &str), columns: &[Field]) -> String {
    let text = j.get(Field::TimeZone);
    if text.is_empty() && zones_of(country).len() > 1 {
        let regions = [j.get(Field::Region), j.get(Field::State), region];
        if let Some(placed) = cities::zone_at(country, regions, j.get(Field::City)) {
            if placed.doubtful {
                let sentence = format!(
                    "the best known {} is not in the region that is given, where {} is the time; that is used. Correct one of the two, or write the time \
                     zone.",
                    cells::quoted(j.get(Field::City)),
                    placed.zone
                );
                j.warn("time_zone_ambiguous", Field::TimeZone, &sentence);
            }
            return placed.zone.to_owned();
        }
    }
    // A list without the columns is told so once.
    let asked = columns.contains(&Field::Country) && columns.contains(&Field::TimeZone);
    let country = if may_mean_nothing(j.get(Field::Country)) && !text.is_empty() { "" } else { country };
    let understood = zones::understand(text, &cells::quoted(text), country, asked);
    if let Some(told) = understood.told {
        j.warn(told.code, Field::TimeZone, &told.sentence);
    }
    understood.zone
}

/// "NA" is the code of Namibia, and what programs write for nothing: the whole column tells.
pub(in crate::contacts) fn may_mean_nothing(country: &str) -> bool {
    country.trim().eq_ignore_ascii_case("na")
}
