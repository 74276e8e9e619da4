//! The words of letters are seen before they leave: what is shown is what leaves, what is sent as a test counts nowhere, what the client has
//! approved is told when it is changed, and every change is a version.

use soundings::base::address::EmailAddress;
use soundings::base::clock::HOUR;
use soundings::base::ids::ContactId;
use soundings::base::problem::{Kind, Result};
use soundings::rules::journal::Actor;
use soundings::rules::round::MailText;
use soundings::steps::installation::operators::AddOperator;
use soundings::steps::letters::approved;
use soundings::steps::letters::preview::{self, Draft, Preview};
use soundings::steps::letters::test_letter::SendTestLetter;
use soundings::steps::letters::versions;
use soundings::steps::plan::approval::{self, Approver};
use soundings::steps::plan::change::{Change, ChangeRound};
use soundings::steps::plan::since_approval;

use crate::common::{ANN, BEN, OPERATOR, ROUND, World, northwind, northwind_with};

on_both!(
    what_is_shown_is_what_leaves,
    what_is_typed_is_shown_with_advice_and_not_saved,
    a_test_letter_goes_to_its_operator_and_counts_nowhere,
    the_client_approves_letters_and_is_asked_again_when_one_changes,
    every_change_of_words_is_a_version,
    a_letter_is_tried_on_whoever_asks_most_of_it,
);

async fn shown(world: &World, (language, name): (&str, &str), text: &MailText, to: Option<&ContactId>) -> Preview {
    let live = world.live().await;
    preview::preview(&world.ctx, &live, &Draft { language, name, text }, to).await.unwrap()
}

async fn saved(world: &World, language: &str, name: &str) -> MailText {
    world.live().await.words[language][name].clone()
}

async fn reworded(world: &World, name: &str, text: MailText) {
    let live = world.live().await;
    let mut change = Change { spec: live.spec.clone(), words: live.words.clone() };
    change.words.get_mut("en").unwrap().insert(name.into(), text);
    let order = ChangeRound { slug: ROUND.into(), version: live.version, change };
    world.ctx.order(&Actor::operator(OPERATOR), order).await.unwrap();
}

fn typed(subject: &str, body: &str) -> MailText {
    MailText { subject: subject.into(), body: body.into() }
}

async fn what_is_shown_is_what_leaves(mut world: World) {
    world.signed().await;
    world.pass_to("2027-03-01T20:00:00Z").await;
    let mut compared = 0;
    for address in [ANN, BEN] {
        let person = world.person(address).await;
        for (kind, name) in [("warm_up", "warm_up"), ("invitation", "invitation"), ("reminder", "reminder-2")] {
            // The last reminder has the words of the second.
            let mail = world.mail_to(address, kind);
            let language = if world.live().await.words.get(&person.language).is_some_and(|t| t.contains_key(name)) {
                person.language.as_str()
            } else {
                "en"
            };
            let letter = shown(&world, (language, name), &saved(&world, language, name).await, Some(&person.id)).await;
            assert!(mail.header("From").unwrap().contains(letter.from.email.as_str()), "{name}");
            let letter = letter.letter.unwrap();
            let own = |text: &str| {
                ["assessment", "opt-out"].into_iter().fold(text.to_owned(), |text, page| {
                    let nowhere = format!("{}/{page}/personal-link", world.ctx.base_url);
                    match mail.link(&format!("/{page}/")) {
                        Some(link) => text.replace(&nowhere, link),
                        None => text,
                    }
                })
            };
            assert_eq!(mail.subject(), letter.subject);
            assert_eq!(own(&letter.html).trim_end(), mail.html.replace("\r\n", "\n").trim_end(), "{address} {name}");
            assert_eq!(own(&letter.text).trim_end(), mail.text.trim_end(), "{address} {name}");
            compared += 1;
        }
    }
    assert_eq!(compared, 6);
    world.promises_hold().await;
}

