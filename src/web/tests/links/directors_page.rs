//! The director's page: in the language of the round, small, with nothing that a robot can do, and each act done where it stands.

use std::path::Path;

use axum::http::StatusCode;

use crate::base::address::EmailAddress;
use crate::intake::folder;
use crate::rules::contacts::{ListedContact, Role};
use crate::rules::journal::Actor;
use crate::rules::signoff::Standing;
use crate::steps::round::{RoundOrder, TellRound, load};
use crate::store::replies;
use crate::web::kit::views::director_phrases::DirectorPhrases;
use crate::web::tests::fixture::*;

/// The demo's round once more, in this language and with this many people at its first account; one of them has a remark. The path of the
/// page of that account's director.
pub async fn round_in(h: &House, language: &str, people: usize) -> String {
    round_with(h, language, people, |_| ()).await
}

/// The same with something else about them; the second one has the remark.
pub async fn round_with(h: &House, language: &str, people: usize, change: impl FnOnce(&mut [ListedContact])) -> String {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/demo");
    let mut round = folder::read(&demo).unwrap();
    let slug = format!("page-{language}-{people}");
    round.spec.round = slug.clone();
    round.spec.language = language.into();
    // The page with a code has tests of its own.
    round.spec.signoff.human_step_strategic = crate::rules::round::HumanStep::Count;
    let like = round.list.accepted[0].clone();
    round.list.accepted.retain(|row| row.account == like.account);
    round.list.accepted.truncate(people);
    for n in round.list.accepted.len()..people {
        let mut row = like.clone();
        (row.first_name, row.last_name) = ("Pat".into(), format!("Number{n}"));
        row.email = EmailAddress::parse(&format!("pat.number{n}@harrowgate.example")).unwrap();
        row.line = n as u64 + 100;
        round.list.accepted.push(row);
    }
    let finding = crate::rules::contacts::Finding {
        line: round.list.accepted[1].line,
        code: "private_mailbox".into(),
        severity: crate::rules::contacts::Severity::Warning,
        field: "email".into(),
        value: "james@gmail.com".into(),
        message: "Row 3: james@gmail.com is a private mailbox. Write the address at work.".into(),
    };
    round.list.accepted[1].findings.push(finding);
    round.list.accepted[1].job_title = String::new();
    change(&mut round.list.accepted);
    load(&h.ctx, round, &Actor::operator("test")).await.unwrap();
    let start = TellRound { slug: slug.clone(), order: RoundOrder::Start };
    h.ctx.order(&Actor::operator("test"), start).await.unwrap();
    h.requests(&slug).await.remove(0).1
}

/// Who has the remark, and the account.
pub async fn with_remark(h: &House, path: &str) -> (String, String) {
    let page = h.get(path).await;
    (page.hidden("type=\"checkbox\" name=\"right\"", "right"), page.hidden("value=\"sign\"", "account"))
}

/// The names and values of every form of a page, as a robot sends them that fills what it can guess and presses the button: whatever is
/// chosen already stays, boxes stay as they are, and lines that are empty get a word.
fn as_a_robot(page: &str) -> Vec<Vec<(String, String)>> {
    let attribute = |tag: &str, name: &str| {
        let from = tag.find(&format!(" {name}=\""))? + name.len() + 3;
        Some(tag[from..].split('"').next()?.replace("&#38;", "&"))
    };
    let mut forms = Vec::new();
    for form in page.split("<form ").skip(1).map(|rest| rest.split("</form>").next().unwrap()) {
        let mut fields = Vec::new();
        for tag in form.split('<').skip(1) {
            let Some(name) = attribute(tag, "name") else { continue };
            let value = attribute(tag, "value").unwrap_or_default();
            if tag.starts_with("textarea") {
                fields.push((name, "Great offer".into()));
            } else if tag.starts_with("select") {
                let chosen = form.split(&format!("name=\"{name}\"")).nth(1).unwrap_or_default();
                let list = chosen.split("</select>").next().unwrap_or_default();
                let option =
                    list.split("<option").skip(1).find(|o| o.contains(" selected")).or(list.split("<option").nth(1));
                fields.push((name, option.and_then(|o| attribute(o, "value")).unwrap_or_default()));
            } else if tag.starts_with("input")
                && !["checkbox", "radio"].iter().any(|t| tag.contains(&format!("type=\"{t}\"")))
            {
                let guess = if name == "email" {
                    "robot@example.com"
                } else if name == "count" {
                    "1"
                } else {
                    "Robot"
                };
                fields.push((name, if value.is_empty() { guess.into() } else { value }));
            }
        }
        forms.push(fields);
    }
    forms
}

