//! What is pressed about a mail: what it says of a contact, that it is seen to; the desk's own presses stand in `presses`.

use axum::extract::{Path, State};
use chrono::NaiveDate;

use crate::base::ids::{ReplyId, is_id};
use crate::base::problem::Kind;
use crate::steps::replies::Proposal;
use crate::steps::replies::absence::{self, News};
use crate::steps::{replies as steps, response as answers};
use crate::store::replies;
use crate::web::kit::door::session::Posted;
use crate::web::kit::forms::fields::Words;
use crate::web::kit::forms::refused_forms;
use crate::web::kit::frames::{back, round};
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::urls;

use super::forms::Refused;
use super::page::show;
use super::{presses, proposal};

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
    if presses::is_one(act) {
        return match presses::press(&web, &live, who, &reply, &fields).await? {
            None => Ok(back(&urls::replies(&live.slug), act)),
            Some((field, why)) => {
                let refused = Refused { reply: &id, act, typed: &fields, field, why };
                let place = format!("{act}-{id}");
                Ok(refused_forms::at(place, show(&web, &live, &by, &words, Some(refused)).await?))
            }
        };
    }
    let contact = reply.contact_id.as_ref();
    let why = format!("wrote so: {}", reply.subject);
    let note = match (act, contact) {
        ("handled", _) => {
            if let Some((field, why)) = fields.too_long().next() {
                let refused = Refused { reply: &id, act, typed: &fields, field, why };
                return show(&web, &live, &by, &words, Some(refused)).await;
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
