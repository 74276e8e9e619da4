//! Uploaded lists beside each other, and what is remembered of one that is loaded.

use std::collections::BTreeMap;

use soundings::base::ids::UploadId;
use soundings::base::problem::Kind;
use soundings::intake::list::Choice;
use soundings::rules::journal::{Action, Actor};
use soundings::steps::contacts::upload::column_choices::{self, ForgetColumn};
use soundings::steps::contacts::upload::incoming::Incoming;
use soundings::steps::contacts::upload::upload_choice::ChooseColumns;
use soundings::steps::contacts::upload::upload_end::DiscardUpload;
use soundings::steps::contacts::upload::{self, RemoveUploads};
use soundings::steps::contacts::{Allowed, difference, load_upload_as_shown};
use soundings::store::journal;
use soundings::store::round::rounds;

use crate::common::{OPERATOR, ROUND, World, northwind};

on_both!(
    an_upload_comes_whole_beside_others_or_says_that_it_was_taken_away,
    columns_are_remembered_when_their_list_is_loaded_and_forgotten_by_a_word,
);

const CLIENT: &str = "Northwind Instruments";

fn olga() -> Actor {
    Actor::operator(OPERATOR)
}

async fn upload(world: &World, bytes: &[u8]) -> UploadId {
    let mut incoming = Incoming::begin(&world.ctx, &olga(), ROUND, "l.csv").await.unwrap();
    for piece in bytes.chunks(70_001) {
        incoming.take(piece).await.unwrap();
    }
    let id = incoming.finish().await.unwrap();
    incoming.take_in().await.unwrap();
    id
}

async fn an_upload_comes_whole_beside_others_or_says_that_it_was_taken_away(world: World) {
    world.load(northwind()).await;
    let ctx = &world.ctx;
    let round = rounds::by_slug(&mut ctx.db.read().await.unwrap(), ROUND).await.unwrap().unwrap();
    let large: Vec<u8> = (0..500_000u32).map(|n| (n % 251) as u8).collect();
    let (one, other) = (upload(&world, &large).await, upload(&world, b"account\n").await);
    for (id, bytes) in [(&one, large.as_slice()), (&other, b"account\n".as_slice())] {
        let found = upload::find(ctx, &round.id, id).await.unwrap().unwrap();
        assert!(upload::bytes(ctx, &found).await.unwrap() == bytes, "{} bytes", bytes.len());
    }
    let mut incoming = Incoming::begin(ctx, &olga(), ROUND, "l.csv").await.unwrap();
    incoming.take(&large[..300_000]).await.unwrap();
    let on_its_way = {
        let mut tx = ctx.db.read().await.unwrap();
        let all = soundings::store::contacts::uploads::by_uploader(&mut tx, &round.id, OPERATOR).await.unwrap();
        all.into_iter().find(|upload| upload.size == 0).unwrap().id
    };
    ctx.order(&olga(), RemoveUploads { uploads: vec![on_its_way] }).await.unwrap();
    let refused = incoming.take(&large[..300_000]).await.unwrap_err();
    assert_eq!((refused.kind, refused.what.contains("taken away while it came")), (Kind::Refused, true), "{refused}");
    ctx.order(&olga(), DiscardUpload { round: round.id.clone(), upload: one.clone() }).await.unwrap();
    assert!(upload::find(ctx, &round.id, &one).await.unwrap().is_none());
    assert!(upload::find(ctx, &round.id, &other).await.unwrap().is_some());
    world.promises_hold().await;
}

async fn columns_are_remembered_when_their_list_is_loaded_and_forgotten_by_a_word(world: World) {
    world.load(northwind()).await;
    let ctx = &world.ctx;
    let said = BTreeMap::from([("Firma".to_string(), "account".to_string()), ("Notiz".to_string(), String::new())]);
    let choose = |upload: &UploadId| ChooseColumns {
        slug: ROUND.into(),
        upload: upload.clone(),
        choice: Choice { columns: said.clone(), ..Choice::default() },
        remember: said.clone(),
        no_key: None,
    };
    let known = async || {
        let all = column_choices::of_client(ctx, CLIENT).await.unwrap();
        all.into_iter().map(|column| (column.header, column.field)).collect::<Vec<_>>()
    };
    let discarded = upload(&world, b"account\n").await;
    ctx.order(&olga(), choose(&discarded)).await.unwrap();
    let round = rounds::by_slug(&mut ctx.db.read().await.unwrap(), ROUND).await.unwrap().unwrap();
    ctx.order(&olga(), DiscardUpload { round: round.id.clone(), upload: discarded }).await.unwrap();
    assert!(known().await.is_empty(), "nothing of it was loaded");
    // Twice: what was said takes the place of what was said.
    for _ in 0..2 {
        let loaded = upload(&world, b"account\n").await;
        ctx.order(&olga(), choose(&loaded)).await.unwrap();
        let (list, allowed) = (northwind().list, Allowed::default());
        let version = difference(ctx, ROUND, &list, allowed).await.unwrap().version;
        load_upload_as_shown(ctx, ROUND, (&loaded, &list), allowed, &version, &olga()).await.unwrap();
    }
    assert_eq!(known().await, [("Firma".into(), "account".into()), ("Notiz".into(), String::new())]);
    let forget = |header: &str| ForgetColumn { client: CLIENT.into(), header: header.into() };
    assert_eq!(ctx.order(&olga(), forget("FIRMA")).await.unwrap().field, "account");
    assert_eq!(ctx.order(&olga(), forget("Firma")).await.unwrap_err().kind, Kind::NotFound);
    assert_eq!(known().await, [("Notiz".into(), String::new())]);
    let mut tx = ctx.db.read().await.unwrap();
    let told = journal::of_subject(&mut tx, &CLIENT.to_lowercase()).await.unwrap();
    let of = |action: Action| told.iter().filter(|e| e.action == action.as_str()).count();
    assert_eq!((of(Action::RememberedColumns), of(Action::ForgotColumn)), (2, 1), "{told:?}");
    drop(tx);
    world.promises_hold().await;
}
