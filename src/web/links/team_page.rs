//! From what somebody of the account team has a part in to his page.
//!
//! Costs what it shows: a page of people, some silent accounts, and the candidates of the call list, whatever the size of the round.

use crate::base::clock::Ts;
use crate::base::ids::ContactId;
use crate::base::problem::Result;
use crate::base::sentence::capitalised;
use crate::rules::calling::{Outcome, sentence};
use crate::rules::completion::percent_of_rate;
use crate::rules::completion::team::TeamLevel;
use crate::rules::round::{Level, RoundState};
use crate::steps::calling::{self, Place, Wanted};
use crate::steps::completion::sponsor;
use crate::steps::completion::team::{self as sheets, TeamSheet};
use crate::steps::letters::ready::ready_text;
use crate::store::Tx;
use crate::store::calling::Lately;
use crate::store::calling::team::{self, PartAccount};
use crate::store::contacts::Person;
use crate::store::sending::outbox;
use crate::web::kit::figures::{as_told, rate};
use crate::web::kit::forms::fields::Fields;
use crate::web::kit::forms::query::{mail_to, query, with};
use crate::web::kit::frames::{done, home, letter};
use crate::web::kit::paging;
use crate::web::kit::state::Web;
use crate::web::kit::times::when;
use crate::web::kit::urls;
use crate::web::kit::views::form::{ActionForm, Choice, Control, Field, in_rows};
use crate::web::kit::views::frame::{Link, Status, plural};

use super::views::team::{Ready, TeamCall, TeamCalled, TeamPage, TeamPerson};

/// As many people as one calls between two other things.
const CALLS: i64 = 10;
const SILENT: i64 = 20;
/// As many accounts stand in numbers, where a round tells no names.
const IN_NUMBERS: usize = 200;
/// The word of an address for the view of everybody.
const SHOW: &str = "show";
const PEOPLE: &str = "people";

/// What was typed into a form that was refused, and why.
pub(super) struct Refused<'f> {
    /// The id of the form.
    pub form: String,
    pub typed: &'f Fields,
    pub field: &'static str,
    pub why: String,
}

/// A page that is asked for.
pub(super) struct Asked<'a> {
    pub web: &'a Web,
    pub sheet: &'a TeamSheet,
    pub secret: &'a str,
    pub words: &'a Fields,
    pub refused: Option<Refused<'a>>,
    /// Why the last POST did nothing.
    pub late: Option<String>,
}

/// The id of the form about a call that is to be noted.
pub(super) fn form_of(contact: &ContactId) -> String {
    format!("note-{contact}")
}

