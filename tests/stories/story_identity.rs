//! Who is who: a new address is not a new person, and one mailbox is one person in whatever spelling.

use soundings::intake::list;
use soundings::rules::journal::Actor;
use soundings::rules::signoff::Standing;
use soundings::steps::contacts::people::identity::{self, Answer, Which};
use soundings::steps::contacts::{Allowed, Changes, load_list};
use soundings::steps::round::{self, RoundOrder};
use soundings::store::Db;
use soundings::store::contacts::accounts;
use soundings::store::database::respell;
use soundings::store::round::rounds;
use sqlx::postgres::PgConnection;
use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection, Executor};

use crate::common::reports::away;
use crate::common::{ANN, BEN, DORA, HEADER, OPERATOR, ROUND, World, folder, northwind, northwind_with};

on_both!(
    who_opted_out_or_answered_is_asked_about_when_the_domain_is_renamed,
    who_has_left_is_not_brought_back_by_his_company_s_new_domain,
    somebody_else_is_a_new_name_and_is_not_asked_about_again,
    two_rows_of_one_name_are_asked_about_unless_the_list_tells_them_apart,
    what_lasts_from_an_earlier_round_holds_under_another_address,
    a_draft_asks_too_and_forgets_what_left_its_list,
    a_company_that_renames_itself_with_its_domain_is_asked_about_again_and_again,
    one_mailbox_in_many_spellings_is_one_person,
    one_account_in_many_spellings_is_one_account,
    addresses_of_an_older_version_are_brought_to_one_spelling,
    an_opt_out_by_an_old_link_holds_for_the_same_person_under_another_address,
    what_a_list_does_not_say_keeps_names_and_findings,
);

const NEW_ANN: &str = "ann.lee@globex-group.example";
const NEW_BEN: &str = "ben.koch@globex-group.example";

fn renamed() -> soundings::intake::folder::RoundFolder {
    northwind_with(&[("@globex.example", "@globex-group.example")])
}

async fn says(world: &World, which: Which, word: Answer) -> Vec<String> {
    identity::answer(&world.ctx, ROUND, which, word, &Actor::operator(OPERATOR)).await.unwrap().names
}

/// A round in which Ann has opted out and Ben has answered.
async fn with_facts(world: &mut World) {
    world.signed().await;
    world.pass_to("2027-02-08T12:00:00Z").await;
    world.opts_out(&world.mail_to(ANN, "invitation")).await;
    world.answers(&world.mail_to(BEN, "invitation")).await.unwrap();
    world.work().await;
}

async fn who_opted_out_or_answered_is_asked_about_when_the_domain_is_renamed(mut world: World) {
    with_facts(&mut world).await;
    for _ in 0..2 {
        let c = world.load(renamed()).await.contacts;
        assert_eq!((c.added, c.asked.len(), c.missing.len(), c.unchanged), (0, 2, 0, 3), "{c:?}");
        let mut named: Vec<_> =
            c.asked.iter().map(|a| (a.name.as_str(), a.known_as.as_str(), a.why.as_str())).collect();
        named.sort_unstable();
        assert_eq!(named, [("Ann Lee", ANN, "known"), ("Ben Koch", BEN, "known")]);
        assert_eq!(world.account("Globex").await.listed, 2);
        assert_eq!(world.account("Globex").await.standing, Standing::Signed, "a held row is no part of what is signed");
    }
    world.pass_to("2027-02-12T12:00:00Z").await;
    assert!(world.mails_to(NEW_ANN).is_empty() && world.mails_to(NEW_BEN).is_empty());
    let domains = Which::Domain("globex.example".into(), "globex-group.example".into());
    assert_eq!(says(&world, domains, Answer::SamePerson).await, ["Ben Koch", "Ann Lee"]);
    assert_eq!(world.account("Globex").await.standing, Standing::Unsigned, "a new address is signed again");
    let (ann, ben) = (world.person(NEW_ANN).await, world.person(NEW_BEN).await);
    assert!(ann.opted_out_at.is_some() && ben.completed_at.is_some() && ann.edited_at.is_none());
    // The new list knows them, the old one changes nothing.
    assert_eq!(world.load(renamed()).await.contacts, Changes { unchanged: 5, ..Changes::default() });
    let old = world.load(northwind()).await.contacts;
    assert_eq!((old.kept_as_edited, old.unchanged, old.asked.len(), old.missing.len()), (2, 3, 0, 0), "{old:?}");
    assert_eq!(world.person(NEW_ANN).await.email.as_str(), NEW_ANN);
    world.work().await;
    world.sign_all(DORA, "sign_off").await;
    world.pass_to("2027-03-08T12:00:00Z").await;
    assert!(world.mails_to(NEW_ANN).is_empty(), "{:?}", world.kinds_to(NEW_ANN));
    assert!(world.mails_to(NEW_BEN).is_empty(), "{:?}", world.kinds_to(NEW_BEN));
    assert_eq!(world.kinds_to(ANN), ["warm_up", "invitation"]);
    world.promises_hold().await;
}

