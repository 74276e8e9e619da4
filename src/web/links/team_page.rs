//! From what somebody of the account team has a part in to his page.
//!
//! Costs what it shows: a page of people or accounts, and the candidates of the call list, whatever the size of the round. Who is to be
//! called and was called stands in `team_rows.rs`.

use crate::base::ids::ContactId;
use crate::base::problem::Result;
use crate::rules::calling::Outcome;
use crate::rules::completion::percent_of_rate;
use crate::rules::completion::team::TeamLevel;
use crate::rules::round::Level;
use crate::steps::completion::sponsor;
use crate::steps::completion::team::{self as sheets, TeamSheet};
use crate::store::Tx;
use crate::store::calling::team::{self, PartAccount};
use crate::store::contacts;
use crate::web::kit::figures::{count, rate};
use crate::web::kit::forms::fields::Fields;
use crate::web::kit::forms::query::with;
use crate::web::kit::frames::letter;
use crate::web::kit::paging;
use crate::web::kit::state::Web;
use crate::web::kit::urls;
use crate::web::kit::views::frame::Link;
use crate::web::kit::views::phrases::fill;
use crate::web::kit::views::team_phrases::TeamPhrases;

use super::here::Here;
use super::views::team::TeamPage;

const SILENT: i64 = 20;
/// As many accounts stand in numbers on a page, where a round tells no names.
const IN_NUMBERS: i64 = 200;
/// The word of an address for the view of everybody.
const SHOW: &str = "show";
const PEOPLE: &str = "people";

/// What was typed into a form that was refused, and why.
pub(super) struct Refused<'f> {
    /// The id of the form.
    pub form: String,
    /// Whom it is about, where it is about a person.
    pub contact: Option<ContactId>,
    pub typed: &'f Fields,
    /// None where nothing that was typed is wrong: it is too late.
    pub field: Option<&'static str>,
    pub why: String,
}

/// A page that is asked for.
pub(super) struct Asked<'a> {
    pub web: &'a Web,
    pub sheet: &'a TeamSheet,
    pub secret: &'a str,
    pub words: &'a Fields,
    /// In which words, and how days are told.
    pub here: Here<TeamPhrases>,
    pub refused: Option<Refused<'a>>,
}

/// The id of the form about a call that is to be noted.
pub(super) fn form_of(contact: &ContactId) -> String {
    format!("note-{contact}")
}

