//! Every form of the console as a kind: found on the pages themselves, sent empty, sent filled in, and sent twice.
//!
//! After each one stands at a place that there is, with one sentence about what was done or why not; no form ends on a page of its own.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};

use crate::base::address::EmailAddress;
use crate::rules::journal::Actor;
use crate::rules::plan::Scope;
use crate::steps::contacts::objections;
use crate::steps::installation::operators;
use crate::steps::plan::pauses::{self, NewPause};
use crate::steps::response;
use crate::web::tests::fixture::*;
use crate::web::tests::links::repair::left;

use super::account_sign_off;
use super::events_told;
use super::gateways;
use super::incidents::begins;
use super::lists::asked::asked;
use super::replies::wrote_back;

/// A form as it stands on a page.
#[derive(Clone, Debug)]
struct Form {
    page: String,
    action: String,
    act: String,
    hidden: Vec<(String, String)>,
    /// Name, and the values that a list offers.
    fields: Vec<(String, Vec<String>)>,
}

fn plain(html: &str) -> String {
    html.replace("&#60;", "<").replace("&#62;", ">").replace("&#34;", "\"").replace("&#39;", "'").replace("&#38;", "&")
}

fn of<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    tag.split(&format!(" {name}=\"")).nth(1)?.split('"').next()
}

fn forms(page: &str, body: &str) -> Vec<Form> {
    let own = body.split("<form method=\"post\"").skip(1).map(|f| f.split("</form>").next().unwrap());
    own.map(|f| {
        let mut form = Form {
            page: page.into(),
            action: plain(of(f, "action").unwrap()),
            act: String::new(),
            hidden: Vec::new(),
            fields: Vec::new(),
        };
        for tag in f.split('<').filter(|t| t.contains(" name=\"")) {
            let (name, value) = (of(tag, "name").unwrap(), plain(of(tag, "value").unwrap_or("")));
            match of(tag, "type") {
                _ if tag.starts_with("button") => {}
                Some("hidden") if name == "act" => form.act = value,
                Some("hidden") => form.hidden.push((name.into(), value)),
                _ => {
                    let list = f.split(&format!("name=\"{name}\"")).nth(1).unwrap();
                    let list = if tag.starts_with("select") { list.split("</select>").next().unwrap() } else { "" };
                    let offered = list.split("<option value=\"").skip(1).map(|o| plain(o.split('"').next().unwrap()));
                    form.fields.push((name.into(), offered.collect()));
                }
            }
        }
        form
    })
    .filter(|f| !f.act.is_empty())
    .collect()
}

/// What somebody would type.
fn typed(form: &Form, name: &str, offered: &[String]) -> String {
    if let Some(last) = offered.iter().rfind(|o| !o.is_empty()) {
        return if form.act == "correct" { offered[0].clone() } else { last.clone() };
    }
    match name {
        "email" => "new.address@moore-powell.example".into(),
        "until" | "when" | "from" => "2027-02-15".into(),
        // Not every outcome of a call takes one.
        "day" => String::new(),
        "confirm" | "sure" | "last" => "yes".into(),
        _ => "Written by a test".into(),
    }
}

impl Form {
    fn filled(&self) -> Vec<(String, String)> {
        let fields = self.fields.iter().map(|(name, offered)| (name.clone(), typed(self, name, offered)));
        // An address that looks wrong is asked back; here it is meant.
        let rest = [("act".to_string(), self.act.clone()), ("sure".to_string(), "yes".to_string())];
        self.hidden.iter().cloned().chain(fields).chain(rest).collect()
    }

    fn empty(&self) -> Vec<(String, String)> {
        let fields = self.fields.iter().map(|(name, _)| (name.clone(), String::new()));
        self.hidden.iter().cloned().chain(fields).chain([("act".to_string(), self.act.clone())]).collect()
    }
}

