//! What a list says about accounts: what it leaves out stays, what they lose is confirmed, who has them now is told.

use soundings::rules::journal::Actor;
use soundings::rules::signoff::Standing;
use soundings::steps::contacts::{Allowed, Changes, load_list};
use soundings::steps::round::{self, RoundOrder};
use soundings::steps::signoff;

use crate::common::{
    ANN, BEN, CYD, DEE, DORA, ERIK, MAX, OPERATOR, ROUND, SALES_DIRECTOR, UMA, World, folder, northwind,
    northwind_with, secret_in,
};

on_both!(
    what_a_list_leaves_out_stays,
    a_lost_mark_is_confirmed_and_the_second_signature_stays,
    a_new_manager_is_confirmed,
    a_new_director_is_confirmed_told_and_asked,
    a_new_director_is_not_told_that_she_has_signed,
    who_moved_is_named_and_signed_by_the_new_director,
    an_account_of_a_draft_gets_another_name,
    who_could_not_be_read_is_shown_to_the_director,
);

/// Once under her own name, once at an account of hers without a director; neither what another one has nor a row that stands twice.
async fn who_could_not_be_read_is_shown_to_the_director(mut world: World) {
    let with = |rows: &str| {
        let mut all = northwind();
        let list = format!("account,first_name,last_name,email,account_director,account_director_email\n{rows}");
        all.list.unread = soundings::intake::list::read(list.as_bytes(), "contacts.csv").unwrap().unread;
        all
    };
    world.started().await;
    let rows = "Globex,Ida,Falk,ida.falk@,Dora Fields,Dora.Fields@northwind.example\n\
                GLOBEX,Jo,Brand,,,\n\
                Globex,,,x@globex.example,Dora Fields,dora.fields@northwind.example\n\
                Initech,Kim,Voss,kim@,Erik Holm,erik.holm@northwind.example\n\
                Elsewhere,Lou,Reiss,,,\n";
    world.load(with(rows)).await;
    let seen = async |world: &World, who: &str| {
        let secret = secret_in(&world.mail_to(who, "sign_off"), "/sign-off/");
        signoff::sheet(&world.ctx, &secret).await.unwrap().unwrap().left_out
    };
    let dora = seen(&world, DORA).await;
    assert_eq!(dora.len(), 3, "{dora:?}");
    assert!(dora[0].starts_with("Ida Falk at Globex: the e-mail address cannot be used"), "{dora:?}");
    assert!(dora[1].starts_with("Jo Brand at GLOBEX: "), "{dora:?}");
    assert!(dora[2].starts_with("x@globex.example at Globex: the name"), "{dora:?}");
    assert_eq!(seen(&world, ERIK).await.len(), 1);
    // The next list has them right.
    world.load(northwind()).await;
    assert!(seen(&world, DORA).await.is_empty());
    world.promises_hold().await;
}

async fn what_a_list_leaves_out_stays(mut world: World) {
    world.signed().await;
    let (cyd, initech) = (world.person(CYD).await, world.account("Initech").await);
    for list in [
        "account,first_name,last_name,email,account_director_email,account_director\nInitech,Cyd,Moor,cyd.moor@initech.example,erik.holm@northwind.example,Erik Holm\n",
        "account,first_name,last_name,email,job_title,role,language,country,region,time_zone,account_director,account_director_email,account_manager,account_manager_email,strategic,annual_revenue\n\
         Initech,Cyd,Moor,cyd.moor@initech.example,,,,,,,Erik Holm,erik.holm@northwind.example,,,,\n",
    ] {
        let c =
            load_list(&world.ctx, ROUND, folder(list).list.accepted, Allowed::default(), &Actor::operator(OPERATOR))
                .await
                .unwrap();
        assert_eq!((c.added, c.missing.len(), c.accounts.len(), c.directors.len()), (0, 4, 0, 0), "{c:?}");
        let now = world.account("Initech").await;
        assert!(now.strategic.0 && now.manager_email == MAX && now.annual_revenue == initech.annual_revenue);
        assert_eq!((now.standing, now.fingerprint), (Standing::Signed, initech.fingerprint.clone()));
        let person = world.person(CYD).await;
        assert_eq!((&person.job_title, person.role), (&cyd.job_title, cyd.role));
        assert_eq!(
            (&person.language, &person.country, &person.time_zone),
            (&cyd.language, &cyd.country, &cyd.time_zone)
        );
    }
    let operator = Actor::operator(OPERATOR);
    let missing = load_list(&world.ctx, ROUND, folder("account,name,email,account_director_email\nUmbra,Uma Reid,uma.reid@umbra.example,dora.fields@northwind.example\n").list.accepted, Allowed::default(), &operator);
    let mut missing: Vec<String> = missing.await.unwrap().missing.into_iter().map(|m| m.email).collect();
    missing.sort();
    assert_eq!(missing, [ANN, BEN, CYD, DEE]);
    assert!(world.person(UMA).await.removed_at.is_none());
    world.promises_hold().await;
}

