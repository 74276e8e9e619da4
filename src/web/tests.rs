//! The pages as browsers, scanners and other programs meet them: requests into the router, answers out of it.

mod fixture;
mod outside;
mod once;
mod late;
mod forms;
mod public;
mod director;
mod repair;
mod assessment;
mod console;
mod large;
mod asked;
mod start;
mod plan;
mod approval;
mod replies;
mod doors;
mod access;
mod timing;
mod gateways;
mod links;
mod incidents;
mod told;
