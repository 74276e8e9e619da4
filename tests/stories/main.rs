//! The stories: what directors, contacts, operators and mail servers do, played against the steps on both databases.
//!
//! Every story runs on SQLite and on PostgreSQL against a real SMTP server, and ends with the nine promises checked.

#![expect(clippy::unwrap_used, reason = "what fails in a helper fails the test")]

#[macro_use]
#[path = "../common/mod.rs"]
mod common;
#[path = "../common/nameserver.rs"]
#[expect(dead_code, reason = "a name server for all tests; these ask for a part of it")]
mod nameserver;
#[path = "../common/pages.rs"]
mod pages;
#[path = "../common/program.rs"]
mod program;
#[path = "../common/schema.rs"]
mod schema;

mod story_access;
mod story_api;
mod story_canary;
mod story_keys;
mod story_left_out;
mod story_letters;
mod story_loading;
mod story_uploads;
mod story_making;
mod story_next_round;
mod story_next_round_amiss;
mod story_pieces;
mod story_difference;
mod story_difference_rows;
mod story_quality;
mod story_client_keys;
mod story_account_names;
mod story_renamed;
mod story_tried_again;
mod story_search;
mod story_reload;
mod story_identity;
mod story_identity_again;
mod story_identity_answers;
mod story_accounts;
mod story_accounts_page;
mod story_bulk;
mod story_board;
mod story_by_row;
mod story_signing;
mod story_sign_code;
mod story_ladder;
mod story_ladder_amiss;
mod story_left_unsigned;
mod story_receipt;
mod story_taken_back;
mod story_delegation;
mod story_two_people;
mod story_together;
mod story_directors_page;
mod story_forecast;
mod story_overview;
mod story_participation;
mod story_sending;
mod story_stopping;
mod story_refusals;
mod story_pace;
mod story_trouble;
mod story_trouble_orders;
mod story_replies;
mod story_absences;
mod story_desk;
mod story_desk_lists;
mod story_calls;
mod story_calls_amiss;
mod story_team;
mod story_garbage;
mod story_chain;
mod story_evidence;
mod story_evidence_amiss;
mod story_evidence_withheld;
mod story_export;
mod story_counters;
mod story_report;
mod story_crashes;
mod story_changes;
mod story_daemons;
mod story_mailbox;
mod story_journal;
mod story_handoff;
mod story_server;
mod story_alarms;
mod story_events;
mod story_silence;
mod story_races;
mod story_plan;
mod story_words;
mod story_repair;
mod story_objections;
mod story_one_account;
mod story_changed_hands;
mod story_former_holder;
mod story_list_address;
mod story_questions;