async fn who_has_left_is_not_brought_back_by_his_company_s_new_domain(mut world: World) {
    world.takes_replies();
    world.signed().await;
    world.pass_to("2027-02-08T12:00:00Z").await;
    let left = away(&world.mail_to(ANN, "invitation"), ANN, "I have left Globex.");
    world.comes_back(&[left]).await;
    assert!(world.person(ANN).await.left_at.is_some());
    world.load(renamed()).await;
    let domains = Which::Domain("globex.example".into(), "globex-group.example".into());
    assert_eq!(says(&world, domains, Answer::SamePerson).await.len(), 2);
    assert!(world.person(NEW_ANN).await.left_at.is_some());
    world.work().await;
    world.sign_all(DORA, "sign_off").await;
    world.pass_to("2027-03-08T12:00:00Z").await;
    assert!(world.mails_to(NEW_ANN).is_empty(), "{:?}", world.kinds_to(NEW_ANN));
    assert!(!world.mails_to(NEW_BEN).is_empty());
    // Nor in the next year, and nobody is asked again.
    let mut next = renamed();
    next.spec.round = "northwind-2028".into();
    next.spec.schedule.opens = "2028-02-07".parse().unwrap();
    next.spec.schedule.closes = "2028-03-03".parse().unwrap();
    let loaded = round::load(&world.ctx, next, &Actor::operator(OPERATOR)).await.unwrap().contacts;
    assert_eq!((loaded.added, loaded.kept_out, loaded.asked.len()), (5, 1, 0), "{loaded:?}");
    world.promises_hold().await;
}

async fn somebody_else_is_a_new_name_and_is_not_asked_about_again(mut world: World) {
    with_facts(&mut world).await;
    world.load(renamed()).await;
    assert_eq!(says(&world, Which::Address(NEW_ANN.parse_address()), Answer::SomebodyElse).await, ["Ann Lee"]);
    assert_eq!(says(&world, Which::Account("GLOBEX".into()), Answer::SamePerson).await, ["Ben Koch"]);
    let ann = world.person(NEW_ANN).await;
    assert!(ann.opted_out_at.is_none() && ann.invited_at.is_none());
    assert_eq!(world.account("Globex").await.listed, 3);
    let again = world.load(renamed()).await.contacts;
    assert_eq!((again.asked.len(), again.added, again.unchanged), (0, 0, 5), "{again:?}");
    assert_eq!(again.missing.iter().map(|m| m.email.as_str()).collect::<Vec<_>>(), [ANN]);
    world.pass_to("2027-02-10T12:00:00Z").await;
    assert!(world.mails_to(NEW_ANN).is_empty(), "not signed yet");
    world.sign_all(DORA, "sign_off").await;
    world.pass_to("2027-02-12T12:00:00Z").await;
    assert!(!world.mails_to(NEW_ANN).is_empty());
    assert!(
        identity::answer(&world.ctx, ROUND, Which::All, Answer::SamePerson, &Actor::operator(OPERATOR)).await.is_err()
    );
    world.promises_hold().await;
}

trait Parse {
    fn parse_address(&self) -> soundings::base::address::EmailAddress;
}

impl Parse for str {
    fn parse_address(&self) -> soundings::base::address::EmailAddress {
        soundings::base::address::EmailAddress::parse(self).unwrap()
    }
}

fn row(account: &str, name: &str, email: &str, title: &str) -> String {
    format!("{account},{name},{email},{title},influencer,en,GB,Europe/London,Dora Fields,{DORA},,,no,\n")
}