#[tokio::test]
async fn s21_a_robot_that_fills_what_it_can_guess_and_presses_every_button_changes_nothing() {
    let h = house().await;
    let path = round_in(&h, "en", 5).await;
    let (contact, account) = with_remark(&h, &path).await;
    let before = h.facts().await;
    let mut acts = Vec::new();
    for page in [path.clone(), format!("{path}?open={contact}"), format!("{path}?open={account}")] {
        let said = h.get(&page).await;
        assert_eq!(said.status, StatusCode::OK);
        for fields in as_a_robot(&said.body) {
            acts.push(fields.iter().find(|(name, _)| name == "act").unwrap().1.clone());
            let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            let said = h.post_all(&path, &[], &fields).await;
            assert!(said.refused, "{fields:?}: {}", said.body);
        }
    }
    acts.sort();
    acts.dedup();
    assert_eq!(acts, ["add", "ask", "correct", "delegate", "keep", "remove", "replace", "sign"]);
    assert!(h.facts().await == before, "a robot has changed something");
}

#[tokio::test]
async fn a_remark_is_kept_with_a_tick_and_that_is_taken_back_with_another() {
    let h = house().await;
    let path = round_in(&h, "en", 5).await;
    let (contact, account) = with_remark(&h, &path).await;
    let page = h.get(&path).await;
    assert!(
        page.body.contains("james@gmail.com is a private mailbox.") && page.body.contains("4 names without remarks")
    );
    let keep = [("act", "keep"), ("account", &*account), ("right", &*contact)];
    let (first, second) = (h.post(&path, &keep).await, h.post(&path, &keep).await);
    assert_eq!((first.status, first.header("location")), (StatusCode::SEE_OTHER, second.header("location")));
    let page = h.get(first.header("location")).await;
    assert!(page.body.contains("Saved as ticked.") && !page.body.contains("private mailbox"), "{}", page.body);
    assert!(page.body.contains("5 names without remarks") && page.body.contains("<details class=\"fold\" open>"));
    // A robot has no tick for it.
    let change = page.hidden("value=\"undo\"", "change");
    let undo = [("act", "undo"), ("account", &*account), ("change", &*change)];
    assert!(h.post(&path, &undo).await.refused);
    let undo = [("act", "undo"), ("account", &*account), ("change", &*change), ("confirm", "yes")];
    for _ in 0..2 {
        assert_eq!(h.post(&path, &undo).await.status, StatusCode::SEE_OTHER);
        assert!(h.get(&path).await.body.contains("private mailbox"));
    }
}

#[tokio::test]
async fn somebody_takes_a_place_somebody_is_added_and_both_are_counted() {
    let h = house().await;
    let path = round_in(&h, "en", 5).await;
    let (contact, account) = with_remark(&h, &path).await;
    let person = |act: &'static str, role: &'static str, email: &'static str| {
        vec![
            ("act", act),
            ("first_name", "Nora"),
            ("last_name", "New"),
            ("email", email),
            ("job_title", "Head of Purchasing"),
            ("role", role),
        ]
    };
    let post = async |mut fields: Vec<(&'static str, &'static str)>, contact: &str| {
        let mut all: Vec<(&str, &str)> = std::mem::take(&mut fields);
        all.push(("account", &account));
        if !contact.is_empty() {
            all.push(("contact", contact));
        }
        h.post(&path, &all).await
    };
    for (act, of) in [("add", ""), ("replace", contact.as_str())] {
        let said = post(person(act, "", "nora.new@harrowgate.example"), of).await;
        assert!(said.refused && said.body.contains("Choose a role."), "{act}: a role is chosen: {}", said.body);
        let said = post(person(act, "influencer", "eleanor.whitfield@harrowgate.example"), of).await;
        assert!(said.refused && said.body.contains("is on the list already: Eleanor Whitfield"), "{}", said.body);
        let id = if of.is_empty() { &account } else { of };
        assert!(said.body.contains(&format!("id=\"{act}-{id}-email-error\"")), "{act}: not at the field");
    }
    let done = post(person("replace", "influencer", "nora.new@harrowgate.example"), &contact).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    let page = h.get(done.header("location")).await;
    assert!(page.body.contains("Nora New is on the list of Harrowgate Pharma now."), "{}", page.body);
    let again = post(person("replace", "influencer", "nora.new@harrowgate.example"), &contact).await;
    assert_eq!(again.header("location"), done.header("location"), "twice is once");
    let done = post(person("add", "key_decision_maker", "nora@harrowgate.example"), "").await;
    assert!(h.get(done.header("location")).await.body.contains("waits for your signature."));
    // Six wait now: the one who was replaced does not.
    let page = h.get(&path).await;
    let fingerprint = page.hidden("value=\"sign\"", "fingerprint");
    let sign = |count: &'static str| vec![("act", "sign"), ("count", count)];
    let mut wrong = sign("5");
    wrong.push(("fingerprint", Box::leak(fingerprint.clone().into_boxed_str())));
    assert!(post(wrong, "").await.refused);
    let mut right = sign("6");
    right.push(("fingerprint", Box::leak(fingerprint.into_boxed_str())));
    assert_eq!(post(right, "").await.status, StatusCode::SEE_OTHER);
    assert_ne!(h.account(&(&*account).into()).await.standing, Standing::Unsigned);
}

