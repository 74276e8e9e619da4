//! What lasts: an opt-out for good, a complaint, a departure in every round of the client; a corrected address and its links.

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use soundings::base::address::EmailAddress;
use soundings::base::ids::ContactId;
use soundings::rehearsal::mailbox::Received;
use soundings::rules::handover::HandoffState;
use soundings::rules::journal::Actor;
use soundings::steps::audit::promises;
use soundings::steps::installation::operators;
use soundings::steps::repair::resolution;
use soundings::steps::repair::successors;
use soundings::steps::response;
use soundings::steps::round::{self, RoundOrder};
use soundings::steps::signoff::names::editing::{self, Correction, Edit};
use soundings::store::contacts::{self, Person, objections};
use soundings::store::round::rounds;
use soundings::store::{handover, journal};
use soundings::web::{Web, router};
use tower::ServiceExt;

use crate::common::reports::{away, complaint};
use crate::common::{
    ANN, BEN, CYD, DEE, DORA, ERIK, OPERATOR, SALES_DIRECTOR, World, northwind, northwind_with, one_click, secret_in,
};

on_both!(
    never_again_holds_in_rounds_loaded_before_and_after_and_this_round_does_not,
    the_choice_stands_when_the_round_is_closed_the_answers_are_in_or_the_name_is_off_the_list,
    a_complaint_and_a_departure_hold_next_year_and_a_successor_is_free,
    a_new_consent_ends_it_with_its_evidence,
    a_fact_follows_a_corrected_address_and_the_client_by_any_spelling,
    the_old_link_of_a_corrected_address_opens_nothing_and_stops_only_the_old_address,
    answers_of_the_wrong_person_are_set_aside_and_of_the_same_one_kept,
);

const NEXT: &str = "northwind-2028";

/// The status and the text of a page.
async fn page(world: &World, request: Request<Body>) -> (StatusCode, String, String) {
    let said = router(Web::new(world.ctx.clone(), 0)).oneshot(request).await.unwrap();
    let (parts, body) = said.into_parts();
    let cookie = parts.headers.get("set-cookie").map_or("", |v| v.to_str().unwrap()).to_string();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    (parts.status, String::from_utf8(body.to_vec()).unwrap(), cookie)
}

fn request(method: &str, path: &str, cookie: &str, body: &str) -> Request<Body> {
    let form = "application/x-www-form-urlencoded";
    let builder = Request::builder().method(method).uri(path).header(header::HOST, "soundings.northwind.example");
    let builder = builder.header(header::CONTENT_TYPE, form).header(header::COOKIE, cookie);
    builder.body(Body::from(body.to_string())).unwrap()
}

async fn get(world: &World, path: &str) -> (StatusCode, String) {
    let (status, body, _) = page(world, request("GET", path, "", "")).await;
    (status, body)
}

async fn post(world: &World, path: &str, body: &str) -> (StatusCode, String) {
    let (status, body, _) = page(world, request("POST", path, "", body)).await;
    (status, body)
}

fn opt_out_path(mail: &Received) -> String {
    format!("/opt-out/{}", one_click(mail))
}

async fn at_round(world: &World, slug: &str, address: &str) -> Person {
    let mut tx = world.ctx.db.read().await.unwrap();
    let round = rounds::by_slug(&mut tx, slug).await.unwrap().unwrap();
    let id = contacts::by_address(&mut tx, &round.id, address).await.unwrap().unwrap();
    contacts::person(&mut tx, &id).await.unwrap().unwrap()
}

async fn loads(world: &World, slug: &str, client: &str, instead: &[(&str, &str)]) -> round::Loaded {
    let mut folder = northwind_with(instead);
    folder.spec.round = slug.into();
    folder.spec.client = client.into();
    world.load(folder).await
}