async fn two_rows_of_one_name_are_asked_about_unless_the_list_tells_them_apart(world: World) {
    let list = format!(
        "{HEADER}{}{}{}{}{}",
        row("Globex", "John,Smith", "john.smith@globex.example", "Buyer"),
        row("Globex", "JOHN,SMITH", "jsmith@globex.example", "Buyer"),
        row("Globex", "John,Smith", "john.smith2@globex.example", "Head of IT"),
        row("Umbra", "John,Smith", "john@umbra.example", "Buyer"),
        row("Globex", "Jörg,Müller", "joerg@globex.example", ""),
    );
    let c = world.load(folder(&list)).await.contacts;
    assert_eq!((c.added, c.asked.len()), (4, 1), "{c:?}");
    assert_eq!((c.asked[0].email.as_str(), c.asked[0].why.as_str()), ("jsmith@globex.example", "twice"));
    // A name is the same in other letters.
    let more = format!("{list}{}", row("GLOBEX", "Joerg,Mueller", "jm@globex.example", "Buyer"));
    let c = world.load(folder(&more)).await.contacts;
    assert_eq!((c.added, c.asked.len(), c.unchanged), (0, 2, 4), "{c:?}");
    assert_eq!(says(&world, Which::All, Answer::SomebodyElse).await.len(), 2);
    assert_eq!(world.load(folder(&more)).await.contacts, Changes { unchanged: 6, ..Changes::default() });
}

async fn what_lasts_from_an_earlier_round_holds_under_another_address(mut world: World) {
    with_facts(&mut world).await;
    world.pass_to("2027-03-08T12:00:00Z").await;
    let mut next = renamed();
    next.spec.round = "northwind-2028".into();
    next.spec.schedule.opens = "2028-02-07".parse().unwrap();
    next.spec.schedule.closes = "2028-03-03".parse().unwrap();
    let loaded = round::load(&world.ctx, next.clone(), &Actor::operator(OPERATOR)).await.unwrap().contacts;
    assert_eq!((loaded.added, loaded.asked.len()), (4, 1), "{loaded:?}");
    assert_eq!((loaded.asked[0].known_as.as_str(), loaded.asked[0].why.as_str()), (ANN, "opted_out"));
    let same =
        identity::answer(&world.ctx, "northwind-2028", Which::All, Answer::SamePerson, &Actor::operator(OPERATOR))
            .await
            .unwrap();
    assert_eq!(same.names, ["Ann Lee"]);
    let mut tx = world.ctx.db.read().await.unwrap();
    let id = rounds::by_slug(&mut tx, "northwind-2028").await.unwrap().unwrap().id;
    let ann = soundings::store::contacts::by_address(&mut tx, &id, NEW_ANN).await.unwrap().unwrap();
    assert!(soundings::store::contacts::person(&mut tx, &ann).await.unwrap().unwrap().opted_out_at.is_some());
    drop(tx);
    let again = round::load(&world.ctx, next, &Actor::operator(OPERATOR)).await.unwrap().contacts;
    assert_eq!((again.unchanged, again.asked.len()), (5, 0), "{again:?}");
    world.promises_hold().await;
}

async fn a_draft_asks_too_and_forgets_what_left_its_list(world: World) {
    world.load(northwind()).await;
    let c = world.load(renamed()).await.contacts;
    assert_eq!((c.asked.len(), c.removed, c.missing.len()), (2, 0, 0), "{c:?}");
    assert!(world.person(ANN).await.removed_at.is_none(), "nothing is believed about the old address");
    assert_eq!(world.load(northwind()).await.contacts, Changes { unchanged: 5, ..Changes::default() });
    assert!(identity::of_round(&world.ctx, ROUND).await.unwrap().is_empty());
}

async fn a_company_that_renames_itself_with_its_domain_is_asked_about_again_and_again(mut world: World) {
    with_facts(&mut world).await;
    // Ann has the new address already, Ben keeps the old one: he goes there, and she is asked about before the account has another name.
    let list = || northwind_with(&[("Globex,", "Hooli,"), ("ann.lee@globex.example", "ann.lee@hooli.example")]);
    for moved in [1, 0, 0] {
        let c = world.load(list()).await.contacts;
        let counts = (c.asked.len(), c.added, c.renamed.len(), c.moved.len(), c.missing.len());
        assert_eq!(counts, (1, 0, 0, moved, 0), "{c:?}");
        assert_eq!((c.asked[0].known_as.as_str(), c.asked[0].known_at.as_str()), (ANN, "Globex"));
    }
    assert_eq!(says(&world, Which::All, Answer::SamePerson).await, ["Ann Lee"]);
    let ann = world.person("ann.lee@hooli.example").await;
    assert!(ann.account == "Hooli" && ann.opted_out_at.is_some());
    assert_eq!(world.load(list()).await.contacts, Changes { unchanged: 5, ..Changes::default() });
    world.promises_hold().await;
}

