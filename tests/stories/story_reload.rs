//! A folder that is loaded again beside a console that edits the round: nothing is undone in silence, and what changes is counted as it is.

use soundings::intake::folder::RoundFolder;
use soundings::rules::journal::Actor;
use soundings::rules::plan::Turn;
use soundings::steps::contacts::{Allowed, Changes};
use soundings::steps::plan::change::{self, Change, Effect};
use soundings::steps::round::reload::{self, Replace};
use soundings::steps::round::{Loaded, RoundOrder, load_as};
use soundings::store::journal;
use sqlx::{Connection, Executor};

use crate::common::{OPERATOR, ROUND, World, northwind, northwind_with};

on_both!(
    a_folder_that_says_what_it_said_leaves_the_console_alone,
    what_both_changed_is_refused_by_name_until_somebody_says_so,
    a_round_that_was_loaded_before_anything_was_kept_is_compared_with_its_own_history,
    whatever_a_letter_shows_counts_as_reading_differently,
    an_extended_close_says_what_earlier_mails_said,
    what_is_overdue_does_not_move_from_a_time_to_the_same_time,
);

const TERMINAL: &str = "command line";

async fn edit(world: &World, actor: &str, change: impl FnOnce(&mut Change)) {
    let live = world.live().await;
    let mut new = Change { spec: live.spec.clone(), words: live.words.clone() };
    change(&mut new);
    world
        .ctx
        .order(&Actor::operator(actor), change::ChangeRound { slug: ROUND.into(), version: live.version, change: new })
        .await
        .unwrap();
}

async fn load(world: &World, folder: RoundFolder, replace: Replace) -> Result<Loaded, String> {
    load_as(&world.ctx, folder, Allowed::default(), replace, &Actor::operator(TERMINAL))
        .await
        .map_err(|problem| problem.to_string())
}

async fn effect(world: &World, change: impl FnOnce(&mut Change)) -> Effect {
    let live = world.live().await;
    let mut new = Change { spec: live.spec.clone(), words: live.words.clone() };
    change(&mut new);
    change::preview(&world.ctx, ROUND, &new).await.unwrap()
}

/// As a database is that was made by the version before.
async fn forget(url: &str) {
    let sql = "UPDATE round SET loaded = NULL";
    if url.starts_with("sqlite:") {
        sqlx::SqliteConnection::connect(url).await.unwrap().execute(sql).await.unwrap();
    } else {
        sqlx::PgConnection::connect(url).await.unwrap().execute(sql).await.unwrap();
    }
}

fn reword(folder: &mut RoundFolder, language: &str, name: &str, from: &str, to: &str) {
    let text = folder.words.get_mut(language).unwrap().get_mut(name).unwrap();
    assert!(text.body.contains(from), "{text:?}");
    text.body = text.body.replace(from, to);
}

async fn a_folder_that_says_what_it_said_leaves_the_console_alone(world: World) {
    world.load(northwind()).await;
    let dora = "dora@northwind.example";
    edit(&world, dora, |c| c.spec.targets[0].target = 0.6).await;
    edit(&world, OPERATOR, |c| {
        c.words.get_mut("en").unwrap().get_mut("reminder").unwrap().subject = "Two days left".into();
    })
    .await;
    let before = world.live().await;
    // The list is another one, letters, settings and questionnaire say what they said: the list is loaded, and nothing else happens.
    let list = || northwind_with(&[("Head of Quality", "Head of Purchasing")]);
    let loaded = load(&world, list(), Replace::No).await.unwrap();
    assert_eq!(loaded.contacts, Changes { changed: 1, unchanged: 4, ..Changes::default() });
    assert!(loaded.changed.is_nothing() && loaded.replaced.is_empty(), "{loaded:?}");
    assert_eq!(
        loaded.kept,
        [
            "targets.individual: 50, 75 to 60, 75 by dora@northwind.example on Mon 25 Jan",
            "the words of en/reminder by olga@northwind.example on Mon 25 Jan"
        ]
    );
    let after = world.live().await;
    assert_eq!((after.version, &after.spec, &after.words), (before.version, &before.spec, &before.words));
    // Another setting and another letter of the folder come in beside them, also at the second load of the same folder.
    let mut folder = list();
    folder.spec.minutes = 9;
    reword(&mut folder, "de", "invitation", "hier ist", "dies ist");
    for turn in 0..2 {
        let loaded = load(&world, folder.clone(), Replace::No).await.unwrap();
        let now = world.live().await;
        assert_eq!((now.spec.minutes, now.spec.targets[0].target), (9, 0.6));
        assert!(now.words["de"]["invitation"].body.contains("dies ist"));
        assert_eq!(now.words["en"]["reminder"].subject, "Two days left");
        assert_eq!(loaded.kept.len(), 2, "{loaded:?}");
        assert_eq!(loaded.changed.is_nothing(), turn == 1, "{loaded:?}");
        assert_eq!(now.version, before.version + 1);
    }
}

