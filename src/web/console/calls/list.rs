//! The page of the call list, as it is asked for.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::base::ids::ContactId;
use crate::base::problem::Result;
use crate::rules::calling::{Effect, Gap, sentence};
use crate::rules::round::RoundState;
use crate::steps::Live;
use crate::steps::calling::{self, CallList, Place};
use crate::steps::completion::told as told_of;
use crate::steps::installation::saved_views::SavedList;
use crate::store::Tx;
use crate::store::calling::Lately;
use crate::store::contacts;
use crate::store::sending::outbox;
use crate::web::console::saved_views;
use crate::web::console::sending::message::named;
use crate::web::console::views::calls::{CallForm, CallRow, CalledRow, CallsPage, EffectTold};
use crate::web::kit::door::session::Operator;
use crate::web::kit::figures::{count, rate};
use crate::web::kit::forms::fields::{Fields, Words};
use crate::web::kit::forms::query::{query, with};
use crate::web::kit::frames::{console, home, round};
use crate::web::kit::paging;
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::times::when;
use crate::web::kit::urls;
use crate::web::kit::views::astray::Astray;
use crate::web::kit::views::form::{ActionForm, Choice, PLACES, in_rows};
use crate::web::kit::views::frame::{Status, plural};
use crate::web::kit::views::page::respond;

use super::part::Part;

/// As many people as one calls in a morning.
const ROWS: i64 = 10;

/// What was typed into a form that was refused, and why.
pub(super) struct Refused<'f> {
    pub contact: &'f ContactId,
    pub typed: &'f Fields,
    pub field: &'static str,
    pub why: String,
}

pub async fn page(State(web): State<Web>, Path(slug): Path<String>, by: Operator, Words(words): Words) -> Answer {
    let live = round(&web, &slug).await?;
    show(&web, &live, &by, &words, None).await
}

pub(super) async fn show(
    web: &Web,
    live: &Live,
    by: &Operator,
    words: &Fields,
    refused: Option<Refused<'_>>,
) -> Result<Response, Failure> {
    let (rule, part) = (live.spec.participation, Part::of(words));
    let (number, wanted) = (part.page, &part.wanted);
    let at_page = if number > 1 { number.to_string() } else { String::new() };
    let kept = part.kept();
    let here = format!("{}{}", urls::calls(&live.slug), query(&[kept[0], kept[1], ("page", &at_page)]));
    let is_open = matches!(live.state, RoundState::Running | RoundState::Paused);
    let page = Page { web, live, by, here, is_open, refused: refused.as_ref() };
    let mut tx = web.ctx.db.read().await?;
    let mut list = if is_open { Some(calling::call_list(&web.ctx, &mut tx, live, wanted).await?) } else { None };
    let (managers, are_managers_cut) =
        if is_open { calling::managers(&mut tx, live).await? } else { (Vec::new(), false) };
    let total = list.as_ref().map_or(0, |list| list.places.len() as i64);
    let shown = list.as_mut().map(|list| std::mem::take(&mut list.places)).unwrap_or_default();
    let skipped = usize::try_from((number - 1) * ROWS).unwrap_or(usize::MAX);
    let mut rows = Vec::new();
    for place in shown.into_iter().skip(skipped).take(ROWS as usize) {
        rows.push(page.row(&mut tx, place).await?);
    }
    let astray = match &refused {
        Some(refused) => astray(&mut tx, refused, &rows).await?,
        None => None,
    };
    let lately = calling::lately(&web.ctx, &mut tx, live).await?;
    let in_all = calling::lately_in_all(&web.ctx, &mut tx, live).await?;
    let effect = calling::measured(&web.ctx, &mut tx, live).await?;
    let saved = saved_views::above(&mut tx, live, by, SavedList::Calls, words).await?;
    drop(tx);
    page.lead_to_the_next(&mut rows);
    let mut lately: Vec<CalledRow> = lately.into_iter().map(|call| page.called(call)).collect();
    in_rows("main", lately.iter_mut().map(|row| (row.place.clone(), &mut row.take_back)));
    let shown = CallsPage {
        console: console(web, by, Some(live), "calls", words),
        saved,
        is_open,
        paging: paging::by(ROWS, number, rows.len(), total, &urls::calls(&live.slug), &kept),
        rows,
        astray,
        is_cut: list.as_ref().is_some_and(|list| list.is_cut),
        needs: list.as_ref().map(needs).unwrap_or_default(),
        names: rule.names(),
        managers: choices(&managers, &wanted.manager),
        are_managers_cut,
        manager: wanted.manager.clone(),
        silent_only: wanted.silent_only,
        // Who was called is told: beside the accounts, how many of them have answered would tell of one of them.
        effect: effect.as_ref().filter(|_| rule.names()).map(told),
        more_lately: count(in_all.saturating_sub(lately.len() as i64)),
        lately,
    };
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(respond(status, &shown))
}

/// Says what was refused where the form in which it stood is not on the page: the list has moved on, or somebody else calls him.
async fn astray(tx: &mut Tx, refused: &Refused<'_>, rows: &[CallRow]) -> Result<Option<Astray>> {
    if rows.iter().any(|row| row.id == *refused.contact && row.form.is_some()) {
        return Ok(None);
    }
    let name = contacts::person(tx, refused.contact).await?.map(|person| person.full_name()).unwrap_or_default();
    let why = format!("{name}: {} The name stands elsewhere by now; nothing was noted.", refused.why);
    Ok(Some(Astray::of(why, ["Day", "Note"].into_iter().zip([refused.typed.get("day"), refused.typed.get("note")]))))
}

