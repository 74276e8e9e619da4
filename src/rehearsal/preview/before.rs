//! Until the round opens: an installation in which nothing is, names being signed, the plan being changed and approved, the first dead
//! addresses.

use chrono::NaiveDate;

use crate::base::address::EmailAddress;
use crate::base::clock::SECOND;
use crate::base::problem::{Problem, Result};
use crate::intake::folder::RoundFolder;
use crate::rehearsal::play::OPERATOR;
use crate::rules::contacts::{Colleague, ListedContact};
use crate::rules::journal::Actor;
use crate::rules::round::RoundSpec;
use crate::rules::round::{SignerSpec, SponsorSpec};
use crate::steps::contacts::{Allowed, load_list};
use crate::steps::installation::operators;
use crate::steps::plan::change::{Change, ChangeRound};
use crate::steps::round;
use crate::steps::sending::delivery;

use super::book::{Book, UNSEEN, nobodys};
use super::visitor::Seen;

const RACHEL: &str = "rachel.osei@northwind.example";
const KATRIN: &str = "katrin.vogel@northwind.example";
const SUSAN: &str = "susan.whitaker@northwind.example";
const THOMAS: &str = "thomas.lindqvist@northwind.example";
/// Of nobody's list; is asked to sign for somebody.
const INGRID: &str = "ingrid.solberg@northwind.example";
const MARGARET: &str = "margaret.ellison@northwind.example";
/// Of nobody's list; signs where a director does not.
const LUCIE: &str = "lucie.perrin@northwind.example";
const SOME_SIGNED: &str = "Some directors have signed";
const JONAS: &str = "jonas.brandt@northwind.example";
/// At the client; approves the plan.
const HELEN: &str = "helen.marsh@northwind.example";

const ASKED: &str = "The directors have been asked for their signatures";

pub const ROUND: &str = "/rounds/northwind-2027";
const ORBIS: &str = "/rounds/orbis-2027";

/// Where the part of a page begins that is about colleagues.
const COLLEAGUES: &str = "id=\"colleagues\"";