#[tokio::test]
async fn a_question_lies_on_the_reply_desk_with_its_account_and_can_be_answered_by_mail() {
    let h = house().await;
    let (request, path) = &h.requests(FIRST).await[0];
    let account = h.get(path).await.hidden("value=\"sign\"", "account");
    let ask = |topic: &'static str, text: &'static str| {
        let account = account.clone();
        let h = &h;
        async move {
            let fields = [("act", "ask"), ("account", &*account), ("topic", topic), ("question", text)];
            h.post_all(path, &[], &fields).await
        }
    };
    assert!(ask("", "Who is Ann?").await.refused, "a topic is chosen");
    assert!(ask("name", "").await.refused);
    for _ in 0..2 {
        let said = ask("name", "Who is Ann?\r\n<script>alert(1)</script>").await;
        assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
        assert!(h.get(said.header("location")).await.body.contains("has been sent. We answer by mail."));
    }
    let page = h.get(path).await;
    assert!(page.body.contains("You have asked, and we will answer:") && !page.body.contains("<script>alert"));
    let (cookie, csrf) = h.log_in().await;
    let with = [("cookie", cookie.as_str())];
    let desk = format!("/rounds/{FIRST}/replies");
    let said = h.send(axum::http::Method::GET, &desk, &with, "").await;
    let mailto = format!("mailto:{}?subject=Re%3A%20Question%20about%20", request.email);
    assert!(said.body.contains("1 reply waits for you") && said.body.contains(&mailto), "{}", said.body);
    assert!(
        said.body.contains("asks about a list") && said.body.contains("Asked on the sign-off page, as a director of ")
    );
    assert!(!said.body.contains("<script>alert(1)") && said.body.contains("A name on the list"));
    let reply = said.hidden("blockquote", "reply");
    let seen = [("csrf", csrf.as_str()), ("reply", reply.as_str()), ("known", "0")];
    let fields = [&seen[..], &[("act", "handled"), ("note", "told her")]].concat();
    assert_eq!(h.post_with(&desk, &with, &fields).await.status, StatusCode::SEE_OTHER);
    assert!(!h.get(path).await.body.contains("You have asked"), "it is answered");
    // So many may wait, and no more.
    for n in 0..20 {
        let text: &'static str = Box::leak(format!("Question {n}").into_boxed_str());
        assert_eq!(ask("other", text).await.status, StatusCode::SEE_OTHER);
    }
    let said = ask("other", "One more").await;
    assert!(said.refused && said.body.contains("20 of your questions wait for an answer already."), "{}", said.body);
    let open = replies::open_questions(&mut h.ctx.db.read().await.unwrap(), &request.id).await.unwrap();
    assert_eq!(open.len(), 20);
}

#[tokio::test]
async fn the_page_speaks_the_language_of_the_round_and_of_no_other() {
    let h = house().await;
    let english = DirectorPhrases::of("en");
    for language in ["de", "fr"] {
        let path = round_in(&h, language, 6).await;
        let words = DirectorPhrases::of(language);
        let (contact, account) = with_remark(&h, &path).await;
        let mut pages = vec![h.get(&path).await.body, h.get(&format!("{path}?open={contact}")).await.body];
        for fields in [
            vec![("act", "sign"), ("count", "99")],
            vec![("act", "correct"), ("contact", &*contact), ("email", "anna@")],
            vec![("act", "remove"), ("contact", &*contact)],
            vec![("act", "add"), ("email", "anna@")],
            vec![("act", "add"), ("first_name", "A"), ("last_name", "Bee"), ("email", "anna@"), ("role", "influencer")],
            vec![("act", "ask"), ("topic", "name")],
            vec![("act", "keep")],
        ] {
            let fields: Vec<_> = fields.into_iter().chain([("account", &*account)]).collect();
            let said = h.post_all(&path, &[], &fields).await;
            assert!(said.refused, "{fields:?}");
            pages.push(said.body);
        }
        for body in pages {
            assert!(body.contains(&format!("<html lang=\"{language}\"")));
            for ((name, text), (_, own)) in english.all().into_iter().zip(words.all()) {
                // What a filled phrase shows between its places; short words may be names of other things.
                for part in text.split(['{', '}']).step_by(2).map(str::trim).filter(|part| part.len() > 12) {
                    let shown = part.replace('\'', "&#39;");
                    assert!(!body.contains(&shown) || own.contains(part), "{language}: {name}: {part}");
                }
            }
            assert!(!body.contains("private mailbox"), "{language}: a remark in English");
        }
        let first = h.get(&path).await.body;
        assert!(first.contains(words.count_label) && first.contains(words.to_sign));
    }
    // A language that we do not have is English, and says so.
    let path = round_in(&h, "en", 6).await;
    assert!(h.get(&path).await.body.contains("<html lang=\"en\""));
}