/// All, and the account managers of the round; whoever was asked for stays.
fn choices(managers: &[(String, String)], wanted: &str) -> Vec<Choice> {
    let named = |email: &str, name: &str| Choice::new(email, if name.is_empty() { email } else { name });
    let mut all: Vec<Choice> = managers.iter().map(|(email, name)| named(email, name)).collect();
    if !wanted.is_empty() && !all.iter().any(|choice| choice.value == wanted) {
        all.push(named(wanted, ""));
    }
    all.sort_by(|a, b| (&a.label, &a.value).cmp(&(&b.label, &b.value)));
    all.insert(0, Choice::new("", "all"));
    all
}

/// "The next targets need 40 answers and 8 accounts more."
fn needs(list: &CallList) -> String {
    if !list.tells_missing {
        return String::new();
    }
    let missing = &list.missing;
    let told =
        |gap: Gap, one: &str, many: &str| (!gap.is_beyond).then(|| plural(gap.missing.max(0) as usize, one, many));
    let all = [told(missing.answers, "answer", "answers"), told(missing.accounts, "account", "accounts")];
    let all: Vec<String> = all.into_iter().flatten().collect();
    match all.len() {
        0 => "No target is missed.".into(),
        1 => format!("The next target needs {} more.", all.join("")),
        _ => format!("The next targets need {} more.", all.join(" and ")),
    }
}

fn told(effect: &Effect) -> EffectTold {
    let percent = |share: f64| (share * 100.0).round() as i64;
    let (more, off) = (percent(effect.more), percent(effect.give_or_take));
    let word = if more < 0 { "fewer" } else { "more" };
    EffectTold {
        called: rate(i64::from(effect.called.answered), i64::from(effect.called.of)).to_string(),
        otherwise: format!("{}\u{a0}%", percent(effect.otherwise)),
        more: format!("{} points {word}, give or take {off}", more.abs()),
        is_clear: effect.is_clear(),
    }
}

struct Page<'a> {
    web: &'a Web,
    live: &'a Live,
    by: &'a Operator,
    /// This part of the list.
    here: String,
    is_open: bool,
    refused: Option<&'a Refused<'a>>,
}

impl Page<'_> {
    async fn row(&self, tx: &mut Tx, place: Place) -> Result<CallRow> {
        let Place { person: p, ranked, calls, reserved_by } = place;
        let now = self.web.ctx.clock.now();
        let details = calling::details(tx, self.live, &p).await?;
        let messages = told_of::messages(self.live, outbox::of_contact(tx, &p.id).await?);
        let last = messages.iter().rev().find(|message| message.state.may_have_arrived());
        let zone = self.live.sequence.calendar(p.locality()).zone().clone();
        let is_mine = reserved_by.as_deref().is_some_and(|caller| self.by.actor().is(caller));
        let caller = reserved_by.filter(|_| !is_mine);
        Ok(CallRow {
            href: urls::contact(&self.live.slug, &p.id),
            name: p.full_name(),
            role: p.role.label(),
            account_href: with(urls::contacts(&self.live.slug), "account", p.account_id.as_str()),
            why: sentence(&ranked.why, &p.account, details.stopped.as_ref()),
            telephones: details.telephones,
            last: last.map(|m| (named(self.live, m), when(m.settled_at.unwrap_or(m.due_at), now, &zone))),
            calls,
            form: (self.is_open && caller.is_none()).then(|| self.form(&p.id, is_mine)),
            caller,
            job_title: p.job_title,
            account: p.account,
            id: p.id,
        })
    }

    fn form(&self, contact: &ContactId, is_mine: bool) -> CallForm {
        let refused = self.refused.filter(|refused| refused.contact == contact);
        let typed = |name: &str| refused.map_or("", |refused| refused.typed.get(name)).to_string();
        CallForm {
            action: self.here.clone(),
            csrf: self.by.csrf.clone(),
            is_mine,
            day: typed("day"),
            note: typed("note"),
            refused: refused.map(|refused| (refused.field, refused.why.clone())),
        }
    }

    /// After a press one stands at the same row, or at the next where that is gone.
    fn lead_to_the_next(&self, rows: &mut [CallRow]) {
        let places: Vec<String> = rows.iter().map(CallRow::place).collect();
        for (at, row) in rows.iter_mut().enumerate() {
            let Some(form) = &mut row.form else { continue };
            let next: Vec<&str> = places.iter().skip(at).take(2).map(String::as_str).chain(["main"]).collect();
            let joint = if self.here.contains('?') { '&' } else { '?' };
            form.action = format!("{}{joint}{PLACES}={}", self.here, next.join(","));
        }
    }

    fn called(&self, call: Lately) -> CalledRow {
        let (now, name) = (self.web.ctx.clock.now(), call.full_name());
        let take_back = ActionForm {
            id: format!("back-{}", call.id),
            action: self.here.clone(),
            act: "take_back_call",
            csrf: self.by.csrf.clone(),
            hidden: vec![("call", call.id.to_string())],
            label: "Take back".into(),
            about: format!("the call to {name}"),
            ..ActionForm::default()
        };
        CalledRow {
            place: format!("called-{}", call.id),
            href: urls::contact(&self.live.slug, &call.contact_id),
            said: call.outcome.said(call.day()),
            when: when(call.at, now, &home(self.live)),
            answered: call
                .completed_at
                .filter(|_| self.live.spec.participation.names())
                .map(|_| Status::good("answered")),
            take_back: (self.is_open && call.latest == 1).then_some(take_back),
            name,
            account: call.account,
            note: call.note,
            by: call.made_by,
        }
    }
}