impl Asked<'_> {
    pub(super) async fn page(self) -> Result<TeamPage> {
        let (sheet, live) = (self.sheet, &self.sheet.live);
        let mut tx = self.web.ctx.db.read().await?;
        let page = TeamPage {
            letter: letter(&live.spec, "en"),
            title: live.spec.title.clone(),
            flash: done(self.words.get("done")),
            late: self.late.clone(),
            ..TeamPage::default()
        };
        if sheet.link.level == TeamLevel::Sponsor {
            let read = sponsor::read(&self.web.ctx, &mut tx, live).await?;
            drop(tx);
            return Ok(self.of_the_round(read, page).await);
        }
        let page = TeamPage { figures: self.figures(), repair: self.repair(&mut tx).await?, ..page };
        let page = if self.names() { page } else { self.in_numbers(&mut tx, page).await? };
        match self.words.get(SHOW) {
            PEOPLE => self.everybody(&mut tx, page).await,
            _ => self.part(&mut tx, page).await,
        }
    }

    fn here(&self) -> String {
        urls::team(self.secret)
    }

    fn now(&self) -> Ts {
        self.web.ctx.clock.now()
    }

    fn email(&self) -> &str {
        self.sheet.link.email.as_str()
    }

    /// Whether the round tells who has answered.
    fn names(&self) -> bool {
        self.sheet.live.spec.participation.names()
    }

    /// The sponsor's: figures alone.
    async fn of_the_round(&self, read: sponsor::Read, page: TeamPage) -> TeamPage {
        let whole = sponsor::whole_round(&self.web.ctx, &self.sheet.live, read).await;
        let accounts = &whole.status.accounts;
        let answered = as_told(Some(accounts.completed).filter(|_| whole.told.accounts), accounts.invited);
        let mut figures = vec![format!("Accounts of which somebody has answered: {answered}.")];
        let told = whole.status.targets.iter().filter(|target| whole.told.level(target.level));
        figures.extend(told.map(|target| {
            let of = match target.level {
                Level::Individual => "contacts",
                Level::Accounts => "accounts",
            };
            let stands = if target.met { "met".to_string() } else { format!("{} more", target.missing) };
            format!("Target {}\u{a0}% of {of}: {stands}.", percent_of_rate(target.target))
        }));
        figures.extend(Some(whole.needed("en")).filter(|said| !said.is_empty()));
        TeamPage { headline: format!("Answered: {}", whole.figure("en")), figures, ..page }
    }

    fn figures(&self) -> Vec<String> {
        let tally = &self.sheet.tally;
        if tally.invited == 0 {
            return vec!["Nobody at your accounts was invited yet.".into()];
        }
        let answered = rate(tally.completed, tally.reachable);
        let accounts = plural(tally.invited as usize, "account", "accounts");
        let silent = match tally.invited - tally.answered {
            0 => "Somebody of every account has answered.".to_string(),
            silent => format!("At {silent} of {accounts} nobody has answered yet."),
        };
        vec![format!("{answered} of the people at your accounts have answered."), silent]
    }

    /// The figures where the round tells no names: nothing from which it could be worked out who has answered.
    async fn in_numbers(&self, tx: &mut Tx, page: TeamPage) -> Result<TeamPage> {
        let told = sheets::in_numbers(tx, &self.sheet.live, &self.sheet.link).await?;
        if told.accounts.is_empty() {
            return Ok(page);
        }
        let figure = match told.completed {
            Some(completed) => {
                format!("{} of the people at your accounts have answered.", rate(completed, told.reachable))
            }
            None => "How many have answered is not told.".into(),
        };
        let line = |(account, completed): &(PartAccount, Option<i64>)| match completed {
            Some(completed) => format!("{}: {completed} of {} have answered", account.name, account.reachable),
            None => format!("{}: {} asked", account.name, account.reachable),
        };
        Ok(TeamPage {
            figures: vec![figure, "Nobody is told who has answered, so please speak to all of them.".into()],
            accounts_title: "Accounts",
            accounts: told.accounts.iter().take(IN_NUMBERS).map(line).collect(),
            ..page
        })
    }

    async fn repair(&self, tx: &mut Tx) -> Result<Option<Link>> {
        let found = sheets::to_repair(&self.web.ctx, tx, self.sheet).await?;
        Ok(found.filter(|_| self.sheet.calls()).map(|(n, secret)| {
            Link::new(format!("{} cannot be reached", plural(n, "contact", "contacts")), urls::repair(&secret))
        }))
    }

    /// Whom to call, what became of calls, silent accounts.
    async fn part(&self, tx: &mut Tx, page: TeamPage) -> Result<TeamPage> {
        let (live, names) = (&self.sheet.live, self.names());
        let calls = self.sheet.calls() && names;
        let mut page = TeamPage { headline: "Your accounts".into(), ..page };
        if calls {
            page = self.calls(tx, page).await?;
        }
        if names {
            let silent = team::silent(tx, &live.id, self.sheet.link.level, self.email(), SILENT).await?;
            page.accounts_title = "Nobody has answered at";
            page.accounts = silent
                .iter()
                .map(|account| match account.started {
                    0 => format!("{}: {}", account.name, plural(account.reachable as usize, "person", "people")),
                    begun => {
                        let people = plural(account.reachable as usize, "person", "people");
                        format!("{}: {people}, {begun} begun", account.name)
                    }
                })
                .collect();
        }
        let n = team::how_many(tx, &self.sheet.people(&self.web.ctx, names)).await?;
        let all = if names { "Everybody who has not answered" } else { "Everybody who could answer" };
        page.other = (n > 0).then(|| Link::new(format!("{all} ({n})"), with(self.here(), SHOW, PEOPLE)));
        Ok(page)
    }

    async fn calls(&self, tx: &mut Tx, page: TeamPage) -> Result<TeamPage> {
        let (ctx, live) = (&self.web.ctx, &self.sheet.live);
        let is_open = matches!(live.state, RoundState::Running | RoundState::Paused);
        let number = paging::number(self.words);
        let wanted = Wanted { manager: self.email().into(), silent_only: false };
        let places = if is_open { calling::call_list(ctx, tx, live, &wanted).await?.places } else { Vec::new() };
        let total = places.len() as i64;
        let skipped = usize::try_from((number - 1) * CALLS).unwrap_or(usize::MAX);
        let mut calls: Vec<TeamCall> = Vec::new();
        for place in places.into_iter().skip(skipped).take(CALLS as usize) {
            calls.push(self.call(tx, place, is_open).await?);
        }
        in_rows("main", calls.iter_mut().map(|row| (row.place(), &mut row.form)));
        let lately = calling::lately_of(ctx, tx, live, self.email()).await?;
        let mut lately: Vec<TeamCalled> = lately.into_iter().map(|call| self.called(call, is_open)).collect();
        in_rows("main", lately.iter_mut().map(|row| (row.place.clone(), &mut row.take_back)));
        let headline = match total {
            0 => "Nobody to call now".to_string(),
            n => format!("{} to call", plural(n as usize, "person", "people")),
        };
        let nobody = match total {
            0 if is_open => "Whoever was called is not listed again for some working days.",
            0 => "Calls are noted while a round runs.",
            _ => "",
        };
        let paging = (total > CALLS).then(|| paging::by(CALLS, number, calls.len(), total, &self.here(), &[]));
        Ok(TeamPage { headline, calls, nobody, lately, paging, ..page })
    }

    async fn call(&self, tx: &mut Tx, place: Place, is_open: bool) -> Result<TeamCall> {
        let live = &self.sheet.live;
        let Place { person: p, ranked, calls, reserved_by } = place;
        let details = calling::details(tx, live, &p).await?;
        let messages = outbox::of_contact(tx, &p.id).await?;
        let last = messages.iter().rev().find(|message| message.state.may_have_arrived());
        let zone = live.sequence.calendar(p.locality()).zone().clone();
        let is_mine = reserved_by.as_deref().is_some_and(|caller| self.sheet.actor().is(caller));
        let caller = reserved_by.filter(|_| !is_mine);
        let words = ready_text(live, &p, &self.sheet.link).ok();
        Ok(TeamCall {
            name: p.full_name(),
            role: p.role.label(),
            why: sentence(&ranked.why, &p.account, details.stopped.as_ref()),
            telephones: details.telephones,
            last: last.map(|m| (m.kind.numbered(m.number), when(m.settled_at.unwrap_or(m.due_at), self.now(), &zone))),
            calls,
            form: (is_open && caller.is_none()).then(|| self.form(&p.id, &p.full_name(), calls, is_mine)),
            caller,
            is_mine,
            ready: words.map(|words| Ready {
                href: mail_to(p.email.as_str(), &words.subject, &words.text),
                subject: words.subject,
                text: words.text,
                lang: words.language,
            }),
            email: p.email.as_str().into(),
            job_title: p.job_title,
            account: p.account,
            id: p.id,
        })
    }

    fn form(&self, contact: &ContactId, name: &str, calls: i64, is_mine: bool) -> ActionForm {
        let id = form_of(contact);
        let refused = self.refused.as_ref().filter(|refused| refused.form == id);
        let typed = |field: &str| refused.map_or("", |refused| refused.typed.get(field)).to_string();
        let error = |field: &str| refused.filter(|refused| refused.field == field).map(|refused| refused.why.clone());
        let page = self.words.get("page");
        ActionForm {
            action: format!("{}{}", self.here(), query(&[("page", page)])),
            act: "note",
            hidden: vec![("contact", contact.to_string()), ("calls", calls.to_string())],
            label: "What became of the call".into(),
            about: format!("to {name}"),
            fields: vec![
                Field::select("outcome", "What became of it", typed("outcome"), choices(is_mine))
                    .error(error("outcome")),
                Field::text("day", "Day", typed("day"))
                    .control(Control::Date)
                    .hint("The last day of a leave, or the day by which the answers come.")
                    .optional()
                    .error(error("day")),
                Field::text("note", "Note", typed("note")).optional().error(error("note")),
            ],
            button: "Save".into(),
            id,
            ..ActionForm::default()
        }
    }

    fn called(&self, call: Lately, is_open: bool) -> TeamCalled {
        let (name, place) = (call.full_name(), format!("called-{}", call.id));
        let id = format!("back-{}", call.id);
        let refused = self.refused.as_ref().filter(|refused| refused.form == id);
        let tick = Field::check("confirm", format!("The call to {name} is to count no more."));
        let take_back = ActionForm {
            action: self.here(),
            act: "take_back_call",
            hidden: vec![("call", call.id.to_string())],
            label: "Take back".into(),
            about: format!("the call to {name}"),
            fields: vec![tick.error(refused.map(|refused| refused.why.clone()))],
            button: "Take the call back".into(),
            id,
            ..ActionForm::default()
        };
        let is_own = self.sheet.actor().is(&call.made_by);
        TeamCalled {
            place,
            said: capitalised(&call.outcome.said(call.day())),
            when: when(call.at, self.now(), &home(&self.sheet.live)),
            answered: call.completed_at.map(|_| Status::good("answered")),
            take_back: (is_open && is_own && call.latest == 1).then_some(take_back),
            name,
            account: call.account,
            note: call.note,
            by: call.made_by,
        }
    }

    /// Everybody who has not answered; where that may not be told, everybody who could answer.
    async fn everybody(&self, tx: &mut Tx, page: TeamPage) -> Result<TeamPage> {
        let names = self.names();
        let of = self.sheet.people(&self.web.ctx, names);
        let number = paging::number(self.words);
        let rows = team::people(tx, &of, paging::ROWS, paging::offset(number)).await?;
        let total = team::how_many(tx, &of).await?;
        let paging = paging::of(number, rows.len(), total, &self.here(), &[(SHOW, PEOPLE)]);
        let headline = match (total, names) {
            (0, _) => "Nobody is left to be asked".to_string(),
            (_, true) => "Who has not answered".into(),
            (_, false) => "Who could answer".into(),
        };
        let people = rows.into_iter().map(|person| self.person(person, names)).collect();
        let other = Some(Link::new("Back to your accounts", self.here()));
        let paging = (total > paging::ROWS).then_some(paging);
        Ok(TeamPage { headline, people, other, paging, accounts: Vec::new(), ..page })
    }

    fn person(&self, person: Person, names: bool) -> TeamPerson {
        let words = ready_text(&self.sheet.live, &person, &self.sheet.link).ok();
        let begun = if names && person.started_at.is_some() { ", has begun" } else { "" };
        TeamPerson {
            place: format!("person-{}", person.id),
            name: person.full_name(),
            stands: format!("{}{begun}", person.role.label()),
            ready: words.map(|words| Ready {
                href: mail_to(person.email.as_str(), &words.subject, &words.text),
                subject: words.subject,
                text: words.text,
                lang: words.language,
            }),
            email: person.email.as_str().into(),
            job_title: person.job_title,
            account: person.account,
        }
    }
}

/// None is chosen beforehand.
fn choices(is_mine: bool) -> Vec<Choice> {
    let said = |outcome: Outcome| match outcome {
        Outcome::Called => "Spoken to, or a message left",
        Outcome::WillAnswer => "Will answer, by the day below if there is one",
        Outcome::OnLeave => "On leave until the day below",
        Outcome::WrongPerson => "Is not whom to ask",
        Outcome::HasLeft => "Has left the company",
        Outcome::NotChased => "Wants no more reminders",
    };
    let later = if is_mine {
        Choice::new("release_call", "Not called yet: leave to others")
    } else {
        Choice::new("reserve", "Not called yet: I call today")
    };
    let none = Choice::new("", "Choose one");
    [none]
        .into_iter()
        .chain(Outcome::ALL.map(|outcome| Choice::new(outcome.as_str(), said(outcome))))
        .chain([later])
        .collect()
}
