//! The pace: limits per gateway, somebody goes first, slower when asked, held when refused, and everybody else goes on.

use std::collections::BTreeMap;
use std::sync::Arc;

use soundings::base::clock::{MINUTE, SECOND, Ts};
use soundings::base::ids::MessageId;
use soundings::intake::folder::RoundFolder;
use soundings::mail::domains::dns::Dns;
use soundings::rehearsal::mailbox::ServerFault;
use soundings::rehearsal::play::usual_pace;
use soundings::rules::journal::Actor;
use soundings::rules::message::MessageState;
use soundings::rules::sending::pace::{Limit, Policy};
use soundings::steps::plan;
use soundings::steps::round::RoundOrder;
use soundings::steps::sending::gateways;
use soundings::steps::sending::pace::{GatewayAlarm, HoldGateway, ReleaseGateway, alarms};
use soundings::store::journal;

use crate::common::{DORA, HEADER, MAX, OPERATOR, World, at, folder};
use crate::nameserver::NameServer;

on_both!(
    the_first_of_a_round_goes_alone_to_each_gateway,
    f07_a_gateway_that_refuses_our_mail_is_held_and_the_others_go_on,
    f07_refused_by_one_recipient_is_not_refused_by_the_gateway,
    f06_a_gateway_that_puts_us_off_gets_less_and_the_others_as_before,
    who_goes_first_and_is_put_off_or_stopped_holds_nobody_up,
    limits_of_gateway_and_round_hold_and_each_waits_once,
    a_new_sender_sends_more_from_day_to_day,
    an_operator_holds_a_gateway_and_releases_it,
    f11_gateways_are_found_ahead_and_a_domain_without_mail_ends_its_messages,
);

const GLOBEX: &str = "globex.example";
const UMBRA: &str = "umbra.example";

/// So many people of Dora's in London at each of these domains, an account each.
fn people_at(domains: &[(&str, usize)]) -> RoundFolder {
    let mut list = String::from(HEADER);
    for (account, (domain, people)) in domains.iter().enumerate() {
        for n in 0..*people {
            list.push_str(&format!(
                "Account {account},Pat,Number{n:04},pat{n:04}@{domain},Buyer,influencer,en,GB,Europe/London,\
                 Dora Fields,{DORA},Max Mann,{MAX},no,\n"
            ));
        }
    }
    folder(&list)
}

/// Everybody is signed off and due at 09:30 on 1 February; nothing has gone.
async fn due(world: &mut World, policy: Policy, folder: RoundFolder) {
    world.ctx.pace = Some(Arc::new(policy));
    world.load(folder).await;
    world.order(RoundOrder::Start).await;
    world.work().await;
    world.sign_all(DORA, "sign_off").await;
    world.receipts_leave().await;
    world.sleep_until("2027-02-01T09:29:00Z");
    world.think().await;
    world.mailbox.clear();
}

/// When letters came to this domain.
fn arrivals(world: &World, domain: &str) -> Vec<Ts> {
    let mails = world.mailbox.all();
    mails.iter().filter(|mail| mail.recipient().ends_with(&format!("@{domain}"))).map(|mail| mail.at).collect()
}

async fn held(world: &World) -> Vec<GatewayAlarm> {
    alarms(&mut world.ctx.db.read().await.unwrap(), world.now()).await.unwrap()
}

/// Why messages wait that are planned and whose time was 09:30.
async fn reasons(world: &World) -> BTreeMap<String, usize> {
    let mut reasons = BTreeMap::new();
    for m in world.in_state(MessageState::Planned).await {
        *reasons.entry(m.reason.unwrap_or_default()).or_default() += 1;
    }
    reasons
}

fn refuse(domain: &str, reply: &str) -> ServerFault {
    ServerFault::RefuseRecipient { address: format!("@{domain}"), reply: reply.into() }
}

async fn the_first_of_a_round_goes_alone_to_each_gateway(mut world: World) {
    due(&mut world, usual_pace(), people_at(&[(GLOBEX, 6), (UMBRA, 6)])).await;
    world.pass_to("2027-02-01T09:39:00Z").await;
    assert_eq!((arrivals(&world, GLOBEX).len(), arrivals(&world, UMBRA).len()), (1, 1));
    let why = reasons(&world).await;
    assert_eq!(
        why.get("waits for the first message of this round to globex.example to be accepted"),
        Some(&5),
        "{why:?}"
    );
    world.pass_to("2027-02-01T09:45:00Z").await;
    assert_eq!((arrivals(&world, GLOBEX).len(), arrivals(&world, UMBRA).len()), (6, 6));
    // The invitations of the same round need nobody first.
    world.pass_to("2027-02-08T10:05:00Z").await;
    assert_eq!(arrivals(&world, GLOBEX).len(), 12);
    world.promises_hold().await;
}