/// A round in which everything is offered that the console offers.
async fn busy() -> (House, String, Vec<String>) {
    let mut h = house().await;
    asked(&h).await;
    left(&h, 12).await;
    let person = wrote_back(&mut h, FIRST, "Subject: Re: Your view", "Not now, please.").await;
    crate::steps::signoff::ask(&h.ctx).await.unwrap();
    crate::steps::repair::ask(&h.ctx).await.unwrap();
    begins(&h, "globex.example").await;
    events_told::not_taken(&h).await;
    gateways::says(&h, "umbra.example", "554 5.7.1 on a blocklist").await;
    h.ctx
        .order(
            &Actor::operator("test"),
            operators::AddOperator { email: EmailAddress::parse("second@soundings.example").unwrap() },
        )
        .await
        .unwrap();
    h.ctx.order(&Actor::operator("test"), operators::AddKey { name: "crm & more".to_string() }).await.unwrap();
    for scope in ["FR", "DE"] {
        let pause =
            NewPause { scope: Scope::parse("country", scope).unwrap(), why: "A test".into(), from: None, until: None };
        h.ctx.order(&Actor::operator("test"), pauses::PausePeople { slug: FIRST.into(), pause }).await.unwrap();
    }
    let people = h.people(FIRST).await;
    h.ctx
        .order(
            &Actor::operator("test"),
            response::OptOutAsTold {
                contact: people[20].id.clone(),
                length: response::Length::NeverAgain,
                how: "said so".to_string(),
            },
        )
        .await
        .unwrap();
    let (cookie, _) = h.log_in().await;
    h.log_in().await;
    let round = format!("/rounds/{FIRST}");
    let mut pages = vec!["/operators".to_string(), "/sending".into(), round.clone()];
    let lists = [
        "/sign-off?show=unsigned",
        "/repairs",
        "/calls",
        "/plan",
        "/plan/approval",
        "/outbox?state=planned",
        "/replies",
        "/hand-over",
    ];
    pages.extend(lists.map(|path| format!("{round}{path}")));
    pages.extend([&person, &people[12], &people[20]].map(|p| format!("{round}/contacts/{}", p.id)));
    pages.push(account_sign_off::unsigned(&h).await);
    (h, cookie, pages)
}

async fn all_forms(h: &House, cookie: &str, pages: &[String]) -> Vec<Form> {
    let (mut all, mut known) = (Vec::new(), BTreeSet::new());
    for page in pages {
        let said = h.send(Method::GET, page, &[("cookie", cookie)], "").await;
        assert_eq!(said.status, StatusCode::OK, "{page}");
        let own = forms(page, &said.body).into_iter();
        let myself = ("email".to_string(), OPERATOR.to_string());
        all.extend(own.filter(|f| {
            !f.hidden.contains(&myself) && known.insert((f.page.split('/').nth(3).map(String::from), f.act.clone()))
        }));
    }
    all
}

async fn sent(h: &House, cookie: &str, action: &str, fields: &[(String, String)]) -> Said {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let body = crate::web::kit::forms::query::query(&fields);
    let with = [("cookie", cookie), ("content-type", "application/x-www-form-urlencoded")];
    h.send(Method::POST, action, &with, body.trim_start_matches('?')).await
}

/// The page to which an answer leads, after a look at where one stands there.
async fn stands(h: &House, cookie: &str, form: &Form, said: &Said) -> String {
    let there = said.header("location");
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}: {} {}", form.page, form.act, said.body);
    let (address, place) = there.split_once('#').unwrap_or((there, "no place"));
    let (from, to) = (form.page.split('?').next().unwrap(), address.split('?').next().unwrap());
    assert_eq!(from, to, "{form:?} leads elsewhere");
    for filter in form.page.split('?').skip(1) {
        assert!(address.contains(filter), "{form:?} forgets the filter: {there}");
    }
    let page = h.send(Method::GET, there, &[("cookie", cookie)], "").await;
    assert_eq!(page.status, StatusCode::OK, "{there}");
    assert!(page.body.contains(&format!("id=\"{place}\"")), "{form:?}: there is no {place} at {there}");
    page.body
}

fn says(body: &str, tone: &str) -> bool {
    let role = if tone == "wrong" { "alert" } else { "status" };
    body.contains(&format!("<p class=\"banner {tone}\" role=\"{role}\""))
}