async fn what_is_typed_is_shown_with_advice_and_not_saved(world: World) {
    world.load(northwind()).await;
    let before = world.live().await.version;
    let ann = world.person(ANN).await.id;
    let body = "Dear {{ first_name }},\n\nsee <https://elsewhere.example>.\n\n{{ link }}\n\n{{ opt_out_link }}";
    let letter = shown(&world, ("en", "reminder"), &typed("Short", body), Some(&ann)).await;
    assert!(letter.letter.unwrap().text.contains("Dear Ann,"));
    assert_eq!((letter.advice.wrong.len(), letter.advice.better.len()), (0, 1), "{:?}", letter.advice);
    // What a round could not be started with is said, and shown where it can be.
    let without = shown(&world, ("en", "reminder"), &typed("x", "Dear {{ first_nam }},"), Some(&ann)).await;
    assert!(without.letter.is_none() && !without.advice.wrong.is_empty());
    let unlinked = shown(&world, ("en", "reminder"), &typed("x", "Dear you"), None).await;
    assert!(unlinked.letter.is_some() && unlinked.advice.wrong[0].contains("no link"), "{:?}", unlinked.advice);
    // Every text of the round and every occasion can be shown, also before anybody is known.
    let live = world.live().await;
    for (language, texts) in &live.words {
        for (name, text) in texts {
            let letter = shown(&world, (language, name), text, None).await;
            assert!(
                letter.letter.is_some() && letter.advice.wrong.is_empty(),
                "{language}/{name}: {:?}",
                letter.advice
            );
        }
    }
    let text = typed("x", "y");
    let draft = Draft { language: "en", name: "reminder", text: &text };
    let nobody = ContactId::from("00000000-0000-7000-8000-000000000000");
    let elsewhere = preview::preview(&world.ctx, &live, &draft, Some(&nobody));
    assert_eq!(elsewhere.await.unwrap_err().kind, Kind::NotFound);
    assert_eq!(world.live().await.version, before);
}

async fn test_letter(world: &World, actor: &str, reader: Option<ContactId>) -> Result<()> {
    let order = SendTestLetter {
        slug: ROUND.into(),
        language: "en".into(),
        name: "invitation".into(),
        text: typed("Hello {{ first_name }}", "Dear {{ first_name }},\n\n{{ link }}\n\n{{ opt_out_link }}"),
        reader,
    };
    world.ctx.order(&Actor::operator(actor), order).await
}

async fn a_test_letter_goes_to_its_operator_and_counts_nowhere(mut world: World) {
    world.signed().await;
    let ann = world.person(ANN).await;
    // Whoever is no operator has no address to which it could go.
    assert_eq!(test_letter(&world, OPERATOR, Some(ann.id.clone())).await.unwrap_err().kind, Kind::Refused);
    let email = EmailAddress::parse(OPERATOR).unwrap();
    world.ctx.order(&Actor::CommandLine, AddOperator { email }).await.unwrap();
    test_letter(&world, OPERATOR, Some(ann.id.clone())).await.unwrap();
    world.work().await;
    let mail = world.mail_to(OPERATOR, "test_letter");
    assert_eq!(mail.subject(), "[Test] Hello Ann");
    assert!(mail.text.contains("Dear Ann,") && mail.header("List-Unsubscribe").is_none());
    assert_eq!(mail.header("Auto-Submitted"), Some("auto-generated"));
    for part in [&mail.text, &mail.html] {
        assert!(
            part.contains("/test-letter") && !part.contains("/assessment/") && !part.contains("/opt-out/"),
            "{part}"
        );
    }
    assert_eq!(mail.recipient(), OPERATOR);
    assert_eq!(world.mails_to(ANN).len(), 0);
    let after = world.person(ANN).await;
    assert_eq!((after.sent_count, after.last_sent_at, after.version), (0, None, ann.version));
    // A mailbox is not filled with them.
    for _ in 1..30 {
        test_letter(&world, OPERATOR, None).await.unwrap();
    }
    assert_eq!(test_letter(&world, OPERATOR, None).await.unwrap_err().kind, Kind::Refused);
    let later = world.now().plus(HOUR + 1);
    world.ctx.clock.turn_to(later);
    test_letter(&world, OPERATOR, None).await.unwrap();
    world.promises_hold().await;
}

async fn other_letters(world: &World) -> Option<Vec<String>> {
    let mut tx = world.ctx.db.read().await.unwrap();
    let live = world.ctx.live_by_slug(&mut tx, ROUND).await.unwrap();
    since_approval::standing(&world.ctx, &mut tx, &live).await.unwrap().unwrap().letters
}

