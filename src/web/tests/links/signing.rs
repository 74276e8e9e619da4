//! The director's page where a code is mailed, and where a signature is taken back.

use axum::http::StatusCode;

use crate::base::clock::{MINUTE, SECOND};
use crate::rules::message::{Lane, MessageKind};
use crate::rules::signoff::Standing;
use crate::store::sending::outbox;
use crate::store::signoff::{self, codes};
use crate::web::tests::fixture::*;

const KATRIN: &str = "katrin.vogel@northwind.example";
/// Hers, and strategic.
const RHEINTAL: &str = "Rheintal Maschinenbau";

async fn katrin(h: &House) -> (signoff::Request, String) {
    h.requests(FIRST).await.into_iter().find(|(request, _)| request.email.as_str() == KATRIN).unwrap()
}

/// What her latest code says.
async fn code(h: &House, request: &signoff::Request) -> String {
    let mut tx = h.ctx.db.read().await.unwrap();
    let code = codes::latest(&mut tx, &request.id).await.unwrap().unwrap();
    h.ctx.key.six_digits("sign-code", code.id.as_str())
}

#[tokio::test]
async fn s21_a_code_is_mailed_by_a_button_and_signs_and_s17_is_never_shown() {
    let h = house().await;
    let (request, path) = katrin(&h).await;
    let page = h.get(&path).await;
    let account = page.hidden(&format!("<bdi>{RHEINTAL}</bdi> <span>"), "account");
    // There is no form to sign with yet.
    let fingerprint = h.account(&(&*account).into()).await.fingerprint;
    assert!(
        page.body.contains(&format!("id=\"code-{account}\"")) && !page.body.contains(&format!("id=\"sign-{account}\""))
    );
    let names = h.account(&(&*account).into()).await.listed.to_string();
    let sign = |typed: &str| {
        [("act", "sign"), ("account", &*account), ("fingerprint", &*fingerprint), ("code", typed), ("count", &*names)]
            .map(|(name, value)| (name, value.to_string()))
    };
    let signs = async |typed: &str| {
        let fields = sign(typed);
        h.post(&path, &fields.iter().map(|(name, value)| (*name, value.as_str())).collect::<Vec<_>>()).await
    };
    for guess in ["", "123456", &*names] {
        assert!(signs(guess).await.refused, "{guess}");
    }

    let send = [("act", "send_code"), ("account", &*account)];
    let sent = h.post(&path, &send).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let page = h.get(sent.header("location")).await;
    assert!(page.body.contains(&format!("A code was mailed to {KATRIN}.")), "{}", page.body);
    assert!(page.body.contains("name=\"code\"") && page.body.contains("autocomplete=\"one-time-code\""));
    let mails = {
        let mut tx = h.ctx.db.read().await.unwrap();
        outbox::page(&mut tx, &Lane::System, None, 99, 0).await.unwrap()
    };
    let to: Vec<_> = mails.iter().filter(|m| m.kind == MessageKind::SignCode).map(|m| m.to_email.as_str()).collect();
    assert_eq!(to, [KATRIN]);
    let again = h.post(&path, &send).await;
    assert!(again.refused && again.body.contains("within the last minute"), "{}", again.body);

    let right = code(&h, &request).await;
    let wrong: String = right.chars().map(|c| if c == '7' { '3' } else { '7' }).collect();
    let said = signs(&wrong).await;
    assert!(said.refused && said.body.contains(&format!("id=\"digits-{account}-error\"")), "{}", said.body);
    assert!(said.body.contains("4 tries left") && !said.body.contains(&wrong), "a code is not shown again");
    assert_eq!(h.account(&(&*account).into()).await.standing, Standing::Unsigned);
    let said = signs(&right).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
    assert!(!said.header("location").contains(&right));
    assert_eq!(h.account(&(&*account).into()).await.standing, Standing::CounterSign);
    let facts = h.facts().await;
    // Of what was typed, nothing stays; ids and instants may have any digits.
    let texts = facts.iter().filter(|(table, _)| ["journal", "sign_code"].contains(&table.as_str()));
    assert!(texts.flat_map(|(_, rows)| rows).all(|row| !row.contains(&format!("\"{right}\""))), "{right}");
}

#[tokio::test]
async fn a_signature_is_taken_back_with_a_tick_and_not_without() {
    let h = house().await;
    let (_, path) = katrin(&h).await;
    let page = h.get(&path).await;
    let of = |name: &str| page.hidden("name=\"act\" value=\"sign\"", name);
    let (account, fingerprint) = (of("account"), of("fingerprint"));
    let names = h.account(&(&*account).into()).await.listed.to_string();
    let sign = [("act", "sign"), ("account", &*account), ("fingerprint", &*fingerprint), ("count", &*names)];
    assert!(!page.body.contains("Take the signature back"));
    assert_eq!(h.post(&path, &sign).await.status, StatusCode::SEE_OTHER);
    assert!(h.get(&path).await.body.contains(&format!("id=\"take_back-{account}\"")));
    h.ctx.clock.turn_to(h.ctx.clock.now().plus(SECOND));

    let untold = h.post(&path, &[("act", "take_back"), ("account", &*account)]).await;
    assert!(untold.refused && untold.body.contains("Tick the box"), "{}", untold.body);
    assert_ne!(h.account(&(&*account).into()).await.standing, Standing::Unsigned);
    let back = [("act", "take_back"), ("account", &*account), ("confirm", "yes")];
    let (first, second) = (h.post(&path, &back).await, h.post(&path, &back).await);
    assert_eq!((first.status, first.header("location")), (StatusCode::SEE_OTHER, second.header("location")));
    assert_eq!(h.account(&(&*account).into()).await.standing, Standing::Unsigned);
    let page = h.get(first.header("location")).await;
    assert!(
        page.body.contains("was taken back.") && page.body.contains(&format!("id=\"sign-{account}\"")),
        "{}",
        page.body
    );
    h.ctx.clock.turn_to(h.ctx.clock.now().plus(MINUTE));
    assert_eq!(h.post(&path, &sign).await.status, StatusCode::SEE_OTHER);
    assert_ne!(h.account(&(&*account).into()).await.standing, Standing::Unsigned);
}

#[tokio::test]
async fn after_a_letter_has_left_the_page_says_whom_to_write_to() {
    let h = house().await;
    let (_, path) = katrin(&h).await;
    let page = h.get(&path).await;
    let of = |name: &str| page.hidden("name=\"act\" value=\"sign\"", name);
    let (account, fingerprint) = (of("account"), of("fingerprint"));
    let names = h.account(&(&*account).into()).await.listed.to_string();
    let sign = [("act", "sign"), ("account", &*account), ("fingerprint", &*fingerprint), ("count", &*names)];
    assert_eq!(h.post(&path, &sign).await.status, StatusCode::SEE_OTHER);
    h.everybody_is_invited().await;
    let page = h.get(&path).await.body;
    assert!(page.contains("so the signature stays") && !page.contains("Take the signature back"), "{page}");
    let back = [("act", "take_back"), ("account", &*account), ("confirm", "yes")];
    let late = h.post(&path, &back).await;
    assert!(late.refused && late.body.contains("has left"), "{}", late.body);
}
