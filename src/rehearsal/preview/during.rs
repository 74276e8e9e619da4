//! From the opening to the close and after it: contacts answer, leave and come back; mail is lost, refused and replied to; the round
//! closes.

use crate::base::problem::Result;
use crate::config;
use crate::handover::Scoring;
use crate::rehearsal::mailbox::Received;
use crate::rehearsal::mailbox::faults::ServerFault;
use crate::rehearsal::notices;
use crate::steps::replies::{Mail, take};

use super::before::{ROUND, account};
use super::book::{Book, UNSEEN, nobodys};
use super::forms::Form;
use super::visitor::Seen;

/// One who answers and one who may opt out, for each language; by the seed none of them would do anything alone.
const ANSWERS: [(&str, &str, &str); 3] = [
    ("en", "lucy.fairclough@calderwye.example", "owen.bevan@penninewater.example"),
    ("de", "sabine.hofmann@rheintal.example", "anke.schroeder@rheintal.example"),
    ("fr", "ines.benali@vaucluse.example", "helene.roussel@vaucluse.example"),
];
const MOVES: &str = "padraig.nolan@liffeybio.example";
const LEAVES: &str = "roisin.walsh@liffeybio.example";
const WRITES: &str = "florian.huber@isarmed.example";
/// Look after accounts from day to day, by name, as a whole.
const CALLS: &str = "jonas.brandt@northwind.example";
const LOOKS: &str = "susan.whitaker@northwind.example";
const SPONSOR: &str = "helen.marsh@northwind.example";
const COMPLAINS: &str = "lukas.zoellner@isarmed.example";

/// Somebody who leaves in the round, and who follows.
struct Succession {
    left: &'static str,
    /// Where his card begins.
    name: &'static str,
    says: &'static str,
    account: &'static str,
    manager: &'static str,
    director: &'static str,
    follows: [(&'static str, &'static str); 4],
}

const SUCCESSIONS: [Succession; 2] = [
    Succession {
        left: "brian.kowalski@greatbasin.example",
        name: ">Brian",
        says: "I no longer work here, I have left the company.",
        account: "Great Basin Energy",
        manager: "marcus.reed@northwind.example",
        director: "susan.whitaker@northwind.example",
        follows: [
            ("first_name", "Dana"),
            ("last_name", "Whitlock"),
            ("email", "dana.whitlock@greatbasin.example"),
            ("job_title", "R&D Director"),
        ],
    },
    Succession {
        left: "francois.delattre@acieriesnord.example",
        name: ">François",
        says: "Je ne travaille plus ici, j'ai quitté la société.",
        account: "Aciéries du Nord",
        manager: "claire.fontaine@northwind.example",
        director: "philippe.garnier@northwind.example",
        follows: [
            ("first_name", "Luc"),
            ("last_name", "Fournier"),
            ("email", "luc.fournier@acieriesnord.example"),
            ("job_title", "Chief Operating Officer"),
        ],
    },
];

const FAILING: &str = "/the/folder/is/missing/responses.jsonl";

pub async fn opened(book: &mut Book) -> Result<()> {
    book.at("2027-02-08T09:45:00Z", "Just before the first invitations").await?;
    book.open("console-round-ready", ROUND).await?;
    let settings = config::ScoringSettings { file: FAILING.into(), ..config::ScoringSettings::default() };
    let works = std::mem::replace(&mut book.world.scoring, Scoring::new(&settings)?);
    // The next invitation is taken without an answer.
    let lost = ServerFault::DropAfterDot { every: book.world.mailbox.count() + 1 };
    book.world.set_faults(vec![lost]);
    book.at("2027-02-08T10:10:00Z", "The first invitations have gone").await?;
    book.world.set_faults(Vec::new());
    let gateways = book.open(UNSEEN, &format!("{ROUND}/outbox?state=in_doubt")).await?;
    book.press(UNSEEN, &gateways, "gateway-isarmed", "hold_gateway", &[]).await?;
    book.open("console-outbox-in-doubt", &format!("{ROUND}/outbox?state=in_doubt")).await?;
    book.at("2027-02-08T12:00:00Z", "Most invitations have gone").await?;
    for (language, answers, leaves) in ANSWERS {
        let link = book.door("invitation", answers, "/assessment/")?;
        let first = book.open(&format!("assessment-1-{language}"), &link).await?;
        answered(book, language, first).await?;
        let out = book.door("invitation", leaves, "/opt-out/")?;
        book.open(&format!("opt-out-{language}"), &out).await?;
    }
    let (_, answers, leaves) = ANSWERS[0];
    book.open("assessment-already", &book.door("invitation", answers, "/assessment/")?).await?;
    let out = book.door("invitation", leaves, "/opt-out/")?;
    let page = book.open(UNSEEN, &out).await?;
    book.press("opt-out-refused", &page, "<main", "", &[]).await?;
    book.press("opt-out-kept", &page, "<main", "", &[("choice", "keep")]).await?;
    book.press("opt-out-this-round", &page, "<main", "", &[("choice", "round")]).await?;
    let again = book.open("opt-out-again", &out).await?;
    book.press("opt-out-stopped", &again, "<main", "", &[("choice", "stop")]).await?;
    book.open("assessment-opted-out", &book.door("invitation", leaves, "/assessment/")?).await?;
    let link = book.door("invitation", MOVES, "/assessment/")?;
    book.open("assessment-unknown", &nobodys("assessment")).await?;
    book.open("assessment-cut", link.get(..link.len() - 9).unwrap_or_default()).await?;
    changed_later(book).await?;
    come_back(book).await?;
    console(book).await?;
    book.world.scoring = works;
    Ok(())
}