async fn the_client_approves_letters_and_is_asked_again_when_one_changes(mut world: World) {
    world.load(northwind()).await;
    let client = Approver { name: "Carla Client".into(), email: "carla@northwind.example".into() };
    approval::ask(&world.ctx, ROUND, client.clone(), &Actor::operator(OPERATOR)).await.unwrap();
    world.work().await;
    let secret = crate::common::secret_in(&world.mail_to("carla@northwind.example", "plan_approval"), "/plan/");
    let asked = approval::letters(&world.ctx, &secret).await.unwrap().unwrap();
    let languages: Vec<&str> = asked.iter().map(|letter| letter.language.as_str()).collect();
    assert!(languages.contains(&"en") && languages.contains(&"de"), "{languages:?}");
    assert!(asked.iter().any(|letter| letter.letter.subject == "Still open, again"));
    let (typed_number, came_from) = ("25".to_string(), "test".to_string());
    let order = approval::ApprovePlan { secret: secret.clone(), typed: typed_number, came_from };
    world.ctx.order(&Actor::Visitor, order).await.unwrap();
    assert_eq!(other_letters(&world).await, Some(Vec::new()));
    let old = saved(&world, "en", "invitation").await;
    reworded(&world, "invitation", typed("Another subject", &old.body)).await;
    assert_eq!(other_letters(&world).await, Some(vec!["en/invitation/1".to_string()]));
    // What was approved is shown as it was, whatever has changed since.
    let then = approval::letters(&world.ctx, &secret).await.unwrap().unwrap();
    assert_eq!(approved::fingerprints(&then), approved::fingerprints(&asked));
    // What only some readers have is seen as well: the client is shown somebody who has not begun.
    let begun = format!("{}{{% if begun %}}\n\nYou have begun.{{% endif %}}", old.body);
    reworded(&world, "invitation", typed(&old.subject, &begun)).await;
    assert_eq!(other_letters(&world).await, Some(vec!["en/invitation/1".to_string()]));
    // Words that come back are those that were approved; a new approval covers new ones.
    reworded(&world, "invitation", old).await;
    assert_eq!(other_letters(&world).await, Some(Vec::new()));
    reworded(&world, "invitation", typed("A third subject", &saved(&world, "en", "invitation").await.body)).await;
    let later = world.now().plus(HOUR);
    world.ctx.clock.turn_to(later);
    approval::record(&world.ctx, ROUND, client, "minutes", &Actor::operator(OPERATOR)).await.unwrap();
    assert_eq!(other_letters(&world).await, Some(Vec::new()));
    assert!(approval::letters(&world.ctx, "nobody-knows-this").await.unwrap().is_none());
}

async fn every_change_of_words_is_a_version(world: World) {
    world.load(northwind()).await;
    let first = saved(&world, "en", "reminder").await;
    reworded(&world, "reminder", typed("Second", &first.body)).await;
    let mut folder = northwind();
    // The folder says something new of another text; what was changed in the console stays.
    folder
        .words
        .get_mut("en")
        .unwrap()
        .insert("thank_you".into(), typed("Thanks", "Dear {{ first_name }},\n\nthanks."));
    world.load(folder).await;
    let live = world.live().await;
    let all = versions::versions(&world.ctx, &live, "en", "thank_you").await.unwrap();
    assert_eq!(all.len(), 2);
    assert_eq!((all[0].by.as_deref(), all[0].text.as_ref().unwrap().subject.as_str()), (Some(OPERATOR), "Thanks"));
    assert_eq!(all[0].before.as_ref().unwrap().subject, "Thank you");
    assert!(all[1].before.is_none());
    let of_reminder = versions::versions(&world.ctx, &live, "en", "reminder").await.unwrap();
    assert_eq!(of_reminder[0].text.as_ref().unwrap().subject, "Second");
    // Taking an earlier one up again is a version of its own.
    let count = of_reminder.len();
    reworded(&world, "reminder", first.clone()).await;
    let live = world.live().await;
    let again = versions::versions(&world.ctx, &live, "en", "reminder").await.unwrap();
    assert_eq!((again.len(), again[0].text.as_ref()), (count + 1, Some(&first)));
    let changes = versions::all(&world.ctx, &live).await.unwrap();
    assert_eq!(changes[0].texts, ["en/reminder"]);
    assert!(versions::versions(&world.ctx, &live, "fr", "reminder").await.unwrap().is_empty());
}

async fn a_letter_is_tried_on_whoever_asks_most_of_it(world: World) {
    world.load(northwind_with(&[("Umbra,Uma,Reid", "Umbra,ليلى,حداد")])).await;
    let live = world.live().await;
    let faces = preview::readers(&world.ctx, &live).await.unwrap();
    let leila = faces.right_to_left.unwrap();
    assert_eq!(leila.name(), "ليلى حداد");
    let text = saved(&world, "en", "invitation").await;
    let letter = shown(&world, ("en", "invitation"), &text, Some(&leila.id)).await;
    assert!(letter.letter.unwrap().html.contains("ليلى"));
    assert!(faces.longest.is_some());
}
