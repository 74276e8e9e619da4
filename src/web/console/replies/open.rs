//! The open replies: what people wrote back and nobody has seen to yet, and what an operator does about each.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;

use crate::base::address::key_of;
use crate::base::ids::{ReplyId, is_id};
use crate::base::problem::{Kind, Result};
use crate::rules::round::RoundState;
use crate::steps::replies::Proposal;
use crate::steps::replies::absence::{self, News};
use crate::steps::{Live, replies as steps, response as answers};
use crate::store::Tx;
use crate::store::contacts::{self, Person};
use crate::store::replies::{self, Reply};
use crate::store::sending::outbox;
use crate::web::console::sending::message::kind;
use crate::web::console::views::replies::{RepliesPage, ReplyCard};
use crate::web::kit::door::session::{Operator, Posted};
use crate::web::kit::forms::fields::{Fields, Words};
use crate::web::kit::forms::query::{escape, query};
use crate::web::kit::forms::refused_forms;
use crate::web::kit::frames::{back, console, home, round};
use crate::web::kit::paging::{self, ROWS};
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::times::when;
use crate::web::kit::urls;
use crate::web::kit::views::form::{ActionForm, Control, Field, in_rows};
use crate::web::kit::views::frame::{Status, Tone};
use crate::web::kit::views::page::respond;

use super::proposal;

/// What was typed into a form that was refused, and why.
struct Refused<'f> {
    reply: &'f ReplyId,
    act: &'f str,
    typed: &'f Fields,
    field: &'static str,
    why: String,
}

pub async fn page(State(web): State<Web>, Path(slug): Path<String>, by: Operator, Words(words): Words) -> Answer {
    let live = round(&web, &slug).await?;
    show(&web, &live, &by, &words, None).await
}

async fn show(
    web: &Web,
    live: &Live,
    by: &Operator,
    words: &Fields,
    refused: Option<Refused<'_>>,
) -> Result<Response, Failure> {
    let number = paging::number(words);
    let at_page = if number > 1 { number.to_string() } else { String::new() };
    let here = format!("{}{}", urls::replies(&live.slug), query(&[("page", &at_page)]));
    let shown = Cards { web, live, csrf: &by.csrf, here, refused: refused.as_ref() };
    let mut tx = web.ctx.db.read().await?;
    let mut cards = Vec::new();
    for reply in replies::open_page(&mut tx, &live.id, ROWS, paging::offset(number)).await? {
        cards.push(shown.card(&mut tx, reply).await?);
    }
    let mut strays = Vec::new();
    for reply in replies::strays(&mut tx, ROWS).await? {
        strays.push(shown.card(&mut tx, reply).await?);
    }
    drop(tx);
    // Both lists, as they stand under each other.
    let all = cards.iter_mut().chain(&mut strays);
    in_rows("main", all.map(|card| (card.place(), card.actions.iter_mut())));
    let total = by.waiting.iter().find(|w| w.round_id.as_ref() == Some(&live.id)).map_or(0, |w| w.n);
    let page = RepliesPage {
        console: console(web, by, Some(live), "replies", words),
        reads: web.ctx.replies.is_some(),
        paging: paging::of(number, cards.len(), total, &urls::replies(&live.slug), &[]),
        replies: cards,
        strays,
    };
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(respond(status, &page))
}

/// What a mail was taken for, in words, with the sign beside them.
pub fn verdict(reply: &Reply) -> (Tone, &'static str) {
    match reply.verdict.as_str() {
        "dead" => (Tone::Wrong, "came back: no such address"),
        "bounced" => (Tone::Attention, "was not delivered, or not yet"),
        "arrived" => (Tone::Good, "was delivered"),
        "complaint" => (Tone::Wrong, "called unwanted"),
        "away" => (Tone::Waiting, "automatic reply: away"),
        "away_long" => (Tone::Attention, "automatic reply: away for long"),
        "left" => (Tone::Attention, "automatic reply: has left"),
        "leaving" => (Tone::Attention, "automatic reply: is leaving"),
        "new_address" => (Tone::Attention, "automatic reply: a new address"),
        "automatic" => (Tone::Waiting, "automatic reply"),
        "challenge" => (Tone::Attention, "wants a press before it takes our mail"),
        "reply" => (Tone::Attention, "wrote back"),
        "unreadable" => (Tone::Wrong, "cannot be read"),
        _ => (Tone::Waiting, "not matched"),
    }
}