/// Through all questions, wrongly first in English, and to the end.
async fn answered(book: &mut Book, language: &str, first: Seen) -> Result<()> {
    let also = |name: &str| if language == "en" { name.to_string() } else { String::new() };
    book.press(&also("assessment-1-refused"), &first, "<main", "next", &[]).await?;
    let check = format!("{}?page=check", first.path);
    let unfinished = book.open(&also("assessment-check-unfinished"), &check).await?;
    book.press(&also("assessment-check-refused"), &unfinished, "<main", "send", &[]).await?;
    let mut page = first;
    let long = "x".repeat(4_012);
    for number in 2.. {
        let form = Form::find(&page.html, "<main", "next")?;
        let typed: Vec<(String, String)> =
            form.asks().into_iter().map(|name| (name.clone(), form.answer(&name))).collect();
        let typed: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let texts =
            typed.iter().filter(|(_, value)| value.starts_with("Your people")).map(|(name, _)| (*name, long.as_str()));
        let texts: Vec<(&str, &str)> = texts.collect();
        if !texts.is_empty() {
            book.press(&also("assessment-text-refused"), &page, "<main", "next", &texts).await?;
        }
        page = book.press(UNSEEN, &page, "<main", "next", &typed).await?;
        if page.html.contains("value=\"send\"") {
            break;
        }
        book.open(&also(&format!("assessment-{number}")), &page.path).await?;
    }
    book.open(&format!("assessment-check-{language}"), &page.path).await?;
    book.open(&also("assessment-1-given"), &check.replace("page=check", "page=1")).await?;
    book.press(&format!("assessment-thanks-{language}"), &page, "<main", "send", &[]).await?;
    Ok(())
}

/// Links of people who were corrected or taken off the list since.
async fn changed_later(book: &mut Book) -> Result<()> {
    let found = book.open(UNSEEN, &format!("{ROUND}/contacts?q=liffeybio")).await?;
    let page = book.open("console-contact", &found.link("Nolan", &format!("{ROUND}/contacts/"))?).await?;
    let new = [("email", "padraig.nolan-byrne@liffeybio.example"), ("reason", "married"), ("same_person", "yes")];
    book.press("console-contact-address-corrected", &page, "<main", "correct", &new).await?;
    let page = book.open(UNSEEN, &found.link("Walsh", &format!("{ROUND}/contacts/"))?).await?;
    book.press("console-contact-removed", &page, "<main", "remove", &[("reason", "has left")]).await?;
    book.open("assessment-other-address", &book.door("invitation", MOVES, "/assessment/")?).await?;
    book.open("opt-out-former", &book.door("invitation", MOVES, "/opt-out/")?).await?;
    book.open("assessment-withdrawn", &book.door("invitation", LEAVES, "/assessment/")?).await.map(drop)
}

/// A person writes back, a provider passes a complaint on.
async fn come_back(book: &mut Book) -> Result<()> {
    let asks = "I am glad to answer, but may my colleague Ida join me?";
    let mails = [
        written_back(&book.sent("invitation", WRITES)?, WRITES, asks),
        complaint(&book.sent("invitation", COMPLAINS)?),
    ];
    let mails = mails.into_iter().map(|mail| Mail { content: Ok(mail.into_bytes()), place: None }).collect();
    take(&book.world.ctx, mails).await?;
    Ok(())
}