async fn what_both_changed_is_refused_by_name_until_somebody_says_so(world: World) {
    world.load(northwind()).await;
    edit(&world, "dora@northwind.example", |c| c.spec.targets[0].target = 0.6).await;
    edit(&world, OPERATOR, |c| c.spec.schedule.closes = "2027-03-12".parse().unwrap()).await;
    let mut folder = northwind_with(&[("Head of Quality", "Head of Purchasing")]);
    folder.spec.targets[0].target = 0.55;
    let refused = load(&world, folder.clone(), Replace::No).await.unwrap_err();
    for part in [
        "targets.individual: 50, 75 to 60, 75 by dora@northwind.example on Mon 25 Jan (now 55, 75 in the folder)",
        "--replace=3",
    ] {
        assert!(refused.contains(part), "{refused}");
    }
    assert!(!refused.contains("closes"), "the close stays, and is not in question: {refused}");
    // Nothing at all was loaded.
    assert_eq!(
        (world.live().await.version, world.person(crate::common::ANN).await.job_title.as_str()),
        (3, "Head of Quality")
    );
    let look = reload::look(&world.ctx, &folder, Replace::No, true).await.unwrap();
    assert_eq!((look.version, look.undone.len(), look.kept.len()), (Some(3), 1, 1));
    // Somebody changes the round after it was looked at: what was not seen is not undone.
    edit(&world, OPERATOR, |c| c.spec.minutes = 8).await;
    let late = load(&world, folder.clone(), Replace::Version(3)).await.unwrap_err();
    assert!(late.contains("has changed since you looked"), "{late}");
    assert_eq!(world.live().await.spec.minutes, 8);
    let loaded = load(&world, folder.clone(), Replace::Version(4)).await.unwrap();
    assert_eq!(loaded.replaced.len(), 3, "{loaded:?}");
    assert!(
        loaded.replaced.iter().any(|l| l.starts_with("schedule.closes: 2027-03-05 to 2027-03-12 by olga@")),
        "{loaded:?}"
    );
    assert_eq!(world.live().await.spec, folder.spec);
    let told = {
        let mut tx = world.ctx.db.read().await.unwrap();
        journal::of_round(&mut tx, &world.live().await.id, 9).await.unwrap()
    };
    let tells = |e: &journal::Entry| e.detail.contains("undone: ") && e.detail.contains("settings: ");
    assert!(told.iter().any(tells), "{told:?}");
    // What the console says again is the folder's: nobody is asked twice.
    let again = load(&world, folder, Replace::No).await.unwrap();
    assert!(again.changed.is_nothing() && again.kept.is_empty(), "{again:?}");
}

async fn a_round_that_was_loaded_before_anything_was_kept_is_compared_with_its_own_history(world: World) {
    world.load(northwind()).await;
    world.sleep_until("2027-01-26T09:00:00Z");
    edit(&world, OPERATOR, |c| c.spec.minutes = 8).await;
    forget(&world.url).await;
    let loaded = load(&world, northwind(), Replace::No).await.unwrap();
    assert_eq!(loaded.kept, ["minutes: 6 to 8 by olga@northwind.example on Tue 26 Jan"]);
    assert_eq!(world.live().await.spec.minutes, 8);
}

