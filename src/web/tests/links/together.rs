//! Several lists signed at one press: with ticks, one number or one code, and each refusal beside the form with the ticks as they were.

use axum::http::StatusCode;

use crate::rules::signoff::Standing;
use crate::store::contacts::accounts::Account;
use crate::store::signoff::codes;
use crate::web::tests::fixture::*;

/// The director with the most accounts, and they: of the demo's round.
async fn director(h: &House) -> (String, Vec<Account>) {
    let mut most = (String::new(), Vec::new());
    for (request, path) in h.requests(FIRST).await {
        let mut tx = h.ctx.db.read().await.unwrap();
        let own = crate::store::contacts::accounts::of_director(&mut tx, &request.round_id, request.email.as_str());
        let own: Vec<Account> = own.await.unwrap().into_iter().filter(|a| a.listed > 0).collect();
        if own.len() > most.1.len() {
            most = (path, own);
        }
    }
    assert!(most.1.len() > 1, "somebody has several");
    most
}

fn ticks(accounts: &[Account]) -> Vec<(String, String)> {
    accounts.iter().map(|a| (format!("list.{}", a.id), a.fingerprint.clone())).collect()
}

async fn post(h: &House, path: &str, act: &str, ticked: &[Account], more: &[(&str, &str)]) -> Said {
    let ticks = ticks(ticked);
    let mut fields: Vec<(&str, &str)> = vec![("act", act)];
    fields.extend(ticks.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    fields.extend(more);
    h.post(path, &fields).await
}

async fn standings(h: &House, accounts: &[Account]) -> Vec<Standing> {
    let mut all = Vec::new();
    for a in accounts {
        all.push(h.account(&a.id).await.standing);
    }
    all
}

#[tokio::test]
async fn what_is_ticked_is_signed_with_one_code_and_the_ticks_stay_when_it_is_sent() {
    let h = house().await;
    let (path, all) = director(&h).await;
    let page = h.get(&path).await;
    assert!(page.body.contains("id=\"together\""), "{}", page.body);
    let coded = all.iter().find(|a| a.strategic.0).expect("one asks for a code");
    let send = [("account", coded.id.as_str()), ("at", "together")];
    let sent = post(&h, &path, "send_code", &all[..1], &send).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let page = h.get(sent.header("location")).await;
    let ticked =
        |body: &str, a: &Account| body.contains(&format!("name=\"list.{}\" value=\"{}\" checked", a.id, a.fingerprint));
    assert!(ticked(&page.body, &all[0]) && !ticked(&page.body, &all[1]), "{}", page.body);
    assert!(page.body.contains("id=\"together-code\" name=\"code\""), "{}", page.body);
    let again = post(&h, &path, "send_code", &all[1..], &send).await;
    assert!(again.refused && again.body.contains("within the last minute"), "{}", again.body);
    assert!(!ticked(&again.body, &all[0]) && ticked(&again.body, &all[1]), "{}", again.body);

    let request = h.requests(FIRST).await.into_iter().find(|(_, own)| *own == path).unwrap().0;
    let code = {
        let mut tx = h.ctx.db.read().await.unwrap();
        codes::latest(&mut tx, &request.id).await.unwrap().unwrap()
    };
    let digits = h.ctx.key.six_digits("sign-code", code.id.as_str());
    let wrong: String = digits.chars().map(|c| if c == '7' { '3' } else { '7' }).collect();
    for typed in ["", &wrong, "12345"] {
        let said = post(&h, &path, "sign_together", &all, &[("code", typed)]).await;
        assert!(said.refused && said.body.contains("id=\"together-error\""), "{typed}: {}", said.body);
        assert!(typed.is_empty() || !said.body.contains(typed), "a code is not shown again");
    }
    assert!(standings(&h, &all).await.iter().all(|is| *is == Standing::Unsigned));
    let signed = post(&h, &path, "sign_together", &all, &[("code", &digits)]).await;
    assert_eq!(signed.status, StatusCode::SEE_OTHER, "{}", signed.body);
    assert!(standings(&h, &all).await.iter().all(|is| *is != Standing::Unsigned));
    let page = h.get(signed.header("location")).await;
    assert!(page.body.contains("What was ticked is signed."), "{}", page.body);
    assert!(!page.body.contains("id=\"sign-together\""), "nothing is left to sign");
}

#[tokio::test]
async fn nothing_ticked_a_changed_list_and_s11_anothers_account_sign_nothing() {
    let h = house().await;
    let (path, all) = director(&h).await;
    let none = post(&h, &path, "sign_together", &[], &[("count", "3")]).await;
    assert!(none.refused && none.body.contains("Tick the accounts that you approve"), "{}", none.body);
    // The error stands at the ticks, not at the number, and its link leads to the first of them.
    let group = none.body.split("<fieldset class=\"field lists").nth(1).unwrap().split("</fieldset>").next().unwrap();
    let first = group.split("<input").nth(1).unwrap().split('>').next().unwrap();
    assert!(group.contains("<legend>Which accounts do you approve?</legend>"), "{group}");
    assert!(group.contains("id=\"together-lists-error\"") && group.contains("Tick the accounts"), "{group}");
    assert!(first.contains("id=\"together-lists\"") && first.contains("aria-invalid=\"true\""), "{first}");
    assert!(none.body.contains("<a href=\"#together-lists\">") && !none.body.contains("id=\"together-error\""));
    let mut older = all.clone();
    older[1].fingerprint = "0".repeat(64);
    let changed = post(&h, &path, "sign_together", &older, &[("count", "3")]).await;
    assert!(changed.refused && changed.body.contains("has changed since you opened the page"), "{}", changed.body);
    let mut others = all.clone();
    let people = h.people(FIRST).await;
    let foreign = people.iter().find(|p| !all.iter().any(|a| a.id == p.account_id)).unwrap();
    others.push(h.account(&foreign.account_id).await);
    let unknown = post(&h, &path, "sign_together", &others, &[("count", "3")]).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert!(standings(&h, &others).await.iter().all(|is| *is == Standing::Unsigned));
}