#[tokio::test]
async fn after_every_form_of_the_console_one_stands_at_a_place_with_a_sentence() {
    let (h, cookie, pages) = busy().await;
    let found = all_forms(&h, &cookie, &pages).await;
    let acts: BTreeSet<&str> = found.iter().map(|f| f.act.as_str()).collect();
    for act in [
        "answer",
        "ask_again",
        "record",
        "lift",
        "hold",
        "release_gateway",
        "handled",
        "take",
        "give",
        "note",
        "put_off",
        "forward",
        "save_view",
        "opt_out",
        "left",
        "away",
        "correct",
        "remove",
        "consent",
        "close_task",
        "stays",
        "replace",
        "retry_incident",
        "confirm_incident",
        "pause",
        "close",
        "remove_operator",
        "remove_key",
        "end_sessions",
        "ask",
        "resume",
        "opt_out_round",
        "leave_out",
        "tell_events",
        "leave_event_out",
    ] {
        assert!(acts.contains(act), "{act} is offered nowhere: {acts:?}");
    }
    for form in &found {
        // A house of its own for each: one act takes the others away. The same seed gives the same forms.
        let (h, cookie, pages) = busy().await;
        let here: Vec<String> = pages.into_iter().filter(|p| *p == form.page).collect();
        let own = all_forms(&h, &cookie, &here).await;
        let form = own.iter().find(|f| f.act == form.act).unwrap();
        if !form.fields.is_empty() {
            let said = sent(&h, &cookie, &form.action, &form.empty()).await;
            let body = stands(&h, &cookie, form, &said).await;
            let optional = ["handled", "save_view"].contains(&form.act.as_str());
            assert!(optional || body.contains("aria-invalid=\"true\""), "{form:?}: {body}");
            if optional {
                continue;
            }
        }
        let body = stands(&h, &cookie, form, &sent(&h, &cookie, &form.action, &form.filled()).await).await;
        assert!(says(&body, "good"), "{form:?}: {}", body.split("<main").nth(1).unwrap());
        if form.act != "close" {
            let body = stands(&h, &cookie, form, &sent(&h, &cookie, &form.action, &form.filled()).await).await;
            let answered = says(&body, "good") || says(&body, "wrong") || body.contains("aria-invalid=\"true\"");
            assert!(answered, "twice {form:?}: {}", body.split("<main").nth(1).unwrap());
        }
    }
}

#[tokio::test]
async fn where_a_row_has_gone_one_stands_at_the_next_one() {
    let (h, cookie, _) = busy().await;
    let page = format!("/rounds/{FIRST}/outbox?state=planned");
    let body = h.send(Method::GET, &page, &[("cookie", &cookie)], "").await.body;
    let hold: Vec<Form> = forms(&page, &body).into_iter().filter(|f| f.act == "hold").collect();
    let id = |form: &Form| form.hidden.iter().find(|(name, _)| name == "message").unwrap().1.clone();
    let said = sent(&h, &cookie, &hold[0].action, &hold[0].filled()).await;
    match hold.get(1) {
        Some(next) => assert!(
            said.header("location").ends_with(&format!("#message-{}", id(next))),
            "{} {next:?}",
            said.header("location")
        ),
        None => assert!(said.header("location").ends_with("#messages")),
    }
    // The twin: where it stays, one stands at the row itself.
    let page = format!("/rounds/{FIRST}/outbox");
    let body = h.send(Method::GET, &page, &[("cookie", &cookie)], "").await.body;
    let form = forms(&page, &body).into_iter().find(|f| f.act == "hold" || f.act == "release").unwrap();
    let said = sent(&h, &cookie, &form.action, &form.filled()).await;
    assert!(said.header("location").ends_with(&format!("#message-{}", id(&form))), "{}", said.header("location"));
}

#[tokio::test]
async fn a_second_new_consent_is_answered_where_it_was_given() {
    let h = house().await;
    let (cookie, csrf) = h.log_in().await;
    let person = h.people(FIRST).await[3].clone();
    let path = format!("/rounds/{FIRST}/contacts/{}", person.id);
    let consent = [("act", "consent"), ("who", "X"), ("when", "2027-01-20"), ("reason", "by phone"), ("csrf", &csrf)];
    let said = h.post_with(&path, &[("cookie", &cookie)], &consent).await;
    assert!(said.refused && says(&said.body, "wrong"), "{}", said.body);
    assert!(said.body.contains("has not opted out") && said.body.contains(&person.last_name), "{}", said.body);
    // What is kept is shown where it belongs and nowhere else.
    let again = h.send(Method::GET, &path, &[("cookie", &cookie)], "").await;
    assert!(!says(&again.body, "wrong"));
    assert!(
        h.ctx
            .order(
                &Actor::operator("test"),
                objections::RecordConsent { contact: person.id.clone(), evidence: "x".to_string() }
            )
            .await
            .is_err()
    );
}
