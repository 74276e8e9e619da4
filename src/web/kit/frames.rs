//! What stands around a page: the console's frame for operators, the letter for contacts and directors; and what the last form did.
//!
//! What was done is carried from the form to the next page as one word of ours, never as text that somebody could put into a link.

use std::sync::Arc;

use axum::response::{IntoResponse, Redirect, Response};

use crate::rules::alarm::{AlarmKind, told_at};
use crate::rules::calendar::zone::Zone;
use crate::rules::round::{RoundSpec, RoundState};
use crate::steps::Live;
use crate::store::alarm::Alarm;

use super::anchors;
use super::door::session::Operator;
use super::forms::fields::Fields;
use super::forms::query::query;
use super::problem::Failure;
use super::state::Web;
use super::times::time_of_day;
use super::urls;
use super::views::accent::accent_name;
use super::views::frame::{AlarmLine, Console, Flash, Letter, Link, RoundNav, Status, Tone, plural};

/// The round of an address, prepared. What is no round is as unknown as anything else.
pub async fn round(web: &Web, slug: &str) -> Result<Arc<Live>, Failure> {
    let mut tx = web.ctx.db.read().await?;
    web.ctx.live_by_slug(&mut tx, slug).await.map_err(|problem| match problem.kind {
        crate::base::problem::Kind::NotFound => Failure::unknown(),
        _ => problem.into(),
    })
}

/// The round's own zone, in which the console tells times.
pub fn home(live: &Live) -> Zone {
    live.sequence.home().zone().clone()
}

pub fn state(state: RoundState) -> Status {
    match state {
        RoundState::Draft => Status::waiting("draft"),
        RoundState::Running => Status::good("running"),
        RoundState::Paused => Status::attention("paused"),
        RoundState::Closed => Status::waiting("closed"),
    }
}

/// The frame of a page of the console. `words` may hold `done=WORD`.
pub fn console(web: &Web, by: &Operator, live: Option<&Live>, here: &'static str, words: &Fields) -> Console {
    Console {
        operator: by.email.clone(),
        csrf: by.csrf.clone(),
        round: live.map(|l| RoundNav {
            id: l.slug.clone(),
            client: l.spec.client.clone(),
            title: l.spec.title.clone(),
            state: state(l.state),
            waiting: by.waiting_in(&l.id),
        }),
        here,
        flash: flash(live, words),
        notice: web.notice.as_deref().map(Into::into),
        last_change: by.last_change,
        as_of: live.map(|live| time_of_day(web.ctx.clock.now(), &home(live))),
        alarms: alarms(web, by),
    }
}

/// As many alarms as are said on every page; the page of sending has all.
const SAID: usize = 3;

/// What is wrong for too long: since when, what is tried by itself, and where it is mended. What keeps an alarm from being written down is
/// said all the same.
fn alarms(web: &Web, by: &Operator) -> Vec<AlarmLine> {
    let now = web.ctx.clock.now();
    let is_damage = |alarm: &Alarm| alarm.kind == AlarmKind::Damage;
    let trouble = web.ctx.db.trouble().filter(|_| !by.alarms.iter().any(is_damage));
    let one = |alarm: &Alarm| {
        let is_out_of_sight = alarm.noticed().is_out_of_sight(now);
        let more = match alarm.gone_at {
            Some(_) => "It seems to be over, and is watched for a while.",
            None if is_out_of_sight => "Nothing shows now whether it still is so.",
            None => alarm.kind.tried(),
        };
        let text = format!("{} Since {}. {more}", alarm.what, told_at(alarm.since));
        AlarmLine { text, link: Link::new("Go to where it is mended", anchors::of(alarm, is_out_of_sight)) }
    };
    let at = |text: String, href: &str| AlarmLine { text, link: Link::new("See what is wrong", href) };
    let all = urls::SENDING.to_string() + "#alarms";
    let mut said: Vec<AlarmLine> =
        trouble.into_iter().map(|text| at(text, &anchors::holds())).chain(by.alarms.iter().map(one)).collect();
    if said.len() > SAID {
        let more = said.len() - SAID;
        said.truncate(SAID);
        said.push(at(format!("And {} more.", plural(more, "alarm", "alarms")), &all));
    }
    said
}

