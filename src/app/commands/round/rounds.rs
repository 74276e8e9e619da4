//! `round ...`.

use std::path::Path;
use std::process::ExitCode;

use serde_json::json;

use crate::app::cli::{HowToLoad, HowToRead};
use crate::app::{open, output};
use crate::base::clock::Ts;
use crate::base::counted::counted;
use crate::base::problem::Result;
use crate::intake::folder::RoundFolder;
use crate::intake::folder::faults::Fault;
use crate::intake::list::CheckedList;
use crate::rules::calendar::{Zone, human};
use crate::rules::completion::told::{Whole, told};
use crate::rules::completion::{Status, percent, percent_of_rate};
use crate::rules::journal::Actor;
use crate::rules::plan::Turn;
use crate::steps::Ctx;
use crate::steps::completion::status_of;
use crate::steps::contacts::{Changes, people::identity};
use crate::steps::round::notices::notices;
use crate::steps::round::reload::{self, Replace};
use crate::steps::round::{self, RoundOrder, folder};
use crate::steps::sending::alignment;
use crate::web::kit::views::frame::plural;

use super::content;
use crate::app::commands::list::left_out;
use crate::app::commands::list::loaded::tell_changes;

fn tell(faults: &[Fault]) {
    for fault in faults {
        output::line(&fault.to_string());
    }
    output::line(&format!("{}; nothing was loaded.", counted(faults.len(), "fault", "faults")));
}

pub fn check(dir: &Path, how: &HowToRead, as_json: bool) -> Result<ExitCode> {
    let (faults, folder) = match folder::read_as(dir, &left_out::choice(how)?) {
        Ok(folder) => (Vec::new(), Some(folder)),
        Err(faults) => (faults, None),
    };
    let list = folder.as_ref().map(|folder| &folder.list);
    let findings = list.map_or(0, |l| l.findings.len());
    let left = list.is_some_and(|l| l.errors() > 0);
    let noticed = folder.as_ref().map(notices).unwrap_or_default();
    if as_json {
        let said = json!({
            "faults": faults, "contacts": list.map(|l| l.accepted.len()), "list_findings": findings,
            "findings": noticed.findings, "notes": noticed.notes, "languages": noticed.languages,
        });
        output::json(&list.map_or(said.clone(), |l| left_out::added(said, l)))?;
    } else if let Some(list) = list {
        left_out::name_rows(list);
        content::notices(&noticed);
        output::line(&verdict(list, left, noticed.findings.len()));
        left_out::tell(list);
    } else {
        tell(&faults);
    }
    Ok(output::found(!faults.is_empty() || left || !noticed.findings.is_empty()))
}

fn some(n: usize, what: &str) -> String {
    counted(n, what, &format!("{what}s"))
}

fn verdict(list: &CheckedList, left: bool, noticed: usize) -> String {
    if list.rows == 0 {
        return match noticed {
            0 => "The folder is fine; its list has no contacts yet.".into(),
            n => format!("The folder can be loaded and has {}; its list has no contacts yet.", some(n, "finding")),
        };
    }
    if list.accepted.is_empty() {
        return "The folder cannot be loaded: no row of its list can be used.".into();
    }
    let verdict = match (noticed, left) {
        (0, false) => "The folder is fine".to_string(),
        (0, true) => "The folder can be loaded without these rows".to_string(),
        (1, _) => "The folder can be loaded and has 1 finding".to_string(),
        (n, _) => format!("The folder can be loaded and has {n} findings"),
    };
    let (contacts, accounts, findings) = (list.accepted.len(), list.accounts as usize, list.findings.len());
    let people = format!("{} in {}", some(contacts, "contact"), some(accounts, "account"));
    match findings {
        0 => format!("{verdict}: {people}."),
        n => format!("{verdict}: {people}. The list has {}; `list check` names them.", some(n, "finding")),
    }
}

/// The folder; none where it has faults, which are told.
fn read(dir: &Path, how: &HowToLoad, as_json: bool) -> Result<Option<RoundFolder>> {
    match folder::read_as(dir, &left_out::choice(&how.read)?) {
        Ok(folder) => return Ok(Some(folder)),
        Err(faults) if as_json => output::json(&json!({ "faults": faults }))?,
        Err(faults) => tell(&faults),
    }
    Ok(None)
}

