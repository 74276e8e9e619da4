//! What the mailboxes of some contacts answer by themselves: absences, departures, new addresses, and notices that are none of these.
//!
//! The witness looks at the person before and after each: a notice that is none moves and ends nobody, and nobody's address changes by a
//! mail.

use chrono::{Days, NaiveDate};

use crate::base::ids::{Dice, MessageId};
use crate::base::problem::Result;
use crate::rehearsal::mailbox::received::Received;
use crate::rehearsal::personas::Habit;
use crate::rules::round::RoundState;
use crate::steps::replies::{Mail, take};
use crate::steps::{Ctx, Live};
use crate::store::contacts::{self, Person};
use crate::store::sending::outbox;

use super::findings::Findings;
use super::personas;

/// Of a hundred invitations so many are answered by a notice.
const NOTICES: u64 = 8;

/// Dates of something else, in the languages shipped; `{day}` is a day of the weeks to come.
const NONE: [&str; 12] = [
    "We have received your message. Our spring offer is valid until {day}.",
    "Visit us at the trade fair until {day}, hall 4.",
    "This message is kept until 31 December 2037.",
    "My colleague Bo is on leave until {day}. I am here for you.",
    "Due to building works the main entrance is closed until {day}.",
    "Today was a public holiday. We answer as usual.",
    "Unser Angebot gilt bis zum {day}.",
    "Mein Kollege Bo Li ist bis zum {day} im Urlaub. Ich bin für Sie da.",
    "Heute ist der letzte Tag unserer Aktion.",
    "Notre offre est valable jusqu'au {day}.",
    "Ma collègue Zoé est en congé jusqu'au {day}. Je vous réponds comme d'habitude.",
    "Ce message est conservé jusqu'au 31 décembre 2037.",
];
const AWAY: [&str; 3] = [
    "I am out of the office until {day}. Our spring offer is valid until 31.12.2037.",
    "Ich bin bis zum {day} im Urlaub.",
    "Je suis en congé jusqu'au {day}.",
];
const LEFT: [&str; 3] = [
    "I no longer work here, I have left the company.",
    "Gestern war mein letzter Tag: mein letzter Arbeitstag war gestern.",
    "Je ne travaille plus ici, j'ai quitté la société.",
];
const MOVED: [&str; 2] = [
    "My new address is {new}; the old one works until {day}.",
    "Meine neue Adresse ist {new}. Die alte gilt bis {day}.",
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    None,
    Away,
    Left,
    Moved,
}

/// Lets the mailbox of whoever has got this mail answer, if it is one that does.
pub async fn answer(ctx: &Ctx, live: &Live, seed: u64, mail: &Received, findings: &mut Findings) -> Result<()> {
    let mut dice = Dice::new(seed, &format!("notice {}", mail.recipient()));
    if mail.kind != "invitation" || mail.copies > 1 || !dice.chance(NOTICES) {
        return Ok(());
    }
    let Some((person, today)) = recipient(ctx, live, mail).await? else { return Ok(()) };
    // Who would answer still does: only those who never do are away or gone.
    let silent = personas::contact(seed, mail.recipient()).habit == Habit::Ignores;
    let kind = match dice.below(10) {
        0..3 if silent => Kind::Away,
        3 if silent => Kind::Left,
        4 => Kind::Moved,
        _ => Kind::None,
    };
    let day = today.checked_add_days(Days::new(2 + dice.below(6))).unwrap_or(today);
    let all: &[&str] = match kind {
        Kind::None => &NONE,
        Kind::Away => &AWAY,
        Kind::Left => &LEFT,
        Kind::Moved => &MOVED,
    };
    let words = all.get(dice.below(all.len() as u64) as usize).copied().unwrap_or_default();
    let words = words.replace("{day}", &day.format("%d.%m.%Y").to_string());
    let words = words.replace("{new}", &format!("new.{}", mail.recipient()));
    let content = written(mail, today, &words).into_bytes();
    take(ctx, vec![Mail { content: Ok(content), place: None }]).await?;
    let Some((after, _)) = recipient(ctx, live, mail).await? else { return Ok(()) };
    let acts = live.state != RoundState::Closed;
    let believed = day < live.spec.schedule.closes;
    let (moved, ended) =
        (after.absent_until != person.absent_until, after.left_at.is_some() && person.left_at.is_none());
    let right = match kind {
        Kind::None | Kind::Moved => !moved && !ended,
        Kind::Away => !ended && (moved || !acts || !believed || after.absent_until.is_some()),
        Kind::Left => !moved && (ended || !acts || person.left_at.is_some()),
    };
    findings.must(7, right, || format!("{} was misunderstood by \u{201c}{words}\u{201d}.", mail.recipient()));
    findings.must(7, after.email == person.email, || format!("{words} changed the address of {}.", mail.recipient()));
    Ok(())
}

async fn recipient(ctx: &Ctx, live: &Live, mail: &Received) -> Result<Option<(Person, NaiveDate)>> {
    let mut tx = ctx.db.read().await?;
    let Some(row) = outbox::by_id(&mut tx, &MessageId::from(mail.message.as_str())).await? else { return Ok(None) };
    let Some(contact) = row.contact_id else { return Ok(None) };
    let person = contacts::person(&mut tx, &contact).await?;
    Ok(person.map(|p| {
        let today = live.sequence.calendar(p.locality()).local(ctx.clock.now()).date();
        (p, today)
    }))
}

/// What a mailbox answers by itself to this mail.
pub(super) fn written(mail: &Received, today: NaiveDate, words: &str) -> String {
    let (who, subject, date) = (mail.recipient(), mail.subject(), today.format("%a, %d %b %Y"));
    format!(
        "From: <{who}>\r\nTo: <{}>\r\nSubject: Automatic reply: {subject}\r\nDate: {date} 12:00:00 +0000\r\nAuto-Submitted: auto-replied\r\n\
         In-Reply-To: {}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{words}\r\n",
        mail.from, mail.message_id
    )
}
