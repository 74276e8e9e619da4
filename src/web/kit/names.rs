//! Codes of countries and languages as people say them, in English, the language of the console.

use crate::rules::round::language_name;

/// Code and name of every country that has one of its own.
const COUNTRIES: &str = "AD Andorra|AE the United Arab Emirates|AF Afghanistan|AL Albania|AM Armenia|AO Angola|\
    AR Argentina|AT Austria|AU Australia|AZ Azerbaijan|BA Bosnia and Herzegovina|BB Barbados|BD Bangladesh|BE Belgium|\
    BF Burkina Faso|BG Bulgaria|BH Bahrain|BI Burundi|BJ Benin|BM Bermuda|BN Brunei|BO Bolivia|BR Brazil|\
    BS the Bahamas|BT Bhutan|BW Botswana|BY Belarus|BZ Belize|CA Canada|CD the DR Congo|\
    CF the Central African Republic|CG Congo|CH Switzerland|CI Côte d’Ivoire|CL Chile|CM Cameroon|CN China|\
    CO Colombia|CR Costa Rica|CU Cuba|CV Cape Verde|CY Cyprus|CZ Czechia|DE Germany|DJ Djibouti|DK Denmark|\
    DM Dominica|DO the Dominican Republic|DZ Algeria|EC Ecuador|EE Estonia|EG Egypt|ER Eritrea|ES Spain|ET Ethiopia|\
    FI Finland|FJ Fiji|FM Micronesia|FO the Faroe Islands|FR France|GA Gabon|GB the United Kingdom|GD Grenada|\
    GE Georgia|GG Guernsey|GH Ghana|GI Gibraltar|GL Greenland|GM the Gambia|GN Guinea|GQ Equatorial Guinea|GR Greece|\
    GT Guatemala|GW Guinea-Bissau|GY Guyana|HK Hong Kong|HN Honduras|HR Croatia|HT Haiti|HU Hungary|ID Indonesia|\
    IE Ireland|IL Israel|IM the Isle of Man|IN India|IQ Iraq|IR Iran|IS Iceland|IT Italy|JE Jersey|JM Jamaica|\
    JO Jordan|JP Japan|KE Kenya|KG Kyrgyzstan|KH Cambodia|KI Kiribati|KM the Comoros|KP North Korea|KR South Korea|\
    KW Kuwait|KZ Kazakhstan|LA Laos|LB Lebanon|LC Saint Lucia|LI Liechtenstein|LK Sri Lanka|LR Liberia|LS Lesotho|\
    LT Lithuania|LU Luxembourg|LV Latvia|LY Libya|MA Morocco|MC Monaco|MD Moldova|ME Montenegro|MG Madagascar|\
    MH the Marshall Islands|MK North Macedonia|ML Mali|MM Myanmar|MN Mongolia|MO Macao|MR Mauritania|MT Malta|\
    MU Mauritius|MV the Maldives|MW Malawi|MX Mexico|MY Malaysia|MZ Mozambique|NA Namibia|NE Niger|NG Nigeria|\
    NI Nicaragua|NL the Netherlands|NO Norway|NP Nepal|NR Nauru|NZ New Zealand|OM Oman|PA Panama|PE Peru|\
    PG Papua New Guinea|PH the Philippines|PK Pakistan|PL Poland|PR Puerto Rico|PT Portugal|PW Palau|PY Paraguay|\
    QA Qatar|RO Romania|RS Serbia|RU Russia|RW Rwanda|SA Saudi Arabia|SB the Solomon Islands|SC Seychelles|SD Sudan|\
    SE Sweden|SG Singapore|SI Slovenia|SK Slovakia|SL Sierra Leone|SM San Marino|SN Senegal|SO Somalia|SR Suriname|\
    SS South Sudan|SV El Salvador|SY Syria|SZ Eswatini|TD Chad|TG Togo|TH Thailand|TJ Tajikistan|TL Timor-Leste|\
    TM Turkmenistan|TN Tunisia|TO Tonga|TR Türkiye|TT Trinidad and Tobago|TV Tuvalu|TW Taiwan|TZ Tanzania|UA Ukraine|\
    UG Uganda|US the United States|UY Uruguay|UZ Uzbekistan|VA Vatican City|VE Venezuela|VN Vietnam|VU Vanuatu|\
    WS Samoa|XK Kosovo|YE Yemen|ZA South Africa|ZM Zambia|ZW Zimbabwe";

/// "Germany" for "DE"; the code itself where we have no name for it.
pub fn country(code: &str) -> &str {
    named(COUNTRIES, code)
}

/// "German" for "de"; the code itself where we have no name for it.
pub fn language(code: &str) -> &str {
    language_name(code)
}

fn named<'a>(table: &'static str, code: &'a str) -> &'a str {
    let found = table.split('|').filter_map(|entry| entry.split_once(' ')).find(|(known, _)| *known == code);
    found.map_or(code, |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::contacts::row::whereabouts::places::is_country_code;

    #[test]
    fn every_name_belongs_to_a_code_that_lists_may_use() {
        let codes = |table: &'static str| table.split('|').filter_map(|e| e.split_once(' ')).map(|(code, _)| code);
        assert_eq!(codes(COUNTRIES).find(|code| !is_country_code(code)).filter(|code| *code != "XK"), None);
        assert_eq!((country("IE"), country("AQ"), language("de"), language("xx")), ("Ireland", "AQ", "German", "xx"));
    }
}
