//! The mailbox in a browser: what people would have received, for demos. A page of the console's kind: the list with its filters, the mail
//! beside it.
//!
//! Mails are shown as hostile as they may be: text escaped, HTML in a frame of its own without scripts, forms, cookies or remote content.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::rules::calendar::Zone;
use crate::rules::message::MessageKind;
use crate::web::kit::times::{exact, when};
use crate::web::kit::views::frame::{Console, RoundNav, When, plural};

use super::filter::{Filter, kind_of};
use super::received::{Received, is_link};
use super::server::Mailbox;

/// Mails on one page of the list.
const ON_A_PAGE: usize = 100;
/// Names that the search field offers.
const NAMES: usize = 500;

const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; frame-src 'self'; base-uri 'none'; \
                           form-action 'self'; frame-ancestors 'none'";

/// Links may open a new tab, and nothing else may happen.
const MAIL_POLICY: &str = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; \
                           img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/// What the pages know beside the mails.
#[derive(Clone, Debug, Default)]
pub struct PlayedRound {
    /// The round that is played: its pages are one press away.
    pub round: Option<RoundNav>,
    /// In whose time things are told.
    pub zone: Option<Zone>,
    /// Of the people on the list, by address: where they are.
    pub accounts: BTreeMap<String, String>,
}

impl PlayedRound {
    /// A successor is where the others of his domain are.
    fn account(&self, address: &str) -> &str {
        let Ok(address) = EmailAddress::parse(address) else { return "" };
        if let Some(account) = self.accounts.get(&address.key()) {
            return account;
        }
        let domain = format!("@{}", address.domain());
        self.accounts.iter().find(|(known, _)| known.ends_with(&domain)).map_or("", |(_, account)| account)
    }
}

/// `/mailbox`, `/mailbox/{number}` and `/mailbox/{number}/html`.
pub fn router(mailbox: Mailbox, played: PlayedRound) -> Router {
    Router::new()
        .route("/mailbox", get(list))
        .route("/mailbox/{number}", get(mail))
        .route("/mailbox/{number}/html", get(html))
        .with_state((mailbox, played))
}

#[derive(Template)]
#[template(path = "pages/mailbox/mailbox.html")]
struct MailboxPage {
    console: Console,
    /// One mail was asked for; on a phone it stands alone.
    open: bool,
    total: String,
    filter: Filter,
    filtered: bool,
    kinds: Vec<(&'static str, &'static str)>,
    accounts: BTreeSet<String>,
    people: BTreeSet<String>,
    rows: Vec<Row>,
    older: Option<String>,
    back: String,
    mail: Option<Shown>,
}

struct Row {
    href: String,
    current: bool,
    to: String,
    when: When,
    subject: String,
    kind: String,
    account: String,
    copies: u32,
}

