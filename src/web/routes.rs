//! Which address is which page. The addresses of mails, the API and the probes are a contract; see `docs`.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use super::api::{health, rounds as api};
use super::console::{access, contacts, handover, plan, repairs, replies, rounds, sending, signoff as console_signoff};
use super::kit::fields::LARGEST_BODY;
use super::kit::state::Web;
use super::kit::{assets, damaged_links, guard, refused_forms, return_place};
use super::links::{approval, opt_out, repair, response, signoff};

/// Every page and the API.
pub fn router(web: Web) -> Router {
    let console = Router::new()
        .route("/", get(rounds::list::list))
        .route("/log-in", get(access::login::page).post(access::login::ask))
        .route("/login/{token}", get(access::login::confirm_page).post(access::login::log_in))
        .route("/log-out", axum::routing::post(access::login::log_out))
        .route("/operators", get(access::operators::page).post(access::operators::act))
        .route("/sending", get(sending::holds::page).post(sending::holds::act))
        .route("/rounds/{round}", get(rounds::overview::page).post(rounds::overview::act))
        .route("/rounds/{round}/contacts", get(contacts::list::list))
        .route("/rounds/{round}/contacts/{contact}", get(contacts::contact::page).post(contacts::contact::act))
        .route("/rounds/{round}/messages/{message}", get(sending::letter::page))
        .route("/rounds/{round}/messages/{message}/letter", get(sending::letter::letter))
        .route("/rounds/{round}/sign-off", get(console_signoff::board::page).post(console_signoff::board::act))
        .route("/rounds/{round}/repairs", get(repairs::list).post(repairs::act))
        .route("/rounds/{round}/plan", get(plan::overview::page).post(plan::overview::act))
        .route("/rounds/{round}/plan.csv", get(plan::files::csv))
        .route("/rounds/{round}/plan.json", get(plan::files::json))
        .route("/rounds/{round}/plan/pause", get(plan::pause::page).post(plan::pause::act))
        .route("/rounds/{round}/plan/change", get(plan::change::page).post(plan::change::act))
        .route("/rounds/{round}/plan/words", get(plan::texts::page).post(plan::texts::act))
        .route("/rounds/{round}/plan/approval", get(plan::approval::page).post(plan::approval::act))
        .route("/rounds/{round}/outbox", get(sending::outbox::list).post(sending::outbox::act))
        .route("/rounds/{round}/replies", get(replies::open::page).post(replies::open::act))
        .route("/rounds/{round}/hand-over", get(handover::log).post(handover::act));
    let mailed = Router::new()
        .route("/sign-off/{token}", get(signoff::page).post(signoff::act))
        .route("/repair/{token}", get(repair::page).post(repair::act))
        .route("/plan/{token}", get(approval::page).post(approval::act))
        .route("/assessment/{token}", get(response::page).post(response::act))
        .route("/opt-out/{token}", get(opt_out::page).post(opt_out::act));
    let programs = Router::new()
        .route("/api/openapi.json", get(api::description))
        .route("/api/v1/rounds", get(api::list))
        .route("/api/v1/rounds/{round}/status", get(api::status))
        .route("/api/v1/rounds/{round}/plan", get(api::plan))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics));
    let files = Router::new()
        .route("/style.css", get(assets::style))
        .route("/console.js", get(assets::console_script))
        .route("/assessment.js", get(assets::assessment_script))
        .route("/accent/{file}", get(assets::accent));
    // The last layer is the outermost.
    let pages = console
        .merge(mailed)
        .merge(programs)
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
