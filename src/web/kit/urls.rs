//! The address of every page: the pattern by which the router knows it, and beside it the function that fills the pattern.
//!
//! The addresses of mails, of the API and of the probes are a contract; see `docs`. What is put into a pattern is an id, the name of a
//! round or the secret of a link, none of which needs to be escaped.

use crate::base::ids::{AccountId, BulkId, ContactId, MessageId, UploadId};

/// What a part is filled with: text, or the id that it names.
macro_rules! filling {
    () => {
        &str
    };
    ($id:ident) => {
        &$id
    };
}

/// A part filled with its own name.
#[cfg(test)]
macro_rules! named {
    ($part:ident) => {
        stringify!($part)
    };
    ($part:ident $id:ident) => {
        &$id::from(stringify!($part))
    };
}

macro_rules! addresses {
    ($($pattern:ident = $text:literal $(, $fill:ident($($part:ident $(: $id:ident)?),+))?;)+) => {
        $(
            pub const $pattern: &str = $text;
            $(
                pub fn $fill($($part: filling!($($id)?)),+) -> String {
                    format!($text, $($part = $part),+)
                }
            )?
        )+

        /// Every pattern.
        pub const ALL: &[&str] = &[$($pattern),+];

        /// Every pattern that has parts, with what its function makes of their names.
        #[cfg(test)]
        fn filled() -> Vec<(&'static str, String, Vec<&'static str>)> {
            vec![$($(($pattern, $fill($(named!($part $($id)?)),+), vec![$(stringify!($part)),+]),)?)+]
        }
    };
}

