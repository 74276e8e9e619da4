//! The director's page: what signs, what does not, and what becomes of what was typed.

use axum::http::StatusCode;

use crate::rules::signoff::Standing;
use crate::web::tests::fixture::*;

/// The first account on a director's page: its id, its fingerprint and how many names it has.
async fn first(h: &House, page: &Said) -> (String, String, usize) {
    let id = page.hidden("name=\"act\" value=\"sign\"", "account");
    let fingerprint = page.hidden("name=\"act\" value=\"sign\"", "fingerprint");
    let names = h.account(&(&*id).into()).await.listed as usize;
    (id, fingerprint, names)
}

/// The first name on a director's page that waits: the contact's id.
pub fn first_name(page: &Said) -> String {
    let from =
        page.body.find("<li class=\"person\" id=\"name-").expect("a name") + "<li class=\"person\" id=\"name-".len();
    page.body[from..].split('"').next().unwrap().to_string()
}

#[tokio::test]
async fn s21_only_the_number_of_names_signs() {
    let h = house().await;
    let (_, path) = &h.requests(FIRST).await[0];
    let (account, fingerprint, names) = first(&h, &h.get(path).await).await;
    let sign = |count: &str| {
        let fields = [("act", "sign"), ("account", &account), ("fingerprint", &fingerprint), ("count", count)]
            .map(|(k, v)| (k, v.to_string()));
        let h = &h;
        async move { h.post(path, &fields.iter().map(|(k, v)| (*k, v.as_str())).collect::<Vec<_>>()).await }
    };
    assert!(!h.get(path).await.body.contains(">Record "));
    for wrong in ["", "0", "-1", "99", "yes", &(names + 1).to_string()] {
        let said = sign(wrong).await;
        assert!(said.refused, "{wrong}");
        assert!(said.body.contains(&format!("id=\"count-{account}-error\"")), "{wrong}: the error is not at the field");
        assert_eq!(h.account(&(&*account).into()).await.standing, Standing::Unsigned);
    }
    let said = sign(&names.to_string()).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
    assert_ne!(h.account(&(&*account).into()).await.standing, Standing::Unsigned);
    let after = h.get(said.header("location")).await;
    assert!(after.body.contains("Signed:"), "{}", after.body);
    // The line to keep stands there from now on.
    assert!(
        after.body.contains("<p class=\"muted\" lang=\"en\">Record ") && h.get(path).await.body.contains(", entry ")
    );
    // Twice is once: the second tap hears what the first one did.
    let twice = sign(&names.to_string()).await;
    assert_eq!((twice.status, twice.header("location")), (StatusCode::SEE_OTHER, said.header("location")));
}

#[tokio::test]
async fn s19_a_list_that_changed_meanwhile_is_not_signed() {
    let h = house().await;
    let (_, path) = &h.requests(FIRST).await[0];
    let page = h.get(path).await;
    let (account, fingerprint, names) = first(&h, &page).await;
    let contact = first_name(&page);
    let remove = [("act", "remove"), ("account", &account), ("contact", &contact)].map(|(k, v)| (k, v.to_string()));
    let mut remove: Vec<(&str, &str)> = remove.iter().map(|(k, v)| (*k, v.as_str())).collect();
    assert!(h.post(path, &remove).await.refused, "a reason has to be chosen");
    remove.push(("reason", "left_company"));
    assert_eq!(h.post(path, &remove).await.status, StatusCode::SEE_OTHER);
    let names = (names - 1).to_string();
    let old = [("act", "sign"), ("account", &*account), ("fingerprint", &*fingerprint), ("count", &*names)];
    let said = h.post(path, &old).await;
    assert!(said.refused);
    assert!(said.body.contains("has changed since you opened the page"), "{}", said.body);
    assert_eq!(h.account(&(&*account).into()).await.standing, Standing::Unsigned);
    let restore = [("act", "restore"), ("account", &*account), ("contact", &*contact)];
    assert!(h.post(path, &restore).await.refused);
    let restore = [("act", "restore"), ("account", &*account), ("contact", &*contact), ("confirm", "yes")];
    assert_eq!(h.post(path, &restore).await.status, StatusCode::SEE_OTHER);
    assert!(h.person(&contact.as_str().into()).await.removed_at.is_none());
}

#[tokio::test]
async fn a_refused_correction_keeps_what_was_typed_and_s01_escapes_it() {
    let h = house().await;
    let (_, path) = &h.requests(FIRST).await[0];
    let page = h.get(path).await;
    let (account, _, _) = first(&h, &page).await;
    let contact = first_name(&page);
    let fields = [
        ("act", "correct"),
        ("account", &*account),
        ("contact", &*contact),
        ("first_name", "<img src=x onerror=alert(1)>"),
        ("last_name", "\"><script>alert(2)</script>"),
        ("email", "anna@"),
        ("job_title", "{{7*7}}"),
        ("role", "influencer"),
        ("confirm", ""),
    ];
    let said = h.post(path, &fields).await;
    assert!(said.refused);
    assert!(
        said.body.contains("value=\"anna@\"") && said.body.contains(&format!("id=\"correct-{contact}-email-error\""))
    );
    assert!(!said.body.contains("<img src=x") && !said.body.contains("<script>alert"), "{}", said.body);
    let mut good = fields;
    good[5].1 = "anna.new@harrowgate.example";
    good[8].1 = "yes";
    assert_eq!(h.post(path, &good).await.status, StatusCode::SEE_OTHER);
    let page = h.get(path).await;
    assert!(page.body.contains("anna.new@harrowgate.example") && !page.body.contains("<img src=x"));
}

#[tokio::test]
async fn s11_a_director_reaches_his_own_names_only() {
    let h = house().await;
    let all = h.requests(FIRST).await;
    let (own, other) = (&all[0].1, &all[1].1);
    let foreign = h.get(other).await;
    let (account, fingerprint, names) = first(&h, &foreign).await;
    let contact = first_name(&foreign);
    let (mine, _, _) = first(&h, &h.get(own).await).await;
    let names = names.to_string();
    let before = h.everything();
    let tries: [&[(&str, &str)]; 3] = [
        &[("act", "sign"), ("account", &account), ("fingerprint", &fingerprint), ("count", &names)],
        &[("act", "remove"), ("account", &account), ("contact", &contact), ("reason", "other")],
        &[("act", "remove"), ("account", &mine), ("contact", &contact), ("reason", "other")],
    ];
    let nothing = h.post(own, &[("act", "sign"), ("account", "nothing")]).await;
    for fields in tries {
        let said = h.post(own, fields).await;
        assert_eq!((said.status, said.body), (StatusCode::NOT_FOUND, nothing.body.clone()));
    }
    assert!(h.everything() == before);
}
