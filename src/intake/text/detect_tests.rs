//! Proofs about encodings: lists of two rows and of twenty are read right, or the doubt is a finding with samples.

use crate::intake::list::{self, CheckedList};
use crate::intake::text::charsets::Charset;

/// A list of these people (first name, last name, account) in this encoding; their addresses say nothing about their names.
fn bytes(charset: &str, people: &[(&str, &str, &str)]) -> Vec<u8> {
    let mut text = "account,first_name,last_name,email,account_director_email\r\n".to_owned();
    for (at, (first, last, account)) in people.iter().enumerate() {
        text.push_str(&format!("{account},{first},{last},contact{at}@firm.example,dora@client.example\r\n"));
    }
    encoded(charset, &text)
}

fn encoded(charset: &str, text: &str) -> Vec<u8> {
    let charset = Charset::named(charset).unwrap();
    // Every letter by what reads as it: the tables are proved where they stand.
    if charset.is_multibyte() {
        return match charset.name {
            "shift_jis" => encoding_rs::SHIFT_JIS,
            "euc-jp" => encoding_rs::EUC_JP,
            "gbk" => encoding_rs::GBK,
            "big5" => encoding_rs::BIG5,
            _ => encoding_rs::EUC_KR,
        }
        .encode(text)
        .0
        .into_owned();
    }
    let byte = |c: char| {
        let found = (0..=255u8).find(|b| charset.decode(&[*b]).starts_with(c));
        assert!(found.is_some(), "{} has no {c}", charset.name);
        found.unwrap()
    };
    text.chars().map(byte).collect()
}

fn names(list: &CheckedList) -> Vec<(String, String, String)> {
    list.accepted.iter().map(|c| (c.first_name.clone(), c.last_name.clone(), c.account.clone())).collect()
}

type People = &'static [(&'static str, &'static str, &'static str)];

const GERMAN: People = &[
    ("Jörg", "Grün", "Müller Zürich AG"),
    ("Käthe", "Weiß", "Bäckerei Süß GmbH"),
    ("Björn", "Schäfer", "Großhandel Köln"),
    ("Günther", "Böhm", "Stadtwerke Düsseldorf"),
    ("Jürgen", "Löffler", "Möbel Höffner"),
];
const FRENCH: People = &[
    ("Zoé", "Béraud", "Société Générale d'Électricité"),
    ("François", "Lefèvre", "Crédit Agricole"),
    ("Hélène", "Chérif", "Hôtel du Théâtre"),
    ("Loïc", "Noël", "Pâtisserie Benoît"),
    ("Anaïs", "Gérard", "Forêts de l'Île"),
];
const NORDIC: People = &[
    ("Søren", "Jørgensen", "Mærsk Rødovre"),
    ("Åse", "Bjørnstad", "Skånska Bygg"),
    ("Pål", "Sjöström", "Färjerederiet Åland"),
];
const SPANISH: People = &[
    ("José", "Muñoz", "Compañía Española"),
    ("Íñigo", "Peña", "Construcción Martínez"),
    ("María", "Núñez", "Logística Ibérica"),
];
const PORTUGUESE: People =
    &[("João", "Conceição", "Construções São Paulo"), ("Antônio", "Magalhães", "Irmãos Gonçalves")];
const POLISH: People = &[
    ("Łukasz", "Wiśniewski", "Żywiec Łódź SA"),
    ("Małgorzata", "Gąsior", "Spółka Węglowa"),
    ("Grażyna", "Dąbrowska", "Zakład Świętokrzyski"),
    ("Michał", "Wójcik", "Gdańsk Żegluga"),
    ("Paweł", "Kamiński", "Poznań Łączność"),
];
const CZECH: People = &[
    ("Jiří", "Dvořák", "Plzeňský Prazdroj"),
    ("Růžena", "Němcová", "Třinecké železárny"),
    ("Tomáš", "Kučera", "Škoda Mladá Boleslav"),
    ("Žaneta", "Šťastná", "Česká spořitelna"),
];
const HUNGARIAN: People = &[
    ("László", "Kőszegi", "Győri Keksz"),
    ("Erzsébet", "Szűcs", "Műszaki Nagykereskedő"),
    ("Gergő", "Fülöp", "Székesfehérvár Gépgyár"),
];
const RUSSIAN: People =
    &[("Иван", "Петров", "Ромашка"), ("Екатерина", "Щукина", "Завод Электроника"), ("Юрий", "Чернышёв", "Северсталь")];
const TURKISH: People =
    &[("Çağrı", "Işık", "Şişecam"), ("Ayşe", "Yıldız", "Türkiye İş Bankası"), ("Gülşah", "Doğan", "Ülker Gıda")];
const GREEK: People = &[("Γιώργος", "Παπαδόπουλος", "Εθνική Τράπεζα"), ("Ελένη", "Νικολάου", "Ελληνικά Πετρέλαια")];
const BALTIC: People = &[
    ("Žydrūnas", "Kazlauskas", "Šiaulių bankas"),
    ("Jānis", "Bērziņš", "Rīgas Ūdens"),
    ("Rūta", "Žukauskienė", "Lietuvos Geležinkeliai"),
];
const JAPANESE: People =
    &[("太郎", "山田", "株式会社日立"), ("花子", "鈴木", "有限会社田中商店"), ("健一", "佐藤", "東京電力")];