fn flash(live: Option<&Live>, words: &Fields) -> Option<Flash> {
    let told = |tone, text: &str, link| Flash { tone, text: text.into(), link };
    let refused = words.refusal().map(|text| told(Tone::Wrong, text, None));
    let done = || {
        done(words.get("done"))
            .map(|text| told(Tone::Good, text, left_out(live, words).or_else(|| next_list(live, words))))
    };
    refused.or_else(done)
}

/// A draft often has a list from each team: after one has come the next.
fn next_list(live: Option<&Live>, words: &Fields) -> Option<Link> {
    let draft = live.filter(|live| live.state == RoundState::Draft && words.get("done") == "load_list")?;
    Some(Link::new("Load another list", urls::list(&draft.slug)))
}

/// Of a list that was loaded without some of its rows: how many, and where they are named.
fn left_out(live: Option<&Live>, words: &Fields) -> Option<Link> {
    let n: u32 = words.get(LEFT_OUT).parse().ok().filter(|n| *n > 0)?;
    let text = format!("{} left out", plural(n as usize, "row was", "rows were"));
    Some(Link::new(text, format!("{}#left-out", urls::contacts(&live?.slug))))
}

/// Before anybody is logged in.
pub fn nobody(web: &Web) -> Console {
    Console { notice: web.notice.as_deref().map(Into::into), ..Console::default() }
}

pub fn letter(spec: &RoundSpec, lang: &str) -> Letter {
    Letter {
        lang: lang.into(),
        client: spec.client.clone(),
        logo: None,
        accent: accent_name(&spec.accent),
        team_email: spec.senders.team.email.as_str().into(),
    }
}

/// The word under which an address says how many rows a list was loaded without.
pub const LEFT_OUT: &str = "left_out";

/// Back to a page with what was done. 303, so that reloading does nothing twice.
pub fn back(path: &str, done: &str) -> Response {
    Redirect::to(&format!("{path}{}", query(&[("done", done)]))).into_response()
}

