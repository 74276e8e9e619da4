//! The form of the settings: what is not touched stays, what is typed is read, what is wrong is said at its field.

use super::*;
use crate::intake::demo;
use crate::rules::round::HumanStep;

fn languages(spec: &RoundSpec) -> Languages {
    let changed = spec.changed_since_last_year.texts(&spec.language).map(|(language, _)| language);
    Languages::gathered(&spec.language, ["de", "fr"].into_iter().chain(changed), &BTreeMap::new())
}

fn typed(spec: &RoundSpec, over: &[(&str, &str)]) -> Result<RoundSpec, Wrong> {
    let mut form = Typed::of(spec, languages(spec));
    over.iter().for_each(|(name, text)| _ = form.texts.insert((*name).into(), (*text).into()));
    // As a browser carries it.
    let carried = form.hidden();
    let pairs: Vec<(&str, &str)> = carried.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    Typed::from(&Fields::of(pairs), spec, languages(spec)).read(spec)
}

#[test]
fn what_was_not_sent_stays_as_it_is_also_in_a_language_that_no_letter_has() {
    let mut spec = demo::content().unwrap().0;
    spec.changed_since_last_year = [("en", "faster"), ("it", "più rapida"), ("ga", "níos tapúla")].into();
    spec.client_revenue = Some(250_000_000);
    let only = |fields: &[(&str, &str)]| {
        Typed::from(&Fields::of(fields.iter().copied()), &spec, languages(&spec)).read(&spec).unwrap()
    };
    assert_eq!(only(&[]), spec);
    assert_eq!(only(&[("minutes", "9")]), RoundSpec { minutes: 9, ..spec.clone() });
    assert_eq!(typed(&spec, &[("minutes", "9")]).unwrap(), RoundSpec { minutes: 9, ..spec.clone() });
    // What was emptied is gone, in one language as in a setting, also through the page that asks whether it is meant.
    let emptied = [("client_revenue", ""), ("changed_since_last_year.it", "")];
    for read in [only(&emptied), typed(&spec, &emptied).unwrap()] {
        let left: Vec<&str> = read.changed_since_last_year.texts("en").map(|(language, _)| language).collect();
        assert_eq!((read.client_revenue, left), (None, vec!["en", "ga"]));
    }
    assert!(only(&[("managers", "0")]).senders.country.is_empty(), "rows that were taken out are gone");
}

#[test]
fn what_is_not_touched_stays_as_it_is() {
    let mut spec = demo::content().unwrap().0;
    assert_eq!(typed(&spec, &[]).unwrap(), spec);
    spec.digest.cron = "0 8 1 * *".into();
    spec.changed_since_last_year = "one text for all".into();
    spec.senders.country.clear();
    assert_eq!(typed(&spec, &[]).unwrap(), spec);
    spec.digest.cron = "00 08 * * mon".into();
    assert_eq!(typed(&spec, &[]).unwrap(), spec);
}

#[test]
fn what_is_told_is_chosen_and_left_as_it_is() {
    use crate::rules::participation::Participation;
    let mut spec = demo::content().unwrap().0;
    for (over, expected) in [
        (&[][..], Participation::Names),
        (&[("participation.told", "counts")][..], Participation::Counts),
        (&[("participation.told", "counts"), ("participation.from", "4")][..], Participation::CountsFrom(4)),
    ] {
        assert_eq!(typed(&spec, over).unwrap().participation, expected);
    }
    spec.participation = Participation::CountsFrom(5);
    assert_eq!(typed(&spec, &[]).unwrap(), spec);
    assert_eq!(typed(&spec, &[("participation.from", "")]).unwrap().participation, Participation::Counts);
    let wrong = typed(&spec, &[("participation.told", "names")]).unwrap_err();
    assert_eq!(wrong[0].0, "participation.from", "{wrong:?}");
}

#[test]
fn what_is_typed_is_taken() {
    let spec = demo::content().unwrap().0;
    let read = typed(
        &spec,
        &[
            ("client", "Söhne & Töchter"),
            ("minutes", ""),
            ("senders.team.title", ""),
            ("signoff.maximum_chases", "0"),
            ("signoff.human_step", "code"),
            ("signoff.human_step_strategic", ""),
            ("changed_since_last_year.de", ""),
            ("manager-1-country", "at"),
            ("manager-2-country", ""),
            ("manager-2-name", ""),
            ("manager-2-email", ""),
            ("manager-2-title", ""),
            ("digest-TUE", "yes"),
            ("digest-at", "07:30"),
        ],
    )
    .unwrap();
    assert_eq!((read.client.as_str(), read.minutes, read.signoff.maximum_chases), ("Söhne & Töchter", 5, 0));
    assert_eq!((read.signoff.human_step(false), read.signoff.human_step(true)), (HumanStep::Code, HumanStep::Code));
    assert_eq!(read.senders.team.title, "");
    assert_eq!(read.changed_since_last_year.of("de", "en"), "");
    assert_eq!(read.senders.country.keys().collect::<Vec<_>>(), ["AT"]);
    assert_eq!(read.senders.country["AT"], spec.senders.country["DE"]);
    assert_eq!(read.digest.cron, "30 7 * * MON,TUE");
}

