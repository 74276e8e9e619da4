//! The reply desk: what others wrote is shown as text, and each button does its one thing to the right person.

use axum::http::StatusCode;

use crate::base::address::EmailAddress;
use crate::base::ids::{Ids, MessageId};
use crate::base::verp;
use crate::rules::journal::Actor;
use crate::rules::message::{Lane, MessageKind};
use crate::rules::sending::outbox::key;
use crate::steps::replies::{Mail, take};
use crate::steps::response::{Length, OptOutAsTold};
use crate::store::contacts::Person;
use crate::store::sending::outbox::{self, NewMessage};
use crate::web::tests::fixture::{FIRST, House, OPERATOR, SECOND, Said, house};

const CANARY: &str = "<script>alert('canary')</script><img src=x onerror=alert(1)>";

/// An invitation to the first person of the round, and a mail that came back about it.
pub async fn wrote_back(house: &mut House, slug: &'static str, head: &str, words: &str) -> Person {
    let person = house.people(slug).await.remove(0);
    let ours = EmailAddress::parse("bounces@replies.example").unwrap();
    house.ctx.replies = Some(ours.clone());
    let now = house.ctx.clock.now();
    let id: MessageId = Ids::seeded(99).id(now.plus(person.line));
    let message = NewMessage {
        id: id.clone(),
        key: key(&Lane::from(&person.round_id), &person.id, MessageKind::Invitation, 1),
        lane: Lane::from(&person.round_id),
        contact_id: Some(person.id.clone()),
        subject_id: person.id.to_string(),
        kind: MessageKind::Invitation,
        number: 1,
        to_name: person.full_name(),
        to: person.email.clone(),
        planned_for: now,
        due_at: now,
    };
    house.ctx.db.write(move |tx| Box::pin(async move { outbox::enqueue(tx, &message, now).await })).await.unwrap();
    let to = verp::sealed(&house.ctx.key, &ours, &id, &person.email).unwrap();
    let mail = format!("Delivered-To: {to}\r\nFrom: {}\r\n{head}\r\n\r\n{words}\r\n", person.email);
    take(&house.ctx, vec![Mail { content: Ok(mail.into_bytes()), place: None }]).await.unwrap();
    person
}

#[tokio::test]
async fn s02_what_others_write_is_shown_as_text() {
    let mut house = house().await;
    let head = format!("Subject: Re: {CANARY}\r\nReply-To: \"{CANARY}\" <x@x.example>");
    let person = wrote_back(&mut house, FIRST, &head, CANARY).await;
    let stray = format!("From: \"{CANARY}\" <a@b.example>\r\nSubject: {CANARY}\r\n\r\n{CANARY}\r\n");
    let broken = Mail { content: Err(CANARY.into()), place: None };
    take(&house.ctx, vec![Mail { content: Ok(stray.into_bytes()), place: None }, broken]).await.unwrap();
    let (cookie, _) = house.log_in().await;
    for path in [format!("/rounds/{FIRST}/replies"), format!("/rounds/{FIRST}/contacts/{}", person.id)] {
        let said = house.send(axum::http::Method::GET, &path, &[("cookie", &cookie)], "").await;
        assert_eq!(said.status, StatusCode::OK);
        assert!(said.body.contains("alert(&#39;canary&#39;)"), "{path} shows what was written");
        assert!(!said.body.contains("<script>alert") && !said.body.contains("<img src=x"), "{path}");
    }
}