async fn whatever_a_letter_shows_counts_as_reading_differently(mut world: World) {
    let mut folder = northwind();
    folder.spec.changed_since_last_year = [("en", "service is faster"), ("de", "der Service ist schneller")].into();
    let shows = "until {{ closing_day }}, {{ minutes }} minutes, {% if changed_since_last_year %}{{ changed_since_last_year }}{% endif %} {{ sender_name }}, {{ ceo_name }} of {{ client }}";
    reword(&mut folder, "en", "reminder", "yours is still open.", shows);
    reword(&mut folder, "de", "invitation", "hier ist", "{{ changed_since_last_year }}, hier ist");
    world.load(folder.clone()).await;
    world.order(RoundOrder::Start).await;
    world.work().await;
    let reworded = async |change: fn(&mut Change)| effect(&world, change).await.messages.reworded;
    assert_eq!(reworded(|_| {}).await, 0);
    // Five people get a warm-up, an invitation and three reminders, of which the first shows everything.
    assert_eq!(reworded(|c| c.spec.minutes = 9).await, 5);
    assert_eq!(reworded(|c| c.spec.schedule.closes = "2027-03-12".parse().unwrap()).await, 5);
    assert_eq!(reworded(|c| c.spec.senders.team.name = "Lena Whitcombe".into()).await, 25 - 5);
    assert_eq!(reworded(|c| c.spec.senders.warm_up.title = "Chair".into()).await, 0, "no letter shows a title");
    assert_eq!(reworded(|c| c.spec.senders.warm_up.name = "Dana Sterling".into()).await, 4 + 4);
    assert_eq!(reworded(|c| c.spec.accent = "#000000".into()).await, 0);
    assert_eq!(reworded(|c| c.spec.schedule.minimum_gap_days = 1).await, 0);
    // In German only Ben's invitation says what changed, in English everybody's first reminder, his among them.
    assert_eq!(
        reworded(|c| c.spec.changed_since_last_year = [("en", "service is faster"), ("de", "anders")].into()).await,
        1
    );
    assert_eq!(
        reworded(|c| c.spec.changed_since_last_year = [("en", "other"), ("de", "der Service ist schneller")].into())
            .await,
        5
    );
    let german =
        |c: &mut Change| c.words.get_mut("de").unwrap().get_mut("invitation").unwrap().body.push_str("\n\nDanke.\n");
    assert_eq!(effect(&world, german).await.messages.reworded, 1);
    // A text that nobody gets is a text that changes, and no message that reads differently.
    let unread =
        effect(&world, |c| c.words.get_mut("en").unwrap().get_mut("digest").unwrap().subject = "Open".into()).await;
    assert_eq!((unread.messages.reworded, unread.texts), (0, vec!["en/digest".to_string()]));
    // The load tells the same.
    reword(&mut folder, "en", "reminder-2", "we see", "as we see");
    let loaded = load(&world, folder, Replace::No).await.unwrap();
    assert_eq!(
        (loaded.messages.reworded, loaded.messages.moved, loaded.changed.letters),
        (10, 0, vec!["en/reminder-2".to_string()])
    );
    assert_eq!(loaded.contacts.changed, 0);
    // It leaves as the comparison had it: German with German, and the English reminder without a word of German.
    world.sign_all(crate::common::DORA, "sign_off").await;
    world.pass_to("2027-02-12T12:00:00Z").await;
    let invitation = world.mail_to(crate::common::BEN, "invitation");
    assert!(invitation.text.contains("der Service ist schneller, hier ist"), "{}", invitation.text);
    let reminder = world.mail_to(crate::common::BEN, "reminder");
    assert!(
        reminder.text.contains("until Friday 5 March") && reminder.text.contains("service is faster"),
        "{}",
        reminder.text
    );
    world.promises_hold().await;
}

async fn an_extended_close_says_what_earlier_mails_said(mut world: World) {
    let mut folder = northwind();
    reword(&mut folder, "en", "invitation", "here is your link.", "here is your link, until {{ closing_day }}.");
    world.load(folder).await;
    world.order(RoundOrder::Start).await;
    world.work().await;
    world.sign_all(crate::common::DORA, "sign_off").await;
    world.pass_to("2027-02-09T00:00:00Z").await;
    let extend = |c: &mut Change| c.spec.schedule.closes = "2027-03-12".parse().unwrap();
    let said = effect(&world, extend).await.said;
    // Ben's invitation is in German and names no day.
    assert_eq!(said, ["An invitation sent to 2 people named Fri 5 Mar as the last day."]);
    edit(&world, OPERATOR, extend).await;
    let back = effect(&world, |c| c.spec.schedule.closes = "2027-03-05".parse().unwrap()).await.said;
    assert!(back.is_empty(), "they named the day that it is to be again: {back:?}");
    let later = effect(&world, |c| c.spec.schedule.closes = "2027-03-19".parse().unwrap()).await.said;
    assert_eq!(later, said, "what they said then, not what the round says now");
}

async fn what_is_overdue_does_not_move_from_a_time_to_the_same_time(mut world: World) {
    world.started().await;
    world.sleep_until("2027-02-10T10:00:59Z");
    let effect = effect(&world, |c| c.spec.minutes = 9).await;
    let moved: Vec<_> = effect.affected.iter().filter(|a| matches!(a.turn, Turn::Moved { .. })).collect();
    assert!(moved.is_empty() && effect.messages.same > 0, "{moved:?}");
}