const BUECHER: &str = "\
Bücher,Anna,Ahn,anna@bücher.example,Head of Buying,influencer,en,GB,Europe/London,Rachel Osei,rachel.osei@northwind.example,,,no,1000
Bücher,Anna,Ahn,anna@xn--bcher-kva.example,Head of Buying,influencer,en,GB,Europe/London,Rachel Osei,rachel.osei@northwind.example,,,no,1000
Bücher,Anna,Ahn,anna@BÜCHER.example,Head of Buying,influencer,en,GB,Europe/London,Rachel Osei,rachel.osei@northwind.example,,,no,1000
Bücher,Anna,Ahn,anna@bu\u{308}cher.example,Head of Buying,influencer,en,GB,Europe/London,Rachel Osei,rachel.osei@northwind.example,,,no,1000
Bücher,Bo,Li,bo@ｂücher.example,Head of Buying,influencer,en,GB,Europe/London,Rachel Osei,rachel.osei@northwind.example,,,no,1000
";

async fn one_mailbox_in_many_spellings_is_one_person(mut world: World) {
    let read = list::read(format!("{HEADER}{BUECHER}").as_bytes(), "two-spellings-of-a-domain.csv").unwrap();
    assert_eq!((read.accepted.len(), read.errors()), (2, 3));
    world.load(northwind()).await;
    let all_others = Allowed { removing_everybody: true, ..Allowed::default() };
    let c = load_list(&world.ctx, ROUND, read.accepted, all_others, &Actor::operator(OPERATOR)).await.unwrap();
    assert_eq!((c.added, c.asked.len()), (2, 0));
    // The same people, one spelling each: nobody new, nothing changed; a director in two spellings is one.
    for (anna, director) in [("anna@XN--BCHER-KVA.example", "rachel.osei"), ("ａｎｎａ@bücher。example", "Rachel.OSEI")]
    {
        let list = format!("{HEADER}{}", row("Bücher", "Anna,Ahn", anna, "Head of Buying"))
            .replace(DORA, &format!("{director}@northwind.example"))
            .replace("Dora Fields", "Rachel Osei");
        let rows = list::read(list.as_bytes(), "x.csv").unwrap().accepted;
        let mut all = northwind().list.accepted;
        all.extend(rows);
        let c = load_list(&world.ctx, ROUND, all, all_others, &Actor::operator(OPERATOR)).await.unwrap();
        assert_eq!((c.added, c.asked.len(), c.directors.len()), (0, 0, 0), "{c:?}");
    }
    world.order(RoundOrder::Start).await;
    world.work().await;
    world.sign_all("rachel.osei@northwind.example", "sign_off").await;
    world.pass_to("2027-02-08T12:00:00Z").await;
    let anna = world.mails_to("anna@xn--bcher-kva.example");
    assert_eq!(anna.iter().map(|m| m.kind.as_str()).collect::<Vec<_>>(), ["warm_up", "invitation"]);
    world.opts_out(&anna[1]).await;
    world.pass_to("2027-02-20T12:00:00Z").await;
    assert_eq!(world.mails_to("anna@xn--bcher-kva.example").len(), 2);
    world.promises_hold().await;
}

async fn one_account_in_many_spellings_is_one_account(world: World) {
    let list = format!(
        "{HEADER}{}{}{}{}{}",
        row("Müller AG", "Ann,One", "a1@mueller.example", "Buyer"),
        row("Mu\u{308}ller AG", "Bob,Two", "b1@mueller.example", "Buyer"),
        row("Müller\u{a0}AG", "Cat,Three", "c@mueller.example", "Buyer"),
        row("Müller\u{200b} AG", "Dan,Four", "d@mueller.example", "Buyer"),
        row("Müller AG.", "Eve,Five", "e@mueller.example", "Buyer"),
    );
    let c = world.load(folder(&list)).await.contacts;
    assert_eq!((c.added, c.asked.len()), (5, 0));
    assert_eq!(world.account("Müller AG").await.listed, 5);
    world.order(RoundOrder::Start).await;
    // Another list of the running round, another spelling: the same account under its first name.
    let more = format!("{HEADER}{}", row("MÜLLER A.G.", "Fay,Six", "f@mueller.example", "Buyer"));
    let c = load_list(&world.ctx, ROUND, folder(&more).list.accepted, Allowed::default(), &Actor::operator(OPERATOR))
        .await
        .unwrap();
    assert_eq!((c.added, c.missing.len(), c.renamed.len()), (1, 5, 0), "{c:?}");
    assert_eq!(world.account("Müller AG").await.listed, 6);
    let mut tx = world.ctx.db.read().await.unwrap();
    let round = rounds::by_slug(&mut tx, ROUND).await.unwrap().unwrap().id;
    assert_eq!(accounts::of_round(&mut tx, &round).await.unwrap().len(), 1);
}

