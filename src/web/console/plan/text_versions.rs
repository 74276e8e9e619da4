//! The versions of a text: who changed what and when; an earlier one can be taken up again, which makes a new one.

use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::base::sentence::capitalised;
use crate::rules::letters::{Line, line_difference};
use crate::rules::round::{MailText, RoundState};
use crate::steps::Live;
use crate::steps::letters::versions::{self, TextVersion, WordsVersion};
use crate::web::console::views::text_versions::{TextVersionsPage, VersionCard, WordsChange, WordsVersionsPage};
use crate::web::kit::door::session::Operator;
use crate::web::kit::forms::fields::{Fields, Words};
use crate::web::kit::forms::query::query;
use crate::web::kit::frames::{console, home, round};
use crate::web::kit::problem::Answer;
use crate::web::kit::state::Web;
use crate::web::kit::times::exact;
use crate::web::kit::views::frame::Link;
use crate::web::kit::views::page::respond;
use crate::web::kit::{names, urls};

use super::text_names::{in_language, label};
use super::texts::Asked;

/// GET `/rounds/{round}/plan/words/versions?language=en&name=reminder`; without a name the changes of all texts.
pub async fn page(State(web): State<Web>, Path(slug): Path<String>, by: Operator, Words(words): Words) -> Answer {
    let live = round(&web, &slug).await?;
    if words.get("name").is_empty() {
        return list(&web, &live, &by, &words).await;
    }
    let asked = Asked::saved(&words, &live)?;
    let all = versions::versions(&web.ctx, &live, asked.language, asked.name).await?;
    let (now, zone) = (web.ctx.clock.now(), home(&live));
    let card = |(place, version): (usize, &TextVersion)| VersionCard {
        number: all.len() - place,
        at: exact(version.at, now, &zone),
        by: version.by.clone().unwrap_or_default(),
        lines: lines(version),
        // The newest is there already.
        again: version.text.as_ref().filter(|_| place > 0 && live.state != RoundState::Closed).cloned(),
    };
    let there = query(&[("language", asked.language), ("name", asked.name)]);
    let page = TextVersionsPage {
        console: console(&web, &by, Some(&live), "plan", &words),
        title: format!("{} in {}", capitalised(&label(asked.name)), names::language(asked.language)),
        versions: all.iter().enumerate().map(card).collect(),
        language: asked.language.into(),
        name: asked.name.into(),
        version: live.version,
        text: format!("{}{there}", urls::texts(&live.slug)),
        action: urls::texts(&live.slug),
    };
    Ok(respond(StatusCode::OK, &page))
}

async fn list(web: &Web, live: &Live, by: &Operator, words: &Fields) -> Answer {
    let (now, zone) = (web.ctx.clock.now(), home(live));
    let link = |text: &String| {
        let (language, name) = text.split_once('/').unwrap_or_default();
        let there = query(&[("language", language), ("name", name)]);
        Link::new(capitalised(&in_language(text)), format!("{}{there}", urls::text_versions(&live.slug)))
    };
    let row = |version: &WordsVersion| WordsChange {
        at: exact(version.at, now, &zone),
        by: version.by.clone().unwrap_or_default(),
        texts: version.texts.iter().map(link).collect(),
    };
    let page = WordsVersionsPage {
        console: console(web, by, Some(live), "plan", words),
        rows: versions::all(&web.ctx, live).await?.iter().map(row).collect(),
        words: urls::texts(&live.slug),
    };
    Ok(respond(StatusCode::OK, &page))
}

/// What it changed: each line with "gone", "new" or nothing before it.
fn lines(version: &TextVersion) -> Vec<(&'static str, String)> {
    let (before, after) = (whole(version.before.as_ref()), whole(version.text.as_ref()));
    let said = |line: Line<'_>| match line {
        Line::Same(text) => ("", text.to_owned()),
        Line::Gone(text) => ("gone", text.to_owned()),
        Line::New(text) => ("new", text.to_owned()),
    };
    line_difference(&before, &after).into_iter().map(said).collect()
}

fn whole(text: Option<&MailText>) -> String {
    text.map_or_else(String::new, |text| format!("{}\n\n{}", text.subject, text.body))
}
