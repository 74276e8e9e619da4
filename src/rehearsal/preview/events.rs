//! The page of sending where other programs are told what happens: nobody listens where the webhook should be.

use std::sync::Arc;

use crate::base::problem::Result;
use crate::config::ScoringSettings;
use crate::handover::signature;
use crate::handover::webhook::Webhook;
use crate::rehearsal::play::OPERATOR;
use crate::rules::handover::events::EventKind;
use crate::rules::journal::Actor;
use crate::steps::context::event_setup::EventSetup;
use crate::steps::handover::telling;
use crate::steps::sending::pace::{HoldGateway, ReleaseGateway};

use super::book::Book;

/// A port that is reserved, at which nothing listens.
const NOBODY: &str = "http://127.0.0.1:1/events";
const GATEWAY: &str = "mx.isarmed.example";

pub async fn not_taken(book: &mut Book) -> Result<()> {
    let settings = ScoringSettings {
        url: Some(NOBODY.into()),
        secret: signature::EXAMPLE.into(),
        allow_private_addresses: true,
        ..ScoringSettings::default()
    };
    let webhook = Some(Webhook::of_events(NOBODY, &settings)?);
    let mut ctx = book.world.ctx.clone();
    ctx.events = Arc::new(EventSetup { kinds: EventKind::ALL.into(), webhook });
    book.serve(&ctx);
    book.begins("Other programs are told what happens").await?;
    book.open("console-sending-events", "/sending").await?;
    let (by, gateway) = (Actor::operator(OPERATOR), || GATEWAY.to_string());
    ctx.order(&by, HoldGateway { gateway: gateway() }).await?;
    ctx.order(&by, ReleaseGateway { gateway: gateway() }).await?;
    telling::tell(&ctx).await?;
    let sending = book.open("console-sending-events-wait", "/sending").await?;
    book.press("console-sending-events-left-out", &sending, "id=\"events\"", "leave_event_out", &[]).await?;
    Ok(())
}
