//! What has changed on a list since it was signed: who was added, changed or removed, and what stood there before, so that whoever signs
//! again need not compare.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::base::ids::ContactId;
use crate::rules::contacts::Role;

use super::signed_name::SignedName;

/// A name as it stood on a list that was signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// The contact's; it stays when everything else changes.
    pub id: ContactId,
    #[serde(flatten)]
    pub name: SignedName,
    /// In whose place this contact stands, by id. Lists that earlier versions kept do not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<ContactId>,
}

/// What can change about a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NamePart {
    Name,
    Email,
    JobTitle,
    Role,
    Language,
    Country,
    Region,
    TimeZone,
}

/// One part that reads otherwise than it did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Was {
    pub part: NamePart,
    pub before: String,
    pub now: String,
}

/// One name that is not as it was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The contact's.
    pub id: ContactId,
    pub name: String,
    pub what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    Added,
    /// Stands in the place of somebody who is no longer on the list.
    Replaced {
        predecessor: String,
    },
    /// Empty where the list that was signed was not kept.
    Corrected(Vec<Was>),
    /// Was off the list since, and is as before.
    BackAgain,
    Removed,
}

/// In the order of the list as it is now, then those who are gone.
pub fn changes(signed: &[Listed], now: &[Listed]) -> Vec<Change> {
    changes_and_back(signed, now, &[])
}

/// The same. `back`: who was off the list since it was signed, and is on it.
pub fn changes_and_back(signed: &[Listed], now: &[Listed], back: &[ContactId]) -> Vec<Change> {
    let by_id: HashMap<&ContactId, &Listed> = signed.iter().rev().map(|l| (&l.id, l)).collect();
    let there: HashSet<&ContactId> = now.iter().map(|l| &l.id).collect();
    let before = |id: &ContactId| by_id.get(id).copied();
    let is_there = |id: &ContactId| there.contains(id);
    let here = now.iter().filter_map(|l| match before(&l.id) {
        Some(was) => match parts(&was.name, &l.name) {
            parts if !parts.is_empty() => Some(change(l, What::Corrected(parts))),
            _ => back.contains(&l.id).then(|| change(l, What::BackAgain)),
        },
        None => match l.replaces.as_ref().and_then(before).filter(|gone| !is_there(&gone.id)) {
            Some(gone) => Some(change(l, What::Replaced { predecessor: full_name(&gone.name) })),
            None => Some(change(l, What::Added)),
        },
    });
    let replaced: HashSet<&ContactId> =
        now.iter().filter(|l| before(&l.id).is_none()).filter_map(|l| l.replaces.as_ref()).collect();
    let gone = signed.iter().filter(|l| !is_there(&l.id) && !replaced.contains(&l.id));
    here.chain(gone.map(|l| change(l, What::Removed))).collect()
}

fn change(listed: &Listed, what: What) -> Change {
    Change { id: listed.id.clone(), name: full_name(&listed.name), what }
}

fn full_name(name: &SignedName) -> String {
    format!("{} {}", name.first_name, name.last_name).trim().to_string()
}

fn parts(before: &SignedName, now: &SignedName) -> Vec<Was> {
    let all = [
        (NamePart::Name, full_name(before), full_name(now)),
        (NamePart::Email, before.email.clone(), now.email.clone()),
        (NamePart::JobTitle, before.job_title.clone(), now.job_title.clone()),
        (NamePart::Role, before.role.as_str().into(), now.role.as_str().into()),
        (NamePart::Language, before.language.clone(), now.language.clone()),
        (NamePart::Country, before.country.clone(), now.country.clone()),
        (NamePart::Region, before.region.clone(), now.region.clone()),
        (NamePart::TimeZone, before.time_zone.clone(), now.time_zone.clone()),
    ];
    let differs =
        |(part, before, now): (NamePart, String, String)| (before != now).then_some(Was { part, before, now });
    all.into_iter().filter_map(differs).collect()
}