#[tokio::test]
async fn a_button_does_its_one_thing_and_the_mail_is_seen_to() {
    let mut house = house().await;
    let person = wrote_back(&mut house, FIRST, "Subject: Re: Your view", "Not now, please.").await;
    let (cookie, csrf) = house.log_in().await;
    let path = format!("/rounds/{FIRST}/replies");
    let page = house.send(axum::http::Method::GET, &path, &[("cookie", &cookie)], "").await;
    assert!(page.body.contains("1 reply waits for you") && page.body.contains("Not now, please."));
    assert!(page.body.contains("<span class=\"count\">1<"), "counted in the navigation");
    let reply = page.hidden("blockquote", "reply");
    let post = async |fields: &[(&str, &str)]| {
        let mail = [("csrf", csrf.as_str()), ("reply", reply.as_str()), ("known", "0")];
        let all: Vec<_> = mail.iter().chain(fields).copied().collect();
        house.post_with(&path, &[("cookie", &cookie)], &all).await
    };
    let refused = post(&[("act", "away"), ("until", "soon")]).await;
    assert!(refused.refused);
    assert!(refused.body.contains("Write the last day away"), "{}", refused.body);
    assert_eq!(post(&[("act", "nonsense")]).await.status, StatusCode::NOT_FOUND);
    let said = post(&[("act", "away"), ("until", "2027-02-15")]).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
    assert!(house.person(&person.id).await.absent_until.is_some());
    let page = house.send(axum::http::Method::GET, &path, &[("cookie", &cookie)], "").await;
    assert!(page.body.contains("No reply waits for you") && !page.body.contains("class=\"count\""));
    assert!(post(&[("act", "handled")]).await.refused, "seen to once, as something else");
    let contact = format!("/rounds/{FIRST}/contacts/{}", person.id);
    let page = house.send(axum::http::Method::GET, &contact, &[("cookie", &cookie)], "").await;
    assert!(page.body.contains("Wrote back") && page.body.contains("away until 2027-02-15"), "it stays in the story");
}

#[tokio::test]
async fn s11_a_reply_of_another_round_is_unknown() {
    let mut house = house().await;
    let person = wrote_back(&mut house, SECOND, "Subject: Re: Your view", "Not now, please.").await;
    let (cookie, csrf) = house.log_in().await;
    let theirs =
        house.send(axum::http::Method::GET, &format!("/rounds/{SECOND}/replies"), &[("cookie", &cookie)], "").await;
    let reply = theirs.hidden("blockquote", "reply");
    let ours = format!("/rounds/{FIRST}/replies");
    let page = house.send(axum::http::Method::GET, &ours, &[("cookie", &cookie)], "").await;
    assert!(!page.body.contains("Not now, please."));
    let fields = [("csrf", csrf.as_str()), ("reply", &reply), ("known", "0"), ("act", "opt_out")];
    let said = house.post_with(&ours, &[("cookie", &cookie)], &fields).await;
    assert_eq!(said.status, StatusCode::NOT_FOUND);
    assert!(house.person(&person.id).await.opted_out_at.is_none());
}

#[tokio::test]
async fn a_challenge_says_plainly_what_it_wants() {
    let mut house = house().await;
    let head = "Subject: Please confirm your message\r\nAuto-Submitted: auto-replied";
    wrote_back(&mut house, FIRST, head, "Your message is being held until you confirm that you sent it.").await;
    let (cookie, _) = house.log_in().await;
    let path = format!("/rounds/{FIRST}/replies");
    let page = house.send(axum::http::Method::GET, &path, &[("cookie", &cookie)], "").await;
    assert!(page.body.contains("wants a press before it takes our mail"), "{}", page.body);
    assert!(page.body.contains("until then nobody has read it"), "{}", page.body);
}

/// An automatic reply to the first person's invitation, and the page of the reply desk.
async fn answered_by_machine(words: &str) -> (House, Person, String, String) {
    let mut house = house().await;
    let head =
        "Subject: Automatic reply: Your view\r\nAuto-Submitted: auto-replied\r\nDate: Mon, 08 Feb 2027 10:05:00 +0000";
    let person = wrote_back(&mut house, FIRST, head, words).await;
    let (cookie, csrf) = house.log_in().await;
    (house, person, cookie, csrf)
}

#[tokio::test]
async fn a_long_absence_waits_for_one_press() {
    let (house, person, cookie, csrf) = answered_by_machine("I am on maternity leave until 1 December 2027.").await;
    assert_eq!(house.person(&person.id).await.absent_until, None, "nobody has believed it yet");
    let path = format!("/rounds/{FIRST}/replies");
    let page = house.send(axum::http::Method::GET, &path, &[("cookie", &cookie)], "").await;
    for said in ["automatic reply: away for long", "Away until Wed 1 Dec", "Ignore it"] {
        assert!(page.body.contains(said), "{said}\n{}", page.body);
    }
    let reply = page.hidden("blockquote", "reply");
    let mail = [("csrf", csrf.as_str()), ("reply", reply.as_str()), ("known", "0")];
    let post = async |act: &str| {
        let fields = [&mail[..], &[("act", act)]].concat();
        house.post_with(&path, &[("cookie", &cookie)], &fields).await
    };
    for _ in 0..2 {
        let said = post("accept_absence").await;
        assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
    }
    let person = house.person(&person.id).await;
    assert!(person.absent_until.is_some());
    assert!(post("opt_out").await.refused, "decided once");
    assert!(house.person(&person.id).await.opted_out_at.is_none(), "and nothing else of the old page is done");
}

