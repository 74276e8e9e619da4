//! Until the round opens: an installation in which nothing is, names being signed, the plan being changed and approved, the first dead addresses.

use chrono::NaiveDate;

use crate::base::address::EmailAddress;
use crate::base::problem::Result;
use crate::intake::folder::RoundFolder;
use crate::rehearsal::play::OPERATOR;
use crate::rules::contacts::{Colleague, ListedContact};
use crate::rules::round::RoundSpec;
use crate::steps::contacts::{Allowed, load_list};
use crate::steps::round;

use super::book::{Book, UNSEEN, nobodys};

const RACHEL: &str = "rachel.osei@northwind.example";
const THOMAS: &str = "thomas.lindqvist@northwind.example";
const MARGARET: &str = "margaret.ellison@northwind.example";
const JONAS: &str = "jonas.brandt@northwind.example";
/// At the client; approves the plan.
const HELEN: &str = "helen.marsh@northwind.example";

pub const ROUND: &str = "/rounds/northwind-2027";

/// Of another client, so that the list of rounds is one; it stays a draft.
fn another(folder: &RoundFolder) -> RoundFolder {
    let mut other = folder.clone();
    let day = |month, day| NaiveDate::from_ymd_opt(2027, month, day);
    other.spec = RoundSpec { round: "orbis-2027".into(), client: "Orbis Packaging".into(), ..other.spec };
    other.spec.schedule.opens = day(4, 12).unwrap_or(other.spec.schedule.opens);
    other.spec.schedule.closes = day(5, 7).unwrap_or(other.spec.schedule.closes);
    other.list.accepted.retain(|contact| contact.country == "US");
    other
}

pub async fn asked(book: &mut Book, folder: &RoundFolder) -> Result<()> {
    book.at("2027-01-18T09:00:00Z", "The directors have been asked for their signatures").await?;
    round::load(&book.world.ctx, another(folder), OPERATOR).await?;
    book.open("console-rounds", "/").await?;
    book.open("console-round-signing", ROUND).await?;
    book.open("console-round-before", "/rounds/orbis-2027").await?;
    book.open("console-plan-before", "/rounds/orbis-2027/plan").await?;
    book.open("console-sign-off-before", "/rounds/orbis-2027/sign-off").await?;
    book.open("console-outbox-empty", "/rounds/orbis-2027/outbox").await?;
    book.open("console-replies-empty", &format!("{ROUND}/replies")).await?;
    book.open("console-repairs-none", &format!("{ROUND}/repairs")).await?;
    book.open("console-hand-over-empty", &format!("{ROUND}/hand-over")).await?;
    book.open("console-contacts-none", &format!("{ROUND}/contacts?q=nobody")).await?;

    let rachel = book.door("sign_off", RACHEL, "/sign-off/")?;
    let first = book.open("sign-off-1", &rachel).await?;
    let wrong = [("email", "amelia@"), ("reason", "")];
    book.press("sign-off-name-refused", &first, ">Amelia", "correct", &wrong).await?;
    book.press("sign-off-remove-refused", &first, ">Amelia", "remove", &[]).await?;
    book.press("sign-off-count-refused", &first, "<bdi>Calder", "sign", &[("count", "13")]).await?;
    let removed = book.press("sign-off-removed", &first, ">Lucy", "remove", &[("reason", "left_company")]).await?;
    let back = book.press("sign-off-restored", &removed, ">Lucy", "restore", &[("confirm", "yes")]).await?;
    let promoted = [("job_title", "Head of Purchasing"), ("reason", "promoted")];
    let right = book.press("sign-off-corrected", &back, ">Amelia", "correct", &promoted).await?;
    book.press("sign-off-stale", &first, "<bdi>Calder", "sign", &[("count", "4")]).await?;
    let signed = book.press("sign-off-done", &right, "<bdi>Calder", "sign", &[("count", "4")]).await?;
    book.press("sign-off-waiting", &signed, "<bdi>Harrowgate", "sign", &[("count", "7")]).await?;
    book.open("sign-off-unknown", &nobodys("sign-off")).await?;
    book.open("sign-off-cut", rachel.get(..rachel.len() - 9).unwrap_or_default()).await?;
    Ok(())
}