/// What a word of an address says that was done.
pub fn done(word: &str) -> Option<&'static str> {
    Some(match word {
        "make" => "The round is made, as a draft. Nothing is sent before you start it.",
        "make_next" => "The round is made with its people, as a draft. Nothing is sent before you start it.",
        "make_folder" => "The round is made of its folder, as a draft. Its list waits here: look at it, then load it.",
        "made" => "You have made this round already; here it is. Nothing was made a second time.",
        "make_no_list" => "The round is made, as a draft; its list could not be kept. Upload it here.",
        "settings" => "The settings are saved.",
        "questions" => "The questions are saved.",
        "start" => "The round is started. The account directors are asked to sign.",
        "pause" => "The round is paused. Nothing is sent until you resume.",
        "resume" => "The round goes on.",
        "close" => "The round is closed.",
        "say_others" => "Nothing is loaded yet: see below what it changes by what you have said, then load it.",
        "load_list" => "The list is loaded. The names of accounts that are new or changed are to be signed.",
        "repair_rows" => "Repaired in the uploaded list. The file stays as it is.",
        "repaired_before" => "Nothing was left to repair there; the list is as it was.",
        "oldest_list" => "The list is taken. The oldest of your lists that waited here had to go for it.",
        "forget_column" => "Forgotten. The client’s next list is read without it.",
        "take_back_repairs" => "Taken back: what stands in the file is used again.",
        "taken_back_before" => "Nothing was repaired there, so nothing was taken back.",
        "discard_list" => "The uploaded list is taken away. Nothing in the round was changed.",
        "reason" => "The reason is kept. It is told to whoever approves the plan.",
        "correct" => "The correction is saved. The name is to be signed again.",
        "remove" => "The name is off the list. Nothing more is sent to it.",
        "restore" => "The name is back on the list, and is to be signed again.",
        "opt_out" => "Nothing more is sent to this person, in this round or a later one.",
        "opt_out_round" => "Nothing more is sent to this person in this round.",
        "consent" => "The consent is recorded. What is still right is planned again.",
        "record" => "The approval is recorded.",
        "plan_asked" => "The plan is on its way to the client.",
        "ask_again" => "The request goes out again at once.",
        "signer_away" => "The absence is noted. Nobody is asked on a day away.",
        "signer_back" => "Noted: there again. Mails about what waits go on.",
        "leave_out" => "The names that still waited for a signature are left out. Nothing is sent to them.",
        "take_in" => "The names are on the list again, and are to be signed.",
        "last_year" => "The list of the round before stands for the names that are as they were then.",
        "ask_late" => "Whoever is late and was not asked today is asked again at once.",
        "signing_summary" => "The summary is on its way.",
        "same_person" => "Saved: the same person. The name is to be signed again.",
        "asked_again" => "Saved: somebody else. One more person whom it may be is known, and is asked about now.",
        "left_and_asked_again" => {
            "Saved: somebody else. Who had the address is off the list. One more person whom it may be is asked about now."
        }
        "left_the_list" => {
            "Saved: somebody else. Who had the address is off the list, and whoever has it now is to be signed off."
        }
        "who_has_the_key" => {
            "Saved: somebody else. Whom the client’s key means has the address now, and is to be signed off."
        }
        "somebody_else" => "Saved: somebody else. The new name is to be signed off.",
        "some_answered" => {
            "Saved, but for those who are answered one by one or whose address somebody else has by now: they still stand here."
        }
        "same_account" => "Saved: one account. Names that came to it are to be signed.",
        "two_accounts" => "Saved: two accounts.",
        "accounts_open" => {
            "The answer is taken back, and it is asked again. Names that went back are to be signed again."
        }
        "sending" => "Sending goes on.",
        "end_alarm" => "Everybody who heard of the alarm hears that it is over.",
        "tell_events" => "It is told again.",
        "leave_event_out" => "The event is left out; those behind it are told.",
        "retry_incident" => "What was concluded is undone, and what was refused is planned again.",
        "confirm_incident" => "Confirmed. Whoever looks after the accounts is asked to correct the addresses.",
        "hold" => "The message is held.",
        "release" => "The message is planned again.",
        "hold_gateway" => "Mail to this gateway is held until you release it.",
        "release_gateway" => "Mail to this gateway goes on, one message first.",
        "retry" => "The message is tried again.",
        "arrived" => "Noted: the message arrived.",
        "again" => "The message is sent once more.",
        "pause_part" => "It is paused. What was planned there is taken back.",
        "lift" => "The pause is lifted. What is still right is planned anew.",
        "change" => "The plan is changed.",
        "words" => "The words are changed.",
        "away" => "Noted: away. The next message waits for the day after.",
        "is_back" => "Noted: there again. What is still right is planned.",
        "left" => "Noted: has left the company. Nothing more is sent, and a successor is to be found.",
        "stays" => "Noted: has not left after all. What is still right is planned.",
        "called" => "Noted: called. The next reminder waits, and nobody else is told to call.",
        "will_answer" => "Noted: will answer. The next reminder waits.",
        "on_leave" => "Noted: on leave. The next message waits for the day after.",
        "wrong_person" => "Noted: is not whom to ask. No reminder goes any more, and somebody else is to be found.",
        "has_left" => "Noted: has left the company. Nothing more is sent, and a successor is to be found.",
        "do_not_chase" => "Noted: no reminder goes any more. Thanks for an answer still do.",
        "reserve" => "Noted: you call today. Others see it.",
        "release_call" => "Noted: free for others again.",
        "take_back_call" => "The call is taken back. What it has changed is as it was.",
        "handled" => "Noted: seen to.",
        "take" => "It is yours.",
        "give" => "It is given.",
        "note" => "The note stands with the mail.",
        "put_off" => "It comes back on that day.",
        "put_on" => "It waits to be looked at again.",
        "answer" => "The answer is on its way.",
        "forward" => "It is on its way, with what was written.",
        "mail_arrived" => "Noted: the mail arrived.",
        "mail_again" => "The mail is sent once more.",
        "call" => "Noted: called. It stands on the contact’s page.",
        "ignore" => "Noted: ignored. Nothing was changed.",
        "accept_absence" => "Noted: away. The next message waits for the day after.",
        "accept_address" => "The address is corrected. The name is to be signed again.",
        "close_task" => "The repair is closed. Nobody is asked about it any more.",
        "replace" => "The successor is on the list, and is to be signed off.",
        "fine" => "Noted: nothing is wrong with this contact. What is still right is planned again.",
        "save_view" => "Kept. It stands above the list, for you alone.",
        "remove_view" => "Removed. The list itself is as it was.",
        "end_sessions" => "Your other sessions have ended.",
        "remove_operator" => "Removed. Sessions and links have ended.",
        "remove_key" => "The key opens nothing any more.",
        "replay" => "The response is handed over again.",
        "retry_state" => "They are handed over again.",
        "retry_failed" => "The failed responses are handed over again.",
        _ => return None,
    })
}