impl Change {
    pub fn sentence(&self, language: &str) -> String {
        let language = language.get(..2).unwrap_or_default();
        let name = &self.name;
        match (&self.what, language) {
            (What::Added, "de") => format!("{name} ist neu auf der Liste"),
            (What::Added, "fr") => format!("{name} est nouveau sur la liste"),
            (What::Added, _) => format!("{name} was added"),
            (What::Replaced { predecessor }, "de") => format!("{name} an der Stelle von {predecessor}"),
            (What::Replaced { predecessor }, "fr") => format!("{name} à la place de {predecessor}"),
            (What::Replaced { predecessor }, _) => format!("{name} in the place of {predecessor}"),
            (What::Corrected(parts), _) => {
                let said: Vec<String> = parts.iter().map(|was| was.words(language)).collect();
                let colon = match (language, said.is_empty()) {
                    (_, true) => "",
                    ("fr", false) => " : ",
                    (_, false) => ": ",
                };
                let corrected = match language {
                    "de" => "wurde berichtigt",
                    "fr" => ", données corrigées",
                    _ => "was corrected",
                };
                let space = if language == "fr" { "" } else { " " };
                format!("{name}{space}{corrected}{colon}{}", said.join("; "))
            }
            (What::BackAgain, "de") => format!("{name} steht wieder auf der Liste"),
            (What::BackAgain, "fr") => format!("{name} est de nouveau sur la liste"),
            (What::BackAgain, _) => format!("{name} is back on the list"),
            (What::Removed, "de") => format!("{name} steht nicht mehr auf der Liste"),
            (What::Removed, "fr") => format!("{name} n'est plus sur la liste"),
            (What::Removed, _) => format!("{name} is off the list"),
        }
    }

    /// The same at the row that has changed, where the name stands already.
    pub fn at_its_row(&self, language: &str) -> String {
        let language = language.get(..2).unwrap_or_default();
        let corrected = |parts: &[Was]| parts.iter().map(|was| was.words(language)).collect::<Vec<_>>().join("; ");
        match (&self.what, language) {
            (What::Added, "de") => "Neu, seit die Liste unterschrieben wurde.".into(),
            (What::Added, "fr") => "Nouveau depuis la signature de la liste.".into(),
            (What::Added, _) => "New since the list was signed.".into(),
            (What::Replaced { predecessor }, "de") => {
                format!("Neu, seit die Liste unterschrieben wurde, an der Stelle von {predecessor}.")
            }
            (What::Replaced { predecessor }, "fr") => {
                format!("Nouveau depuis la signature de la liste, à la place de {predecessor}.")
            }
            (What::Replaced { predecessor }, _) => {
                format!("New since the list was signed, in the place of {predecessor}.")
            }
            (What::Corrected(parts), "de") if parts.is_empty() => {
                "Berichtigt, seit die Liste unterschrieben wurde.".into()
            }
            (What::Corrected(parts), "fr") if parts.is_empty() => "Corrigé depuis la signature de la liste.".into(),
            (What::Corrected(parts), _) if parts.is_empty() => "Corrected since the list was signed.".into(),
            (What::Corrected(parts), "de") => {
                format!("Berichtigt, seit die Liste unterschrieben wurde: {}.", corrected(parts))
            }
            (What::Corrected(parts), "fr") => {
                format!("Corrigé depuis la signature de la liste : {}.", corrected(parts))
            }
            (What::Corrected(parts), _) => format!("Corrected since the list was signed: {}.", corrected(parts)),
            (What::BackAgain, "de") => "Wieder auf der Liste, von der er seit der Unterschrift genommen war.".into(),
            (What::BackAgain, "fr") => "De nouveau sur la liste, dont il avait été retiré depuis la signature.".into(),
            (What::BackAgain, _) => "Back on the list, from which it was taken since it was signed.".into(),
            (What::Removed, "de") => "Nicht mehr auf der Liste, seit sie unterschrieben wurde.".into(),
            (What::Removed, "fr") => "Retiré depuis la signature de la liste.".into(),
            (What::Removed, _) => "Off the list since it was signed.".into(),
        }
    }
}