pub async fn signing(book: &mut Book, folder: &RoundFolder) -> Result<()> {
    book.when_comes("counter_sign", MARGARET, "The sales director has been asked").await?;
    let margaret = book.door("counter_sign", MARGARET, "/sign-off/")?;
    let first = book.open("counter-sign-1", &margaret).await?;
    book.press("counter-sign-refused", &first, "<bdi>Harrowgate", "counter_sign", &[("count", "")]).await?;
    book.press("counter-sign-done", &first, "<bdi>Harrowgate", "counter_sign", &[("count", "7")]).await?;

    book.at("2027-01-20T11:00:00Z", "Some directors have signed").await?;
    let rachel = |mut contact: ListedContact| {
        if contact.account == "Shannon Precision" {
            let email = EmailAddress::parse(RACHEL).unwrap_or(contact.director.email);
            contact.director = Colleague { name: "Rachel Osei".into(), email };
        }
        contact
    };
    let rows = folder.list.accepted.iter().cloned().map(rachel).collect();
    let allowed = Allowed { losing_owners: true, ..Allowed::default() };
    load_list(&book.world.ctx, "northwind-2027", rows, allowed, OPERATOR).await?;
    let found = book.open(UNSEEN, &format!("{ROUND}/contacts?q=stokes")).await?;
    let amelia = book.open(UNSEEN, &found.link("Amelia", &format!("{ROUND}/contacts/"))?).await?;
    book.press("console-contact-refused", &amelia, "<main", "correct", &[("email", "amelia@"), ("reason", "")]).await?;
    let title = [("job_title", "Head of Procurement"), ("reason", "told by phone")];
    book.press("console-contact-corrected", &amelia, "<main", "correct", &title).await?;
    book.open("sign-off-changed", &book.door("sign_off", RACHEL, "/sign-off/")?).await?;
    book.open("sign-off-handed-over", &book.door("sign_off", THOMAS, "/sign-off/")?).await?;
    book.open("console-round-signed-in-part", ROUND).await?;
    let board = book.open("console-sign-off", &format!("{ROUND}/sign-off")).await?;
    book.press("console-sign-off-refused", &board, "Laboratoires", "record", &[]).await?;
    let evidence = [("who", "Philippe Garnier"), ("when", "19 January, 16:00"), ("evidence", "his mail of that day")];
    book.press("console-sign-off-recorded", &board, "Aci\u{e9}ries", "record", &evidence).await?;
    plan(book).await?;
    approval(book).await
}

async fn plan(book: &mut Book) -> Result<()> {
    book.open("console-plan", &format!("{ROUND}/plan")).await?;
    let pause = book.open("console-plan-pause", &format!("{ROUND}/plan/pause")).await?;
    book.press("console-plan-pause-refused", &pause, "<main", "look", &[("until", "2026-01-01")]).await?;
    let fair = [("scope", "country:JP"), ("why", "The anniversary of the company"), ("until", "2027-02-10")];
    let confirm = book.press("console-plan-pause-confirm", &pause, "<main", "look", &fair).await?;
    book.press("console-plan-paused", &confirm, "<main", "confirm", &[]).await?;
    let change = book.open("console-plan-change", &format!("{ROUND}/plan/change")).await?;
    let wrong = [("closes", "2027-01-02"), ("maximum_messages", "0")];
    book.press("console-plan-change-refused", &change, "<main", "look", &wrong).await?;
    book.press("console-plan-change-added", &change, "<main", "add", &[]).await?;
    book.press("console-plan-change-confirm", &change, "<main", "look", &[("closes", "2027-02-26")]).await?;
    book.open("console-plan-words", &format!("{ROUND}/plan/words")).await?;
    let words = book.open("console-plan-text", &format!("{ROUND}/plan/words?language=en&name=reminder")).await?;
    let wrong = [("subject", ""), ("body", "Dear {{ first_nam }},\n\nyour link is missing.\n")];
    book.press("console-plan-text-refused", &words, "<main", "look", &wrong).await?;
    let subject = [("subject", "{{ first_name }}, your view is still missing")];
    book.press("console-plan-text-confirm", &words, "<main", "look", &subject).await?;
    Ok(())
}