#[tokio::test]
async fn a_page_of_many_names_stays_small() {
    let h = house().await;
    let path = round_in(&h, "en", 113).await;
    let body = h.get(&path).await.body;
    assert_eq!(body.matches("<li class=\"person\"").count(), 113);
    assert!(body.len() < 150_000, "{}", body.len());
    let path = round_in(&h, "de", 20).await;
    let body = h.get(&path).await.body;
    assert!(body.len() < 30_000, "{}", body.len());
}

#[tokio::test]
async fn of_several_accounts_the_first_that_waits_is_open_and_stays_so() {
    let h = house().await;
    let all = h.requests(FIRST).await;
    let mut several = None;
    for (_, path) in &all {
        let page = h.get(path).await;
        if page.body.matches("<details class=\"one\"").count() > 1 {
            several = Some((path.clone(), page));
            break;
        }
    }
    let (path, page) = several.expect("a director of several accounts");
    assert_eq!(page.body.matches("<details class=\"one\" open>").count(), 1);
    let links: Vec<&str> = page.body.split("<ul class=\"tasks\">").nth(1).unwrap().split("href=\"").skip(1).collect();
    let second = links[1].split('"').next().unwrap().replace("&#38;", "&");
    let page = h.get(second.split('#').next().unwrap()).await;
    assert_eq!(page.body.matches("<details class=\"one\" open>").count(), 2, "what was open stays open: {path}");
}

#[tokio::test]
async fn a_role_that_the_list_lacks_is_chosen_at_its_row_and_a_correction_says_what_it_was() {
    let h = house().await;
    let path = round_with(&h, "en", 4, |rows| rows[1].role = Role::Unknown).await;
    let (who, account) = with_remark(&h, &path).await;
    let role = format!("role.{who}");
    assert_eq!(h.get(&path).await.body.matches(&format!("type=\"radio\" name=\"{role}\"")).count(), 3);
    let keep = [("act", "keep"), ("account", &*account)];
    let nothing = h.post(&path, &keep).await;
    assert!(nothing.refused && nothing.body.contains("or choose a role"), "{}", nothing.body);
    let foreign = h.people(FIRST).await.remove(0).id;
    let other = format!("role.{foreign}");
    assert!(h.post(&path, &[keep[0], keep[1], (&*other, "influencer")]).await.refused, "another's name");
    let chosen = [keep[0], keep[1], (&*role, "influencer"), ("right", &*who)];
    assert_eq!(h.post(&path, &chosen).await.status, StatusCode::SEE_OTHER);
    let row = h.person(&(&*who).into()).await;
    assert_eq!((row.role, row.findings.as_str()), (Role::Influencer, "[]"));
    assert!(!h.get(&path).await.body.contains(&role));

    let mut fields = vec![
        ("act", "correct"),
        ("account", &*account),
        ("contact", &*who),
        ("first_name", &row.first_name),
        ("last_name", &row.last_name),
        ("email", row.email.as_str()),
        ("job_title", "Head of Stores"),
        ("role", "influencer"),
    ];
    let said = h.post(&path, &fields).await;
    assert!(said.refused && said.body.contains("Tick the box beneath what you have corrected"), "{}", said.body);
    fields.push(("confirm", "yes"));
    assert_eq!(h.post(&path, &fields).await.status, StatusCode::SEE_OTHER);
    let mut tx = h.ctx.db.read().await.unwrap();
    let told = crate::store::journal::of_subject(&mut tx, &who).await.unwrap();
    assert_eq!(told.iter().filter(|entry| entry.detail.ends_with(". Job title or role")).count(), 2, "{told:?}");
}
