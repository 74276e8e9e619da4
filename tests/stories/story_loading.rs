//! Loading a list: again and again, while people have edited what it says, and when somebody leaves it and comes back.

use soundings::rules::signoff::Standing;
use soundings::steps::contacts::Changes;
use soundings::steps::round::RoundOrder;

use crate::common::{ANN, BEN, DORA, ERIK, HEADER, ROUND, World, folder, northwind, northwind_with};

on_both!(
    a_list_loaded_twice_changes_nothing,
    the_first_row_of_an_account_speaks_for_it_every_time,
    what_people_corrected_stays_when_the_list_comes_again,
    who_comes_back_onto_the_list_is_back,
    a_list_loaded_while_paused_counts_like_any_other,
    a_region_that_is_added_is_signed_anew_and_written_out_again,
);

async fn a_list_loaded_twice_changes_nothing(mut world: World) {
    let first = world.load(northwind()).await;
    assert!(first.new);
    assert_eq!(first.contacts, Changes { added: 5, ..Changes::default() });
    world.order(RoundOrder::Start).await;
    world.work().await;
    world.sign_all(DORA, "sign_off").await;
    let (ann, globex) = (world.person(ANN).await, world.account("Globex").await);
    for _ in 0..2 {
        let again = world.load(northwind()).await;
        assert!(!again.new);
        assert_eq!(again.contacts, Changes { unchanged: 5, ..Changes::default() });
    }
    assert_eq!(world.account("Globex").await.fingerprint, globex.fingerprint);
    assert_eq!(world.account("Globex").await.standing, Standing::Signed);
    assert_eq!(world.person(ANN).await.version, ann.version);
    world.work().await;
    assert_eq!(world.kinds_to(DORA), ["sign_off"]);
    // The harness sees a change where there is one.
    let changed = world.load(northwind_with(&[("Head of Quality", "Head of Purchasing")])).await;
    assert_eq!(changed.contacts, Changes { unchanged: 4, changed: 1, ..Changes::default() });
    assert_eq!(world.account("Globex").await.standing, Standing::Unsigned);
    world.promises_hold().await;
}

async fn the_first_row_of_an_account_speaks_for_it_every_time(world: World) {
    let row = |name: &str, director: &str| {
        format!(
            "Globex,{name},Lee,{name}@globex.example,Buyer,influencer,en,GB,Europe/London,{director} Fields,\
             {director}@northwind.example,,,no,\n"
        )
    };
    let list = || folder(&format!("{HEADER}{}{}", row("ann", "dora"), row("ben", "donald")));
    for _ in 0..3 {
        world.load(list()).await;
        assert_eq!(world.account("Globex").await.director_email.as_str(), "dora@northwind.example");
    }
}

async fn what_people_corrected_stays_when_the_list_comes_again(mut world: World) {
    world.started().await;
    world.corrects(DORA, ANN, |c| c.job_title = "Director of Quality".into()).await;
    world.removes(DORA, BEN).await;
    let again = world.load(northwind()).await.contacts;
    assert_eq!((again.kept_as_edited, again.unchanged, again.added), (2, 3, 0));
    assert_eq!(world.person(ANN).await.job_title, "Director of Quality");
    assert!(world.person(BEN).await.removed_at.is_some());
    world.promises_hold().await;
}

async fn who_comes_back_onto_the_list_is_back(world: World) {
    let ann = "Globex,Ann,Lee,ann.lee@globex.example,Head of Quality,influencer,en,GB,Europe/London,Dora Fields,\
        dora.fields@northwind.example,Max Mann,max.mann@northwind.example,no,100000\n";
    world.load(northwind()).await;
    assert_eq!(world.load(northwind_with(&[(ann, "")])).await.contacts.removed, 1);
    assert!(world.person(ANN).await.removed_at.is_some());
    world.load(northwind()).await;
    assert!(world.person(ANN).await.removed_at.is_none(), "the draft's list is the truth about who is asked");
    assert_eq!(world.account("Globex").await.listed, 2);
}

async fn a_list_loaded_while_paused_counts_like_any_other(mut world: World) {
    world.started().await;
    world.order(RoundOrder::Pause).await;
    let loaded = world.load_confirmed(northwind_with(&[("Erik Holm,erik.holm@", "Erika Holm,erika.holm@")])).await;
    assert_eq!((loaded.contacts.changed, loaded.contacts.directors.len()), (2, 1));
    world.order(RoundOrder::Resume).await;
    world.work().await;
    assert_eq!(world.kinds_to("erika.holm@northwind.example"), ["sign_off"]);
    assert_eq!(world.kinds_to(ERIK), ["sign_off"], "who has no account any more is not chased");
    world.pass_to("2027-02-05T12:00:00Z").await;
    assert_eq!(world.kinds_to(ERIK), ["sign_off"]);
    world.promises_hold().await;
}

async fn a_region_that_is_added_is_signed_anew_and_written_out_again(mut world: World) {
    world.load(northwind()).await;
    world.order(RoundOrder::Start).await;
    world.work().await;
    world.sign_all(DORA, "sign_off").await;
    let with = |ann: &str| {
        northwind_with(&[
            ("country,time_zone", "country,region,time_zone"),
            ("en,GB,", &format!("en,GB,{ann},")),
            ("de,DE,", "de,DE,,"),
            ("en,NZ,", "en,NZ,,"),
            ("en,US,", "en,US,,"),
        ])
    };
    assert_eq!(world.load(with("")).await.contacts, Changes { unchanged: 5, ..Changes::default() });
    assert_eq!(world.account("Globex").await.standing, Standing::Signed, "an empty region is no change");
    assert_eq!(world.load(with("Scotland")).await.contacts, Changes { unchanged: 4, changed: 1, ..Changes::default() });
    assert_eq!(world.account("Globex").await.standing, Standing::Unsigned);
    assert_eq!(world.person(ANN).await.region, "SCT");
    let dir = tempfile::tempdir().unwrap();
    soundings::steps::round::export::export(&world.ctx, ROUND, dir.path()).await.unwrap();
    let list = std::fs::read_to_string(dir.path().join("contacts.csv")).unwrap();
    assert!(list.contains(",country,region,time_zone,") && list.contains(",GB,SCT,Europe/London,"), "{list}");
    world.promises_hold().await;
}
