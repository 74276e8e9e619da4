//! The router of the API, made from the table of operations: each with its door before it, and the table for whoever asks what there is.

use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::{Extension, Router};

use crate::web::kit::forms::files::LARGEST_FILE;
use crate::web::kit::state::Web;

use super::door;
use super::operation::{Body, Operation};
use super::operations::OPERATIONS;

pub fn router(web: &Web) -> Router<Web> {
    let all = OPERATIONS.iter().fold(Router::new(), |router, operation| route(router, web, operation));
    all.route_layer(Extension(OPERATIONS))
}

fn route(router: Router<Web>, web: &Web, operation: &'static Operation) -> Router<Web> {
    let door = from_fn_with_state((web.clone(), operation), door::check);
    let mut served = (operation.serve)();
    if operation.is_of_the_api() {
        served = served.route_layer(door);
    }
    if operation.body == Some(Body::Csv) {
        served = served.route_layer(DefaultBodyLimit::max(LARGEST_FILE));
    }
    router.route(operation.path, served)
}
