//! Countries, languages and time zones as lists spell them, into the codes that the rest of the house uses.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::super::cells::folded;

const COUNTRY_CODES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO \
    BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER \
    ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN \
    IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH \
    MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN \
    PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ \
    TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW";

/// Names of countries, in English, German, French and as they call themselves; one country a word group.
const COUNTRY_NAMES: &str = "GB uk gbr unitedkingdom greatbritain england scotland wales northernireland \
    vereinigteskonigreich grossbritannien royaumeuni|IE irl ireland irland irlande eire republicofireland|\
    DE deu germany deutschland allemagne|FR fra france frankreich|\
    US usa unitedstates unitedstatesofamerica vereinigtestaaten etatsunis|JP jpn japan japon 日本|\
    NL nld netherlands thenetherlands holland niederlande paysbas nederland|BE bel belgium belgien belgique belgie|\
    LU lux luxembourg luxemburg|CH che switzerland schweiz suisse svizzera|\
    AT aut austria osterreich oesterreich autriche|IT ita italy italien italie italia|\
    ES esp spain spanien espagne espana|PT prt portugal|DK dnk denmark danemark danmark dnemark|\
    SE swe sweden schweden suede sverige|NO nor norway norwegen norvege norge|FI fin finland finnland finlande suomi|\
    IS isl iceland island islande|PL pol poland polen pologne polska|\
    CZ cze czechia czechrepublic tschechien tchequie ceskarepublika|SK svk slovakia slowakei slovaquie|\
    HU hun hungary ungarn hongrie magyarorszag|RO rou romania rumanien roumanie|BG bgr bulgaria bulgarien bulgarie|\
    GR grc greece griechenland grece ελλάδα|HR hrv croatia kroatien croatie|SI svn slovenia slowenien slovenie|\
    EE est estonia estland estonie|LV lva latvia lettland lettonie|LT ltu lithuania litauen lituanie|\
    CY cyp cyprus zypern chypre|MT mlt malta malte|TR tur turkey turkiye turkei turquie|UA ukr ukraine|\
    RU rus russia russianfederation russland russie|CA can canada kanada|MX mex mexico mexiko mexique|\
    BR bra brazil brasilien bresil brasil|AR arg argentina argentinien argentine|CL chl chile chili|\
    CO col colombia kolumbien colombie|PE per peru perou|AU aus australia australien australie|\
    NZ nzl newzealand neuseeland nouvellezelande|CN chn china chine 中国|HK hkg hongkong|TW twn taiwan|\
    KR kor southkorea korea republicofkorea sudkorea coreedusud|IN ind india indien inde|\
    SG sgp singapore singapur singapour|MY mys malaysia malaisie|TH tha thailand thailande|VN vnm vietnam|\
    ID idn indonesia indonesien indonesie|PH phl philippines philippinen|\
    AE are unitedarabemirates uae vereinigtearabischeemirate emiratsarabesunis|\
    SA sau saudiarabia saudiarabien arabiesaoudite|QA qat qatar katar|IL isr israel|EG egy egypt agypten egypte|\
    ZA zaf southafrica sudafrika afriquedusud|NG nga nigeria|KE ken kenya kenia|MA mar morocco marokko maroc";

const LANGUAGE_CODES: &str = "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv \
    cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig \
    ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn \
    mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk \
    sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za \
    zh zu";

const LANGUAGE_NAMES: &str = "en english englisch anglais eng|de german deutsch allemand ger deu|\
    fr french franzosisch francais fre fra|nl dutch niederlandisch neerlandais nederlands|\
    da danish danisch danois dansk|pl polish polnisch polonais polski|es spanish spanisch espagnol espanol castellano|\
    el greek griechisch grec ελληνικά|ja japanese japanisch japonais 日本語|\
    pt portuguese portugiesisch portugais portugues|it italian italienisch italien italiano|\
    sv swedish schwedisch suedois svenska|no norwegian norwegisch norvegien norsk|fi finnish finnisch finnois suomi|\
    cs czech tschechisch tcheque cestina|hu hungarian ungarisch hongrois|ro romanian rumanisch roumain|\
    tr turkish turkisch turc turkce|ru russian russisch russe|zh chinese chinesisch chinois mandarin 中文|\
    ko korean koreanisch coreen|ar arabic arabisch arabe|he hebrew hebraisch hebreu|ga irish gaeilge irisch irlandais";

/// The names that Windows and Outlook give to time zones; the ones met in lists.
const WINDOWS_ZONES: &str = "gmtstandardtime Europe/London|greenwichstandardtime Atlantic/Reykjavik|\
    weuropestandardtime Europe/Berlin|centraleuropestandardtime Europe/Budapest|romancestandardtime Europe/Paris|\
    centraleuropeanstandardtime Europe/Warsaw|gtbstandardtime Europe/Bucharest|flestandardtime Europe/Helsinki|\
    turkeystandardtime Europe/Istanbul|russianstandardtime Europe/Moscow|easternstandardtime America/New_York|\
    centralstandardtime America/Chicago|mountainstandardtime America/Denver|pacificstandardtime America/Los_Angeles|\
    esouthamericastandardtime America/Sao_Paulo|tokyostandardtime Asia/Tokyo|chinastandardtime Asia/Shanghai|\
    indiastandardtime Asia/Kolkata|arabianstandardtime Asia/Dubai|singaporestandardtime Asia/Singapore|\
    koreastandardtime Asia/Seoul|auseasternstandardtime Australia/Sydney|newzealandstandardtime Pacific/Auckland|\
    southafricastandardtime Africa/Johannesburg";