async fn a_lost_mark_is_confirmed_and_the_second_signature_stays(mut world: World) {
    world.started().await;
    let ordinary = || northwind_with(&[(",yes,", ",no,")]);
    let refused = round::load(&world.ctx, ordinary(), &Actor::operator(OPERATOR)).await.unwrap_err().to_string();
    assert!(refused.contains("Initech would no longer be strategic") && refused.contains("--confirm"), "{refused}");
    assert!(world.account("Initech").await.strategic.0);
    let c = world.load_confirmed(ordinary()).await.contacts;
    assert_eq!(c.accounts.len(), 1);
    assert!(c.accounts[0].what.starts_with("is no longer strategic"), "{c:?}");
    assert!(!world.account("Initech").await.strategic.0);
    world.sign_all(ERIK, "sign_off").await;
    assert_eq!(world.account("Initech").await.standing, Standing::CounterSign, "it was strategic in this round");
    world.work().await;
    world.pass_to("2027-02-02T12:00:00Z").await;
    assert!(world.mails_to(CYD).is_empty());
    world.sign_all(SALES_DIRECTOR, "counter_sign").await;
    world.pass_to("2027-02-09T12:00:00Z").await;
    assert!(!world.mails_to(CYD).is_empty());
    world.promises_hold().await;
}

async fn a_new_manager_is_confirmed(mut world: World) {
    world.started().await;
    let theirs = "Max Mann,max.mann@northwind.example,no,100000";
    let other = || northwind_with(&[(theirs, "Mia Berg,mia.berg@northwind.example,no,100000")]);
    let refused = round::load(&world.ctx, other(), &Actor::operator(OPERATOR)).await.unwrap_err().to_string();
    assert!(
        refused.contains("Globex would be looked after by Mia Berg instead of Max Mann")
            && refused.contains("--confirm"),
        "{refused}"
    );
    assert_eq!(world.account("Globex").await.manager_email, MAX);
    let c = world.load_confirmed(other()).await.contacts;
    assert_eq!(c.accounts.len(), 1, "{c:?}");
    assert_eq!(world.account("Globex").await.manager_email, "mia.berg@northwind.example");
    // An account that had nobody loses nobody, another spelling of an address neither, and silence changes nothing.
    let first = northwind_with(&[
        (theirs, "Mia Berg,Mia.Berg@NORTHWIND.example,no,100000"),
        ("dora.fields@northwind.example,,,no", "dora.fields@northwind.example,Max Mann,max.mann@northwind.example,no"),
        ("Max Mann,max.mann@northwind.example,yes", ",,yes"),
    ]);
    world.load(first).await;
    assert_eq!(world.account("Umbra").await.manager_email, MAX);
    assert_eq!(world.account("Initech").await.manager_email, MAX);
    world.promises_hold().await;
}

async fn a_new_director_is_confirmed_told_and_asked(mut world: World) {
    world.started().await;
    let rachel = "rachel.osei@northwind.example";
    let handed = || {
        northwind_with(&[("Dora Fields,dora.fields@northwind.example", "Rachel Osei,Rachel.Osei@northwind.example")])
    };
    let refused = round::load(&world.ctx, handed(), &Actor::operator(OPERATOR)).await.unwrap_err().to_string();
    assert!(refused.contains("Globex, Umbra would go from Dora Fields to Rachel Osei"), "{refused}");
    let c = world.load_confirmed(handed()).await.contacts;
    assert_eq!((c.changed, c.unchanged), (3, 2));
    let d = &c.directors[0];
    assert_eq!((d.from.as_str(), d.to.as_str(), d.contacts, d.accounts.len()), ("Dora Fields", "Rachel Osei", 3, 2));
    world.work().await;
    assert_eq!(world.kinds_to(rachel), ["sign_off"]);
    let secret = secret_in(&world.mail_to(DORA, "sign_off"), "/sign-off/");
    let sheet = signoff::sheet(&world.ctx, &secret).await.unwrap().unwrap();
    assert!(sheet.accounts.is_empty());
    let gone: Vec<_> = sheet.handed_over.iter().map(|a| (a.name.as_str(), a.director_name.as_str())).collect();
    assert_eq!(gone, [("Globex", "Rachel Osei"), ("Umbra", "Rachel Osei")]);
    world.sign_all(rachel, "sign_off").await;
    world.pass_to("2027-02-05T12:00:00Z").await;
    assert_eq!(world.kinds_to(DORA), ["sign_off"], "who has nothing to sign is not chased");
    assert_eq!(world.load(handed()).await.contacts, Changes { unchanged: 5, ..Changes::default() });
    world.promises_hold().await;
}