async fn approval(book: &mut Book) -> Result<()> {
    let desk = book.open("console-approval", &format!("{ROUND}/plan/approval")).await?;
    book.press("console-approval-refused", &desk, "<main", "ask", &[("name", ""), ("email", "helen@")]).await?;
    book.press("console-approval-asked", &desk, "<main", "ask", &[("name", "Helen Marsh"), ("email", HELEN)]).await?;
    book.when_comes("plan_approval", HELEN, "The client has been asked to approve the plan").await?;
    let helen = book.door("plan_approval", HELEN, "/plan/")?;
    let page = book.open("approval-1", &helen).await?;
    book.press("approval-refused", &page, "<main", "", &[("count", "12")]).await?;
    let messages =
        page.html.split("please approve ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap_or_default();
    book.press("approval-done", &page, "<main", "", &[("count", messages)]).await?;
    book.open("console-approval-given", &format!("{ROUND}/plan/approval")).await?;
    Ok(())
}

pub async fn repairs(book: &mut Book) -> Result<()> {
    book.when_comes("repair", JONAS, "An account manager is asked to repair addresses").await?;
    book.open("console-repairs", &format!("{ROUND}/repairs")).await?;
    book.open("console-round-dead-addresses", ROUND).await?;
    let page = book.open("repair-1", &book.door("repair", JONAS, "/repair/")?).await?;
    let shared = [("email", "info@rheintal.example")];
    book.press("repair-refused", &page, ">Tobias", "correct_address", &shared).await?;
    book.press("repair-drop-refused", &page, ">Tobias", "drop", &[]).await?;
    let right = [("email", "tobias.lang-weber@rheintal.example")];
    let done = book.press("repair-corrected", &page, ">Tobias", "correct_address", &right).await?;
    book.press("repair-late", &page, ">Tobias", "correct_address", &right).await?;
    let petra = [
        ("first_name", "Petra"),
        ("last_name", "Lund"),
        ("email", "petra.lund@alsterchemie.example"),
        ("job_title", "Buyer"),
    ];
    book.press("repair-done", &done, ">Kai", "replace", &petra).await?;
    Ok(())
}

/// An installation in which nobody has loaded anything.
pub async fn nothing(book: &mut Book) -> Result<()> {
    book.begins("An installation in which nothing is loaded").await?;
    book.open("console-rounds-empty", "/").await?;
    book.open("console-sending", "/sending").await?;
    let page = book.open("console-operators-last", "/operators").await?;
    book.press("console-operators-last-refused", &page, "id=\"operators\"", "remove_operator", &[]).await?;
    let log_in = book.open("log-in", "/log-in").await?;
    book.press("log-in-refused", &log_in, "<main", "", &[("email", "olga@")]).await?;
    book.press("log-in-sent", &log_in, "<main", "", &[("email", OPERATOR)]).await?;
    let link = book.log_in_link().await?;
    let confirm = book.open("log-in-confirm-address", &link).await?;
    book.press("log-in-confirm-refused", &confirm, "<main", "", &[("email", "peter@soundings.example")]).await?;
    book.open("log-in-unknown", &nobodys("login")).await?;
    book.open("problem-404", "/rounds/northwind-2072").await?;
    book.press("problem-403", &page, "id=\"operators\"", "remove_operator", &[("csrf", "of-another-session")]).await?;
    Ok(())
}
