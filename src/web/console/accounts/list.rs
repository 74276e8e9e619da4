//! The accounts of a round with how far each has come: who is silent, which roles are missing, when each was written to last.

use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::base::ids::AccountId;
use crate::rules::contacts::Role;
use crate::rules::export::Table;
use crate::rules::participation::Participation;
use crate::steps::Live;
use crate::steps::completion::told;
use crate::steps::installation::saved_views::SavedList;
use crate::store::contacts::accounts::account_people;
use crate::store::contacts::accounts::accounts_page::{self as store, LOOKED_THROUGH};
use crate::store::contacts::accounts::{self, Account};
use crate::web::console::views::accounts::{AccountLine, AccountsPage};
use crate::web::console::views::contacts::Filter;
use crate::web::console::views::table::Head;
use crate::web::console::{export, saved_views};
use crate::web::kit::door::session::Operator;
use crate::web::kit::figures::{as_told, count};
use crate::web::kit::forms::fields::Words;
use crate::web::kit::forms::query::with;
use crate::web::kit::frames::{console, home, round};
use crate::web::kit::paging::{self, COUNTED, ROWS};
use crate::web::kit::problem::Answer;
use crate::web::kit::state::Web;
use crate::web::kit::times::when;
use crate::web::kit::urls;
use crate::web::kit::views::form::Choice;
use crate::web::kit::views::page::respond;

use super::part::{Part, SHOWN, SORTED, is_told};

/// Those of which an account should have somebody: answers of one role alone give a false picture.
const WANTED: [Role; 3] = [Role::KeyDecisionMaker, Role::Influencer, Role::OperationalContact];

pub async fn page(State(web): State<Web>, Path(slug): Path<String>, by: Operator, Words(words): Words) -> Answer {
    let live = round(&web, &slug).await?;
    let rule = live.spec.participation;
    let part = Part::of(&words, rule);
    let mut tx = web.ctx.db.read().await?;
    let search = part.search(&mut tx, &live.id).await?;
    let at = (ROWS, paging::offset(part.page));
    let (found, total) = store::page(&mut tx, &live.id, &search, at, COUNTED).await?;
    let ids: Vec<&AccountId> = found.iter().collect();
    let mut all = accounts::by_ids(&mut tx, &ids).await?;
    all.sort_by_key(|a| found.iter().position(|id| *id == a.id));
    let people = account_people::kept(&mut tx, &ids).await?;
    let singly = told::accounts(&mut tx, &live).await?;
    let saved = saved_views::above(&mut tx, &live, &by, SavedList::Accounts, &words).await?;
    drop(tx);
    let now = web.ctx.clock.now();
    let zone = home(&live);
    let line = |a: &Account| {
        let kept = people.get(&a.id);
        let roles = kept.map(account_people::Kept::answered).unwrap_or_default();
        // The last letter goes to those who have not answered.
        let last = kept.and_then(|kept| kept.last_sent_at).filter(|_| rule.names());
        AccountLine {
            href: urls::account(&live.slug, &a.id),
            name: a.name.clone(),
            strategic: a.strategic.0,
            rate: as_told(told::of_account(&live, singly, a), told::of_whom(&live, a)),
            silent: told::is_silent(&live, singly, a),
            answered: if rule.names() { in_words(&roles) } else { String::new() },
            missing: if a.invited > 0 && rule.names() { missing(&roles) } else { String::new() },
            revenue: a.annual_revenue.map(count),
            director: a.director_name.clone(),
            director_href: with(urls::accounts(&live.slug), "director", a.director_email.as_str()),
            manager: if a.manager_name.is_empty() { a.manager_email.clone() } else { a.manager_name.clone() },
            last: last.map(|at| when(at, now, &zone)),
        }
    };
    let director = all.first().map(|a| a.director_name.clone());
    let paging = paging::of(part.page, found.len(), total, &urls::accounts(&live.slug), &part.kept());
    let most = count(LOOKED_THROUGH);
    let vague = search.words.as_ref().is_some_and(|words| words.is_vague);
    let page = AccountsPage {
        console: console(&web, &by, Some(&live), "accounts", &words),
        saved,
        heads: heads(&live, &part),
        filters: filters(rule, &part, director),
        names: rule.names(),
        files: export::files(&live, Table::Accounts, &part.kept()),
        rows: all.iter().map(line).collect(),
        vague: if vague {
            format!(
                "Very many names begin so: {most} of them were looked through. Type more letters, or a second word."
            )
        } else {
            String::new()
        },
        // All of a round are known by a counter.
        paging: if part.is_narrow() { paging.cut_at(COUNTED) } else { paging },
        narrow: part.is_narrow(),
        q: part.q,
    };
    Ok(respond(StatusCode::OK, &page))
}

/// Roles in words.
fn in_words(roles: &[Role]) -> String {
    roles.iter().map(|role| role.label()).collect::<Vec<_>>().join(", ")
}

/// Roles of which nobody has completed, whether there is somebody or not. `answered`: those of which somebody has.
fn missing(answered: &[Role]) -> String {
    let missing: Vec<Role> = WANTED.into_iter().filter(|role| !answered.contains(role)).collect();
    in_words(&missing)
}

fn heads(live: &Live, part: &Part) -> Vec<Head> {
    let rule = live.spec.participation;
    let by = |label: &'static str, sort: &'static str, number: bool| Head {
        label,
        href: is_told(rule, sort).then(|| format!("{}{}", urls::accounts(&live.slug), part.sorted_by(sort))),
        sorted: part.sort == sort,
        descending: sort == "revenue",
        number,
    };
    vec![
        by("Account", "", false),
        by("Completion", "rate", false),
        Head::plain("Roles answered"),
        by("Revenue a year", "revenue", true),
        by("Account director", "director", false),
        by("Account manager", "manager", false),
        by("Last message", "touch", false),
    ]
}

/// `director`: how the one is called whose accounts are shown.
fn filters(rule: Participation, part: &Part, director: Option<String>) -> Vec<Filter> {
    let mut all = vec![Filter {
        name: "show",
        label: "Show",
        value: part.show.into(),
        choices: SHOWN
            .iter()
            .filter(|(value, ..)| is_told(rule, value))
            .map(|(value, label, _)| Choice::new(*value, *label))
            .collect(),
    }];
    if !part.director.is_empty() {
        let name = director.unwrap_or_else(|| part.director.clone());
        let choices = vec![Choice::new("", "any"), Choice::new(&part.director, name)];
        all.push(Filter { name: "director", label: "Account director", value: part.director.clone(), choices });
    }
    all.push(Filter {
        name: "sort",
        label: "Sort by",
        value: part.sort.into(),
        choices: SORTED
            .iter()
            .filter(|(value, ..)| is_told(rule, value))
            .map(|(value, label, _)| Choice::new(*value, *label))
            .collect(),
    });
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_missing_also_where_nobody_has_it() {
        let answered =
            |roles_answered| account_people::Kept { id: "a".into(), roles_answered, last_sent_at: None }.answered();
        let roles = answered(1 + 8);
        assert_eq!(in_words(&roles), "key decision maker, role not known");
        assert_eq!(missing(&roles), "influencer, operational contact");
        assert_eq!((in_words(&answered(0)), missing(&answered(0)).split(", ").count()), (String::new(), 3));
    }
}