async fn starts(world: &mut World, slug: &str) {
    world
        .ctx
        .order(&Actor::operator(OPERATOR), round::TellRound { slug: slug.to_string(), order: RoundOrder::Start })
        .await
        .unwrap();
    world.work().await;
    for director in [DORA, ERIK] {
        world.sign_all(director, "sign_off").await;
    }
    world.work().await;
    world.sign_all(SALES_DIRECTOR, "counter_sign").await;
    world.work().await;
}

pub async fn invited(world: &mut World) {
    world.takes_replies();
    world.signed().await;
    world.pass_to("2027-02-08T18:00:00Z").await;
}

/// What came to an address in a round.
fn kinds_in(world: &World, slug: &str, address: &str) -> Vec<String> {
    let of_round = |mail: &Received| mail.header("X-Soundings-Round") == Some(slug);
    world.mails_to(address).into_iter().filter(of_round).map(|mail| mail.kind).collect()
}

async fn promises_hold(world: &World, slug: &str) {
    for promise in promises::check(&world.ctx, slug).await.unwrap() {
        assert!(promise.holds, "promise {} of {slug}: {:?}", promise.id, promise.broken_by);
    }
}

async fn told(world: &World, contact: &ContactId) -> Vec<String> {
    let mut tx = world.ctx.db.read().await.unwrap();
    let all = journal::of_subject(&mut tx, contact).await.unwrap();
    all.into_iter().map(|e| format!("{}: {}", e.action, e.detail)).collect()
}

async fn never_again_holds_in_rounds_loaded_before_and_after_and_this_round_does_not(mut world: World) {
    invited(&mut world).await;
    loads(&world, NEXT, "Northwind Instruments", &[]).await;
    let before = at_round(&world, NEXT, ANN).await;
    let (ann, ben) = (opt_out_path(&world.mail_to(ANN, "invitation")), opt_out_path(&world.mail_to(BEN, "invitation")));
    let (status, text) = get(&world, &ann).await;
    assert_eq!(status, StatusCode::OK);
    for choice in ["round", "stop", "keep"] {
        assert!(text.contains(&format!("value=\"{choice}\"")), "{choice}: {text}");
    }
    assert!(at_round(&world, NEXT, ANN).await.opted_out_at.is_none(), "looking changes nothing");
    assert_eq!(post(&world, &ann, "").await.0, StatusCode::SEE_OTHER);
    assert_eq!(post(&world, &ann, "choice=stop").await.0, StatusCode::OK);
    assert!(get(&world, &ann).await.1.contains("You asked not to be asked"));
    assert_eq!(post(&world, &ben, "choice=round").await.0, StatusCode::OK);
    let (_, again) = get(&world, &ben).await;
    assert!(
        again.contains("value=\"stop\"") && !again.contains("value=\"keep\""),
        "he may still choose for good: {again}"
    );
    let after = at_round(&world, NEXT, ANN).await;
    assert!(after.opted_out_at.is_some() && after.version > before.version, "a claim that was decided before fails");
    assert!(at_round(&world, NEXT, BEN).await.opted_out_at.is_none());

    let later = loads(&world, "northwind-2029", "NORTHWIND  instruments", &[]).await;
    assert_eq!(later.contacts.kept_out, 1);
    let listed = at_round(&world, "northwind-2029", ANN).await;
    assert!(listed.opted_out_at.is_some() && listed.findings.contains("opted_out_before"), "{}", listed.findings);
    assert!(!at_round(&world, "northwind-2029", BEN).await.findings.contains("opted_out_before"));
    let other = loads(&world, "other-2027", "Southwind", &[]).await;
    assert_eq!(other.contacts.kept_out, 0, "it was said to Northwind");

    starts(&mut world, NEXT).await;
    starts(&mut world, "northwind-2029").await;
    world.pass_to("2027-03-05T18:00:00Z").await;
    for slug in [NEXT, "northwind-2029"] {
        assert_eq!(kinds_in(&world, slug, ANN), Vec::<String>::new(), "{slug}");
        assert!(!kinds_in(&world, slug, BEN).is_empty(), "{slug}");
        promises_hold(&world, slug).await;
    }
    assert_eq!(kinds_in(&world, "northwind-2027", BEN), ["warm_up", "invitation"]);
    world.promises_hold().await;
}