addresses! {
    ROUNDS = "/";
    LOG_IN = "/log-in";
    LOG_OUT = "/log-out";
    OPERATORS = "/operators";
    SENDING = "/sending";
    JOURNAL = "/journal";

    API_DESCRIPTION = "/api/openapi.json";
    API_ROUNDS = "/api/v1/rounds";
    API_STATUS = "/api/v1/rounds/{round}/status";
    API_PLAN = "/api/v1/rounds/{round}/plan";
    API_CONTACTS = "/api/v1/rounds/{round}/contacts";
    API_ACCOUNTS = "/api/v1/rounds/{round}/accounts";
    API_MESSAGES = "/api/v1/rounds/{round}/messages";
    API_RESPONSES = "/api/v1/rounds/{round}/responses";
    API_REPAIRS = "/api/v1/rounds/{round}/repairs";
    API_JOURNAL = "/api/v1/rounds/{round}/journal";
    API_ALARMS = "/api/v1/alarms";
    API_LIST = "/api/v1/rounds/{round}/list";
    API_ORDERS = "/api/v1/rounds/{round}/orders";
    API_OPT_OUT = "/api/v1/rounds/{round}/contacts/{contact}/opt-out";
    API_LEFT = "/api/v1/rounds/{round}/contacts/{contact}/left";
    API_CALLS = "/api/v1/rounds/{round}/contacts/{contact}/calls";
    HEALTHZ = "/healthz";
    READYZ = "/readyz";
    METRICS = "/metrics";

    STYLE = "/style.css";
    CONSOLE_SCRIPT = "/console.js";
    LIVE_SCRIPT = "/live.js";
    ASSESSMENT_SCRIPT = "/assessment.js";

    LOGIN = "/login/{token}", login(token);
    NEW_ROUND = "/rounds/new";
    FOLDER = "/rounds/new/folder";
    ROUND = "/rounds/{round}", round(round);
    EVENTS = "/rounds/{round}/events", events(round);
    FIND = "/rounds/{round}/find", find(round);
    SETTINGS = "/rounds/{round}/settings", settings(round);
    QUESTIONS = "/rounds/{round}/questions", questions(round);
    CHECK = "/rounds/{round}/check", check(round);
    NEXT_ROUND = "/rounds/{round}/next", next_round(round);
    CONTACTS = "/rounds/{round}/contacts", contacts(round);
    LIST = "/rounds/{round}/list", list(round);
    UPLOAD = "/rounds/{round}/list/{upload}", upload(round, upload: UploadId);
    FINDINGS = "/rounds/{round}/list/{upload}/findings", findings(round, upload: UploadId);
    CORRECTIONS = "/rounds/{round}/list/{upload}/corrections.xlsx", corrections(round, upload: UploadId);
    DIFFERENCE = "/rounds/{round}/list/{upload}/difference", difference(round, upload: UploadId);
    CONTACT = "/rounds/{round}/contacts/{contact}", contact(round, contact: ContactId);
    BULK = "/rounds/{round}/contacts/bulk", bulk(round);
    BULK_DONE = "/rounds/{round}/contacts/bulk/{bulk}", bulk_done(round, bulk: BulkId);
    ACCOUNTS = "/rounds/{round}/accounts", accounts(round);
    ACCOUNT = "/rounds/{round}/accounts/{account}", account(round, account: AccountId);
    MESSAGE = "/rounds/{round}/messages/{message}", message(round, message: MessageId);
    LETTER = "/rounds/{round}/messages/{message}/letter", letter(round, message: MessageId);
    BOARD = "/rounds/{round}/sign-off", board(round);
    ACCOUNT_SIGN_OFF = "/rounds/{round}/sign-off/{account}", account_sign_off(round, account: AccountId);
    DIRECTORS = "/rounds/{round}/sign-off/directors", directors(round);
    SIGNING_SUMMARY = "/rounds/{round}/sign-off/summary", signing_summary(round);
    REPAIRS = "/rounds/{round}/repairs", repairs(round);
    CALLS = "/rounds/{round}/calls", calls(round);
    PLAN = "/rounds/{round}/plan", plan(round);
    PLAN_CSV = "/rounds/{round}/plan.csv", plan_csv(round);
    PLAN_JSON = "/rounds/{round}/plan.json", plan_json(round);
    PAUSE = "/rounds/{round}/plan/pause", pause(round);
    PLAN_CHANGE = "/rounds/{round}/plan/change", plan_change(round);
    TEXTS = "/rounds/{round}/plan/words", texts(round);
    TEXT_LETTERS = "/rounds/{round}/plan/words/letters", text_letters(round);
    TEXT_VERSIONS = "/rounds/{round}/plan/words/versions", text_versions(round);
    APPROVAL = "/rounds/{round}/plan/approval", approval(round);
    OUTBOX = "/rounds/{round}/outbox", outbox(round);
    REPLIES = "/rounds/{round}/replies", replies(round);
    VIEWS = "/rounds/{round}/views", views(round);
    HAND_OVER = "/rounds/{round}/hand-over", hand_over(round);
    OUTCOMES = "/rounds/{round}/outcomes", outcomes(round);
    REPORT = "/rounds/{round}/report", report(round);
    REPORT_STYLE = "/rounds/{round}/report.css", report_style(round);
    EXPORT = "/rounds/{round}/export/{file}", export(round, file);

    SIGN_OFF = "/sign-off/{token}", sign_off(token);
    REPAIR = "/repair/{token}", repair(token);
    TEAM = "/team/{token}", team(token);
    CLIENT_PLAN = "/plan/{token}", client_plan(token);
    CLIENT_LETTERS = "/plan/{token}/letters", client_letters(token);
    TEST_LETTER = "/test-letter";
    ASSESSMENT = "/assessment/{token}", assessment(token);
    OPT_OUT = "/opt-out/{token}", opt_out(token);

    ACCENT = "/accent/{file}", accent(file);
}

/// What stands before the first part that is filled.
fn beginning(pattern: &str) -> &str {
    pattern.split('{').next().unwrap_or(pattern)
}

pub fn is_of_the_api(path: &str) -> bool {
    path.starts_with("/api/")
}

/// What programs read and do; the rest is for whoever watches the program.
pub fn is_of_the_programs(path: &str) -> bool {
    path.starts_with("/api/v1/")
}

pub fn is_of_the_console(path: &str) -> bool {
    [beginning(ROUND), OPERATORS, SENDING, JOURNAL].iter().any(|begin| path.starts_with(begin))
}

/// For somebody who knows, or is about to see, the list of rounds.
pub fn is_of_an_operator(path: &str) -> bool {
    path.starts_with("/rounds") || path == ROUNDS || is_of_the_log_in(path)
}

pub fn is_of_the_log_in(path: &str) -> bool {
    path.starts_with("/log-")
}

pub fn is_behind_the_log_in(path: &str) -> bool {
    is_of_the_console(path) || path == ROUNDS || path.starts_with("/log")
}

pub fn is_of_a_visitor(path: &str) -> bool {
    [ASSESSMENT, OPT_OUT, SIGN_OFF, REPAIR, TEAM, CLIENT_PLAN]
        .iter()
        .any(|pattern| path.starts_with(beginning(pattern)))
}