impl Was {
    /// "e-mail a@x.example, was b@x.example".
    fn words(&self, language: &str) -> String {
        let (what, before, nothing) = match language {
            "de" => (self.part.german(), "vorher", "leer"),
            "fr" => (self.part.french(), "avant", "vide"),
            _ => (self.part.english(), "was", "empty"),
        };
        let said = |text: &str| match (text.is_empty(), self.part) {
            (true, _) => nothing.to_string(),
            (_, NamePart::Role) => role(text, language),
            _ => text.to_string(),
        };
        format!("{what} {}, {before} {}", said(&self.now), said(&self.before))
    }
}

fn role(value: &str, language: &str) -> String {
    let Some(role) = Role::parse(value) else { return value.to_string() };
    let word = match (role, language) {
        (Role::KeyDecisionMaker, "de") => "Entscheider",
        (Role::Influencer, "de") => "Mitentscheider",
        (Role::OperationalContact, "de") => "Ansprechpartner im Tagesgeschäft",
        (Role::KeyDecisionMaker, "fr") => "décideur",
        (Role::Influencer, "fr") => "prescripteur",
        (Role::OperationalContact, "fr") => "contact opérationnel",
        (Role::Unknown, "de") => "unbekannt",
        (Role::Unknown, "fr") => "inconnu",
        _ => return role.label().to_lowercase(),
    };
    word.to_string()
}