#[tokio::test]
async fn a_new_address_is_taken_by_a_person_and_signed_again() {
    let words = "Our company is now called NewAcme, my new address is new.name@newacme.example. The old one works until 30 June 2027.";
    let (house, person, cookie, csrf) = answered_by_machine(words).await;
    let path = format!("/rounds/{FIRST}/replies");
    let page = house.send(axum::http::Method::GET, &path, &[("cookie", &cookie)], "").await;
    assert!(page.body.contains("Correct the address to new.name@newacme.example"), "{}", page.body);
    let before = house.person(&person.id).await;
    assert_eq!((before.email.as_str(), before.absent_until), (person.email.as_str(), None));
    let reply = page.hidden("blockquote", "reply");
    let fields = [("csrf", csrf.as_str()), ("reply", reply.as_str()), ("known", "0"), ("act", "accept_address")];
    let said = house.post_with(&path, &[("cookie", &cookie)], &fields).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
    let after = house.person(&person.id).await;
    assert_eq!(after.email.as_str(), "new.name@newacme.example");
    assert_ne!(after.standing, crate::rules::signoff::Standing::Signed, "the names are signed again");
}

#[tokio::test]
async fn of_two_proposals_each_is_decided() {
    let words = "I am on maternity leave until 1 December 2027. My new address is new.name@newacme.example.";
    let (house, person, cookie, csrf) = answered_by_machine(words).await;
    let path = format!("/rounds/{FIRST}/replies");
    let page = house.send(axum::http::Method::GET, &path, &[("cookie", &cookie)], "").await;
    let reply = page.hidden("blockquote", "reply");
    for (known, act) in [("0", "accept_absence"), ("1", "accept_address")] {
        let page = house.send(axum::http::Method::GET, &path, &[("cookie", &cookie)], "").await;
        assert!(page.body.contains("1 reply waits for you"), "{act} is still to be decided");
        let fields = [("csrf", csrf.as_str()), ("reply", reply.as_str()), ("known", known), ("act", act)];
        assert_eq!(house.post_with(&path, &[("cookie", &cookie)], &fields).await.status, StatusCode::SEE_OTHER);
    }
    let after = house.person(&person.id).await;
    assert!(after.absent_until.is_some() && after.email.as_str() == "new.name@newacme.example");
    let page = house.send(axum::http::Method::GET, &path, &[("cookie", &cookie)], "").await;
    assert!(page.body.contains("No reply waits for you"));
}

#[tokio::test]
async fn what_is_ignored_changes_nothing_and_an_offer_is_never_asked_about() {
    let (house, person, cookie, csrf) = answered_by_machine("My last day at Acme is 31 March 2027.").await;
    let path = format!("/rounds/{FIRST}/replies");
    let page = house.send(axum::http::Method::GET, &path, &[("cookie", &cookie)], "").await;
    assert!(page.body.contains("automatic reply: is leaving"), "{}", page.body);
    let reply = page.hidden("blockquote", "reply");
    let fields = [("csrf", csrf.as_str()), ("reply", reply.as_str()), ("known", "0"), ("act", "ignore")];
    assert_eq!(house.post_with(&path, &[("cookie", &cookie)], &fields).await.status, StatusCode::SEE_OTHER);
    let after = house.person(&person.id).await;
    assert_eq!((after.absent_until, after.left_at), (None, None));
    let (house, person, cookie, _) = answered_by_machine("Our spring offer is valid until 31 May 2027.").await;
    let page = house.send(axum::http::Method::GET, &path, &[("cookie", &cookie)], "").await;
    assert!(page.body.contains("No reply waits for you"));
    assert_eq!(house.person(&person.id).await.absent_until, None);
}

/// Somebody has written back, and the desk is open.
struct Desk {
    house: House,
    person: Person,
    cookie: String,
    csrf: String,
    path: String,
}

async fn desk() -> Desk {
    let mut house = house().await;
    let head = "Subject: Re: Your view\r\nMessage-ID: <theirs@globex.example>";
    let person = wrote_back(&mut house, FIRST, head, "May Ida join me?").await;
    let (cookie, csrf) = house.log_in().await;
    Desk { house, person, cookie, csrf, path: format!("/rounds/{FIRST}/replies") }
}