pub async fn load(
    config: Option<&Path>,
    dir: &Path,
    how: &HowToLoad,
    replace: Replace,
    as_json: bool,
) -> Result<ExitCode> {
    let Some(folder) = read(dir, how, as_json)? else { return Ok(ExitCode::from(1)) };
    let ctx = open::installation(&open::settings(config)?).await?;
    let (list, noticed) = (folder.list.clone(), notices(&folder));
    let loaded = match round::load_as(&ctx, folder, left_out::allowed(how), replace, &Actor::CommandLine).await {
        Ok(loaded) => loaded,
        Err(refused) => {
            if !as_json {
                left_out::tell(&list);
            }
            return Err(refused);
        }
    };
    if as_json {
        output::json(&left_out::added(json!(content::WithNotices { of: &loaded, noticed: &noticed }), &list))?;
    } else {
        content::findings(&noticed);
        let c = &loaded.contacts;
        let how = if loaded.new { "loaded" } else { "loaded again" };
        output::line(&format!(
            "Round {} {how}: {} new, {} changed, {} unchanged, {} removed. Nothing was sent.",
            loaded.round,
            plural(c.added as usize, "contact", "contacts"),
            c.changed,
            c.unchanged,
            c.removed
        ));
        output::kept_out(c.kept_out);
        tell_changes(&loaded.round, c);
        if !loaded.new {
            content::changed(&loaded.changed);
            if !loaded.changed.is_nothing() {
                content::messages("The load", &loaded.messages, &loaded.said);
            }
        }
        content::others("Changed here since the last load, and kept:", &loaded.kept);
        content::others("Changed here since the last load, and undone:", &loaded.replaced);
        left_out::doubt(&list);
        left_out::tell(&list);
    }
    Ok(output::found(list.errors() > 0))
}

/// What loading a folder again would do to its round. Changes nothing.
pub async fn what_if(
    config: Option<&Path>,
    dir: &Path,
    how: &HowToLoad,
    replace: Replace,
    as_json: bool,
) -> Result<ExitCode> {
    let Some(folder) = read(dir, how, as_json)? else { return Ok(ExitCode::from(1)) };
    let ctx = open::installation(&open::settings(config)?).await?;
    let slug = folder.spec.round.clone();
    let noticed = notices(&folder);
    let look = reload::look(&ctx, &folder, replace, true).await?;
    let version = look.version;
    let people = match folder.has_no_list() {
        true => Changes::default(),
        false => left_out::trial(&ctx, &slug, &folder.list, how).await?,
    };
    let refused = replace == Replace::No && !look.undone.is_empty();
    let (effect, m) = (&look.effect, look.effect.messages);
    if as_json {
        output::json(&json!({
            "round": slug, "moved": m.moved, "added": m.added, "gone": m.gone, "same": m.same, "reworded": m.reworded,
            "texts": effect.texts, "letters": look.changed.letters, "settings": look.changed.settings,
            "questionnaire": look.changed.questionnaire, "said": effect.said, "kept": look.kept, "undone": look.undone,
            "version": version, "findings": noticed.findings, "notes": noticed.notes, "languages": noticed.languages,
            "contacts": left_out::added(json!(people), &folder.list),
        }))?;
        return Ok(output::found(refused || folder.list.errors() > 0));
    }
    content::findings(&noticed);
    if version.is_none() {
        output::line(&format!("Loading this folder makes round {slug}, as a draft."));
    } else {
        content::messages("Loading this folder", &m, &effect.said);
        content::changed(&look.changed);
    }
    output::line("Nothing was changed.");
    content::others("Changed here since the last load; it stays:", &look.kept);
    content::others("Changed here since the last load; the folder undoes it:", &look.undone);
    if let Some(version) = version.filter(|_| refused) {
        output::line(&format!("It would be refused without --replace={version}."));
    }
    for a in &effect.affected {
        let zone = Zone::find(&a.time_zone);
        let local = |at: Ts| zone.as_ref().map_or_else(|| at.to_string(), |zone| human(at, ctx.clock.now(), zone));
        let what = match a.turn {
            Turn::Moved { from, to } => format!("{} instead of {}", local(to), local(from)),
            Turn::Added { at } => format!("{}, new", local(at)),
            Turn::Gone { was } => format!("no longer on {}", local(was)),
        };
        output::line(&format!("{}, {}: {} {}: {what}", a.name, a.account, a.kind.label(), a.number));
    }
    let unnamed = m.affected() - effect.affected.len() as u64;
    if unnamed > 0 {
        output::line(&format!("And {unnamed} more."));
    }
    left_out::tell_trial(&people, &folder.list);
    Ok(output::found(refused || folder.list.errors() > 0))
}