/// Where the card of an account begins on a page to sign.
pub fn account(name: &str) -> String {
    format!("<bdi>{name}</bdi> <span>")
}

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
    book.at("2027-01-18T09:00:00Z", ASKED).await?;
    round::load(&book.world.ctx, another(folder), &Actor::operator(OPERATOR)).await?;
    book.open("console-rounds", "/").await?;
    book.open("console-round-signing", ROUND).await?;
    let before = book.open("console-round-before", ORBIS).await?;
    book.press("console-round-draft-not-started", &before, "<main", "start", &[]).await?;
    book.open("console-sign-off-before", &format!("{ORBIS}/sign-off")).await?;
    book.open("console-outbox-empty", &format!("{ORBIS}/outbox")).await?;
    book.open("console-replies-empty", &format!("{ROUND}/replies")).await?;
    book.open("console-repairs-none", &format!("{ROUND}/repairs")).await?;
    book.open("console-hand-over-empty", &format!("{ROUND}/hand-over")).await?;
    book.open("console-contacts-none", &format!("{ROUND}/contacts?q=nobody")).await?;

    book.open("sign-off-left-out", &book.door("sign_off", SUSAN, "/sign-off/")?).await?;
    let thomas = book.door("sign_off", THOMAS, "/sign-off/")?;
    let all = book.open("sign-off-1", &thomas).await?;
    book.press("sign-off-together-refused", &all, "id=\"together\"", "sign_together", &[("count", "2")]).await?;
    colleague(book, &all).await?;
    book.begins(ASKED).await?;
    let jamal = with_forms(book, "sign-off-forms", &all, ">Jamal").await?;
    let removed = book.press("sign-off-removed", &jamal, ">Jamal", "remove", &[("reason", "left_company")]).await?;
    let mut first = book.press(UNSEEN, &removed, ">Jamal", "restore", &[("confirm", "yes")]).await?;
    for signed in ["Tidewater Devices", "Kitahama Seimitsu"] {
        first = book.press(UNSEEN, &first, &account(signed), "sign", &[("count", "3")]).await?;
    }
    let shannon = account("Shannon Precision");
    let wrong = [("email", "maeve@")];
    let maeve = with_forms(book, UNSEEN, &first, ">Maeve").await?;
    book.press("sign-off-name-refused", &maeve, ">Maeve", "correct", &wrong).await?;
    book.press("sign-off-remove-refused", &maeve, ">Maeve", "remove", &[]).await?;
    book.press("sign-off-replace-refused", &maeve, ">Maeve", "replace", &[("email", "nora@")]).await?;
    book.press("sign-off-add-refused", &first, &shannon, "add", &[]).await?;
    let question = [("topic", "account"), ("question", "Is Shannon still mine, or is it Rachel’s now?")];
    book.press("sign-off-asked", &first, &shannon, "ask", &question).await?;
    book.press("sign-off-count-refused", &first, &shannon, "sign", &[("count", "13")]).await?;
    let promoted = [("job_title", "Head of Purchasing"), ("confirm", "yes")];
    let right = book.press("sign-off-corrected", &maeve, ">Maeve", "correct", &promoted).await?;
    book.press("sign-off-stale", &first, &shannon, "sign", &[("count", "3")]).await?;
    let done = book.press("sign-off-done", &right, &shannon, "sign", &[("count", "3")]).await?;
    let kitahama = account("Kitahama Seimitsu");
    book.press("sign-off-take-back-refused", &done, &kitahama, "take_back", &[]).await?;
    let taken = book.press("sign-off-taken-back", &done, &kitahama, "take_back", &[("confirm", "yes")]).await?;
    book.world.ctx.clock.turn_to(book.world.now().plus(SECOND));
    book.press(UNSEEN, &taken, &kitahama, "sign", &[("count", "3")]).await?;
    book.open("sign-off-unknown", &nobodys("sign-off")).await?;
    book.open("sign-off-cut", thomas.get(..thomas.len() - 9).unwrap_or_default()).await?;
    replies_unread(book).await
}

/// Somebody lets a colleague sign, and takes it back.
async fn colleague(book: &mut Book, page: &Seen) -> Result<()> {
    let whom = |email, names| [("scope", "all"), ("name", "Ingrid Solberg"), ("email", email), ("count", names)];
    let elsewhere = whom("ingrid.solberg@gmail.com", "9");
    book.press("sign-off-colleague-refused", page, COLLEAGUES, "delegate", &elsewhere).await?;
    let asked = book.press("sign-off-colleague-asked", page, COLLEAGUES, "delegate", &whom(INGRID, "9")).await?;
    book.when_comes("sign_off", INGRID, "A colleague has been asked to sign").await?;
    let hers = book.door("sign_off", INGRID, "/sign-off/")?;
    book.open("sign-off-for-another", &hers).await?;
    let over = [("confirm", "yes")];
    book.press("sign-off-colleague-no-more", &asked, COLLEAGUES, "end_delegation", &over).await?;
    book.open("sign-off-for-nobody-more", &hers).await?;
    Ok(())
}

/// The page with the forms of the name near these words.
async fn with_forms(book: &mut Book, name: &str, on: &Seen, near: &str) -> Result<Seen> {
    let missing = || Problem::internal(format!("No name stands at {near}."));
    let before = on.html.split(near).next().unwrap_or_default();
    let id = before.rsplit("id=\"name-").next().and_then(|rest| rest.split('"').next()).ok_or_else(missing)?;
    let page = on.path.split('?').next().unwrap_or_default();
    book.open(name, &format!("{page}?open={id}")).await
}

/// As where no mailbox for replies is set.
async fn replies_unread(book: &mut Book) -> Result<()> {
    let ours = book.world.ctx.clone();
    let mut without = ours.clone();
    without.replies = None;
    book.serve(&without);
    book.log_in().await?;
    book.open("console-replies-not-read", &format!("{ROUND}/replies")).await?;
    book.serve(&ours);
    Ok(())
}

