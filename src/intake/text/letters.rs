//! How letters that ASCII lacks stand in names, by language: whether a text reads as names and titles, or as what a wrong encoding
//! makes of them.
//!
//! The table is `config/letters/letters.txt`, made from the names, titles, companies and places of the package that is named there.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

static TABLE: &str = include_str!("../../../config/letters/letters.txt");

#[derive(Default)]
struct Language {
    /// A letter between its neighbours; `^` and `$` are the ends of a word.
    between: HashSet<[char; 3]>,
    after: HashSet<[char; 2]>,
    before: HashSet<[char; 2]>,
    letters: HashSet<char>,
}

struct Tables {
    languages: Vec<Language>,
    /// How common a character of Chinese, Japanese or Korean is, 1 for the commonest.
    characters: HashMap<char, f32>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let mut tables = Tables { languages: Vec::new(), characters: HashMap::new() };
    for line in TABLE.lines() {
        let mut words = line.split(' ');
        let code = words.next().unwrap_or("");
        if matches!(code, "ja" | "zh" | "zh-tw" | "ko") {
            for (at, c) in words.flat_map(str::chars).enumerate() {
                let common = 1.0 - (at as f32 / 1_500.0).min(1.0) * 0.6;
                let known = tables.characters.entry(c).or_default();
                *known = known.max(common);
            }
            continue;
        }
        let mut language = Language::default();
        for word in words {
            let letters: Vec<char> = word.chars().collect();
            if let Ok([before, letter, after]) = <[char; 3]>::try_from(letters) {
                language.between.insert([before, letter, after]);
                language.after.insert([before, letter]);
                language.before.insert([letter, after]);
                language.letters.insert(letter);
            }
        }
        tables.languages.push(language);
    }
    tables
});

/// Signs that people write beside names and titles.
fn is_usual_sign(c: char) -> bool {
    matches!(
        c,
        '–' | '—'
            | '’'
            | '‘'
            | '“'
            | '”'
            | '„'
            | '«'
            | '»'
            | '…'
            | '€'
            | '®'
            | '™'
            | '°'
            | '§'
            | '\u{a0}'
            | '·'
            | '£'
            | '№'
            | '´'
    ) || ('\u{3000}'..='\u{303f}').contains(&c)
        || ('\u{ff01}'..='\u{ff5e}').contains(&c)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    Latin,
    Greek,
    Cyrillic,
    Hebrew,
    Arabic,
    EastAsian,
    Other,
}

fn script(c: char) -> Script {
    match c {
        'a'..='z' | 'A'..='Z' | '\u{aa}' | '\u{ba}' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => Script::Latin,
        '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => Script::Greek,
        '\u{400}'..='\u{52f}' => Script::Cyrillic,
        '\u{590}'..='\u{5ff}' => Script::Hebrew,
        '\u{600}'..='\u{6ff}' => Script::Arabic,
        '\u{3005}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' => Script::EastAsian,
        _ => Script::Other,
    }
}

/// How much a cell reads like names or titles: near 1 for each word that does, below 0 where no language writes so.
pub fn plausible(text: &str) -> f32 {
    let mut score = 0.0;
    let chars: Vec<char> = text.chars().collect();
    for (at, c) in chars.iter().enumerate().filter(|(_, c)| !c.is_ascii() && !c.is_alphabetic()) {
        let beside = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(|c| c.is_alphabetic());
        let inside = beside(at.checked_sub(1)) && beside(Some(at + 1));
        score -= match c {
            '\u{fffd}' => 2.5,
            '\u{300}'..='\u{36f}' | '\u{a0}' => 0.0,
            // O’Brien.
            '’' if inside => -0.6,
            '·' => 0.1,
            c if is_usual_sign(*c) && !inside => 0.05,
            _ => 1.5,
        };
    }
    if chars.iter().filter(|c| matches!(c, '“' | '”' | '„')).count() % 2 == 1 {
        score -= 0.8;
    }
    for word in
        text.split(|c: char| !(c.is_alphabetic() || ('\u{300}'..='\u{36f}').contains(&c))).filter(|w| !w.is_ascii())
    {
        score += word_score(word);
    }
    score
}

fn word_score(word: &str) -> f32 {
    let scripts: Vec<Script> = word.chars().filter(|c| c.is_alphabetic()).map(script).collect();
    let Some(first) = scripts.first() else { return 0.0 };
    if scripts.iter().any(|s| s != first) || *first == Script::Other {
        return -1.5;
    }
    if *first == Script::EastAsian {
        let known: f32 = word.chars().map(|c| TABLES.characters.get(&c).copied().unwrap_or(-0.4)).sum();
        return known / word.chars().count().max(1) as f32 * (word.chars().count() as f32).sqrt();
    }
    if !well_cased(word) {
        return -1.2;
    }
    // Where nothing but a sign should stand, wrong encodings make a letter.
    let mut letters = word.chars();
    if let (Some(only), None) = (letters.next(), letters.next()) {
        return if "àéèåöøæивксоуяаηο".contains(only) { 0.05 } else { -1.0 };
    }
    let framed: Vec<char> = ['^']
        .into_iter()
        .chain(word.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase))
        .chain(['$'])
        .collect();
    let fit = |language: &Language| {
        let (mut sum, mut letters) = (0.0f32, 0.0f32);
        for [before, letter, after] in framed.array_windows::<3>().filter(|w| !w[1].is_ascii()) {
            letters += 1.0;
            sum += match (
                language.between.contains(&[*before, *letter, *after]),
                language.after.contains(&[*before, *letter]),
                language.before.contains(&[*letter, *after]),
            ) {
                (true, ..) => 1.0,
                (_, true, true) => 0.65,
                (_, false, false) if !language.letters.contains(letter) => -1.0,
                (_, false, false) => 0.05,
                _ => 0.35,
            };
        }
        // A word with more such letters says more.
        sum / letters.max(1.0) * letters.clamp(1.0, 4.0).sqrt()
    };
    TABLES.languages.iter().map(fit).max_by(f32::total_cmp).unwrap_or(0.0)
}

