//! Which page answers at which address, and what stands around all of them.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use crate::web::kit::door::{damaged_links, guard};
use crate::web::kit::forms::fields::{LARGEST_BODY, LARGEST_SETTINGS};
use crate::web::kit::forms::files::LARGEST_FILE;
use crate::web::kit::forms::{refused_forms, return_place};
use crate::web::kit::{assets, urls};

use super::api;
use super::console::{
    access, accounts, calls, contacts, export, handover, journal, lists, plan, repairs, replies, rounds, saved_views,
    sending, signoff as console_signoff,
};
use super::kit::state::Web;
use super::links::{approval, opt_out, repair, response, signoff, team};

/// Every page and the API.
pub fn router(web: Web) -> Router {
    let console = Router::new()
        .route(urls::ROUNDS, get(rounds::list::list))
        .route(urls::LOG_IN, get(access::login::page).post(access::login::ask))
        .route(urls::LOGIN, get(access::login::confirm_page).post(access::login::log_in))
        .route(urls::LOG_OUT, axum::routing::post(access::login::log_out))
        .route(urls::OPERATORS, get(access::operators::page).post(access::operators::act))
        .route(urls::SENDING, get(sending::holds::page).post(sending::holds::act))
        .route(urls::JOURNAL, get(journal::page))
        .route(urls::ROUND, get(rounds::overview::page).post(rounds::overview::act))
        .route(urls::EVENTS, get(rounds::events::events))
        .route(urls::NEW_ROUND, get(rounds::new::page).post(rounds::new::act))
        .route(
            urls::FOLDER,
            get(rounds::new::page).post(rounds::from_folder::receive).layer(DefaultBodyLimit::max(LARGEST_FILE)),
        )
        .route(
            urls::SETTINGS,
            get(rounds::settings::page).post(rounds::settings::act).layer(DefaultBodyLimit::max(LARGEST_SETTINGS)),
        )
        .route(urls::QUESTIONS, get(rounds::questions::page).post(rounds::questions::act))
        .route(urls::CHECK, get(rounds::check::page).post(rounds::check::act))
        .route(urls::NEXT_ROUND, get(rounds::next::page).post(rounds::next::act))
        .route(urls::CONTACTS, get(contacts::list::list))
        .route(urls::FIND, get(contacts::find::find))
        .route(urls::CONTACT, get(contacts::contact::page).post(contacts::contact::act))
        .route(urls::BULK, get(contacts::bulk::page).post(contacts::bulk::act))
        .route(urls::BULK_DONE, get(contacts::bulk_done::page).post(contacts::bulk_done::act))
        .route(urls::ACCOUNTS, get(accounts::list::page))
        .route(urls::ACCOUNT, get(accounts::account::page))
        .route(
            urls::LIST,
            get(lists::upload::page).post(lists::upload::receive).layer(DefaultBodyLimit::max(LARGEST_FILE)),
        )
        .route(urls::UPLOAD, get(lists::columns::page).post(lists::columns::act))
        .route(urls::FINDINGS, get(lists::findings::page).post(lists::findings::act))
        .route(urls::CORRECTIONS, get(lists::findings::corrections))
        .route(urls::DIFFERENCE, get(lists::difference::page).post(lists::difference::act))
        .route(urls::MESSAGE, get(sending::letter::page))
        .route(urls::LETTER, get(sending::letter::letter))
        .route(urls::BOARD, get(console_signoff::board::page).post(console_signoff::board::act))
        .route(urls::ACCOUNT_SIGN_OFF, get(console_signoff::account::page).post(console_signoff::account::act))
        .route(urls::DIRECTORS, get(console_signoff::directors::page).post(console_signoff::directors::act))
        .route(urls::SIGNING_SUMMARY, get(console_signoff::summary::page).post(console_signoff::summary::act))
        .route(urls::REPAIRS, get(repairs::list).post(repairs::act))
        .route(urls::CALLS, get(calls::page).post(calls::act))
        .route(urls::PLAN, get(plan::overview::page).post(plan::overview::act))
        .route(urls::PLAN_CSV, get(plan::files::csv))
        .route(urls::PLAN_JSON, get(plan::files::json))
        .route(urls::PAUSE, get(plan::pause::page).post(plan::pause::act))
        .route(urls::PLAN_CHANGE, get(plan::change::page).post(plan::change::act))
        .route(urls::TEXTS, get(plan::texts::page).post(plan::texts::act))
        .route(urls::TEXT_LETTERS, get(plan::text_letters::page).post(plan::text_letters::act))
        .route(urls::TEXT_VERSIONS, get(plan::text_versions::page))
        .route(urls::APPROVAL, get(plan::approval::page).post(plan::approval::act))
        .route(urls::OUTBOX, get(sending::outbox::list).post(sending::outbox::act))
        .route(urls::REPLIES, get(replies::page).post(replies::act))
        .route(urls::VIEWS, get(saved_views::page).post(saved_views::act))
        .route(urls::HAND_OVER, get(handover::log).post(handover::act))
        .route(urls::OUTCOMES, get(rounds::aapor::page))
        .route(urls::EXPORT, get(export::list).post(export::file))
        .route(urls::REPORT, get(rounds::report::page).post(rounds::report::save))
        .route(urls::REPORT_STYLE, get(rounds::report::sheet));
    let mailed = Router::new()
        .route(urls::SIGN_OFF, get(signoff::page).post(signoff::act))
        .route(urls::REPAIR, get(repair::page).post(repair::act))
        .route(urls::TEAM, get(team::page).post(team::act))
        .route(urls::CLIENT_PLAN, get(approval::page).post(approval::act))
        .route(urls::CLIENT_LETTERS, get(approval::letters))
        .route(urls::TEST_LETTER, get(opt_out::test_letter))
        .route(urls::ASSESSMENT, get(response::page).post(response::act))
        .route(urls::OPT_OUT, get(opt_out::page).post(opt_out::act));
    let files = Router::new()
        .route(urls::STYLE, get(assets::style))
        .route(urls::CONSOLE_SCRIPT, get(assets::console_script))
        .route(urls::LIVE_SCRIPT, get(assets::live_script))
        .route(urls::ASSESSMENT_SCRIPT, get(assets::assessment_script))
        .route(urls::ACCENT, get(assets::accent));
    // The last layer is the outermost.
    let pages = console
        .merge(mailed)
        .merge(api::router(&web))
        .merge(files)
        .fallback(guard::no_page)
        .method_not_allowed_fallback(guard::no_method)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(CatchPanicLayer::custom(guard::panicked))
        .layer(from_fn_with_state(web.clone(), guard::check))
        .layer(from_fn_with_state(web.clone(), guard::dress))
        .layer(from_fn_with_state(web.clone(), refused_forms::keep))
        .layer(CompressionLayer::new())
        .with_state(web);
    // What changes the path stands before the router.
    Router::new().fallback_service(pages).layer(from_fn(return_place::lead)).layer(from_fn(damaged_links::straighten))
}