fn written_back(mail: &Received, from: &str, words: &str) -> String {
    format!(
        "From: {from}\r\nTo: {}\r\nSubject: Re: {}\r\nIn-Reply-To: {}\r\nDate: Mon, 8 Feb 2027 12:00:00 +0000\r\nMessage-ID: <answer@isarmed.example>\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\n{words}\r\n",
        mail.header("reply-to").unwrap_or(&mail.from),
        mail.subject(),
        mail.message_id
    )
}

fn complaint(mail: &Received) -> String {
    format!(
        "From: <feedback@provider.example>\r\nTo: {}\r\nSubject: FW: {}\r\nMIME-Version: 1.0\r\nDate: Mon, 8 Feb 2027 12:00:00 +0000\r\n\
         Content-Type: multipart/report; report-type=feedback-report; boundary=\"B\"\r\n\r\n--B\r\nContent-Type: text/plain\r\n\r\nAn abuse report.\r\n\
         --B\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nUserAgent: Provider/1.0\r\nVersion: 1\r\n\r\n\
         --B\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {}\r\nSubject: {}\r\n\r\n--B--\r\n",
        mail.from,
        mail.subject(),
        mail.message_id,
        mail.subject()
    )
}

async fn console(book: &mut Book) -> Result<()> {
    book.open("console-round", ROUND).await?;
    let contacts = book.open("console-contacts", &format!("{ROUND}/contacts")).await?;
    let accounts = book.open("console-accounts", &format!("{ROUND}/accounts?sort=rate")).await?;
    book.open("console-account", &accounts.link("Isar", &format!("{ROUND}/accounts/"))?).await?;
    many(book, &contacts).await?;
    let desk = book.open("console-replies", &format!("{ROUND}/replies")).await?;
    let wrote = "I am glad to answer";
    book.press("console-replies-refused", &desk, wrote, "put_off", &[("until", "soon")]).await?;
    let added = [("to", "director"), ("words", "Is Ida on your list?")];
    let desk = book.press("console-replies-forwarded", &desk, wrote, "forward", &added).await?;
    let says = "Dear Florian,\n\nthank you, Ida is welcome. She has her own invitation by Monday.";
    book.press("console-replies-answered", &desk, wrote, "answer", &[("words", says)]).await?;
    book.open("console-replies-done", &format!("{ROUND}/replies?show=done")).await?;
    book.open("console-hand-over-failing", &format!("{ROUND}/hand-over")).await?;
    book.open("console-operators", "/operators").await?;
    let found = book.open(UNSEEN, &format!("{ROUND}/contacts?q=hofmann")).await?;
    let page = book.open("console-contact-answered", &found.link("Hofmann", &format!("{ROUND}/contacts/"))?).await?;
    let letter = page.link("nvitation", &format!("{ROUND}/messages/"))?;
    book.open("console-letter", &letter).await?;
    book.open("console-letter-framed", &format!("{letter}/letter")).await?;
    Ok(())
}

/// Several contacts at one press, and taken back, so that the round goes on as before.
async fn many(book: &mut Book, contacts: &Seen) -> Result<()> {
    let mut chosen = String::new();
    for name in ["Hofmann", "Nolan", "Huber"] {
        let path = contacts.link(name, &format!("{ROUND}/contacts/"))?;
        chosen.push_str(&format!("&who={}", path.rsplit('/').next().unwrap_or_default()));
    }
    let asked = book.open("console-bulk", &format!("{ROUND}/contacts/bulk?act=pause{chosen}")).await?;
    let done = book.press("console-bulk-done", &asked, "<main", "pause", &[]).await?;
    book.press(UNSEEN, &done, "<main", "undo", &[]).await.map(drop)
}

