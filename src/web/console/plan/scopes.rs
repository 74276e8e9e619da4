//! What can be paused in a round, as choices, and how it is called.

use crate::base::ids::AccountId;
use crate::base::problem::Result;
use crate::rules::message::MessageKind;
use crate::rules::plan::Scope;
use crate::steps::Live;
use crate::store::Tx;
use crate::store::contacts::accounts;
use crate::store::people::{self, CountryLanguage};
use crate::web::kit::names;
use crate::web::kit::views::form::Choice;
use crate::web::kit::views::frame::plural;

/// More accounts than this are not offered in a list: the board and the contacts lead to each of them.
const ACCOUNTS_OFFERED: usize = 500;
/// Reminders are offered one by one up to this number.
const REMINDERS: u32 = 30;

pub struct Offered {
    pub groups: Vec<(&'static str, Vec<Choice>)>,
    pub all_accounts: bool,
}

/// What can be chosen; `account` is offered however many there are.
pub async fn offered(tx: &mut Tx, live: &Live, account: &AccountId) -> Result<Offered> {
    let mut listed = accounts::listed(tx, &live.id, ACCOUNTS_OFFERED as i64 + 1).await?;
    let all_accounts = listed.len() <= ACCOUNTS_OFFERED;
    if *account != AccountId::default() && !listed.iter().any(|a| a.id == *account) {
        listed.extend(accounts::by_id(tx, account).await?.filter(|a| a.round_id == live.id));
    }
    let all_directors = accounts::directors(tx, &live.id, ACCOUNTS_OFFERED as i64).await?;
    let shown = listed.iter().filter(|a| all_accounts || a.id == *account);
    let directors: Vec<(String, &str)> =
        all_directors.iter().map(|d| (d.director_email.key(), d.director_name.as_str())).collect();
    let places = people::places(tx, &live.id).await?;
    let choice = |kind: &str, value: &str, label: String| Choice::new(format!("{kind}:{value}"), label);
    Ok(Offered {
        groups: vec![
            ("Account", shown.map(|a| choice("account", a.id.as_str(), a.name.clone())).collect()),
            (
                "Account director",
                directors.iter().map(|(email, name)| choice("director", email, (*name).into())).collect(),
            ),
            ("Country", by(&places, |p| &p.country, |code| choice("country", code, names::country(code).into()))),
            ("Language", by(&places, |p| &p.language, |code| choice("language", code, names::language(code).into()))),
            ("Message", touches(live)),
        ],
        all_accounts,
    })
}

/// Each code once, with how many contacts it covers.
fn by(
    places: &[CountryLanguage],
    code: impl Fn(&CountryLanguage) -> &String,
    choice: impl Fn(&str) -> Choice,
) -> Vec<Choice> {
    let mut codes: Vec<&str> = places.iter().map(|p| code(p).as_str()).filter(|code| !code.is_empty()).collect();
    codes.sort_unstable();
    codes.dedup();
    let counted = codes.into_iter().map(|one| {
        let contacts: i64 = places.iter().filter(|p| code(p) == one).map(|p| p.contacts).sum();
        let Choice { value, label } = choice(one);
        Choice { label: format!("{label} ({})", plural(contacts.max(0) as usize, "contact", "contacts")), value }
    });
    counted.collect()
}

fn touches(live: &Live) -> Vec<Choice> {
    let kinds = [MessageKind::WarmUp, MessageKind::Invitation, MessageKind::Reminder, MessageKind::ThankYou];
    let mut all = Vec::new();
    for kind in kinds.into_iter().filter(|kind| live.sequence.touch(*kind, 1).is_some()) {
        all.push(Choice::new(format!("touch:{kind}"), touch(kind, None)));
        if kind == MessageKind::Reminder {
            let numbers = (1..=REMINDERS).take_while(|n| live.sequence.touch(kind, *n).is_some());
            all.extend(numbers.map(|n| Choice::new(format!("touch:{kind}-{n}"), touch(kind, Some(n)))));
        }
    }
    all
}

/// "all reminders", "reminder 2".
fn touch(kind: MessageKind, number: Option<u32>) -> String {
    match number {
        Some(number) => format!("{} {number}", kind.label()),
        None => format!("all {}s", kind.label()),
    }
}

/// How a scope is called: "the account Moore-Powell", "Germany", "all reminders".
pub async fn spoken(tx: &mut Tx, live: &Live, scope: &str, value: &str) -> Result<String> {
    Ok(match Scope::parse(scope, value) {
        Some(Scope::Account(id)) => {
            let known = accounts::by_id(tx, &id).await?.filter(|a| a.round_id == live.id);
            known.map_or("an account that is gone".into(), |a| format!("the account {}", a.name))
        }
        Some(Scope::Director(email)) => {
            let own = accounts::of_director(tx, &live.id, &email).await?;
            let name = own.into_iter().next().map_or(email, |a| a.director_name);
            format!("the accounts of {name}")
        }
        Some(Scope::Country(code)) => names::country(&code).into(),
        Some(Scope::Language(code)) => format!("contacts who read {}", names::language(&code)),
        Some(Scope::Touch(kind, number)) => touch(kind, number),
        None => format!("{scope} {value}"),
    })
}