pub async fn signing(book: &mut Book, folder: &RoundFolder) -> Result<()> {
    book.when_comes("counter_sign", MARGARET, "The sales director has been asked").await?;
    book.open("sign-off-waiting", &book.door("sign_off", KATRIN, "/sign-off/")?).await?;
    let margaret = book.door("counter_sign", MARGARET, "/sign-off/")?;
    let (first, rheintal) = (book.open("counter-sign-1", &margaret).await?, account("Rheintal Maschinenbau"));
    let asked = book.press("counter-sign-code-sent", &first, &rheintal, "send_code", &[]).await?;
    book.press("counter-sign-code-just-sent", &asked, &rheintal, "send_code", &[]).await?;
    let ctx = book.world.ctx.clone();
    delivery::drain(&ctx, &mut book.world.lines).await?;
    let mail = book.sent("sign_code", MARGARET)?;
    let code = mail.text.split(|c: char| !c.is_ascii_digit()).find(|digits| digits.len() == 6).unwrap_or_default();
    book.press("counter-sign-together-refused", &asked, "id=\"together\"", "sign_together", &[("code", "12")]).await?;
    book.press("counter-sign-refused", &asked, &rheintal, "counter_sign", &[("code", "")]).await?;
    book.press("counter-sign-done", &asked, &rheintal, "counter_sign", &[("code", code)]).await?;

    book.at("2027-01-20T11:00:00Z", SOME_SIGNED).await?;
    let rachel = |mut contact: ListedContact| {
        if contact.account == "Shannon Precision" {
            let email = EmailAddress::parse(RACHEL).unwrap_or(contact.director.email);
            contact.director = Colleague { name: "Rachel Osei".into(), email };
        }
        contact
    };
    let rows = folder.list.accepted.iter().cloned().map(rachel).collect();
    let allowed = Allowed { losing_owners: true, ..Allowed::default() };
    load_list(&book.world.ctx, "northwind-2027", rows, allowed, &Actor::operator(OPERATOR)).await?;
    let found = book.open(UNSEEN, &format!("{ROUND}/contacts?q=stokes")).await?;
    let amelia = book.open(UNSEEN, &found.link("Amelia", &format!("{ROUND}/contacts/"))?).await?;
    book.press("console-contact-refused", &amelia, "<main", "correct", &[("email", "amelia@"), ("reason", "")]).await?;
    let title = [("job_title", "Head of Procurement"), ("reason", "told by phone")];
    book.press("console-contact-corrected", &amelia, "<main", "correct", &title).await?;
    book.open("sign-off-changed", &book.door("sign_off", RACHEL, "/sign-off/")?).await?;
    book.open("sign-off-handed-over", &book.door("sign_off", THOMAS, "/sign-off/")?).await?;
    book.open("console-round-signed-in-part", ROUND).await?;
    let board = book.open("console-sign-off", &format!("{ROUND}/sign-off")).await?;
    book.press("console-sign-off-refused", &board, ">Laboratoires", "record", &[]).await?;
    let evidence =
        [("who", "Philippe Garnier"), ("when", "2027-01-19"), ("evidence", "his mail of that day"), ("confirm", "yes")];
    book.press("console-sign-off-recorded", &board, ">Aci\u{e9}ries", "record", &evidence).await?;
    signs_nothing(book, &board).await?;
    book.begins(SOME_SIGNED).await?;
    plan(book).await?;
    approval(book).await?;
    late(book).await
}