async fn f07_a_gateway_that_refuses_our_mail_is_held_and_the_others_go_on(mut world: World) {
    due(&mut world, usual_pace(), people_at(&[(GLOBEX, 6), (UMBRA, 6)])).await;
    let said = "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using a blocklist";
    world.mailbox.set_faults(vec![refuse(GLOBEX, said)]);
    world.pass_to("2027-02-01T10:20:00Z").await;
    assert_eq!((arrivals(&world, GLOBEX).len(), arrivals(&world, UMBRA).len()), (0, 6));
    let failed = world.in_state(MessageState::Failed).await;
    assert_eq!(failed.len(), 1, "one was refused, the others were spared");
    assert!(world.person(failed[0].to_email.as_str()).await.undeliverable_at.is_none());
    let alarm = held(&world).await.pop().unwrap();
    assert_eq!((alarm.gateway.as_str(), alarm.waiting), (GLOBEX, 5));
    assert!(alarm.is_refusal() && alarm.what().contains("blocklist"), "{}", alarm.what());
    assert!(reasons(&world).await.keys().any(|why| why.starts_with("waits: globex.example refuses our mail")));
    let told = journal::of_subject(&mut world.ctx.db.read().await.unwrap(), GLOBEX).await.unwrap();
    assert!(told.iter().any(|entry| entry.action == "held the mail to" && entry.detail.contains("blocklist")));
    // It goes on refusing: held for longer, one refusal each time.
    world.pass_to("2027-02-01T12:00:00Z").await;
    assert_eq!(world.in_state(MessageState::Failed).await.len(), 2);
    assert_eq!(held(&world).await[0].until.unwrap().since(world.now()) / (60 * MINUTE), 2);
    world.mailbox.set_faults(vec![]);
    world.ctx.order(&Actor::operator(OPERATOR), ReleaseGateway { gateway: GLOBEX.to_string() }).await.unwrap();
    world.pass_to("2027-02-01T12:09:00Z").await;
    assert_eq!(arrivals(&world, GLOBEX).len(), 1, "somebody goes first again");
    world.pass_to("2027-02-01T12:30:00Z").await;
    assert_eq!(arrivals(&world, GLOBEX).len(), 4);
    assert!(held(&world).await.is_empty());
    world.promises_hold().await;
}

async fn f07_refused_by_one_recipient_is_not_refused_by_the_gateway(mut world: World) {
    due(&mut world, usual_pace(), people_at(&[(GLOBEX, 6)])).await;
    world.pass_to("2027-02-01T09:35:00Z").await;
    let next = world.in_state(MessageState::Planned).await.remove(0).to_email;
    let reply = "550 5.7.1 this group takes mail from colleagues only".to_string();
    world.mailbox.set_faults(vec![ServerFault::RefuseRecipient { address: next.as_str().into(), reply }]);
    world.pass_to("2027-02-01T10:00:00Z").await;
    assert_eq!(arrivals(&world, GLOBEX).len(), 5);
    assert!(held(&world).await.is_empty());
    world.promises_hold().await;
}

async fn f06_a_gateway_that_puts_us_off_gets_less_and_the_others_as_before(mut world: World) {
    let policy = Policy { usual: Limit { per_hour: 60, open: 0 }, canary: 0, ..usual_pace() };
    due(&mut world, policy, people_at(&[(GLOBEX, 12), (UMBRA, 12)])).await;
    world.mailbox.set_faults(vec![refuse(GLOBEX, "451 4.3.2 please try again later")]);
    world.pass_to("2027-02-01T09:33:30Z").await;
    world.mailbox.set_faults(vec![]);
    world.pass_to("2027-02-01T09:50:00Z").await;
    let closest = |domain| {
        let at = arrivals(&world, domain);
        at.windows(2).map(|pair| pair[1].since(pair[0]) / MINUTE).min().unwrap()
    };
    assert_eq!((closest(GLOBEX), closest(UMBRA)), (2, 1));
    assert_eq!(arrivals(&world, UMBRA).len(), 12);
    assert!(arrivals(&world, GLOBEX).len() < 9);
    assert!(reasons(&world).await.keys().any(|why| why.contains("now a half of it")), "{:?}", reasons(&world).await);
    world.pass_to("2027-02-01T11:30:00Z").await;
    assert_eq!(arrivals(&world, GLOBEX).len(), 12, "nobody is lost");
    world.promises_hold().await;
}