impl NamePart {
    fn english(self) -> &'static str {
        match self {
            NamePart::Name => "name",
            NamePart::Email => "e-mail",
            NamePart::JobTitle => "job title",
            NamePart::Role => "role",
            NamePart::Language => "language",
            NamePart::Country => "country",
            NamePart::Region => "region",
            NamePart::TimeZone => "time zone",
        }
    }

    fn german(self) -> &'static str {
        match self {
            NamePart::Name => "Name",
            NamePart::Email => "E-Mail",
            NamePart::JobTitle => "Funktion",
            NamePart::Role => "Rolle",
            NamePart::Language => "Sprache",
            NamePart::Country => "Land",
            NamePart::Region => "Region",
            NamePart::TimeZone => "Zeitzone",
        }
    }

    fn french(self) -> &'static str {
        match self {
            NamePart::Name => "nom",
            NamePart::Email => "e-mail",
            NamePart::JobTitle => "fonction",
            NamePart::Role => "rôle",
            NamePart::Language => "langue",
            NamePart::Country => "pays",
            NamePart::Region => "région",
            NamePart::TimeZone => "fuseau horaire",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(id: &str, name: &str, change: impl FnOnce(&mut Listed)) -> Listed {
        let (first, last) = name.split_once(' ').unwrap();
        let mut listed = Listed {
            id: id.into(),
            name: SignedName {
                email: format!("{id}@x.example"),
                first_name: first.into(),
                last_name: last.into(),
                job_title: "Buyer".into(),
                role: Role::Influencer,
                language: "en".into(),
                country: "GB".into(),
                time_zone: "Europe/London".into(),
                region: String::new(),
            },
            replaces: None,
        };
        change(&mut listed);
        listed
    }

    fn said(signed: &[Listed], now: &[Listed], language: &str) -> Vec<String> {
        changes(signed, now).iter().map(|change| change.sentence(language)).collect()
    }

    #[test]
    fn who_was_added_changed_or_removed_and_what_stood_there_before() {
        let signed = [listed("a", "Ann Lee", |_| ()), listed("b", "Ben Koch", |_| ()), listed("c", "Cyd Moor", |_| ())];
        let now = [
            listed("a", "Ann Leigh", |l| l.name.email = "ann@x.example".into()),
            listed("d", "Dee York", |_| ()),
            listed("e", "Eva Koch", |l| l.replaces = Some("b".into())),
        ];
        assert_eq!(
            said(&signed, &now, "en"),
            [
                "Ann Leigh was corrected: name Ann Leigh, was Ann Lee; e-mail ann@x.example, was a@x.example",
                "Dee York was added",
                "Eva Koch in the place of Ben Koch",
                "Cyd Moor is off the list",
            ]
        );
        assert_eq!(said(&signed, &signed, "en"), Vec::<String>::new());
    }

    #[test]
    fn each_change_knows_its_row() {
        let signed = [listed("a", "Ann Lee", |_| ()), listed("b", "Ben Koch", |_| ())];
        let now = [listed("a", "Ann Lee", |l| l.name.country = "IE".into()), listed("c", "Cyd Moor", |_| ())];
        let found: Vec<(ContactId, String)> =
            changes(&signed, &now).iter().map(|change| (change.id.clone(), change.at_its_row("en"))).collect();
        let expected = [
            ("a", "Corrected since the list was signed: country IE, was GB."),
            ("c", "New since the list was signed."),
            ("b", "Off the list since it was signed."),
        ];
        assert_eq!(found, expected.map(|(id, said)| (id.into(), said.to_string())));
    }

    #[test]
    fn each_part_is_told_in_each_language_and_so_is_what_was_empty() {
        let signed = [listed("a", "Ann Lee", |l| l.name.job_title = String::new())];
        let now = [listed("a", "Ann Lee", |l| {
            (l.name.role, l.name.time_zone) = (Role::KeyDecisionMaker, "Europe/Dublin".into());
        })];
        assert_eq!(
            said(&signed, &now, "en"),
            [
                "Ann Lee was corrected: job title Buyer, was empty; role key decision maker, was influencer; time zone Europe/Dublin, was Europe/London"
            ]
        );
        assert!(
            said(&signed, &now, "de")[0]
                .starts_with("Ann Lee wurde berichtigt: Funktion Buyer, vorher leer; Rolle Entscheider")
        );
        assert!(said(&signed, &now, "fr")[0].starts_with("Ann Lee, données corrigées : fonction Buyer, avant vide"));
    }

    #[test]
    fn a_successor_of_somebody_who_was_never_signed_is_an_addition() {
        let signed = [listed("a", "Ann Lee", |_| ())];
        let late = |replaces: &str| listed("z", "Zoe Zed", |l| l.replaces = Some(replaces.into()));
        assert_eq!(said(&signed, &[signed[0].clone(), late("nobody")], "en"), ["Zoe Zed was added"]);
        assert_eq!(said(&signed, &[signed[0].clone(), late("a")], "en"), ["Zoe Zed was added"], "both stand there");
        assert_eq!(said(&signed, &[late("a")], "en"), ["Zoe Zed in the place of Ann Lee"]);
    }

    #[test]
    fn who_was_off_the_list_and_is_back_is_told_unless_he_changed_too() {
        let signed = [listed("a", "Ann Lee", |_| ()), listed("b", "Ben Koch", |_| ())];
        let now = [listed("a", "Ann Lee", |_| ()), listed("b", "Ben Koch", |l| l.name.country = "IE".into())];
        let back = [ContactId::from("a"), ContactId::from("b")];
        let said: Vec<String> =
            changes_and_back(&signed, &now, &back).iter().map(|change| change.sentence("en")).collect();
        assert_eq!(said, ["Ann Lee is back on the list", "Ben Koch was corrected: country IE, was GB"]);
    }

    #[test]
    fn what_is_kept_reads_as_it_was() {
        let one = listed("a", "Ann Lee", |l| l.name.region = "SCT".into());
        let kept = serde_json::to_string(&[&one]).unwrap();
        assert_eq!(serde_json::from_str::<Vec<Listed>>(&kept).unwrap(), [one]);
    }
}
