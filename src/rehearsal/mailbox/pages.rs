//! The mailbox in a browser: what people would have received, for demos.
//!
//! Mails are shown as hostile as they may be: text escaped, HTML in a frame of its own without scripts, forms, cookies or remote content.

use std::fmt::Write;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;

use super::received::is_link;
use super::{Mailbox, Received};

/// Mails on one page of the list.
const ON_A_PAGE: usize = 100;

const PAGE_POLICY: &str = "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; \
                           frame-ancestors 'none'";

/// Links may open a new tab, and nothing else may happen.
const MAIL_POLICY: &str = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; \
                           img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/// `/mailbox`, `/mailbox/{number}` and `/mailbox/{number}/html`.
pub fn router(mailbox: Mailbox) -> Router {
    Router::new()
        .route("/mailbox", get(list))
        .route("/mailbox/{number}", get(mail))
        .route("/mailbox/{number}/html", get(html))
        .with_state(mailbox)
}

#[derive(Deserialize)]
struct Before {
    before: Option<u64>,
}

async fn list(State(mailbox): State<Mailbox>, Query(Before { before }): Query<Before>) -> Response {
    let mails = mailbox.latest(before.unwrap_or(u64::MAX), ON_A_PAGE);
    let mut rows = String::new();
    for mail in &mails {
        let Received { number, at, .. } = mail;
        let (to, subject) = (escape(&mail.to.join(", ")), escape(mail.subject()));
        let (kind, copies) = (escape(&mail.kind.replace('_', " ")), copies(mail));
        let _ = writeln!(
            rows,
            "<tr><td>{number}</td><td><time>{at}</time></td><td>{kind}{copies}</td><td>{to}</td>\
             <td><a href=\"/mailbox/{number}\">{subject}</a></td></tr>"
        );
    }
    let older = match mails.last() {
        Some(last) if mails.len() == ON_A_PAGE => {
            format!("<p><a href=\"/mailbox?before={}\">Older mails</a></p>", last.number)
        }
        _ => String::new(),
    };
    let count = mailbox.count();
    let body = format!(
        "<p>{count} mails so far, newest first. They have gone nowhere else.</p>\n<table>\n<thead><tr><th>No.</th><th>Arrived \
         (UTC)</th><th>Kind</th><th>To</th><th>Subject</th></tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n{older}"
    );
    page("Mailbox", &body)
}

async fn mail(State(mailbox): State<Mailbox>, Path(number): Path<u64>) -> Response {
    let Some(mail) = mailbox.get(number) else { return not_there(number) };
    let mut facts = String::new();
    for name in ["From", "To", "Reply-To", "Date", "Message-ID", "X-Soundings-Kind", "List-Unsubscribe"] {
        if let Some(value) = mail.header(name) {
            let _ = writeln!(facts, "<tr><th>{name}</th><td>{}</td></tr>", escape(value));
        }
    }
    let _ = writeln!(facts, "<tr><th>Envelope</th><td>{}</td></tr>", escape(&mail.to.join(", ")));
    let mut text = String::new();
    for line in mail.text.lines() {
        let shown = escape(line);
        let _ = match is_link(line.trim()) {
            true => writeln!(text, "<a href=\"{}\" rel=\"noreferrer\">{shown}</a>", escape(line.trim())),
            false => writeln!(text, "{shown}"),
        };
    }
    let frame = match mail.html.is_empty() {
        true => String::new(),
        false => format!(
            "<h2>HTML</h2>\n<iframe title=\"The mail as HTML\" src=\"/mailbox/{number}/html\" width=\"100%\" height=\"800\" \
             sandbox=\"allow-popups allow-popups-to-escape-sandbox\"></iframe>"
        ),
    };
    let body = format!(
        "<p><a href=\"/mailbox\">All mails</a>{}</p>\n<article>\n<table><tbody>\n{facts}</tbody></table>\n<h2>Text</h2>\n\
         <pre>{text}</pre>\n{frame}\n</article>",
        copies(&mail)
    );
    page(mail.subject(), &body)
}

async fn html(State(mailbox): State<Mailbox>, Path(number): Path<u64>) -> Response {
    let Some(mail) = mailbox.get(number) else { return not_there(number) };
    // In the frame a link could show nothing, so it opens a tab.
    with_policy(MAIL_POLICY, Html(format!("<base target=\"_blank\">{}", mail.html)))
}

fn copies(mail: &Received) -> String {
    if mail.copies > 1 { format!(" <strong>{} copies</strong>", mail.copies) } else { String::new() }
}

fn not_there(number: u64) -> Response {
    let body = format!("<p>There is no mail {number}. <a href=\"/mailbox\">All mails</a></p>");
    (StatusCode::NOT_FOUND, page("No such mail", &body)).into_response()
}

fn page(title: &str, body: &str) -> Response {
    let title = escape(title);
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n<link rel=\"stylesheet\" href=\"/style.css\">\n\
         </head>\n<body class=\"console\">\n<header><h1>{title}</h1></header>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    );
    with_policy(PAGE_POLICY, Html(html))
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

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
