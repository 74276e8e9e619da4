//! Outcomes of every kind of answer at every stage.

use proptest::prelude::*;

use super::*;

const NOW: Ts = Ts(1_800_000_000_000);

fn refused(stage: Stage, code: u16, text: &str) -> Result<Reply, Failure> {
    Err(Failure { stage, cause: Cause::Reply(Reply::new(code, text)) })
}

fn first(answer: &Result<Reply, Failure>) -> Outcome {
    outcome(answer, 1, NOW, NOW, 7)
}

#[test]
fn enhanced_codes_are_read_where_they_stand() {
    assert_eq!(Reply::new(550, "5.1.1 User unknown").enhanced, Some((5, 1, 1)));
    assert_eq!(Reply::new(250, "2.0.0").enhanced, Some((2, 0, 0)));
    for none in ["User unknown 5.1.1", "9.1.1 x", "5.1 x", "5.1.1.1 x", "", "5.x.1", "192.168.1.1 blocked"] {
        assert_eq!(Reply::new(550, none).enhanced, None, "{none}");
    }
}

#[test]
fn f07_a_refused_recipient_is_a_dead_address_only_by_proof() {
    // The words themselves are tried in `refusal::tests`; here, that the conversation asks for them with its code and its stage.
    let table = [
        (550, "5.1.1 <anna@x.example>: User unknown", true),
        (550, "5.1.1 <anna@policy.example>: Recipient address rejected", true),
        (550, "5.1.10 no such address", true),
        (556, "5.1.10 the domain takes no mail", true),
        (550, "No such user here", true),
        (553, "mailbox name unknown", true),
        (550, "5.2.1 mailbox disabled", false),
        (551, "User not local", false),
        (550, "mailbox unavailable", false),
        (550, "", false),
        (550, "5.2.2 mailbox full", false),
        (552, "mailbox full", false),
        (550, "5.7.1 refused", false),
        (550, "5.7.515 access denied, sending domain does not meet the level", false),
        (550, "5.1.1 blocked using zen.spamhaus.org", false),
        (550, "Your IP is on our block list", false),
        (550, "5.1.8 sender's domain not found", false),
        (553, "relaying denied, authentication needed", false),
        (554, "transaction failed", false),
        (550, "4.2.2 contradicts its basic code", false),
        (550, "<script>alert(1)</script> spam", false),
    ];
    for (code, text, dead) in table {
        match first(&refused(Stage::Recipient, code, text)) {
            Outcome::GiveUp { dead_address, .. } => assert_eq!(dead_address, dead, "{code} {text}"),
            other => unreachable!("{code} {text}: {other:?}"),
        }
    }
    let at_dot = first(&refused(Stage::Dot, 550, "message refused"));
    assert!(
        matches!(at_dot, Outcome::GiveUp { dead_address: false, .. }),
        "a bare 550 at the dot is about the content"
    );
    let sender = first(&refused(Stage::Mail, 550, "5.1.1 who are you"));
    assert!(matches!(sender, Outcome::GiveUp { dead_address: false, .. }));
}

#[test]
fn f02_f09_after_the_dot_only_a_clear_answer_counts() {
    let broken = || Cause::Broken("closed".into());
    for cause in [Cause::TimedOut, broken(), Cause::Tls("alert".into()), Cause::Unfit("garbage".into())] {
        assert!(matches!(first(&Err(Failure { stage: Stage::Dot, cause })), Outcome::InDoubt { .. }));
    }
    for code in [100, 354, 399, 600, 999] {
        assert!(matches!(first(&refused(Stage::Dot, code, "what?")), Outcome::InDoubt { .. }), "{code}");
    }
    assert!(matches!(first(&refused(Stage::Dot, 451, "later")), Outcome::TryLater { .. }));
    assert!(matches!(first(&refused(Stage::Dot, 421, "closing")), Outcome::TryLater { .. }));
    assert!(matches!(first(&Err(Failure { stage: Stage::Body, cause: broken() })), Outcome::TryLater { .. }));
    assert_eq!(
        first(&Ok(Reply::new(250, "2.0.0 Ok: queued as 7"))),
        Outcome::Delivered { answer: "250 2.0.0 Ok: queued as 7".into() }
    );
    assert!(matches!(first(&Ok(Reply::new(354, "go on"))), Outcome::InDoubt { .. }));
}

#[test]
fn f06_patience_ends_after_three_days_but_not_for_the_servers_faults() {
    let deferred = refused(Stage::Recipient, 450, "4.2.0 greylisted");
    assert!(matches!(outcome(&deferred, 20, NOW, NOW.plus(PATIENCE - 1), 1), Outcome::TryLater { .. }));
    assert!(matches!(outcome(&deferred, 20, NOW, NOW.plus(PATIENCE), 1), Outcome::GiveUp { dead_address: false, .. }));
    let down = Err(Failure { stage: Stage::Connect, cause: Cause::TimedOut });
    assert!(matches!(outcome(&down, 99, NOW, NOW.plus(9 * DAY), 1), Outcome::TryLater { .. }));
}

#[test]
fn what_is_about_the_server() {
    let server = |stage, cause| about_the_server(&Failure { stage, cause });
    assert!(server(Stage::Greeting, Cause::Reply(Reply::new(554, "no"))));
    assert!(server(Stage::Tls, Cause::Tls("wrong name".into())));
    assert!(server(Stage::Login, Cause::Reply(Reply::new(535, "5.7.8 no"))));
    assert!(server(Stage::Recipient, Cause::Reply(Reply::new(421, "closing"))));
    assert!(server(Stage::Mail, Cause::Reply(Reply::new(530, "log in first"))));
    assert!(server(Stage::Mail, Cause::Broken("idle".into())));
    assert!(!server(Stage::Recipient, Cause::Broken("hm".into())));
    assert!(!server(Stage::Mail, Cause::Unfit("needs SMTPUTF8".into())));
    assert!(!server(Stage::Recipient, Cause::Reply(Reply::new(450, "later"))));
    assert!(!server(Stage::Dot, Cause::TimedOut));
}

fn stage() -> impl Strategy<Value = Stage> {
    prop::sample::select(vec![
        Stage::Connect,
        Stage::Greeting,
        Stage::Hello,
        Stage::Tls,
        Stage::Login,
        Stage::Mail,
        Stage::Recipient,
        Stage::Data,
        Stage::Body,
        Stage::Dot,
    ])
}

proptest! {
    #[test]
    fn in_doubt_happens_after_the_dot_only_and_later_is_later(
        stage in stage(), code in 100u16..=999, text in ".{0,40}", attempt in 0u32..40, age in 0i64..4 * DAY, seed: u64, kind in 0..4,
    ) {
        let cause = match kind {
            0 => Cause::TimedOut,
            1 => Cause::Broken(text),
            2 => Cause::Unfit(text),
            _ => Cause::Reply(Reply::new(code, text)),
        };
        match outcome(&Err(Failure { stage, cause }), attempt, NOW, NOW.plus(age), seed) {
            Outcome::InDoubt { .. } => prop_assert_eq!(stage, Stage::Dot),
            Outcome::TryLater { at, .. } => {
                prop_assert!(at > NOW.plus(age));
                prop_assert!(at <= NOW.plus(age + 5 * HOUR));
            }
            Outcome::GiveUp { dead_address, .. } => prop_assert!(!dead_address || stage >= Stage::Recipient),
            Outcome::Delivered { .. } => prop_assert!(false, "a failure was taken for a delivery"),
        }
    }
}