struct Cards<'a> {
    web: &'a Web,
    live: &'a Live,
    csrf: &'a str,
    /// This part of the list.
    here: String,
    refused: Option<&'a Refused<'a>>,
}

impl Cards<'_> {
    async fn card(&self, tx: &mut Tx, reply: Reply) -> Result<ReplyCard> {
        let person = match &reply.contact_id {
            Some(id) => contacts::person(tx, id).await?,
            None => None,
        };
        let message = match &reply.message_id {
            Some(id) => outbox::by_id(tx, id).await?,
            None => None,
        };
        let question = replies::question(tx, &reply.id).await?;
        let (tone, word) = if question.is_some() { (Tone::Attention, "asks about a list") } else { verdict(&reply) };
        let mut notes = Vec::new();
        let own = person.as_ref().is_some_and(|p| p.email.key() == key_of(&reply.from_email));
        if !own && !reply.from_email.is_empty() && reply.verdict != "complaint" {
            notes.push(format!("Written by {}", reply.from_email));
        }
        notes.extend(
            message.filter(|m| m.contact_id.is_none()).map(|m| format!("About the {} to {}", kind(&m), m.to_email)),
        );
        if !reply.write_to.is_empty() {
            notes.push(format!("Asks to write to {}", reply.write_to.replace(' ', ", ")));
        }
        if let Some(question) = &question {
            notes.push(format!("Asked on the sign-off page, as a director of {}", question.account));
        }
        if reply.verdict != "reply" && !reply.why.is_empty() && !proposal::is_in(&reply) {
            notes.push(reply.why.clone());
        }
        notes.extend(proposal::notes(&reply, &self.live.spec.schedule));
        let told = [&reply.from_name, &reply.from_email].into_iter().find(|text| !text.is_empty());
        Ok(ReplyCard {
            state: Status { tone, word: word.into() },
            name: person.as_ref().map_or_else(|| told.cloned().unwrap_or("Somebody".into()), |p| p.full_name()),
            href: person.as_ref().map(|p| urls::contact(&self.live.slug, &p.id)),
            who: person.as_ref().map_or_else(String::new, who),
            notes,
            when: when(reply.read_at, self.web.ctx.clock.now(), &home(self.live)),
            answer: question.map(|_| answer(&reply)),
            actions: self.actions(&reply, person.as_ref()),
            id: reply.id,
            subject: reply.subject,
            words: reply.words,
        })
    }

    fn actions(&self, reply: &Reply, person: Option<&Person>) -> Vec<ActionForm> {
        let form = |act: &'static str, label: &str, explain: &str, button: &str| ActionForm {
            id: format!("{act}-{}", reply.id),
            action: self.here.clone(),
            act,
            csrf: self.csrf.into(),
            hidden: vec![("reply", reply.id.to_string())],
            label: label.into(),
            about: person.map_or_else(|| "of this mail".into(), Person::full_name),
            explain: explain.into(),
            button: button.into(),
            ..ActionForm::default()
        };
        let field = |act: &str, name: &'static str, label: &str| {
            let refused = self.refused.filter(|r| *r.reply == reply.id && r.act == act);
            let error = refused.filter(|r| r.field == name).map(|r| r.why.clone());
            Field::text(name, label, refused.map_or("", |r| r.typed.get(name))).error(error)
        };
        let mut all = vec![ActionForm {
            fields: vec![field("handled", "note", "What was done").optional()],
            ..form("handled", "Seen to", "It leaves this page and stays on the contact’s.", "It is seen to")
        }];
        if proposal::is_in(reply) {
            all = vec![form("ignore", "Ignore it", "", "")];
        }
        let Some(p) = person.filter(|p| p.removed_at.is_none() && self.live.state != RoundState::Closed) else {
            return all;
        };
        if p.left_at.is_none() {
            let accepts = proposal::accepts(reply).into_iter();
            all.splice(0..0, accepts.map(|(act, label)| form(act, &label, "", "")));
            all.push(ActionForm {
                fields: vec![field("away", "until", "Last day away").control(Control::Date)],
                ..form(
                    "away",
                    if reply.away_until.is_some() { "Away until another day" } else { "Away until" },
                    "The next message waits for the first working day after it.",
                    "Note the absence",
                )
            });
            let explain = "Nothing more is sent, and a successor is to be found.";
            all.push(ActionForm {
                danger: true,
                ..form("left", "Has left", explain, &format!("{} has left", p.full_name()))
            });
        }
        if p.objected_at.is_none() {
            let explain = "For somebody who asks us not to write again.";
            all.push(ActionForm {
                danger: true,
                ..form("opt_out", "Opted out", explain, &format!("Never write to {} again", p.full_name()))
            });
        }
        all
    }
}

