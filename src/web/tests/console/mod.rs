//! The pages of operators.

mod board;
mod lists;
mod rounds;
mod forms;
mod rights;
mod large;
mod replies;
mod calls;
mod access;
mod gateways;
mod alarms;
mod events_told;
mod incidents;
mod account_sign_off;
mod accounts;
mod bulk;
mod events;
mod find;
mod journal;
mod saved_views;
mod taken;
mod morning;