async fn the_choice_stands_when_the_round_is_closed_the_answers_are_in_or_the_name_is_off_the_list(mut world: World) {
    invited(&mut world).await;
    world.answers(&world.mail_to(ANN, "invitation")).await.unwrap();
    world.removes(DORA, BEN).await;
    let paths: Vec<String> =
        [ANN, BEN, DEE].iter().map(|who| opt_out_path(&world.mail_to(who, "invitation"))).collect();
    for path in &paths[..2] {
        assert!(get(&world, path).await.1.contains("value=\"stop\""));
        assert_eq!(post(&world, path, "choice=stop").await.0, StatusCode::OK);
    }
    world.order(RoundOrder::Close).await;
    assert!(get(&world, &paths[2]).await.1.contains("value=\"stop\""), "also when the round is closed");
    // The one click of a mail program means never again.
    assert_eq!(post(&world, &paths[2], "List-Unsubscribe=One-Click").await.0, StatusCode::OK);
    assert_eq!(loads(&world, NEXT, "Northwind Instruments", &[]).await.contacts.kept_out, 3);
    for who in [ANN, BEN, DEE] {
        assert!(at_round(&world, NEXT, who).await.opted_out_at.is_some(), "{who}");
    }
    promises_hold(&world, NEXT).await;
    world.promises_hold().await;
}

async fn a_complaint_and_a_departure_hold_next_year_and_a_successor_is_free(mut world: World) {
    invited(&mut world).await;
    loads(&world, NEXT, "Northwind Instruments", &[]).await;
    let mails = [
        complaint(&world.mail_to(ANN, "invitation")),
        away(&world.mail_to(CYD, "invitation"), CYD, "I have left the company. Please write to Dee."),
    ];
    world.comes_back(&mails).await;
    assert!(at_round(&world, NEXT, ANN).await.opted_out_at.is_some());
    assert!(at_round(&world, NEXT, CYD).await.left_at.is_some());
    let new = "cora.moor@initech.example";
    let later = loads(&world, "northwind-2029", "Northwind Instruments", &[]).await;
    assert_eq!(later.contacts.kept_out, 2);
    for (who, code) in [(ANN, "complained_before"), (CYD, "left_before")] {
        let listed = at_round(&world, "northwind-2029", who).await;
        assert!(listed.findings.contains(code), "{who}: {}", listed.findings);
    }
    starts(&mut world, NEXT).await;
    // A successor has the place and none of the past.
    let cyd = at_round(&world, NEXT, CYD).await;
    let successor = successors::Successor {
        first_name: "Cora".into(),
        last_name: "Moor".into(),
        email: new.into(),
        ..successors::Successor::default()
    };
    world
        .ctx
        .order(
            &Actor::operator(OPERATOR),
            resolution::SettleContact {
                contact: cyd.id.clone(),
                resolution: resolution::Resolution::Replace(successor),
                sure: true,
            },
        )
        .await
        .unwrap();
    world.work().await;
    world.sign_all(ERIK, "sign_off").await;
    world.work().await;
    world.sign_all(SALES_DIRECTOR, "counter_sign").await;
    world.pass_to("2027-03-05T18:00:00Z").await;
    assert_eq!(kinds_in(&world, NEXT, ANN), Vec::<String>::new());
    assert_eq!(kinds_in(&world, NEXT, CYD), Vec::<String>::new());
    assert!(!kinds_in(&world, NEXT, new).is_empty());
    promises_hold(&world, NEXT).await;
    world.promises_hold().await;
}