impl Desk {
    async fn get(&self, words: &str) -> String {
        let at = format!("{}{words}", self.path);
        let said = self.house.send(axum::http::Method::GET, &at, &[("cookie", &self.cookie)], "").await;
        assert_eq!(said.status, StatusCode::OK, "{}", said.body);
        said.body
    }

    /// What stands in the form of this press.
    async fn form(&self, words: &str, act: &str) -> (String, String) {
        let page = self.get(words).await;
        let from = page.find(&format!("name=\"act\" value=\"{act}\"")).expect(act);
        let hidden = |name: &str| {
            let field = format!("name=\"{name}\" value=\"");
            page[from..].split(&field).nth(1).expect(name).split('"').next().unwrap().to_string()
        };
        (hidden("reply"), hidden("known"))
    }

    async fn press(&self, act: &str, (reply, known): &(String, String), rest: &[(&str, &str)]) -> Said {
        let all = [("act", act), ("csrf", self.csrf.as_str()), ("reply", reply.as_str()), ("known", known.as_str())];
        let all: Vec<_> = all.iter().chain(rest).copied().collect();
        self.house.post_with(&self.path, &[("cookie", &self.cookie)], &all).await
    }

    async fn mails(&self, kind: MessageKind) -> Vec<outbox::Message> {
        let mut tx = self.house.ctx.db.read().await.unwrap();
        let mut all = outbox::page(&mut tx, &Lane::System, None, 50, 0).await.unwrap();
        all.retain(|m| m.kind == kind);
        all
    }
}

#[tokio::test]
async fn an_answer_is_written_once_and_what_was_typed_is_kept_when_it_is_refused() {
    let d = desk().await;
    let page = d.get("").await;
    assert!(page.contains("Leaves at once, in the name of ") && page.contains("Keep it on the desk"), "{page}");
    let form = d.form("", "answer").await;
    let refused = d.press("answer", &form, &[("words", "Thank you for the sur\u{76}ey, Ann.")]).await;
    assert!(refused.refused && refused.body.contains(", Ann.</textarea>"), "{}", refused.body);
    assert!(refused.body.contains("which our mails never say"), "{}", refused.body);
    assert!(d.mails(MessageKind::DeskAnswer).await.is_empty());
    for _ in 0..2 {
        let said = d.press("answer", &form, &[("words", "Dear Ann, Ida is welcome.")]).await;
        assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
    }
    let mails = d.mails(MessageKind::DeskAnswer).await;
    assert_eq!((mails.len(), mails[0].to_email.as_str()), (1, d.person.email.as_str()));
    assert!(d.get("").await.contains("No reply waits for you"));
    let done = d.get("?show=done").await;
    assert!(
        done.contains("answered it") && done.contains("Dear Ann, Ida is welcome.") && done.contains("on its way"),
        "{done}"
    );
    assert!(!done.contains("value=\"answer\""), "what is done is done");
    let contact = format!("/rounds/{FIRST}/contacts/{}", d.person.id);
    let story = d.house.send(axum::http::Method::GET, &contact, &[("cookie", &d.cookie)], "").await.body;
    assert!(story.contains("Answered a reply") && story.contains("Dear Ann, Ida is welcome."), "{story}");
}

#[tokio::test]
async fn a_mail_is_taken_given_back_and_put_off_and_the_filters_say_so() {
    let d = desk().await;
    assert!(d.get("?show=nobody").await.contains("1 reply of nobody"));
    let first = d.form("", "take").await;
    assert_eq!(d.press("take", &first, &[]).await.status, StatusCode::SEE_OTHER);
    assert!(
        d.get("?show=mine").await.contains("1 reply with you")
            && d.get("?show=nobody").await.contains("No mail stands here.")
    );
    // The second press of two hears what the first one did; another press of the old page is refused.
    assert_eq!(d.press("take", &first, &[]).await.status, StatusCode::SEE_OTHER);
    let late = d.press("note", &first, &[("note", "called her")]).await;
    assert!(late.refused && late.body.contains("since this page was opened"), "{}", late.body);
    assert!(late.body.contains("value=\"called her\""), "what was typed stays: {}", late.body);
    let said = d.press("give", &d.form("", "give").await, &[("to", "nobody")]).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
    let form = d.form("", "put_off").await;
    let refused = d.press("put_off", &form, &[("until", "soon")]).await;
    assert!(refused.refused && refused.body.contains("value=\"soon\""), "{}", refused.body);
    assert_eq!(d.press("put_off", &form, &[("until", "2027-01-28")]).await.status, StatusCode::SEE_OTHER);
    assert!(d.get("").await.contains("No reply waits for you"));
    let later = d.get("?show=later").await;
    assert!(later.contains("1 reply put off until a day") && later.contains("Comes back"), "{later}");
    let form = d.form("?show=later", "put_on").await;
    assert_eq!(d.press("put_on", &form, &[]).await.status, StatusCode::SEE_OTHER);
    assert!(d.get("").await.contains("1 reply waits for you"));
}