/// A mail to whoever has asked, with the question under it, for one's own mail program.
fn answer(reply: &Reply) -> String {
    let quoted: Vec<String> = reply.words.lines().map(|line| format!("> {line}")).collect();
    let (to, subject) = (escape(&reply.from_email).replace("%40", "@"), format!("Re: {}", reply.subject));
    format!("mailto:{to}{}", query(&[("subject", &subject), ("body", &format!("\r\n\r\n{}", quoted.join("\r\n")))]))
}

fn who(p: &Person) -> String {
    let parts = [p.job_title.as_str(), p.role.label(), &p.account, p.email.as_str()];
    parts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ")
}

pub async fn act(State(web): State<Web>, Path(slug): Path<String>, Words(words): Words, posted: Posted) -> Answer {
    let live = round(&web, &slug).await?;
    let Posted { by, fields } = posted;
    let id = Some(fields.get("reply")).filter(|id| is_id(id)).map(ReplyId::from).ok_or_else(Failure::unknown)?;
    let reply = {
        let mut tx = web.ctx.db.read().await?;
        replies::by_id(&mut tx, &id).await?
    };
    // S11: a mail of another round is as unknown as one that never was; what belongs to no round is everybody's.
    let reply =
        reply.filter(|r| r.round_id.as_ref().is_none_or(|round| *round == live.id)).ok_or_else(Failure::unknown)?;
    let (ctx, who, act) = (&web.ctx, &by.actor(), fields.get("act"));
    let contact = reply.contact_id.as_ref();
    let why = format!("wrote so: {}", reply.subject);
    let note = match (act, contact) {
        ("handled", _) => {
            if let Some((field, why)) = fields.too_long().next() {
                let refused = Refused { reply: &id, act, typed: &fields, field, why };
                return show(&web, &live, &by, &Fields::default(), Some(refused)).await;
            }
            fields.get("note").to_string()
        }
        ("ignore", _) => "ignored".into(),
        _ if act.starts_with("accept_") && reply.state != "open" => return Err(proposal::seen().into()),
        ("accept_absence", Some(contact)) => {
            let note = proposal::take_absence(ctx, who, contact, &reply, &why).await?;
            if reply.new_email.is_some() {
                let what = Proposal::Absence;
                ctx.order(who, steps::DecideProposal { reply: reply.id, what }).await?;
                return Ok(back(&urls::replies(&live.slug), act));
            }
            note
        }
        ("accept_address", Some(contact)) => {
            let note = proposal::take_address(ctx, who, contact, &reply, &why).await?;
            if reply.away_until.is_some() {
                let what = Proposal::Address;
                ctx.order(who, steps::DecideProposal { reply: reply.id, what }).await?;
                return Ok(back(&urls::replies(&live.slug), act));
            }
            note
        }
        ("opt_out", Some(contact)) => {
            ctx.order(
                who,
                answers::OptOutAsTold {
                    contact: contact.clone(),
                    length: answers::Length::NeverAgain,
                    how: why.clone(),
                },
            )
            .await?;
            "opted out".into()
        }
        ("left", Some(contact)) => {
            ctx.order(
                who,
                absence::HearNews { contact: contact.clone(), news: News::Left { write_to: Vec::new() }, why },
            )
            .await?;
            "has left".into()
        }
        ("away", Some(contact)) => {
            let typed = fields.get("until");
            let heard = match typed.parse::<NaiveDate>() {
                Err(_) => Err("Write the last day away, such as 2027-02-15.".to_string()),
                Ok(until) => match ctx
                    .order(who, absence::HearNews { contact: contact.clone(), news: News::AwayUntil(until), why })
                    .await
                {
                    Err(problem) if problem.kind == Kind::Unusable => Err(problem.for_page()),
                    heard => Ok(heard?),
                },
            };
            if let Err(why) = heard {
                let refused = Refused { reply: &id, act, typed: &fields, field: "until", why };
                let place = format!("{act}-{id}");
                return Ok(refused_forms::at(place, show(&web, &live, &by, &words, Some(refused)).await?));
            }
            format!("away until {typed}")
        }
        _ => return Err(Failure::unknown()),
    };
    ctx.order(who, steps::SeeToReply { reply: reply.id, note }).await?;
    Ok(back(&urls::replies(&live.slug), act))
}