async fn who_goes_first_and_is_put_off_or_stopped_holds_nobody_up(mut world: World) {
    due(&mut world, usual_pace(), people_at(&[(GLOBEX, 4), (UMBRA, 4)])).await;
    // Whoever is claimed first goes first.
    let first = world.ledger().await.into_iter().filter(|m| m.to_email.domain() == GLOBEX);
    let first = first.min_by_key(|m| (m.due_at, m.id.clone())).unwrap().to_email;
    let reply = "452 4.2.2 mailbox full".to_string();
    world.mailbox.set_faults(vec![ServerFault::RefuseRecipient { address: first.as_str().into(), reply }]);
    world.pass_to("2027-02-01T09:35:00Z").await;
    assert_eq!(arrivals(&world, GLOBEX).len(), 0);
    world.pass_to("2027-02-01T10:15:00Z").await;
    assert_eq!(arrivals(&world, GLOBEX).len(), 3, "the others went behind another first one");
    assert_eq!(world.row(first.as_str(), "warm_up").await.state, MessageState::Planned);
    assert_eq!(arrivals(&world, UMBRA).len(), 4);
    world.promises_hold().await;
}

async fn limits_of_gateway_and_round_hold_and_each_waits_once(mut world: World) {
    let mut folder = people_at(&[(GLOBEX, 90), (UMBRA, 90)]);
    folder.spec.schedule.maximum_per_hour = Some(100);
    let policy = Policy { usual: Limit { per_hour: 60, open: 5 }, canary: 0, ..usual_pace() };
    due(&mut world, policy, folder).await;
    world.ctx.clock.turn_to(at("2027-02-01T09:30:00Z"));
    world.work().await;
    let waiting = world.in_state(MessageState::Planned).await;
    assert!(waiting.iter().all(|m| m.due_at > world.now()), "what waits is not due before its turn");
    world.ctx.clock.turn_to(world.now().plus(5 * SECOND));
    world.work().await;
    let later: BTreeMap<MessageId, Ts> =
        world.in_state(MessageState::Planned).await.into_iter().map(|m| (m.id, m.due_at)).collect();
    assert!(waiting.iter().all(|m| later.get(&m.id).is_none_or(|due| *due == m.due_at)), "nobody is put off again");
    world.pass_to("2027-02-01T11:30:00Z").await;
    let busiest = |mut at: Vec<Ts>| {
        at.sort();
        let hour = |from: &Ts| at.iter().filter(|t| **t >= *from && t.since(*from) < 60 * MINUTE).count();
        at.iter().map(hour).max().unwrap()
    };
    let (globex, umbra) = (arrivals(&world, GLOBEX), arrivals(&world, UMBRA));
    assert!(busiest(globex.clone()) <= 61 && busiest(umbra.clone()) <= 61);
    assert!(busiest([globex, umbra].concat()) <= 101);
    world.pass_to("2027-02-01T14:00:00Z").await;
    assert_eq!(arrivals(&world, GLOBEX).len() + arrivals(&world, UMBRA).len(), 180, "everybody's turn has come");
    world.promises_hold().await;
}

async fn a_new_sender_sends_more_from_day_to_day(mut world: World) {
    let policy = Policy { ramp_up: vec![3, 5], warmed: Vec::new(), canary: 0, ..usual_pace() };
    due(&mut world, policy, people_at(&[(GLOBEX, 12)])).await;
    world.pass_to("2027-02-01T17:00:00Z").await;
    assert_eq!(arrivals(&world, GLOBEX).len(), 3);
    let why = reasons(&world).await;
    let tomorrow = "waits for tomorrow: northwind.example is new as a sender and sends 3 messages today";
    assert!(why.contains_key(tomorrow) || why.contains_key("outside_hours"), "{why:?}");
    world.pass_to("2027-02-02T17:00:00Z").await;
    assert_eq!(arrivals(&world, GLOBEX).len(), 8);
    world.pass_to("2027-02-03T17:00:00Z").await;
    assert_eq!(arrivals(&world, GLOBEX).len(), 12, "on the third day there is no limit any more");
    world.promises_hold().await;
}