#[tokio::test]
async fn what_was_typed_stays_wherever_the_mail_has_gone() {
    let d = desk().await;
    let old = d.form("", "answer").await;
    let typed = [("words", "Dear Ann, Ida is welcome.")];
    assert_eq!(d.press("put_off", &old, &[("until", "2027-01-28")]).await.status, StatusCode::SEE_OTHER);
    // It stands on another part of the desk by now: its card comes along.
    let late = d.press("answer", &old, &typed).await;
    assert!(late.refused && late.body.contains("since this page was opened"), "{}", late.body);
    assert!(late.body.contains("Ida is welcome.</textarea>"), "{}", late.body);
    assert_eq!(d.press("handled", &d.form("?show=later", "handled").await, &[]).await.status, StatusCode::SEE_OTHER);
    // It has no form any more.
    let gone = d.press("answer", &old, &typed).await;
    assert!(gone.refused && gone.body.contains("Somebody has seen to this mail already."), "{}", gone.body);
    assert!(
        gone.body.contains("What you typed") && gone.body.contains("Ida is welcome.</blockquote>"),
        "{}",
        gone.body
    );
    assert!(d.mails(MessageKind::DeskAnswer).await.is_empty());
}

#[tokio::test]
async fn whoever_wants_no_mail_is_offered_no_answer_and_what_was_typed_stays() {
    let d = desk().await;
    let form = d.form("", "answer").await;
    let how = "told on the telephone".to_string();
    let said = OptOutAsTold { contact: d.person.id.clone(), length: Length::ThisRound, how };
    d.house.ctx.order(&Actor::operator(OPERATOR), said).await.unwrap();
    let page = d.get("").await;
    assert!(!page.contains("value=\"answer\"") && page.contains("has asked not to be written to"), "{page}");
    let refused = d.press("answer", &form, &[("words", "One more word.")]).await;
    assert!(refused.refused && refused.body.contains("One more word.</blockquote>"), "{}", refused.body);
}

#[tokio::test]
async fn a_mail_is_forwarded_to_whom_the_form_offers_and_to_nobody_else() {
    let d = desk().await;
    let account = d.house.account(&d.person.account_id).await;
    let page = d.get("").await;
    assert!(page.contains(&format!("{}, account director", account.director_name)), "{page}");
    let form = d.form("", "forward").await;
    let wrong = d.press("forward", &form, &[("to", "x@evil.example"), ("words", "look")]).await;
    assert!(wrong.refused && wrong.body.contains("Choose to whom it goes."), "{}", wrong.body);
    assert!(d.mails(MessageKind::Forwarded).await.is_empty());
    let said = d.press("forward", &form, &[("to", "director"), ("words", "look")]).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
    let mails = d.mails(MessageKind::Forwarded).await;
    assert_eq!((mails.len(), mails[0].to_email.as_str()), (1, account.director_email.as_str()));
    assert!(d.get("").await.contains("forwarded it to "), "it stays until it is seen to");
}

#[tokio::test]
async fn a_call_is_noted_on_the_desk_as_on_the_call_list() {
    let d = desk().await;
    d.house.everybody_can_be_called().await;
    let form = d.form("", "call").await;
    let refused = d.press("call", &form, &[("outcome", "on_leave"), ("calls", "0"), ("day", "soon")]).await;
    assert!(refused.refused, "{}", refused.body);
    let said = d.press("call", &form, &[("outcome", "will_answer"), ("calls", "0"), ("note", "by Friday")]).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
    let contact = format!("/rounds/{FIRST}/contacts/{}", d.person.id);
    let story = d.house.send(axum::http::Method::GET, &contact, &[("cookie", &d.cookie)], "").await.body;
    assert!(story.contains("Called") && story.contains("will answer: by Friday"), "{story}");
    assert!(d.get("").await.contains("1 reply waits for you"), "it stays until it is seen to");
}