async fn a_new_consent_ends_it_with_its_evidence(mut world: World) {
    invited(&mut world).await;
    let path = opt_out_path(&world.mail_to(ANN, "invitation"));
    post(&world, &path, "choice=stop").await;
    loads(&world, NEXT, "Northwind Instruments", &[]).await;
    starts(&mut world, NEXT).await;
    let email = EmailAddress::parse(OPERATOR).unwrap();
    world.ctx.order(&Actor::operator("test"), operators::AddOperator { email: email.clone() }).await.unwrap();
    let link =
        world.ctx.order(&Actor::CommandLine, operators::IssueLink { email: email.clone() }).await.unwrap().unwrap();
    let login = link.trim_start_matches(&*world.ctx.base_url).to_string();
    let (_, _, cookie) = page(&world, request("POST", &login, "", &format!("email={OPERATOR}"))).await;
    let cookie = cookie.split(';').next().unwrap().to_string();
    let ann = at_round(&world, NEXT, ANN).await;
    let here = format!("/rounds/{NEXT}/contacts/{}", ann.id);
    let (_, text, _) = page(&world, request("GET", &here, &cookie, "")).await;
    assert!(text.contains("never to be written to again"), "{text}");
    let csrf = text.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_string();
    let consent = |rest: &str| request("POST", &here, &cookie, &format!("csrf={csrf}&act=consent{rest}"));
    for missing in ["", "&reason=by+phone", "&reason=by+phone&who=Ann+Lee", "&who=Ann+Lee&when=2027-02-09"] {
        assert_eq!(page(&world, consent(missing)).await.0, StatusCode::SEE_OTHER, "{missing}");
    }
    assert!(at_round(&world, NEXT, ANN).await.opted_out_at.is_some());
    let (status, _, _) = page(&world, consent("&reason=by+phone&who=Ann+Lee&when=2027-02-09")).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert!(told(&world, &ann.id).await.iter().any(|t| t.starts_with("recorded a new consent: Ann Lee")));
    world.pass_to("2027-03-05T18:00:00Z").await;
    assert!(!kinds_in(&world, NEXT, ANN).is_empty());
    let mut tx = world.ctx.db.read().await.unwrap();
    let said = objections::of_client(&mut tx, "northwind instruments").await.unwrap();
    drop(tx);
    assert!(said.len() == 1 && said[0].ended_by.as_deref() == Some(OPERATOR), "{said:?}");
    promises_hold(&world, NEXT).await;
    world.promises_hold().await;
}

async fn a_fact_follows_a_corrected_address_and_the_client_by_any_spelling(mut world: World) {
    invited(&mut world).await;
    post(&world, &opt_out_path(&world.mail_to(ANN, "invitation")), "choice=stop").await;
    let new = "ann.lee@new.globex.example";
    world.corrects(DORA, ANN, |c| c.email = new.into()).await;
    assert!(world.person(new).await.opted_out_at.is_some());
    // The client has another name from here on, and nobody is forgotten.
    let mut renamed = northwind();
    renamed.spec.client = "Northwind Group".into();
    world.load(renamed).await;
    for (slug, address) in [("a-2028", ANN), ("b-2028", new)] {
        let list = [(ANN, address)];
        let loaded = loads(&world, slug, "northwind group", if address == ANN { &[] } else { &list }).await;
        assert_eq!(loaded.contacts.kept_out, 1, "{address}");
        assert!(at_round(&world, slug, address).await.objected_at.is_some());
    }
    world.promises_hold().await;
}

