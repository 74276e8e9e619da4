//! A round made in the browser: a draft without a list, whose folder can be kept in git beside it from then on.

use soundings::intake::list::CheckedList;
use soundings::rules::journal::Actor;
use soundings::steps::contacts::{Allowed, Changes};
use soundings::steps::context::Ctx;
use soundings::steps::plan::change::{Change, ChangeRound};
use soundings::steps::round::export::export;
use soundings::steps::round::making::{self, Made, MakeRound, Pattern};
use soundings::steps::round::questions::ChangeQuestions;
use soundings::steps::round::reload::Replace;
use soundings::steps::round::{Loaded, RoundOrder, TellRound, folder, load_as};
use soundings::store::round::rounds;

use crate::common::{OPERATOR, ROUND, World, northwind};

on_both!(
    a_made_round_is_exported_and_loads_again_without_a_change,
    what_people_edit_in_a_made_round_is_not_undone_by_its_folder,
    a_round_is_made_once_and_by_an_operator,
    a_folder_without_a_list_leaves_the_people_of_its_round_alone,
);

const MADE: &str = "acme-2038";

fn olga() -> Actor {
    Actor::operator(OPERATOR)
}

fn template() -> Pattern {
    Pattern::Template { client: "Acme".into(), opens: "2038-02-08".parse().unwrap() }
}

async fn make(ctx: &Ctx, pattern: Pattern, name: &str) -> Result<(), String> {
    let content = making::draft(ctx, pattern, name).await.unwrap();
    let order = MakeRound { content, from: "the template".into() };
    match ctx.order(&olga(), order).await {
        Ok(Made::New) => Ok(()),
        Ok(Made::Before) => Err("it was there before".into()),
        Err(problem) => Err(problem.to_string()),
    }
}

async fn load(ctx: &Ctx, dir: &std::path::Path) -> Loaded {
    let folder = folder::read(dir).unwrap();
    load_as(ctx, folder, Allowed::default(), Replace::No, &Actor::CommandLine).await.unwrap()
}

async fn version(ctx: &Ctx, slug: &str) -> i64 {
    rounds::by_slug(&mut ctx.db.read().await.unwrap(), slug).await.unwrap().unwrap().version
}

async fn a_made_round_is_exported_and_loads_again_without_a_change(world: World) {
    let ctx = &world.ctx;
    make(ctx, template(), MADE).await.unwrap();
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(export(ctx, MADE, dir.path()).await.unwrap(), 0);
    let before = version(ctx, MADE).await;
    let again = load(ctx, dir.path()).await;
    assert!(!again.new && again.changed.is_nothing() && again.kept.is_empty(), "{again:?}");
    assert_eq!((again.contacts, version(ctx, MADE).await), (Changes::default(), before));
    let start = async || {
        let order = TellRound { slug: MADE.into(), order: RoundOrder::Start };
        ctx.order(&olga(), order).await.map_err(|problem| problem.to_string())
    };
    let refused = start().await.unwrap_err();
    assert!(refused.contains("Nobody is on the list of round acme-2038"), "{refused}");
    // The harness sees a change where there is one.
    let file = dir.path().join("round.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("minutes = 6", "minutes = 7")).unwrap();
    assert_eq!(load(ctx, dir.path()).await.changed.settings, ["minutes: 6 to 7"]);
    // A list that comes later comes as any other.
    let people = northwind().list.accepted;
    std::fs::write(dir.path().join("contacts.csv"), soundings::intake::folder::export::list(&people).unwrap()).unwrap();
    assert_eq!(load(ctx, dir.path()).await.contacts.added, people.len() as u64);
    start().await.unwrap();
}

async fn what_people_edit_in_a_made_round_is_not_undone_by_its_folder(world: World) {
    let ctx = &world.ctx;
    make(ctx, template(), MADE).await.unwrap();
    let dir = tempfile::tempdir().unwrap();
    export(ctx, MADE, dir.path()).await.unwrap();
    let live = ctx.live_by_slug(&mut ctx.db.read().await.unwrap(), MADE).await.unwrap();
    let mut change = Change { spec: live.spec.clone(), words: live.words.clone() };
    change.spec.signoff.sales_director = "Sam Poe".into();
    ctx.order(&olga(), ChangeRound { slug: MADE.into(), version: live.version, change }).await.unwrap();
    let mut questionnaire = (*live.questionnaire).clone();
    questionnaire.version = "2038-b".into();
    let order = |version| ChangeQuestions { slug: MADE.into(), version, questionnaire: questionnaire.clone() };
    let stale = ctx.order(&olga(), order(live.version)).await.unwrap_err().to_string();
    assert!(stale.contains("has changed since you opened the page"), "{stale}");
    ctx.order(&olga(), order(version(ctx, MADE).await)).await.unwrap();
    let again = load(ctx, dir.path()).await;
    assert!(again.changed.is_nothing(), "{again:?}");
    assert_eq!(again.kept.len(), 2, "{:?}", again.kept);
    let live = ctx.live_by_slug(&mut ctx.db.read().await.unwrap(), MADE).await.unwrap();
    assert_eq!((live.spec.signoff.sales_director.as_str(), live.questionnaire.version.as_str()), ("Sam Poe", "2038-b"));
}

async fn a_round_is_made_once_and_by_an_operator(world: World) {
    let ctx = &world.ctx;
    make(ctx, template(), MADE).await.unwrap();
    let twice = make(ctx, template(), MADE).await.unwrap_err();
    assert_eq!(twice, "it was there before");
    let wrong = make(ctx, template(), "Acme 2038").await.unwrap_err();
    assert!(wrong.contains("lower-case letters"), "{wrong}");
    let content = making::draft(ctx, template(), "other-2038").await.unwrap();
    for actor in [Actor::Visitor, Actor::Program, Actor::List] {
        let order = MakeRound { content: content.clone(), from: "the template".into() };
        assert!(ctx.order(&actor, order).await.is_err(), "{actor:?}");
    }
    assert!(rounds::by_slug(&mut ctx.db.read().await.unwrap(), "other-2038").await.unwrap().is_none());
    let next = making::draft(ctx, Pattern::Earlier(MADE.into()), "").await.unwrap();
    assert_eq!((next.spec.round.as_str(), next.spec.schedule.opens.to_string()), ("acme-2039", "2039-02-07".into()));
    make(ctx, Pattern::Earlier(MADE.into()), "").await.unwrap();
}

async fn a_folder_without_a_list_leaves_the_people_of_its_round_alone(mut world: World) {
    world.started().await;
    let ann = world.account("Globex").await;
    let mut folder = northwind();
    folder.list = CheckedList::default();
    let again = world.load(folder).await;
    assert_eq!(again.contacts, Changes::default());
    assert_eq!(world.account("Globex").await.fingerprint, ann.fingerprint);
    assert_eq!(world.ctx.live_by_slug(&mut world.ctx.db.read().await.unwrap(), ROUND).await.unwrap().slug, ROUND);
    world.promises_hold().await;
}