type Names = HashMap<&'static str, &'static str>;

fn names(table: &'static str) -> Names {
    let mut out = Names::new();
    for group in table.split('|') {
        let mut words = group.split_whitespace();
        if let Some(code) = words.next() {
            out.extend(words.map(|word| (word, code)));
        }
    }
    out
}

static CODES: LazyLock<HashSet<&str>> = LazyLock::new(|| COUNTRY_CODES.split_whitespace().collect());
static COUNTRIES: LazyLock<Names> = LazyLock::new(|| names(COUNTRY_NAMES));
static LANGUAGES: LazyLock<HashSet<&str>> = LazyLock::new(|| LANGUAGE_CODES.split_whitespace().collect());
static LANGUAGE_BY_NAME: LazyLock<Names> = LazyLock::new(|| names(LANGUAGE_NAMES));
static WINDOWS: LazyLock<Names> = LazyLock::new(|| {
    WINDOWS_ZONES
        .split('|')
        .filter_map(|p| p.split_whitespace().collect::<Vec<_>>().try_into().ok())
        .map(|[k, v]: [&str; 2]| (k, v))
        .collect()
});
static ZONES: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    jiff::tz::db().available().map(|name| (name.as_str().to_ascii_lowercase(), name.as_str().to_owned())).collect()
});

/// Whether this is an ISO 3166 code as we write it.
pub fn is_country_code(code: &str) -> bool {
    CODES.contains(code)
}

/// Whether this is an ISO 639 code as we write it.
pub fn is_language_code(code: &str) -> bool {
    LANGUAGES.contains(code)
}

/// ISO 3166 code of "IE", "ireland" or "Irland".
pub fn country(text: &str) -> Option<String> {
    let upper = text.trim().to_uppercase();
    if CODES.contains(upper.as_str()) {
        return Some(upper);
    }
    COUNTRIES.get(folded(text).as_str()).map(|code| (*code).to_owned())
}

/// ISO 639 code of "en", "en-GB", "English" or "Anglais".
pub fn language(text: &str) -> Option<String> {
    let lower = text.trim().to_lowercase();
    let first = lower.split(['-', '_', ' ']).next().unwrap_or("");
    if LANGUAGES.contains(first) {
        return Some(first.to_owned());
    }
    [folded(text), folded(first)].iter().find_map(|t| LANGUAGE_BY_NAME.get(t.as_str())).map(|code| (*code).to_owned())
}

/// IANA name of "Europe/Dublin", "europe/dublin", "(GMT+00:00) Dublin (Europe/Dublin)", "`europe_slash_dublin`" or "GMT Standard Time".
pub fn time_zone(text: &str) -> Option<String> {
    let text = text.trim();
    let known = |name: &str| ZONES.get(&name.trim().to_ascii_lowercase().replace(' ', "_")).cloned();
    known(text)
        .or_else(|| text.rsplit_once('(').and_then(|(_, name)| known(name.trim_end_matches(')'))))
        .or_else(|| known(&text.to_ascii_lowercase().replace("_slash_", "/")))
        .or_else(|| WINDOWS.get(folded(text).as_str()).map(|name| (*name).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_many_spellings() {
        for text in ["IE", "ie", "Ireland", "Irland", "IRL"] {
            assert_eq!(country(text).as_deref(), Some("IE"), "{text}");
        }
        assert_eq!(country("Großbritannien").as_deref(), Some("GB"));
        assert_eq!(country("Österreich").as_deref(), Some("AT"));
        assert_eq!(country("Atlantis"), None);
        for text in ["en", "EN", "en-GB", "en_IE", "English", "English (United Kingdom)", "anglais"] {
            assert_eq!(language(text).as_deref(), Some("en"), "{text}");
        }
        assert_eq!(language("Klingon"), None);
    }

    #[test]
    fn zones_in_many_spellings() {
        for text in
            ["Europe/Dublin", "europe/dublin", "(GMT+00:00) Greenwich Mean Time (Europe/Dublin)", "europe_slash_dublin"]
        {
            assert_eq!(time_zone(text).as_deref(), Some("Europe/Dublin"), "{text}");
        }
        assert_eq!(time_zone("GMT Standard Time").as_deref(), Some("Europe/London"));
        for text in ["Mars/Base", "GMT+25", "CET time", ""] {
            assert_eq!(time_zone(text), None, "{text}");
        }
        for name in WINDOWS.values() {
            assert!(ZONES.contains_key(&name.to_ascii_lowercase()), "{name}");
        }
    }
}