/// Who is held until somebody says who it is: the round starts without them.
async fn questions_first(ctx: &Ctx, slug: &str) -> Result<()> {
    let open = identity::of_round(ctx, slug).await?.len();
    if open > 0 {
        output::line(&format!(
            "{} until somebody has said whether it is the same person: `list asked {slug}` names them.",
            counted(open, "row of the list is held", "rows of the list are held")
        ));
    }
    Ok(())
}

/// `anyway`: why a round may start from domains that are not aligned.
pub async fn order(config: Option<&Path>, slug: &str, order: RoundOrder, anyway: Option<&str>) -> Result<ExitCode> {
    let ctx = open::installation(&open::settings(config)?).await?;
    match order {
        RoundOrder::Start => {
            questions_first(&ctx, slug).await?;
            alignment::start(&ctx, slug, &Actor::CommandLine, anyway).await?;
        }
        _ => ctx.order(&Actor::CommandLine, round::TellRound { slug: slug.to_string(), order }).await?,
    }
    let said = match order {
        RoundOrder::Start => {
            "runs. The account directors are asked to sign while `serve` runs: now, or as soon as it is started."
        }
        RoundOrder::Pause => "is paused. Nothing leaves until it is resumed.",
        RoundOrder::Resume => "runs again.",
        RoundOrder::Close => "is closed. Nothing more leaves and no more answers are taken.",
    };
    output::line(&format!("Round {slug} {said}"));
    Ok(ExitCode::SUCCESS)
}

pub async fn status(config: Option<&Path>, slug: &str, as_json: bool) -> Result<ExitCode> {
    let ctx = open::installation(&open::settings(config)?).await?;
    let (s, rule) = {
        let mut tx = ctx.db.read().await?;
        let live = ctx.live_by_slug(&mut tx, slug).await?;
        (status_of(&ctx, &mut tx, &live).await?, live.spec.participation)
    };
    if as_json {
        if rule.names() {
            output::json(&s)?;
        } else {
            output::json(&told(&s, rule))?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    let (people, whole) = (&s.individual, Whole::of(&s, rule));
    if !whole.answers {
        output::line(&format!("Round {} is {} as of {}.", s.round, s.state, s.as_of));
        output::line(&format!(
            "Contacts: {} listed, {} signed off; {} invited. How many have completed is not told.",
            people.listed, people.signed, people.invited
        ));
        output::line(&outbox_line(&s));
        s.held_by.iter().for_each(|why| output::line(why));
        return Ok(ExitCode::SUCCESS);
    }
    output::line(&format!("Round {} is {} as of {}.", s.round, s.state, s.as_of));
    output::line(&format!(
        "Contacts: {} listed, {} signed off; {} invited, with those taken off the list since; {} completed: {} ({} of {} who {}).",
        people.listed,
        people.signed,
        people.invited,
        people.completed,
        percent(people.completed, people.reachable),
        people.completed,
        people.reachable,
        if rule.names() { "could be reached" } else { "were invited" }
    ));
    let a = &s.accounts;
    let answered = match whole.accounts {
        true => format!("{} of {} with an answer: {}", a.completed, a.invited, percent(a.completed, a.invited)),
        false => format!("{} invited; how many of them with an answer is not told", a.invited),
    };
    output::line(&format!("Accounts: {} listed, {} signed off, {answered}.", a.listed, a.signed));
    for t in s.targets.iter().filter(|target| whole.level(target.level)) {
        let level = if t.level == crate::rules::round::Level::Individual { "contacts" } else { "accounts" };
        let how = match (t.met, people.invited) {
            (true, _) => "met".to_string(),
            (false, 0) => "nobody is invited yet".to_string(),
            (false, _) => format!("{} missing", t.missing),
        };
        output::line(&format!("Target {} % of {level}: {how}.", percent_of_rate(t.target)));
    }
    output::line(&outbox_line(&s));
    s.held_by.iter().for_each(|why| output::line(why));
    let h = &s.handoff;
    output::line(&format!(
        "Hand-over: {} completed, {} confirmed, {} pending, {} failed.",
        h.completed, h.confirmed, h.pending, h.failed
    ));
    Ok(ExitCode::SUCCESS)
}

fn outbox_line(s: &Status) -> String {
    let o = &s.outbox;
    format!(
        "Outbox: {} planned ({} due), {} sent, {} in doubt, {} held, {} failed.",
        o.planned, o.due, o.sent, o.in_doubt, o.held, o.failed
    )
}
