//! Which function runs for which command.

use std::process::ExitCode;

use crate::app::cli::{Args, Command, Dkim, Evidence, List, Mail, Round, Sending, User};
use crate::app::cli_keys::Key;
use crate::base::problem::Result;
use crate::base::signing_key::Algorithm;
use crate::steps::round::reload::Replace;

use super::{
    access, admin, evidence, list::columns, list::lists, list::loaded, list::quality, play, round::export, round::next,
    round::plan, round::report, round::rounds, sending, sending::dkim, sending::mail, sending::reconcile, serve,
};

pub async fn run(args: Args) -> Result<ExitCode> {
    let config = args.config.as_deref();
    match args.command {
        Command::Demo(play) => play::demo(config, play).await,
        Command::Rehearse { dir, play, to } => play::rehearse(config, &dir, play, to.as_deref()).await,
        Command::Serve => serve::serve(config).await,
        Command::Round(Round::Check { dir, list, json }) => rounds::check(&dir, &list, json),
        Command::Round(Round::Load { dir, dry_run, list, replace, json }) => {
            let replace = match replace {
                None => Replace::No,
                Some(None) => Replace::Yes,
                Some(Some(version)) => Replace::Version(version),
            };
            match dry_run {
                true => rounds::what_if(config, &dir, &list, replace, json).await,
                false => rounds::load(config, &dir, &list, replace, json).await,
            }
        }
        Command::Round(Round::Start { round, anyway }) => {
            rounds::order(config, &round, crate::steps::round::RoundOrder::Start, anyway.as_deref()).await
        }
        Command::Round(Round::Pause { round }) => {
            rounds::order(config, &round, crate::steps::round::RoundOrder::Pause, None).await
        }
        Command::Round(Round::Resume { round }) => {
            rounds::order(config, &round, crate::steps::round::RoundOrder::Resume, None).await
        }
        Command::Round(Round::Close { round }) => {
            rounds::order(config, &round, crate::steps::round::RoundOrder::Close, None).await
        }
        Command::Round(Round::Next { round, dir, json }) => next::next(config, &round, &dir, json).await,
        Command::Round(Round::Plan { round, json, csv }) => plan::plan(config, &round, json, csv).await,
        Command::Round(Round::Status { round, json }) => rounds::status(config, &round, json).await,
        Command::List(List::Check { file, list, json }) => lists::check(&file, &list, json),
        Command::List(List::Load { round, file, dry_run: true, list, json }) => {
            lists::what_if(config, &round, &file, &list, json).await
        }
        Command::List(List::Load { round, file, dry_run: false, list, json }) => {
            lists::load(config, &round, &file, &list, json).await
        }
        Command::List(List::Quality { round, json }) => quality::of_round(config, &round, json).await,
        Command::List(List::Template { of, director, to, list }) => {
            quality::template(config, &of, director.as_deref(), &to, &list).await
        }
        Command::List(List::Reason { round, director, reason }) => {
            quality::give_reason(config, round, director, reason).await
        }
        Command::List(List::Columns { client, forget, json }) => columns::columns(config, client, forget, json).await,
        Command::List(List::Asked { round, json }) => loaded::asked(config, &round, json).await,
        Command::List(List::Answer { round, answer, which }) => loaded::answer(config, &round, &answer, &which).await,
        Command::Mail(Mail::Check { files, json }) => mail::check(&files, json),
        Command::Export(what) => export::export(config, &what).await,
        Command::Report(what) => report::report(config, &what).await,
        Command::Aapor { round, json } => export::aapor(config, &round, json).await,
        Command::Evidence(Evidence::Export { round, dir, everything }) => {
            evidence::export(config, &round, &dir, everything).await
        }
        Command::Evidence(Evidence::Verify { file, head }) => evidence::verify(&file, head.as_deref()),
        Command::Reconcile { round, with, relay_log, json } => {
            reconcile::reconcile(config, &round, with, relay_log.as_deref(), json).await
        }
        Command::Sending(Sending::Show { json }) => sending::show(config, json).await,
        Command::Sending(Sending::Resume) => sending::resume(config).await,
        Command::Sending(Sending::Retry { incident }) => sending::retry(config, &incident).await,
        Command::Sending(Sending::Confirm { incident }) => sending::confirm(config, &incident).await,
        Command::Doctor { json } => admin::doctor(config, json).await,
        Command::Backup { file } => admin::backup(config, &file).await,
        Command::User(User::Add { email }) => access::add_user(config, &email).await,
        Command::User(User::List { json }) => access::list_users(config, json).await,
        Command::User(User::Remove { email, last }) => access::remove_user(config, &email, last).await,
        Command::User(User::Link { email }) => access::link(config, &email).await,
        Command::User(User::LogOut { email }) => access::log_out(config, &email).await,
        Command::Dkim(Dkim::New { domain, selector, ed25519, json }) => {
            let algorithm = if ed25519 { Algorithm::Ed25519 } else { Algorithm::Rsa };
            dkim::new(config, &domain, &selector, algorithm, json)
        }
        Command::Key(Key::Add { name, rights }) => access::add_key(config, &name, &rights).await,
        Command::Key(Key::List { json }) => access::list_keys(config, json).await,
        Command::Key(Key::Remove { name }) => access::remove_key(config, &name).await,
        Command::CheckConfig => admin::check_config(config),
        Command::Preview { dir } => admin::preview(&dir).await,
    }
}