#[test]
fn a_sponsor_is_named_whole_or_not_at_all() {
    let spec = demo::content().unwrap().0;
    let helen = [("sponsor.name", "Helen Marsh"), ("sponsor.email", "helen@northwind.example")];
    let named = typed(&spec, &helen).unwrap();
    assert_eq!(named.sponsor.as_ref().map(|s| (s.name.as_str(), s.email.as_str())), Some((helen[0].1, helen[1].1)));
    assert_eq!(typed(&named, &[]).unwrap(), named, "stays when it is not touched");
    assert_eq!(typed(&named, &[("sponsor.name", ""), ("sponsor.email", "")]).unwrap(), spec);
    let wrong = typed(&named, &[("sponsor.email", "")]).unwrap_err();
    assert!(wrong.iter().any(|(field, _)| field == "sponsor.email"), "{wrong:?}");
}

#[test]
fn what_is_wrong_is_said_at_its_field() {
    let spec = demo::content().unwrap().0;
    let wrong = |over: &[(&str, &str)]| -> Vec<String> {
        typed(&spec, over).unwrap_err().into_iter().map(|(field, _)| field).collect()
    };
    for (field, text) in [
        ("client", ""),
        ("client", "The survey people"),
        ("language", "xx-yy-zz"),
        ("minutes", "many"),
        ("minutes", "61"),
        ("accent", "red"),
        ("senders.team.email", "laura"),
        ("senders.warm_up.name", " "),
        ("signoff.sales_director_email", ""),
        ("signoff.chase_every_working_days", "0"),
        ("signoff.human_step", "none"),
        ("changed_since_last_year.fr", "notre survey"),
        ("manager-1-country", "Germany"),
        ("manager-1-country", "D.E"),
        ("manager-1-country", "FR"),
        ("manager-2-email", "étienne"),
        ("digest-MON", ""),
        ("digest-at", "noon"),
    ] {
        let expected = if text == "FR" { "manager-2-country" } else { field };
        assert!(
            wrong(&[(field, text)]).contains(&expected.to_string()),
            "{field} {text}: {:?}",
            wrong(&[(field, text)])
        );
    }
    let two = typed(&spec, &[("minutes", "0"), ("client", "")]).unwrap_err();
    assert_eq!(two.len(), 2, "all at once: {two:?}");
    assert!(
        two.iter().any(|(f, s)| f == "minutes" && s.starts_with("It is 0, which is not between 1 and 60.")),
        "{two:?}"
    );
}

#[test]
fn who_is_asked_when_somebody_does_not_sign_is_a_row_each() {
    let mut spec = demo::content().unwrap().0;
    let rows = [
        ("directors", "3"),
        ("director-1-email", "ann@northwind.example"),
        ("director-1-country", "de"),
        ("director-1-deputy", "Paul Lee"),
        ("director-1-deputy_email", "paul@northwind.example"),
        ("director-3-email", "bo@northwind.example"),
        ("signoff.when_nobody_signs", "leave_out"),
    ];
    let sent = |spec: &RoundSpec, fields: &[(&str, &str)]| {
        Typed::from(&Fields::of(fields.iter().copied()), spec, languages(spec)).read(spec)
    };
    let read = sent(&spec, &rows).unwrap();
    let signers = &read.signoff.directors;
    assert_eq!(
        signers.iter().map(|one| one.email.as_str()).collect::<Vec<_>>(),
        ["ann@northwind.example", "bo@northwind.example"]
    );
    assert_eq!((signers[0].country.as_str(), signers[0].deputy().map(|(name, _)| name)), ("DE", Some("Paul Lee")));
    assert_eq!(read.signoff.when_nobody_signs.as_str(), "leave_out");
    // As a browser carries it, and what was not sent stays.
    spec = read;
    assert_eq!(typed(&spec, &[]).unwrap(), spec);
    assert_eq!(sent(&spec, &[("minutes", "6")]).unwrap(), spec);
    assert!(sent(&spec, &[("directors", "0")]).unwrap().signoff.directors.is_empty());
    for (field, text, said) in [
        (
            "director-1-deputy_email",
            "",
            "It is missing, so Paul Lee cannot be asked. Write the address, or remove the name.",
        ),
        (
            "director-1-deputy_email",
            "ann@northwind.example",
            "It is the address of the one for whom he would sign. Write another person.",
        ),
        ("director-1-country", "Germany", "It is not a country code. Write DE. Write a code such as \"DE\"."),
        ("director-2-email", "ann@northwind.example", "ann@northwind.example stands here twice. Keep one of the two."),
        (
            "director-2-email",
            "bo@",
            "It is “bo@”, which has no domain after the @. Write an address such as \"anna.smith@client.example\".",
        ),
    ] {
        assert_eq!(typed(&spec, &[(field, text)]).unwrap_err(), [(field.to_string(), said.to_string())], "{field}");
    }
}

#[test]
fn rows_that_a_folder_has_brought_are_not_lost_and_no_more_are_added_in_silence() {
    let mut spec = demo::content().unwrap().0;
    let one = |n: usize| SignerSpec {
        email: EmailAddress::parse(&format!("director.{n}@northwind.example")).unwrap(),
        country: "DE".into(),
        region: String::new(),
        deputy: String::new(),
        deputy_email: None,
        regional_head: String::new(),
        regional_head_email: None,
    };
    spec.signoff.directors = (0..MOST_DIRECTORS + 3).map(one).collect();
    let mut form = Typed::of(&spec, languages(&spec));
    assert_eq!(typed(&spec, &[("minutes", "9")]).unwrap().signoff.directors.len(), MOST_DIRECTORS + 3);
    let refused = form.add_director();
    assert!(refused[0].1.starts_with("There are 1,003 rows already, and this page takes 1,000."), "{refused:?}");
    assert_eq!(form.directors, MOST_DIRECTORS + 3);
    assert!(form.add().is_empty(), "the rows of managers are counted apart");
}