async fn late(book: &mut Book) -> Result<()> {
    book.at("2027-01-22T11:00:00Z", "Some directors are late").await?;
    let board = format!("{ROUND}/sign-off");
    book.open("console-sign-off-late", &board).await?;
    book.open("console-sign-off-sorted", &format!("{board}?sort=revenue&show=open")).await?;
    book.open("console-sign-off-none", &format!("{board}?q=nobody")).await?;
    let directors = book.open("console-directors", &format!("{board}/directors?sort=late")).await?;
    book.press("console-directors-asked", &directors, "<main", "ask_late", &[]).await?;
    book.open("console-directors-none", &format!("{board}/directors?q=nobody")).await?;
    let summary = book.open("console-summary", &format!("{board}/summary")).await?;
    let wrong = [("name", "Helen Marsh"), ("email", "helen@")];
    book.press("console-summary-refused", &summary, "<main", "send", &wrong).await?;
    book.press("console-summary-sent", &summary, "<main", "send", &[("name", "Helen Marsh"), ("email", HELEN)]).await?;
    book.when_comes("sign_off_summary", HELEN, "A sponsor has been told where the signatures stand").await
}

/// A director is away, and his deputy is asked as well.
async fn signs_nothing(book: &mut Book, board: &Seen) -> Result<()> {
    let ctx = book.world.ctx.clone();
    let live = ctx.live_by_slug(&mut ctx.db.read().await?, "northwind-2027").await?;
    let mut change = Change { spec: live.spec.clone(), words: live.words.clone() };
    let address = |text: &str| EmailAddress::parse(text).map_err(Problem::internal);
    change.spec.signoff.directors.push(SignerSpec {
        email: address("philippe.garnier@northwind.example")?,
        country: "FR".into(),
        region: String::new(),
        deputy: "Lucie Perrin".into(),
        deputy_email: Some(address(LUCIE)?),
        regional_head: String::new(),
        regional_head_email: None,
    });
    change.spec.sponsor = Some(SponsorSpec { name: "Helen Marsh".into(), email: address(HELEN)? });
    let order = ChangeRound { slug: "northwind-2027".into(), version: live.version, change };
    ctx.order(&Actor::operator(OPERATOR), order).await?;
    let row = board.html.split("id=\"account-").find(|row| row.contains(">Laboratoires")).unwrap_or_default();
    let one = format!("{ROUND}/sign-off/{}", row.split('"').next().unwrap_or_default());
    let page = book.open("console-account-sign-off", &one).await?;
    book.press("console-account-sign-off-refused", &page, "<main", "leave_out", &[]).await?;
    let until = [("until", "2027-01-27"), ("reason", "His assistant called.")];
    book.press("console-account-sign-off-away", &page, "<main", "away", &until).await?;
    book.when_comes("sign_off", LUCIE, "A deputy has been asked to sign").await?;
    book.open("sign-off-as-well", &book.door("sign_off", LUCIE, "/sign-off/")?).await?;
    book.open("console-account-sign-off-deputy", &one).await?;
    Ok(())
}

async fn plan(book: &mut Book) -> Result<()> {
    book.open("console-plan", &format!("{ROUND}/plan")).await?;
    let pause = book.open("console-plan-pause", &format!("{ORBIS}/plan/pause")).await?;
    book.press("console-plan-pause-refused", &pause, "<main", "look", &[("until", "2026-01-01")]).await?;
    let fair = [("scope", "country:US"), ("why", "The plants are closed"), ("until", "2027-04-14")];
    let confirm = book.press("console-plan-pause-confirm", &pause, "<main", "look", &fair).await?;
    book.press("console-plan-paused", &confirm, "<main", "confirm", &[]).await?;
    let change = book.open("console-plan-change", &format!("{ROUND}/plan/change")).await?;
    let wrong = [("closes", "2027-01-02"), ("maximum_messages", "0")];
    book.press("console-plan-change-refused", &change, "<main", "look", &wrong).await?;
    book.press("console-plan-change-confirm", &change, "<main", "look", &[("closes", "2027-03-12")]).await?;
    book.open("console-plan-words", &format!("{ROUND}/plan/words")).await?;
    let words = book.open("console-plan-text", &format!("{ROUND}/plan/words?language=en&name=reminder")).await?;
    let wrong = [("subject", ""), ("body", "Dear {{ first_nam }},\n\nyour link is missing.\n")];
    book.press("console-plan-text-refused", &words, "<main", "look", &wrong).await?;
    let subject = [("subject", "{{ first_name }}, your view is still missing")];
    book.press("console-plan-text-confirm", &words, "<main", "look", &subject).await?;
    book.press("console-plan-text-test-letter", &words, "<main", "test", &[]).await?;
    let invitation = "language=en&name=invitation";
    book.open("console-plan-text-letters", &format!("{ROUND}/plan/words/letters?{invitation}")).await?;
    book.open("console-plan-text-versions", &format!("{ROUND}/plan/words/versions?{invitation}")).await?;
    book.open("console-plan-words-versions", &format!("{ROUND}/plan/words/versions")).await?;
    book.open("test-letter", "/test-letter").await?;
    Ok(())
}