const CHINESE: People =
    &[("小明", "王", "北京科技有限公司"), ("丽", "张", "上海网络信息有限公司"), ("建国", "李", "广州贸易公司")];
const TAIWANESE: People = &[("志明", "陳", "台灣電子股份有限公司"), ("淑芬", "黃", "統一企業")];
const KOREAN: People = &[("민수", "김", "삼성전자"), ("지영", "이", "현대자동차 주식회사"), ("서연", "박", "한국전력")];

const HEBREW: People = &[("משה", "כהן", "בנק הפועלים"), ("שרה", "לוי", "תעשייה אווירית")];
const ARABIC: People = &[("محمد", "العلي", "شركة النور"), ("فاطمة", "الحسن", "بنك الخليج")];
const VIETNAMESE: People = &[("Hoa", "Nguyê\u{303}n", "Acme"), ("Dung", "Trâ\u{300}n", "Acme")];

const ALL: [(&str, People); 42] = [
    ("windows-1255", HEBREW),
    ("windows-1256", ARABIC),
    ("windows-1252", GERMAN),
    ("windows-1252", FRENCH),
    ("windows-1252", NORDIC),
    ("windows-1252", SPANISH),
    ("windows-1252", PORTUGUESE),
    ("iso-8859-15", FRENCH),
    ("mac", GERMAN),
    ("mac", FRENCH),
    ("mac", NORDIC),
    ("mac", SPANISH),
    ("cp850", GERMAN),
    ("cp850", FRENCH),
    ("cp850", NORDIC),
    ("cp850", SPANISH),
    ("cp850", PORTUGUESE),
    ("cp437", GERMAN),
    ("windows-1250", POLISH),
    ("windows-1250", CZECH),
    ("windows-1250", HUNGARIAN),
    ("iso-8859-2", POLISH),
    ("iso-8859-2", CZECH),
    ("iso-8859-2", HUNGARIAN),
    ("cp852", POLISH),
    ("cp852", CZECH),
    ("cp852", HUNGARIAN),
    ("mac-ce", CZECH),
    ("windows-1251", RUSSIAN),
    ("cp866", RUSSIAN),
    ("koi8-r", RUSSIAN),
    ("windows-1254", TURKISH),
    ("cp857", TURKISH),
    ("windows-1253", GREEK),
    ("iso-8859-7", GREEK),
    ("windows-1257", BALTIC),
    ("shift_jis", JAPANESE),
    ("euc-jp", JAPANESE),
    ("gbk", CHINESE),
    ("big5", TAIWANESE),
    ("euc-kr", KOREAN),
    ("mac-cyrillic", RUSSIAN),
];

#[test]
fn signs_of_word_processors_alone_are_no_doubt() {
    for (charset, title) in [
        ("windows-1252", "Buyer – IT"),
        ("windows-1252", "Head of “Special” Buying"),
        ("windows-1252", "Patrick O’Brien"),
        ("windows-1252", "Acme\u{a0}Ltd"),
        ("windows-1252", "€ 1000"),
        ("windows-1250", "„Solidarność” Gdańsk – Północ"),
    ] {
        let text = format!(
            "account,last_name,email,account_director_email\r\n{title},Lee,a@acme.example,d@client.example\r\n"
        );
        let list = list::read(&encoded(charset, &text), "list.csv").unwrap();
        assert_eq!(list.accepted[0].account.replace('\u{a0}', " "), title.replace('\u{a0}', " "), "{charset}");
        let doubt: Vec<_> = list.findings.iter().filter(|f| f.code == "encoding_guessed").collect();
        assert!(doubt.is_empty(), "{charset} {title}: {doubt:?}");
    }
}

#[test]
fn vietnamese_of_combining_letters_is_read_or_doubted() {
    let people: Vec<(&str, &str, &str)> = VIETNAMESE.iter().map(|(f, l, _)| (*f, *l, "Acme")).collect();
    let list = list::read(&bytes("windows-1258", &people), "list.csv").unwrap();
    assert!(
        list.accepted[0].last_name.starts_with("Nguy") && list.accepted[0].last_name.contains(['ê', 'ễ']),
        "{:?}",
        names(&list)
    );
}

#[test]
fn eight_bit_lists_are_read_right_or_the_doubt_is_told() {
    let (mut right, mut sure) = (0, 0);
    let mut cases = 0;
    for (charset, people) in ALL {
        for size in [1, 2, people.len()] {
            let people = &people[..size];
            let list = list::read(&bytes(charset, people), "list.csv").unwrap();
            let wanted: Vec<_> = people.iter().map(|(f, l, a)| (f.to_string(), l.to_string(), a.to_string())).collect();
            let doubt = list.findings.iter().find(|f| f.code == "encoding_guessed");
            let is_right = names(&list) == wanted;
            cases += 1;
            right += usize::from(is_right);
            sure += usize::from(is_right && doubt.is_none());
            println!("{charset} {size}: {} {:?}", if is_right { "right" } else { "WRONG" }, doubt.map(|f| &f.message));
            if !is_right {
                println!("    {:?}", names(&list));
            }
            assert!(is_right || doubt.is_some(), "{charset}: {:?}", names(&list));
        }
    }
    println!("{right} of {cases} right, {sure} of them without a doubt");
    assert!(right * 100 >= cases * 90 && sure * 100 >= cases * 60, "{right} of {cases} right, {sure} sure");
}
