//! The rows of the board: an account, and its director above his accounts.

use crate::base::clock::Ts;
use crate::rules::calendar::Calendar;
use crate::rules::calendar::human;
use crate::rules::round::RoundState;
use crate::rules::signoff::{SignLevel, Standing};
use crate::steps::Live;
use crate::steps::signoff::progress::Progress;
use crate::store::contacts::accounts::Account;
use crate::store::signoff::delegations::Delegation;
use crate::store::signoff::director_tally::Director;
use crate::store::signoff::{Request, Signature};
use crate::web::console::ask_again;
use crate::web::console::contacts::standing::signed;
use crate::web::console::views::signoff::board::{Approval, BoardAccount, DirectorRow, record_approval};
use crate::web::kit::figures::count;
use crate::web::kit::forms::query::with;
use crate::web::kit::frames::home;
use crate::web::kit::listed::signer;
use crate::web::kit::times::when;
use crate::web::kit::urls;
use crate::web::kit::views::frame::Status;

use super::standing;

/// Said where the account director is the sales director.
const BOTH: &str = "One person gives both signatures.";

/// What every row of a page is made with.
pub struct Making<'a> {
    pub live: &'a Live,
    pub home: &'a Calendar,
    pub now: Ts,
    pub progress: &'a Progress,
    pub csrf: &'a str,
    /// Where forms are posted to.
    pub here: String,
}

/// What is known beside the accounts.
pub struct Beside {
    /// By account.
    pub signatures: Vec<Signature>,
    pub requests: Vec<Request>,
    pub directors: Vec<Director>,
    pub delegations: Vec<Delegation>,
}

impl Making<'_> {
    /// `own`: accounts of one director, all signed or none.
    pub fn director(&self, own: &[Account], beside: &Beside, accounts: Vec<BoardAccount>) -> Option<DirectorRow> {
        let (first, zone) = (own.first()?, home(self.live));
        let tally = beside.directors.iter().find(|d| d.email == first.director_email);
        let (all, unsigned) = tally.map_or((0, 0), |d| (d.accounts, d.open));
        let signed = all - unsigned;
        let is_open = first.standing != Standing::Signed;
        // What is asked of the director is said once, where something is left to sign.
        let request = beside.requests.iter().find(|r| r.email == first.director_email);
        let request = request.filter(|_| unsigned == 0 || is_open);
        let state = match (unsigned, request) {
            (0, _) => Status::good("signed"),
            (_, None) if is_open => Status::waiting("not asked yet"),
            _ if signed == 0 => Status::attention("not signed"),
            _ => Status::attention(format!("{} of {} signed", count(signed), count(all))),
        };
        let chases = request.map_or(0, |r| (r.asked - 1).max(0));
        let chased = if chases > 0 {
            format!("chased {chases} of {} times", self.live.spec.signoff.maximum_chases)
        } else {
            String::new()
        };
        let next = request.and_then(|r| r.next_ask_at).filter(|_| unsigned > 0);
        let ask = request
            .filter(|r| is_open && unsigned > 0 && r.asked > 0)
            .map(|r| ask_again::form(r.id.as_str(), (&self.here, self.csrf), &r.id, &r.name));
        let since = tally.and_then(|d| d.waits_since).filter(|_| is_open);
        let waits = self.progress.waits(self.live, self.home, since, self.now);
        let lost = tally.filter(|_| waits.is_some()).map(|d| d.at_stake());
        let given = beside.delegations.iter().filter(|d| is_open && d.of_email == first.director_email);
        let called = |d: &Delegation| own.iter().find(|a| Some(&a.id) == d.account_id.as_ref()).map(|a| a.name.clone());
        Some(DirectorRow {
            name: first.director_name.clone(),
            email: first.director_email.as_str().into(),
            is_open,
            state,
            asked: request.and_then(|r| r.asked_at).map(|at| when(at, self.now, &zone)),
            chased,
            next_chase: next.map(|at| when(at, self.now, &zone)),
            waits: standing::waiting(waits),
            lost: lost
                .map(|l| standing::lost("this director", self.live, &self.progress.listed, &l))
                .unwrap_or_default(),
            stand_ins: standing::stand_ins(self.live, given, called),
            accounts,
            ask_again: ask,
        })
    }

    pub fn account(&self, a: &Account, beside: &Beside, typed: Approval) -> BoardAccount {
        let zone = home(self.live);
        let from = beside.signatures.partition_point(|s| s.account_id < a.id);
        let signatures = beside.signatures.get(from..).unwrap_or_default();
        let signatures = signatures.get(..signatures.partition_point(|s| s.account_id == a.id)).unwrap_or_default();
        let told = |s: &Signature| {
            let how = super::account::how(s);
            format!("{}, {}{how}", signer(&s.signed_by), human(s.at, self.now, &zone))
        };
        let last = |level: SignLevel| signatures.iter().rev().find(|s| s.level == level).map(told);
        let second =
            last(SignLevel::SalesDirector).filter(|_| a.standing == Standing::Signed && a.strategic_since.is_some());
        let valid: Vec<String> = last(SignLevel::Director).into_iter().chain(second).collect();
        let waiting = a.listed - a.signed_names;
        let note = match (a.standing, signatures.last()) {
            (Standing::Unsigned, Some(last)) if a.signed_names > 0 => {
                format!(
                    "{} of {} to sign: changed since it was signed by {}.",
                    count(waiting),
                    count(a.listed),
                    told(last)
                )
            }
            (Standing::Unsigned, Some(last)) => format!("Changed since it was signed by {}.", told(last)),
            (Standing::Unsigned, None) => String::new(),
            _ => format!("Signed by {}.", valid.join("; ")),
        };
        let is_one = a.strategic_since.is_some() && a.director_email == self.live.spec.signoff.sales_director_email;
        let note = match (is_one, note.is_empty()) {
            (false, _) => note,
            (true, true) => BOTH.into(),
            (true, false) => format!("{note} {BOTH}"),
        };
        let record = (a.standing != Standing::Signed).then(|| {
            let names = a.listed.max(0) as u64;
            record_approval(&self.here, self.csrf, (a.id.as_str(), &a.name), names, &a.fingerprint, typed)
        });
        let slug = &self.live.slug;
        let waits = self.progress.waits(self.live, self.home, a.waits_since, self.now);
        BoardAccount {
            id: a.id.clone(),
            name: a.name.clone(),
            href: urls::account(slug, &a.id),
            sign_off: urls::account_sign_off(slug, &a.id),
            strategic: a.strategic.0,
            director: a.director_name.clone(),
            names: count(a.listed),
            left: count(waiting),
            revenue: a.annual_revenue.map(count),
            waits: standing::waiting(waits.filter(|waits| waits.late.is_some())),
            findings: count(a.to_look_at),
            state: signed(self.live, a.standing),
            note,
            record,
            pause: (self.live.state != RoundState::Closed).then(|| with(urls::pause(slug), "account", a.id.as_str())),
        }
    }
}