pub async fn in_trouble(book: &mut Book) -> Result<()> {
    book.at("2027-02-11T08:00:00Z", "Just before the first reminders").await?;
    let refuses =
        |address: &str, reply: &str| ServerFault::RefuseRecipient { address: address.into(), reply: reply.into() };
    book.world.set_faults(vec![
        refuses("@rheintal.example", "554 5.7.1 Service unavailable; client host blocked using bl.example"),
        refuses(
            "@vaucluse.example",
            "550 5.1.1 <{}>: Recipient address rejected: User unknown in virtual mailbox table",
        ),
    ]);
    book.at("2027-02-11T10:00:00Z", "Two gateways refuse what they are sent").await?;
    book.open("console-rounds-trouble", "/").await?;
    book.open("console-round-trouble", ROUND).await?;
    let outbox = book.open("console-outbox", &format!("{ROUND}/outbox")).await?;
    book.press(UNSEEN, &outbox, "gateway-isarmed", "release_gateway", &[]).await?;
    let sending = book.open("console-sending-incident", "/sending").await?;
    book.world.set_faults(Vec::new());
    book.press("console-sending-settled", &sending, "<main", "retry_incident", &[]).await?;
    book.at("2027-02-17T10:00:00Z", "The middle of the round").await?;
    book.open("console-round-middle", ROUND).await?;
    book.open("console-plan-middle", &format!("{ROUND}/plan")).await?;
    book.open("console-calls", &format!("{ROUND}/calls")).await?;
    team(book).await?;
    book.open("console-sign-off-middle", &format!("{ROUND}/sign-off")).await?;
    book.open("console-hand-over", &format!("{ROUND}/hand-over")).await?;
    book.open("console-outcomes", &format!("{ROUND}/outcomes")).await?;
    book.open("console-report", &format!("{ROUND}/report")).await?;
    Ok(())
}

/// The pages behind the weekly mails: an account manager's, a director's, the sponsor's.
async fn team(book: &mut Book) -> Result<()> {
    let own = book.open("team", &book.door("digest", CALLS, "/team/")?).await?;
    book.open("team-people", &format!("{}?show=people", own.path)).await?;
    book.press("team-refused", &own, "<main", "note", &[]).await?;
    book.open("team-director", &book.door("digest", LOOKS, "/team/")?).await?;
    book.open("team-sponsor", &book.door("digest", SPONSOR, "/team/")?).await?;
    book.open("team-unknown", &nobodys("team")).await?;
    Ok(())
}

/// Two have left, and their mailboxes say so: who follows is introduced, in English and in French. In German somebody was before the opening.
pub async fn succeeded(book: &mut Book) -> Result<()> {
    // After the last reminders, so that whoever is the first to get one stays the same.
    book.at("2027-03-03T08:00:00Z", "Two contacts have left").await?;
    let list = book.open(UNSEEN, &format!("{ROUND}/calls")).await?;
    let first = "<ol class=\"rows\">";
    let list = book.press("console-calls-no-day", &list, first, "on_leave", &[("note", "in Spain")]).await?;
    book.press("console-calls-called", &list, first, "called", &[("note", "will look at it")]).await?;
    let own = book.open(UNSEEN, &book.door("digest", CALLS, "/team/")?).await?;
    book.press("team-called", &own, "<main", "note", &[("outcome", "called"), ("note", "answers tomorrow")]).await?;
    let today = book.world.live().await?.sequence.home().local(book.world.now()).date();
    for s in &SUCCESSIONS {
        let invitation = book.sent("invitation", s.left)?;
        let content = Ok(notices::written(&invitation, today, s.says).into_bytes());
        take(&book.world.ctx, vec![Mail { content, place: None }]).await?;
    }
    for s in &SUCCESSIONS {
        book.when_comes("repair", s.manager, "Two contacts have left").await?;
        let page = book.open(UNSEEN, &book.door("repair", s.manager, "/repair/")?).await?;
        book.press(UNSEEN, &page, s.name, "replace", &s.follows).await?;
        let lists = book.open(UNSEEN, &book.door("sign_off", s.director, "/sign-off/")?).await?;
        book.press(UNSEEN, &lists, &account(s.account), "sign", &[("count", "1")]).await?;
    }
    Ok(())
}

pub async fn closed(book: &mut Book) -> Result<()> {
    book.at("2027-03-08T10:00:00Z", "The round is closed").await?;
    let (_, _, unanswered) = ANSWERS[1];
    book.open("assessment-closed", &book.door("invitation", unanswered, "/assessment/")?).await?;
    book.open("sign-off-closed", &book.door("sign_off", "susan.whitaker@northwind.example", "/sign-off/")?).await?;
    book.open("repair-closed", &book.door("repair", "jonas.brandt@northwind.example", "/repair/")?).await?;
    book.open("team-closed", &book.door("digest", CALLS, "/team/")?).await?;
    book.open("approval-closed", &book.door("plan_approval", "helen.marsh@northwind.example", "/plan/")?).await?;
    book.open("console-rounds-closed", "/").await?;
    book.open("console-round-closed", ROUND).await?;
    book.open("console-plan-closed", &format!("{ROUND}/plan")).await?;
    book.open("console-outbox-failed", &format!("{ROUND}/outbox?state=failed")).await?;
    book.open("console-round-next", &format!("{ROUND}/next")).await?;
    Ok(())
}
