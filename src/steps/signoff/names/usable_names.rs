//! Whether somebody's particulars can stand on the list of an account: the name, the address, and what is known of that address.
//!
//! What the director can mend himself is a value ([`NotDone`]), for his page speaks his language.

use crate::base::address::EmailAddress;
use crate::base::ids::ContactId;
use crate::base::problem::{Problem, Result};
use crate::rules::contacts::objection::ObjectionKind;
use crate::rules::contacts::row::name::{NameKind, verdict};
use crate::rules::journal::Actor;
use crate::rules::text::typed::{LONGEST_LINE, one_line};
use crate::steps::typed::clean;
use crate::store::Tx;
use crate::store::contacts::accounts::Account;
use crate::store::contacts::{self, Person, addresses, objections};
use crate::store::signoff::Request;

/// Why nothing was changed, where the director can do something about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotDone {
    NoName,
    /// What was typed is nobody's name.
    NobodysName(String),
    /// How many characters the name or the job title has.
    TooLong(usize),
    NoAddress(String),
    /// Somebody has the address. Who and where is told of the director's own accounts only.
    OnTheList {
        email: String,
        who: Option<(String, String)>,
    },
    /// The same, of somebody who was taken off the list.
    TakenOff {
        email: String,
        who: Option<(String, String)>,
    },
    /// Asked never to be written to, or called a mail unwanted.
    Objected(String),
    /// Has left the client's customer, as was heard.
    HasLeft(String),
    /// Takes no mail.
    Dead(String),
    /// The answers are in, so nobody else takes the place.
    HasAnswered(String),
    /// The same in a round that does not tell why.
    KeepsPlace(String),
    NotOnTheList(String),
    /// Every word of the correction stands there already.
    NothingDiffers,
    /// A letter has gone to him since, so he does not simply go.
    WrittenTo(String),
    /// Somebody has changed it since, or it was taken back already.
    NothingToTakeBack,
}

/// Who changes names, and of which account.
pub(in crate::signoff) struct By<'a> {
    pub request: &'a Request,
    pub account: &'a Account,
    pub actor: Actor,
}

pub(in crate::signoff) type Done = Result<Option<ContactId>, NotDone>;

/// Somebody's particulars as they were typed.
pub(in crate::signoff) struct Typed<'a> {
    pub first: &'a str,
    pub last: &'a str,
    pub job_title: &'a str,
    pub email: &'a str,
}

/// Whether these particulars can stand on the list; the address, read. `person`: whose they become, where he is there already.
pub(in crate::signoff) async fn usable(
    tx: &mut Tx,
    by: &By<'_>,
    person: Option<&Person>,
    typed: &Typed<'_>,
) -> Result<Result<EmailAddress, NotDone>> {
    let lengths = [typed.first, typed.last, typed.job_title].map(|text| one_line(text).chars().count());
    if let Some(long) = lengths.into_iter().find(|n| *n > LONGEST_LINE) {
        return Ok(Err(NotDone::TooLong(long)));
    }
    let (first, last) = (clean(typed.first), clean(typed.last));
    match verdict(&first, &last) {
        NameKind::Name | NameKind::Half => {}
        NameKind::Missing => return Ok(Err(NotDone::NoName)),
        NameKind::Placeholder => return Ok(Err(NotDone::NobodysName(format!("{first} {last}")))),
    }
    let Ok(email) = EmailAddress::parse(typed.email.trim()) else {
        return Ok(Err(NotDone::NoAddress(clean(typed.email).chars().take(80).collect())));
    };
    if person.is_some_and(|p| p.has_address(&email)) {
        return Ok(Ok(email));
    }
    if let Some(why) = taken(tx, by, person.map(|p| &p.id), &email).await? {
        return Ok(Err(why));
    }
    Ok(known_of(tx, by, &email).await?.map_or(Ok(email), Err))
}

/// Who else of the round has this address.
pub(in crate::signoff) async fn taken(
    tx: &mut Tx,
    by: &By<'_>,
    own: Option<&ContactId>,
    email: &EmailAddress,
) -> Result<Option<NotDone>> {
    let Some(id) = contacts::by_address(tx, &by.account.round_id, &email.key()).await? else { return Ok(None) };
    let Some(other) = contacts::person(tx, &id).await?.filter(|p| Some(&p.id) != own) else { return Ok(None) };
    let of_his_own = other.director_email.eq_ignore_ascii_case(by.request.email.as_str());
    let who = of_his_own.then(|| (other.full_name(), other.account.clone()));
    let email = email.to_string();
    Ok(Some(match other.removed_at {
        None => NotDone::OnTheList { email, who },
        Some(_) => NotDone::TakenOff { email, who },
    }))
}

/// What stops every mail to this address at the client, whoever stands under it.
async fn known_of(tx: &mut Tx, by: &By<'_>, email: &EmailAddress) -> Result<Option<NotDone>> {
    let keys = [email.key()];
    let client = objections::client_of(tx, &by.account.round_id).await?;
    let said = objections::of_keys(tx, &client, &keys).await?.remove(&keys[0]).unwrap_or_default();
    if said.iter().any(|o| o.kind != ObjectionKind::Left) {
        return Ok(Some(NotDone::Objected(email.to_string())));
    }
    if !said.is_empty() {
        return Ok(Some(NotDone::HasLeft(email.to_string())));
    }
    let dead = addresses::dead(tx, &keys).await?;
    Ok((!dead.is_empty()).then(|| NotDone::Dead(email.to_string())))
}

/// S11: a name of another account is as unknown as one that never was.
pub(super) async fn of_account(tx: &mut Tx, by: &By<'_>, contact: &ContactId) -> Result<Person> {
    let person = contacts::person(tx, contact).await?.filter(|p| p.account_id == by.account.id);
    person.ok_or_else(|| Problem::not_found("That name is not on the list.", "Reload the page."))
}