struct Shown {
    number: u64,
    subject: String,
    from: String,
    to: String,
    exact: String,
    kind: String,
    copies: u32,
    /// The mail's own links, by what they are for.
    links: Vec<(&'static str, String)>,
    html: bool,
    /// With whether the line is a link and nothing else.
    lines: Vec<(String, bool)>,
    header: Vec<(&'static str, String)>,
}

type Known = State<(Mailbox, PlayedRound)>;

async fn list(State((mailbox, played)): Known, Query(filter): Query<Filter>) -> Response {
    page(&mailbox, &played, filter, None)
}

async fn mail(State((mailbox, played)): Known, Path(number): Path<u64>, Query(filter): Query<Filter>) -> Response {
    match mailbox.get(number) {
        Some(mail) => page(&mailbox, &played, filter, Some(mail)),
        None => not_there(number),
    }
}

fn page(mailbox: &Mailbox, played: &PlayedRound, filter: Filter, asked: Option<Received>) -> Response {
    let (now, zone) = (mailbox.now(), played.zone.clone().or_else(|| Zone::find("UTC")));
    let Some(zone) = zone else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let heads = mailbox.heads();
    let account = |address: &str| played.account(address).to_string();
    let found: Vec<_> =
        heads.iter().rev().filter(|head| filter.admits(head, &account(&head.to))).take(ON_A_PAGE + 1).collect();
    let open = asked.is_some();
    // Beside a list that nobody has chosen from, the newest is shown.
    let mail = asked.or_else(|| found.first().and_then(|head| mailbox.get(head.number)));
    let current = mail.as_ref().map(|mail| mail.number);
    let rows: Vec<Row> = found
        .iter()
        .take(ON_A_PAGE)
        .map(|head| Row {
            href: format!("/mailbox/{}{}", head.number, filter.query(filter.before)),
            current: current == Some(head.number),
            to: head.name.clone(),
            when: when(head.at, now, &zone),
            subject: head.subject.clone(),
            kind: kind_of(&head.kind),
            account: account(&head.to),
            copies: head.copies,
        })
        .collect();
    let last = found.get(ON_A_PAGE - 1).filter(|_| found.len() > ON_A_PAGE);
    let page = MailboxPage {
        console: Console { round: played.round.clone(), ..Console::default() },
        open,
        total: plural(heads.len(), "mail", "mails"),
        filtered: filter.is_set(),
        kinds: MessageKind::ALL
            .into_iter()
            .filter(|kind| heads.iter().any(|head| head.kind == kind.as_str()))
            .map(|kind| (kind.as_str(), kind.label()))
            .collect(),
        accounts: played.accounts.values().cloned().collect(),
        people: heads.iter().map(|head| head.name.clone()).take(NAMES).collect(),
        rows,
        older: last.map(|last| format!("/mailbox{}", filter.query(Some(last.number)))),
        back: format!("/mailbox{}", filter.query(filter.before)),
        mail: mail.map(|mail| shown(&mail, now, &zone)),
        filter,
    };
    match page.render() {
        Ok(html) => with_policy(PAGE_POLICY, Html(html)),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn shown(mail: &Received, now: Ts, zone: &Zone) -> Shown {
    let header = |name: &'static str| mail.header(name).map(|value| (name, value.to_string()));
    let links = [
        ("Open the page to sign", "/sign-off/"),
        ("Open the assessment", "/assessment/"),
        ("Open the repair page", "/repair/"),
        ("Open the page of the accounts", "/team/"),
        ("Open the plan", "/plan/"),
        ("Log in", "/login/"),
        ("Opt out", "/opt-out/"),
    ];
    Shown {
        number: mail.number,
        subject: if mail.subject().is_empty() { "No subject".into() } else { mail.subject().into() },
        from: mail.header("from").unwrap_or(&mail.from).replace('"', ""),
        to: mail.header("to").map_or_else(|| mail.to.join(", "), |to| to.replace('"', "")),
        exact: exact(mail.at, now, zone),
        kind: kind_of(&mail.kind),
        copies: mail.copies,
        links: links.into_iter().filter_map(|(label, path)| Some((label, mail.link(path)?.to_string()))).collect(),
        html: !mail.html.is_empty(),
        lines: mail.text.lines().map(|line| (line.to_string(), is_link(line))).collect(),
        header: ["Reply-To", "Date", "Message-ID", "List-Unsubscribe", "X-Soundings-Kind"]
            .into_iter()
            .filter_map(header)
            .chain([("Envelope", format!("{} to {}", mail.from, mail.to.join(", ")))])
            .collect(),
    }
}

async fn html(State((mailbox, _)): Known, Path(number): Path<u64>) -> Response {
    let Some(mail) = mailbox.get(number) else { return not_there(number) };
    // In the frame a link could show nothing, so it opens a tab.
    with_policy(MAIL_POLICY, Html(format!("<base target=\"_blank\">{}", mail.html)))
}

fn not_there(number: u64) -> Response {
    let text = format!(
        "<!doctype html><html lang=\"en\"><head><title>No such mail</title><link rel=\"stylesheet\" href=\"/style.css\"></head>\
         <body class=\"console\"><main><h1>There is no mail {number}</h1><p><a href=\"/mailbox\">All mails</a></p></main></body></html>"
    );
    (StatusCode::NOT_FOUND, with_policy(PAGE_POLICY, Html(text))).into_response()
}

fn with_policy(policy: &'static str, html: Html<String>) -> Response {
    let headers = [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, html).into_response()
}