impl<'a> Asked<'a> {
    pub(super) fn new(web: &'a Web, sheet: &'a TeamSheet, secret: &'a str, words: &'a Fields) -> Asked<'a> {
        let here = Here::of_team(&sheet.live, web.ctx.clock.now());
        Asked { web, sheet, secret, words, here, refused: None }
    }

    pub(super) async fn page(self) -> Result<TeamPage> {
        let page = self.shown().await?;
        match &self.refused {
            Some(refused) => self.with_refusal(page, refused).await,
            None => Ok(page),
        }
    }

    async fn shown(&self) -> Result<TeamPage> {
        let (sheet, live, w) = (self.sheet, &self.sheet.live, self.w());
        let mut tx = self.web.ctx.db.read().await?;
        let page = TeamPage {
            w,
            letter: letter(&live.spec, w.code),
            title: live.spec.title.clone(),
            flash: self.flash(),
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

    pub(super) fn w(&self) -> &'static TeamPhrases {
        self.here.words
    }

    pub(super) fn address(&self) -> String {
        urls::team(self.secret)
    }

    pub(super) fn email(&self) -> &str {
        self.sheet.link.email.as_str()
    }

    /// Whether the round tells who has answered.
    pub(super) fn names(&self) -> bool {
        self.sheet.live.spec.participation.names()
    }

    /// What the last POST did.
    fn flash(&self) -> Option<&'static str> {
        let w = self.w();
        match self.words.get("done") {
            "reserve" => Some(w.done_reserve),
            "release_call" => Some(w.done_release),
            "take_back_call" => Some(w.done_back),
            word => Outcome::parse(word).map(|outcome| match outcome {
                Outcome::Called => w.done_called,
                Outcome::WillAnswer => w.done_will,
                Outcome::OnLeave => w.done_leave,
                Outcome::WrongPerson => w.done_wrong,
                Outcome::HasLeft => w.done_left,
                Outcome::NotChased => w.done_not,
            }),
        }
    }

    /// Says what was refused where its form does not, and keeps what was written where there is no form any more.
    async fn with_refusal(&self, page: TeamPage, refused: &Refused<'_>) -> Result<TeamPage> {
        if page.has_form(&refused.form) {
            return Ok(TeamPage { late: refused.field.is_none().then(|| refused.why.clone()), ..page });
        }
        let late = match (refused.field, self.name_of(refused.contact.as_ref()).await?) {
            (Some(_), Some(name)) => fill(self.w().moved, &[("name", &name), ("why", &refused.why)]),
            _ => refused.why.clone(),
        };
        Ok(TeamPage { late: Some(late), typed: refused.typed.get("note").to_string(), ..page })
    }

    /// Of one of his own people; S11: nothing is said of anybody else.
    async fn name_of(&self, contact: Option<&ContactId>) -> Result<Option<String>> {
        let Some(contact) = contact else { return Ok(None) };
        let mut tx = self.web.ctx.db.read().await?;
        let person = contacts::person(&mut tx, contact).await?;
        let own = person.filter(|p| p.round_id == self.sheet.live.id && p.manager_email == self.email());
        Ok(own.map(|p| p.full_name()))
    }

    /// With its thousands as the language groups them.
    fn number(&self, n: i64) -> String {
        let text = count(n).to_string();
        match self.w().code {
            "de" => text.replace(',', "."),
            "fr" => text.replace(',', "\u{202f}"),
            _ => text,
        }
    }

    /// "40 % (2 of 5)". `part`: none where it is not told.
    fn rate(&self, part: Option<i64>, of: i64) -> String {
        match part {
            None => self.w().untold.into(),
            Some(_) if of <= 0 => self.w().none_yet.into(),
            Some(part) => {
                let (n, all) = (self.number(part), self.number(of));
                fill(self.w().rate, &[("share", &rate(part, of).short()), ("n", &n), ("of", &all)])
            }
        }
    }

    /// The sponsor's: figures alone.
    async fn of_the_round(&self, read: sponsor::Read, page: TeamPage) -> TeamPage {
        let w = self.w();
        let whole = sponsor::whole_round(&self.web.ctx, &self.sheet.live, read).await;
        let accounts = &whole.status.accounts;
        let answered = self.rate(Some(accounts.completed).filter(|_| whole.told.accounts), accounts.invited);
        let mut figures = vec![fill(w.sponsor_accounts, &[("figure", &answered)])];
        let told = whole.status.targets.iter().filter(|target| whole.told.level(target.level));
        figures.extend(told.map(|target| {
            let phrase = match target.level {
                Level::Individual => w.target_contacts,
                Level::Accounts => w.target_accounts,
            };
            let stands = match target.met {
                true => w.target_met.to_string(),
                false => fill(w.target_more, &[("n", &self.number(target.missing))]),
            };
            fill(phrase, &[("share", &percent_of_rate(target.target).to_string()), ("stands", &stands)])
        }));
        figures.extend(Some(whole.needed(w.code)).filter(|said| !said.is_empty()));
        TeamPage { headline: fill(w.answered, &[("figure", &whole.figure(w.code))]), figures, ..page }
    }

    fn figures(&self) -> Vec<String> {
        let (w, tally) = (self.w(), &self.sheet.tally);
        if tally.invited == 0 {
            return vec![w.nobody_invited.into()];
        }
        let answered = self.rate(Some(tally.completed), tally.reachable);
        let accounts = w.counted(tally.invited as usize, w.account_one, w.account_many);
        let silent = match tally.invited - tally.answered {
            0 => w.every_account.to_string(),
            silent => fill(w.silent_accounts, &[("n", &self.number(silent)), ("accounts", &accounts)]),
        };
        vec![fill(w.have_answered, &[("figure", &answered)]), silent]
    }

    /// The figures where the round tells no names: nothing from which it could be worked out who has answered.
    async fn in_numbers(&self, tx: &mut Tx, page: TeamPage) -> Result<TeamPage> {
        let w = self.w();
        let told = sheets::in_numbers(tx, &self.sheet.live, &self.sheet.link).await?;
        if told.accounts.is_empty() {
            return Ok(page);
        }
        let figure = match told.completed {
            Some(_) => fill(w.have_answered, &[("figure", &self.rate(told.completed, told.invited))]),
            None => w.counts_untold.into(),
        };
        let line = |(account, completed): &(PartAccount, Option<i64>)| {
            let (name, of) = (account.name.as_str(), self.number(account.invited));
            match completed {
                Some(n) => fill(w.counted_account, &[("account", name), ("n", &self.number(*n)), ("of", &of)]),
                None => fill(w.asked, &[("account", name), ("n", &of)]),
            }
        };
        let (number, total) = (paging::number(self.words), told.accounts.len() as i64);
        let skipped = usize::try_from((number - 1) * IN_NUMBERS).unwrap_or(usize::MAX);
        let accounts: Vec<String> = told.accounts.iter().skip(skipped).take(IN_NUMBERS as usize).map(line).collect();
        let paging = paging::by(IN_NUMBERS, number, accounts.len(), total, &self.address(), &[]);
        Ok(TeamPage {
            figures: vec![figure, w.nobody_told.into()],
            accounts_title: w.accounts_title,
            accounts,
            accounts_paging: (total > IN_NUMBERS).then_some(paging),
            ..page
        })
    }

    async fn repair(&self, tx: &mut Tx) -> Result<Option<Link>> {
        let w = self.w();
        let found = sheets::to_repair(&self.web.ctx, tx, self.sheet).await?;
        Ok(found
            .filter(|_| self.sheet.calls())
            .map(|(n, secret)| Link::new(w.counted(n, w.repair_one, w.repair_many), urls::repair(&secret))))
    }

    /// Whom to call, what became of calls, silent accounts.
    async fn part(&self, tx: &mut Tx, page: TeamPage) -> Result<TeamPage> {
        let (live, names, w) = (&self.sheet.live, self.names(), self.w());
        let calls = self.sheet.calls() && names;
        let mut page = TeamPage { headline: w.your_accounts.into(), ..page };
        if calls {
            page = self.calls(tx, page).await?;
        }
        if names {
            let silent = team::silent(tx, &live.id, self.sheet.link.level, self.email(), SILENT).await?;
            let more = self.sheet.tally.invited - self.sheet.tally.answered - silent.len() as i64;
            page.accounts_title = w.silent_title;
            page.accounts = silent.iter().map(|account| self.silent(account)).collect();
            if more > 0 {
                let accounts = w.counted(more as usize, w.account_one, w.account_many);
                page.more_accounts = fill(w.more_accounts, &[("accounts", &accounts)]);
            }
        }
        let n = team::how_many(tx, &self.sheet.people(&self.web.ctx, names)).await?;
        let all = if names { w.everybody_open } else { w.everybody };
        let all = fill(all, &[("n", &self.number(n))]);
        page.other = (n > 0).then(|| Link::new(all, with(self.address(), SHOW, PEOPLE)));
        Ok(page)
    }

    fn silent(&self, account: &PartAccount) -> String {
        let w = self.w();
        let people = w.counted(account.reachable.max(0) as usize, w.person_one, w.person_many);
        let phrase = if account.started == 0 { w.silent } else { w.silent_begun };
        fill(phrase, &[("account", &account.name), ("people", &people), ("n", &self.number(account.started))])
    }

    /// Everybody who has not answered; where that may not be told, everybody who could answer.
    async fn everybody(&self, tx: &mut Tx, page: TeamPage) -> Result<TeamPage> {
        let (names, w) = (self.names(), self.w());
        let of = self.sheet.people(&self.web.ctx, names);
        let number = paging::number(self.words);
        let rows = team::people(tx, &of, paging::ROWS, paging::offset(number)).await?;
        let total = team::how_many(tx, &of).await?;
        let paging = paging::of(number, rows.len(), total, &self.address(), &[(SHOW, PEOPLE)]);
        let headline = match (total, names) {
            (0, _) => w.nobody_left,
            (_, true) => w.who_open,
            (_, false) => w.who_could,
        };
        Ok(TeamPage {
            headline: headline.into(),
            people: rows.into_iter().map(|person| self.person(person)).collect(),
            other: Some(Link::new(w.back, self.address())),
            paging: (total > paging::ROWS).then_some(paging),
            accounts: Vec::new(),
            accounts_paging: None,
            ..page
        })
    }
}