async fn run_on<C: Connection>(url: &str, sql: &'static str)
where
    for<'c> &'c mut C: Executor<'c>,
{
    let mut connection = C::connect(url).await.unwrap();
    (&mut connection).execute(sql).await.unwrap();
}

async fn addresses_of_an_older_version_are_brought_to_one_spelling(world: World) {
    let list = format!(
        "{HEADER}{}{}{}",
        row("Bücher", "Anna,Ahn", "anna@one.example", "Buyer"),
        row("Bücher", "Bo,Li", "bo@one.example", "Buyer"),
        row("Bücher", "Cy,Li", "cy@one.example", "Buyer"),
    );
    world.load(folder(&list)).await;
    // As an older version has kept them: an A-label, full-width letters beside the plain ones.
    for sql in [
        "UPDATE contact SET email = 'anna@xn--bcher-kva.example', email_key = 'anna@xn--bcher-kva.example', list_key = 'anna@xn--bcher-kva.example' WHERE email_key = 'anna@one.example'",
        "UPDATE contact SET email = 'ｃy@one.example', email_key = 'ｃy@one.example', list_key = 'ｃy@one.example' WHERE email_key = 'bo@one.example'",
        "DELETE FROM upgrade",
    ] {
        match world.url.starts_with("sqlite:") {
            true => run_on::<SqliteConnection>(&world.url, sql).await,
            false => run_on::<PgConnection>(&world.url, sql).await,
        }
    }
    // The next start.
    drop(Db::open(&world.url, "off").await.unwrap());
    assert_eq!(world.person("anna@bücher.example").await.email.as_str(), "anna@bücher.example");
    let mut tx = world.ctx.db.read().await.unwrap();
    let twins = respell::twins(&mut tx).await.unwrap();
    let named: Vec<_> = twins.iter().map(|(a, b)| (a.name.as_str(), b.name.as_str())).collect();
    assert_eq!(named, [("Cy Li", "Bo Li")]);
}

async fn an_opt_out_by_an_old_link_holds_for_the_same_person_under_another_address(mut world: World) {
    world.signed().await;
    world.pass_to("2027-02-08T12:00:00Z").await;
    let old = world.mail_to(BEN, "invitation");
    world.load(renamed()).await;
    says(&world, Which::All, Answer::SamePerson).await;
    world.opts_out(&old).await;
    let ben = world.person(NEW_BEN).await;
    assert!(ben.opted_out_at.is_some() && ben.objected_at.is_some(), "{:?}", ben.opted_out_at);
    world.promises_hold().await;
}

async fn what_a_list_does_not_say_keeps_names_and_findings(world: World) {
    let first = "Umbra,Uma Reid,uma.reid@umbra.example,Desk Lead (left 2026),,de,DE,,Dora Fields,dora.fields@northwind.example,,,no\n";
    let head = "account,name,email,job_title,role,language,country,time_zone,account_director,account_director_email,account_manager,account_manager_email,strategic\n";
    world.load(folder(&format!("{head}{first}"))).await;
    let before = world.person("uma.reid@umbra.example").await;
    assert!(before.findings.contains("left_company_note"), "{}", before.findings);
    let short = "account,name,email,account_director_email\nUmbra,Uma Reid,uma.reid@umbra.example,dora.fields@northwind.example\n";
    let c = world.load(folder(short)).await.contacts;
    assert_eq!((c.unchanged, c.changed), (1, 0), "{c:?}");
    assert_eq!(world.account("Umbra").await.director_name, "Dora Fields");
    assert!(world.person("uma.reid@umbra.example").await.findings.contains("left_company_note"));
}