async fn a_new_director_is_not_told_that_she_has_signed(mut world: World) {
    world.signed().await;
    let rachel = "rachel.osei@northwind.example";
    world
        .load_confirmed(northwind_with(&[
            ("Dora Fields,dora.fields@northwind.example", "Rachel Osei,rachel.osei@northwind.example"),
            ("Head of Quality", "Head of Purchasing"),
        ]))
        .await;
    world.pass_to("2027-01-26T12:00:00Z").await;
    let mails = world.mails_to(rachel);
    assert!(!mails.is_empty());
    assert!(
        mails.iter().all(|mail| !String::from_utf8_lossy(&mail.raw).contains("have signed")),
        "{:?}",
        world.kinds_to(rachel)
    );
    world.promises_hold().await;
}

async fn who_moved_is_named_and_signed_by_the_new_director(mut world: World) {
    world.signed().await;
    world.pass_to("2027-02-08T12:00:00Z").await;
    world.answers(&world.mail_to(BEN, "invitation")).await.unwrap();
    let ann = "Globex,Ann,Lee";
    let c = world.load(northwind_with(&[(ann, "Hooli,Ann,Lee"), ("Globex,Ben", "Umbra,Ben")])).await.contacts;
    let moved: Vec<_> = c.moved.iter().map(|m| (m.name.as_str(), m.from.as_str(), m.to.as_str())).collect();
    assert_eq!(moved, [("Ann Lee", "Globex", "Hooli"), ("Ben Koch", "Globex", "Umbra")]);
    assert_eq!((c.changed, c.added, c.asked.len(), c.missing.len()), (2, 0, 0, 0), "{c:?}");
    assert_eq!(world.account("Hooli").await.standing, Standing::Unsigned);
    assert_eq!((world.account("Globex").await.listed, world.account("Umbra").await.listed), (0, 2));
    assert_eq!((world.account("Umbra").await.completed, world.account("Globex").await.completed), (1, 0));
    let before = world.mails_to(ANN).len();
    world.pass_to("2027-02-13T12:00:00Z").await;
    assert_eq!(world.mails_to(ANN).len(), before, "not signed at the new account");
    world.sign_all(DORA, "sign_off").await;
    world.pass_to("2027-02-20T12:00:00Z").await;
    assert!(world.mails_to(ANN).len() > before);
    world.promises_hold().await;
}

async fn an_account_of_a_draft_gets_another_name(world: World) {
    world.load(northwind()).await;
    let globex = world.account("Globex").await;
    let c = world.load(northwind_with(&[("Globex,", "Globex International GmbH,")])).await.contacts;
    assert_eq!((c.renamed.len(), c.added, c.removed, c.unchanged), (1, 0, 0, 5), "{c:?}");
    let now = world.account("Globex International GmbH").await;
    assert_eq!((&now.id, now.listed), (&globex.id, 2));
    // Another spelling of a name is taken too, and two accounts that become one do not fail.
    let c = world
        .load(northwind_with(&[
            ("Globex,", "GLOBEX International G.m.b.H.,"),
            ("Umbra,", "Globex International GmbH,"),
        ]))
        .await
        .contacts;
    assert_eq!((c.moved.len(), c.added, c.removed), (1, 0, 0), "{c:?}");
    world.order(RoundOrder::Start).await;
    let c = world
        .load(northwind_with(&[("Globex,", "Globex International,"), ("Umbra,", "Globex International,")]))
        .await
        .contacts;
    assert_eq!(
        (c.moved.len(), c.renamed.len(), c.added),
        (0, 1, 0),
        "a started round renames as well, and what was signed is signed again: {c:?}"
    );
}