async fn the_old_link_of_a_corrected_address_opens_nothing_and_stops_only_the_old_address(mut world: World) {
    invited(&mut world).await;
    let old = world.mail_to(CYD, "invitation");
    world.begins(&old).await;
    let new = "cyd.moor@new.initech.example";
    world.corrects(ERIK, CYD, |c| c.email = new.into()).await;
    let cyd = world.person(new).await;
    assert!(cyd.started_at.is_none(), "what was begun counts no more");
    let path = format!("/assessment/{}", secret_in(&old, "/assessment/"));
    for (method, body) in [("GET", ""), ("POST", "page=1&answer.trust=7"), ("POST", "page=check&go=send")] {
        let (status, text, _) = page(&world, request(method, &path, "", body)).await;
        assert!(matches!(status, StatusCode::GONE | StatusCode::SEE_OTHER), "{method} {status}");
        assert!(!text.contains("Cyd") && !text.contains("Moor"), "{text}");
    }
    assert!(get(&world, &path).await.1.contains("This link was for another address"));
    assert!(get(&world, &format!("{path}?language=de")).await.0 == StatusCode::GONE);
    assert!(world.answers_with(&secret_in(&old, "/assessment/")).await.is_err());
    assert!(world.person(new).await.completed_at.is_none());
    assert!(told(&world, &cyd.id).await.iter().any(|t| t.starts_with("set the answers aside: 1 answer given under")));

    let (_, text) = get(&world, &opt_out_path(&old)).await;
    assert!(text.contains(CYD) && text.contains("value=\"stop\"") && !text.contains("value=\"round\""), "{text}");
    post(&world, &opt_out_path(&old), "choice=stop").await;
    assert!(world.person(new).await.opted_out_at.is_none(), "the old mailbox speaks for itself");
    loads(&world, NEXT, "Northwind Instruments", &[]).await;
    assert!(at_round(&world, NEXT, CYD).await.opted_out_at.is_some());

    world.work().await;
    world.sign_all(ERIK, "sign_off").await;
    world.work().await;
    world.sign_all(SALES_DIRECTOR, "counter_sign").await;
    world.pass_to("2027-02-12T18:00:00Z").await;
    let mail = world.mail_to(new, "reminder");
    assert_ne!(secret_in(&mail, "/assessment/"), secret_in(&old, "/assessment/"));
    assert_ne!(one_click(&mail), one_click(&old));
    world.answers(&mail).await.unwrap();
    assert!(world.person(new).await.completed_at.is_some());
    assert_eq!(world.mails_to(CYD).len(), 2, "nothing more to the old address");
    world.promises_hold().await;
}

async fn answers_of_the_wrong_person_are_set_aside_and_of_the_same_one_kept(mut world: World) {
    invited(&mut world).await;
    for who in [ANN, DEE] {
        world.answers(&world.mail_to(who, "invitation")).await.unwrap();
    }
    let (ann, dee) = (world.person(ANN).await, world.person(DEE).await);
    world.corrects(DORA, ANN, |c| c.email = "ann.lee@right.globex.example".into()).await;
    let same = Correction {
        first_name: dee.first_name.clone(),
        last_name: dee.last_name.clone(),
        email: "dee.york@new.initech.example".into(),
        job_title: dee.job_title.clone(),
        role: dee.role.as_str().into(),
        reason: "their domain has another name".into(),
    };
    world
        .ctx
        .order(
            &Actor::operator(OPERATOR),
            editing::EditContact { contact: dee.id.clone(), edit: Edit::CorrectSame(same) },
        )
        .await
        .unwrap();
    assert!(world.person("dee.york@new.initech.example").await.completed_at.is_some());
    let right = world.person("ann.lee@right.globex.example").await;
    assert!(right.completed_at.is_none() && right.started_at.is_none());
    assert_eq!(world.account("Globex").await.completed, 0);
    let mut tx = world.ctx.db.read().await.unwrap();
    let all = handover::page(&mut tx, &ann.round_id, 10, 0).await.unwrap();
    drop(tx);
    assert_eq!(all.iter().map(|h| h.state).collect::<Vec<_>>(), [HandoffState::Stopped, HandoffState::Pending]);
    let replayed = world
        .ctx
        .order(&Actor::operator(OPERATOR), soundings::steps::handover::ReplaySubmission { id: all[0].id.clone() })
        .await
        .unwrap_err();
    assert!(replayed.to_string().contains("set aside"), "{replayed}");
    // The right person answers anew, under a link of her own.
    let secret = world.ctx.secret(soundings::steps::context::Purpose::Assessment, &right.link_id());
    assert_eq!(world.answers_with(&secret).await.unwrap(), response::Sent::Complete);
    assert_eq!(world.account("Globex").await.completed, 1);
    world.promises_hold().await;
}
