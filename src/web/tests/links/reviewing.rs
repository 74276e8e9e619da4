//! Roles and remarks of several names, saved at one press: one change, that the second press hears and that one undo takes back.

use axum::http::StatusCode;

use crate::rules::contacts::Role;
use crate::store::contacts::Person;
use crate::web::tests::fixture::*;
use crate::web::tests::links::directors_page::{round_with, with_remark};

/// A round in which two names have a remark and no role. The path of the page, the account, and the two.
async fn two_to_look_at(h: &House) -> (String, String, Person, Person) {
    let path = round_with(h, "en", 5, |rows| {
        rows[2].findings = rows[1].findings.clone();
        rows[1].role = Role::Unknown;
        rows[2].role = Role::Unknown;
    })
    .await;
    let (first, account) = with_remark(h, &path).await;
    let first = h.person(&(&*first).into()).await;
    let people = h.people("page-en-5").await;
    let second = people.into_iter().find(|p| p.findings != "[]" && p.id != first.id).unwrap();
    (path, account, first, second)
}

async fn row(h: &House, of: &Person) -> (Role, bool) {
    let now = h.person(&of.id).await;
    (now.role, now.findings.contains("private_mailbox"))
}

#[tokio::test]
async fn what_is_saved_at_one_press_is_one_change_that_is_taken_back_at_one() {
    let h = house().await;
    let (path, account, a, b) = two_to_look_at(&h).await;
    let roles = [format!("role.{}", a.id), format!("role.{}", b.id)];
    let keep = [
        ("act", "keep"),
        ("account", &*account),
        (&*roles[0], "influencer"),
        (&*roles[1], "key_decision_maker"),
        ("right", a.id.as_str()),
    ];
    let (first, second) = (h.post(&path, &keep).await, h.post(&path, &keep).await);
    assert_eq!((first.status, first.header("location")), (StatusCode::SEE_OTHER, second.header("location")));
    // Whoever chooses a role has not said that an address is right.
    assert_eq!([row(&h, &a).await, row(&h, &b).await], [(Role::Influencer, false), (Role::KeyDecisionMaker, true)]);
    let page = h.get(first.header("location")).await;
    let names = format!("Take back what was ticked and chosen for {}, {}", a.full_name(), b.full_name());
    assert!(page.body.contains(&names) && page.body.contains("Saved as ticked."), "{}", page.body);
    assert!(page.body.contains("1 name to look at"), "{}", page.body);

    let change = page.hidden("value=\"undo\"", "change");
    let undo = [("act", "undo"), ("account", &*account), ("change", &*change), ("confirm", "yes")];
    for _ in 0..2 {
        assert_eq!(h.post(&path, &undo).await.status, StatusCode::SEE_OTHER);
        assert_eq!([row(&h, &a).await, row(&h, &b).await], [(Role::Unknown, true), (Role::Unknown, true)]);
    }
    assert!(!h.get(&path).await.body.contains("value=\"undo\""), "nothing is left to take back");
}

#[tokio::test]
async fn no_role_is_taken_away_and_who_has_gone_gets_none() {
    let h = house().await;
    let (path, account, a, b) = two_to_look_at(&h).await;
    let gone = [("act", "remove"), ("account", &*account), ("contact", b.id.as_str()), ("reason", "duplicate")];
    assert_eq!(h.post(&path, &gone).await.status, StatusCode::SEE_OTHER);
    let roles = [format!("role.{}", a.id), format!("role.{}", b.id)];
    // No robot takes a role away; a name that has gone meanwhile has no row.
    for value in ["unknown", "king", ""] {
        let keep = [("act", "keep"), ("account", &*account), (&*roles[0], value), (&*roles[1], "influencer")];
        assert!(h.post(&path, &keep).await.refused, "{value}");
    }
    assert_eq!(row(&h, &a).await, (Role::Unknown, true));
}