/// Pages of contacts, who read them in their own language.
pub fn is_of_a_contact(path: &str) -> bool {
    [ASSESSMENT, OPT_OUT].iter().any(|pattern| path.starts_with(beginning(pattern)))
}

pub fn is_of_opting_out(path: &str) -> bool {
    path.starts_with(beginning(OPT_OUT))
}

/// Where files are sent to that are larger than any form.
pub fn takes_files(path: &str) -> bool {
    if path == FOLDER {
        return true;
    }
    is_of_a_round(path, "/list") || is_a_list_of_the_api(path)
}

fn is_a_list_of_the_api(path: &str) -> bool {
    let round = path.strip_prefix(beginning(API_LIST)).and_then(|rest| rest.strip_suffix("/list"));
    round.is_some_and(|round| !round.contains('/'))
}

/// Where the settings of a round are sent to.
pub fn takes_settings(path: &str) -> bool {
    is_of_a_round(path, "/settings")
}

fn is_of_a_round(path: &str, page: &str) -> bool {
    let round = path.strip_prefix(beginning(ROUND)).and_then(|rest| rest.strip_suffix(page));
    round.is_some_and(|round| !round.contains('/'))
}

/// What load balancers and monitors ask for.
pub fn is_probe(path: &str) -> bool {
    [HEALTHZ, READYZ, METRICS].contains(&path)
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::extract::{MatchedPath, RawPathParams, Request};
    use axum::routing::get;
    use tower::ServiceExt;

    use super::*;
    use crate::steps::context::Purpose;

    async fn found(pages: &Router, path: &str) -> String {
        let request = Request::builder().uri(path).body(Body::empty()).unwrap();
        let answer = pages.clone().oneshot(request).await.unwrap();
        String::from_utf8(to_bytes(answer.into_body(), usize::MAX).await.unwrap().into()).unwrap()
    }

    #[tokio::test]
    async fn what_a_function_fills_is_found_by_its_pattern_with_every_part_in_its_place() {
        let told = async |pattern: MatchedPath, parts: RawPathParams| {
            let parts: Vec<String> = parts.iter().map(|(name, value)| format!("{name}={value}")).collect();
            format!("{} {}", pattern.as_str(), parts.join(" "))
        };
        let all = filled();
        let pages = all.iter().fold(Router::new(), |pages, (pattern, _, _)| pages.route(pattern, get(told)));
        for (pattern, path, parts) in &all {
            let parts: Vec<String> = parts.iter().map(|part| format!("{part}={part}")).collect();
            assert_eq!(found(&pages, path).await, format!("{pattern} {}", parts.join(" ")));
        }
        // The twin: an address of no page is found by none.
        assert_eq!(found(&pages, &format!("{}/x", outbox("r"))).await, "");
    }

    #[test]
    fn every_link_in_a_mail_has_its_page() {
        for door in Purpose::ALL.map(Purpose::word) {
            let pattern = format!("/{door}/{{token}}");
            assert!(filled().iter().any(|(known, _, _)| *known == pattern), "{pattern}");
        }
    }

    #[test]
    fn whose_page_an_address_is_is_told_by_its_beginning() {
        assert!(is_of_the_console(&plan("r")) && is_of_the_console(SENDING) && !is_of_the_console(&client_plan("t")));
        assert!(is_of_a_visitor(&client_plan("t")) && !is_of_a_visitor(&plan("r")) && !is_of_a_visitor(&login("t")));
        assert!(is_behind_the_log_in(&login("t")) && is_behind_the_log_in(ROUNDS) && !is_behind_the_log_in("/x"));
        assert!(takes_files(FOLDER) && !takes_files(NEW_ROUND));
        assert!(takes_files(&list("r")) && !takes_files(&contacts("r")) && !takes_files("/rounds/r/x/list"));
        assert!(
            takes_settings(&settings("r"))
                && !takes_settings(&questions("r"))
                && !takes_settings("/rounds/r/x/settings")
        );
        assert!(
            is_of_a_contact(&assessment("t")) && is_of_a_contact(&opt_out("t")) && !is_of_a_contact(&client_plan("t"))
        );
        assert!(is_of_opting_out(&opt_out("t")) && !is_of_opting_out(&assessment("t")));
    }
}