async fn approval(book: &mut Book) -> Result<()> {
    let desk = book.open("console-approval", &format!("{ROUND}/plan/approval")).await?;
    book.press("console-approval-refused", &desk, "<main", "ask", &[("name", ""), ("email", "helen@")]).await?;
    book.press("console-approval-asked", &desk, "<main", "ask", &[("name", "Helen Marsh"), ("email", HELEN)]).await?;
    book.when_comes("plan_approval", HELEN, "The client has been asked to approve the plan").await?;
    let helen = book.door("plan_approval", HELEN, "/plan/")?;
    let page = book.open("approval-1", &helen).await?;
    book.open("approval-letters", &format!("{helen}/letters")).await?;
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
    // An operator hears it by phone and is faster.
    let found = book.open(UNSEEN, &format!("{ROUND}/contacts?q=tobias")).await?;
    let tobias = book.open("console-contact-dead", &found.link("Lang", &format!("{ROUND}/contacts/"))?).await?;
    let right = [("email", "tobias.lang-weber@rheintal.example"), ("reason", "told by phone"), ("same_person", "yes")];
    book.press(UNSEEN, &tobias, "<main", "correct", &right).await?;
    let other = [("email", "tobias.weber@rheintal.example")];
    let late = book.press("repair-late", &page, ">Tobias", "correct_address", &other).await?;
    let petra = [
        ("first_name", "Petra"),
        ("last_name", "Lund"),
        ("email", "petra.lund@alsterchemie.example"),
        ("job_title", "Buyer"),
    ];
    book.press("repair-done", &late, ">Kai", "replace", &petra).await?;
    Ok(())
}

/// An installation in which nobody has loaded anything.
pub async fn nothing(book: &mut Book) -> Result<()> {
    book.begins("An installation in which nothing is loaded").await?;
    book.open("console-rounds-empty", "/").await?;
    book.open("console-sending", "/sending").await?;
    let page = book.open("console-operators-last", "/operators").await?;
    book.press("console-operators-last-refused", &page, "id=\"operators\"", "remove_operator", &[]).await?;
    book.press("problem-403", &page, "id=\"operators\"", "remove_operator", &[("csrf", "of-another-session")]).await?;
    book.open("problem-404", "/rounds/northwind-2072").await?;
    let log_in = book.open("log-in", "/log-in").await?;
    book.press("log-in-refused", &log_in, "<main", "", &[("email", "olga@")]).await?;
    book.press("log-in-sent", &log_in, "<main", "", &[("email", OPERATOR)]).await?;
    let ctx = book.world.ctx.clone();
    operators::answer_requests(&ctx).await?;
    delivery::drain(&ctx, &mut book.world.lines).await?;
    let link = book.door("login", OPERATOR, "/login/")?;
    book.open("log-in-confirm", &link).await?;
    book.serve(&ctx);
    let confirm = book.open("log-in-confirm-address", &link).await?;
    book.press("log-in-confirm-refused", &confirm, "<main", "", &[("email", "peter@soundings.example")]).await?;
    book.open("log-in-unknown", &nobodys("login")).await?;
    Ok(())
}