async fn an_operator_holds_a_gateway_and_releases_it(mut world: World) {
    due(&mut world, usual_pace(), people_at(&[(GLOBEX, 3), (UMBRA, 3)])).await;
    world.ctx.order(&Actor::operator(OPERATOR), HoldGateway { gateway: GLOBEX.to_string() }).await.unwrap();
    world.pass_to("2027-02-01T12:00:00Z").await;
    assert_eq!((arrivals(&world, GLOBEX).len(), arrivals(&world, UMBRA).len()), (0, 3));
    let why = reasons(&world).await;
    assert_eq!(why.get(&format!("waits: mail to globex.example is held by {OPERATOR}")), Some(&3), "{why:?}");
    assert!(!held(&world).await[0].is_refusal());
    world.ctx.order(&Actor::operator(OPERATOR), ReleaseGateway { gateway: GLOBEX.to_string() }).await.unwrap();
    world.work().await;
    assert_eq!(arrivals(&world, GLOBEX).len(), 1);
    world.pass_to("2027-02-01T12:20:00Z").await;
    assert_eq!(arrivals(&world, GLOBEX).len(), 3);
    let told = journal::of_subject(&mut world.ctx.db.read().await.unwrap(), GLOBEX).await.unwrap();
    let by_us: Vec<&str> = told.iter().filter(|e| e.actor == OPERATOR).map(|e| e.action.as_str()).collect();
    assert_eq!(by_us.len(), 2, "{told:?}");
    world.promises_hold().await;
}

async fn f11_gateways_are_found_ahead_and_a_domain_without_mail_ends_its_messages(mut world: World) {
    let names = NameServer::start().await.unwrap();
    names
        .mx("globex-hq.com", 10, "globex-hq-com.mail.protection.outlook.com")
        .mx("umbra-hq.com", 5, "umbra-hq-com.mail.protection.outlook.com")
        .mx("umbra-hq.com", 50, "backup.other-provider.com")
        .mx("initech-hq.com", 0, ".")
        .broken("hooli-hq.com");
    world.ctx.dns = Dns::new(&names.settings());
    let domains = ["globex-hq.com", "umbra-hq.com", "initech-hq.com", "hooli-hq.com", "nowhere-hq.com"];
    due(&mut world, Policy { trials_too: false, ..usual_pace() }, people_at(&domains.map(|domain| (domain, 2)))).await;
    assert_eq!(gateways::find(&world.ctx).await.unwrap(), 5);
    assert_eq!(gateways::find(&world.ctx).await.unwrap(), 0, "what is known is not asked again");
    world.pass_to("2027-02-01T09:35:00Z").await;
    let shared = arrivals(&world, "globex-hq.com").len() + arrivals(&world, "umbra-hq.com").len();
    assert_eq!(shared, 1, "two domains behind one gateway have one first message");
    assert_eq!(arrivals(&world, "hooli-hq.com").len(), 1, "a name server that fails delays nothing");
    let patient = |domain: &str| format!("pat0000@{domain}");
    for domain in ["initech-hq.com", "nowhere-hq.com"] {
        assert_eq!(arrivals(&world, domain).len(), 0);
        assert!(world.person(&patient(domain)).await.undeliverable_at.is_none(), "one answer may be a mistake");
    }
    names.mx("nowhere-hq.com", 10, "mx.nowhere-hq.com");
    world.ctx.dns = Dns::new(&names.settings());
    world.pass_to("2027-02-01T10:35:00Z").await;
    assert_eq!(gateways::find(&world.ctx).await.unwrap(), 2);
    plan::tick(&world.ctx).await.unwrap();
    let dead = world.person(&patient("initech-hq.com")).await;
    let why = dead.undeliverable_reason.unwrap();
    assert!(why.contains("takes no mail"), "{why}");
    assert_eq!(world.row(&patient("initech-hq.com"), "warm_up").await.state, MessageState::Withdrawn);
    world.pass_to("2027-02-01T13:00:00Z").await;
    assert_eq!(arrivals(&world, "nowhere-hq.com").len(), 2, "it was a mistake, and nobody was lost");
    assert_eq!(arrivals(&world, "initech-hq.com").len(), 0);
    assert_eq!(arrivals(&world, "umbra-hq.com").len(), 2);
    world.promises_hold().await;
}