/// Small, Large, LARGE or of both kinds where only ASCII changes ("McKäy"): other orders are what wrong encodings make.
fn well_cased(word: &str) -> bool {
    let letters: Vec<char> = word.chars().filter(|c| c.is_alphabetic()).collect();
    let lower = letters.iter().filter(|c| c.is_lowercase()).count();
    let upper = letters.iter().filter(|c| c.is_uppercase()).count();
    if upper == 0 || lower == 0 {
        return true;
    }
    let rest = letters.get(1..).unwrap_or_default();
    if letters.array_windows::<2>().any(|[c, next]| !c.is_ascii() && c.is_lowercase() && next.is_uppercase()) {
        return false;
    }
    !rest.iter().any(|c| c.is_uppercase() && !c.is_ascii()) && rest.iter().filter(|c| c.is_uppercase()).count() <= 1
}

/// Whether an address spells this word in ASCII: "joerg" and "jorg" for "Jörg", "ivan" for "Иван".
pub fn spelt_in(word: &str, addresses: &str) -> bool {
    if word.is_ascii() || addresses.is_empty() {
        return false;
    }
    let lower = word.to_lowercase();
    [false, true].iter().any(|long| {
        let mut out = String::new();
        for c in lower.chars() {
            match ascii(c, *long) {
                Some(text) => out.push_str(text),
                None if c.is_ascii() => out.push(c),
                None => return false,
            }
        }
        out.len() >= 3 && addresses.contains(out.as_str())
    })
}

fn ascii(c: char, long: bool) -> Option<&'static str> {
    Some(match c {
        'ä' | 'æ' if long => "ae",
        'ö' | 'ø' | 'œ' if long => "oe",
        'ü' if long => "ue",
        'å' if long => "aa",
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ą' | 'ă' | 'ā' | 'æ' => "a",
        'ç' | 'ć' | 'č' => "c",
        'è' | 'é' | 'ê' | 'ë' | 'ę' | 'ě' | 'ė' | 'ē' => "e",
        'ì' | 'í' | 'î' | 'ï' | 'ı' | 'į' | 'ī' | '\u{307}' => "i",
        'ñ' | 'ń' | 'ň' | 'ņ' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ő' | 'œ' => "o",
        'ù' | 'ú' | 'û' | 'ü' | 'ű' | 'ů' | 'ų' | 'ū' => "u",
        'ý' | 'ÿ' => "y",
        'ś' | 'š' | 'ş' | 'ș' => "s",
        'ź' | 'ż' | 'ž' => "z",
        'ß' => "ss",
        'ł' | 'ľ' | 'ĺ' | 'ļ' => "l",
        'đ' | 'ď' | 'ð' => "d",
        'ğ' | 'ģ' => "g",
        'ķ' => "k",
        'ř' | 'ŕ' => "r",
        'ť' | 'ţ' | 'ț' => "t",
        'þ' => "th",
        'а' | 'α' | 'ά' => "a",
        'б' => "b",
        'в' | 'β' => "v",
        'г' | 'γ' | 'ґ' => "g",
        'д' | 'δ' => "d",
        'е' | 'ё' | 'э' | 'є' | 'ε' | 'έ' => "e",
        'ж' => "zh",
        'з' | 'ζ' => "z",
        'и' | 'і' | 'ї' | 'η' | 'ή' | 'ι' | 'ί' | 'ϊ' => "i",
        'й' if long => "i",
        'й' | 'ы' => "y",
        'к' | 'κ' => "k",
        'л' | 'λ' => "l",
        'м' | 'μ' => "m",
        'н' | 'ν' => "n",
        'о' | 'ο' | 'ό' | 'ω' | 'ώ' => "o",
        'п' | 'π' => "p",
        'р' | 'ρ' => "r",
        'с' | 'σ' | 'ς' => "s",
        'т' | 'τ' => "t",
        'у' => "u",
        'υ' | 'ύ' => "y",
        'ф' | 'φ' => "f",
        'х' => "kh",
        'χ' => "ch",
        'ц' => "ts",
        'ч' => "ch",
        'ш' => "sh",
        'щ' => "shch",
        'ь' | 'ъ' => "",
        'ю' => "yu",
        'я' => "ya",
        'θ' => "th",
        'ξ' => "x",
        'ψ' => "ps",
        _ => return None,
    })
}
