//! Letting a colleague sign, on a director's page: with everything that it asks for and with nothing less, seen by both, and taken back.

use axum::http::StatusCode;

use crate::base::clock::SECOND;
use crate::rules::journal::Actor;
use crate::rules::signoff::{SignLevel, Standing};
use crate::steps::context::Purpose;
use crate::steps::signoff::signing::RecordSignature;
use crate::store::signoff::{self, codes, delegations};
use crate::web::kit::views::director_phrases::DirectorPhrases;
use crate::web::kit::views::phrases::fill;
use crate::web::tests::fixture::*;
use crate::web::tests::links::directors_page::round_in;

const CARA: &str = "cara.lee@northwind.example";
const KATRIN: &str = "katrin.vogel@northwind.example";

/// The page of whoever has this address.
async fn page_of(h: &House, slug: &str, email: &str) -> String {
    h.requests(slug).await.into_iter().find(|(request, _)| request.email.as_str() == email).unwrap().1
}

async fn delegations(h: &House, slug: &str) -> Vec<delegations::Delegation> {
    let round = h.round_id(slug).await;
    delegations::of_round(&mut h.ctx.db.read().await.unwrap(), &round).await.unwrap()
}

fn form<'f>(scope: &'f str, email: &'f str, count: &'f str) -> Vec<(&'f str, &'f str)> {
    vec![("act", "delegate"), ("scope", scope), ("name", "Cara <b>Lee</b>"), ("email", email), ("count", count)]
}

#[tokio::test]
async fn a_colleague_is_asked_seen_by_both_and_taken_back() {
    let h = house().await;
    let (slug, path) = ("page-en-5", round_in(&h, "en", 5).await);
    let page = h.get(&path).await;
    let account = page.hidden("value=\"sign\"", "account");
    assert!(page.body.contains("Let a colleague sign") && !page.body.contains("Who signs for you"));
    let done = h.post(&path, &form(&account, CARA, "5")).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    let page = h.get(done.header("location")).await.body;
    // S01: the name is text.
    assert!(page.contains("has been asked to sign and gets a mail.") && !page.contains("<b>Lee"), "{page}");
    assert!(page.contains("signs this, too; asked by you on Mon 25 Jan") && page.contains("Who signs for you"));
    let one = delegations(&h, slug).await.remove(0);
    assert_eq!((one.to_email.as_str(), one.account_id.as_ref().unwrap().as_str()), (CARA, &*account));

    // The second tap is told, and asks nobody twice.
    let again = h.post(&path, &form(&account, "Cara.Lee@northwind.example", "5")).await;
    assert!(again.refused && again.body.contains("signs this already, so nobody was asked twice."), "{}", again.body);
    assert!(again.body.contains("id=\"delegate-page-email-error\"") && delegations(&h, slug).await.len() == 1);

    // His page says for whom it is; he passes it on to nobody, and is offered no form for that.
    let his = page_of(&h, slug, CARA).await;
    let seen = h.get(&his).await;
    let director = h.account(&(&*account).into()).await.director_name;
    assert!(seen.body.contains(&format!(" · For {director}")), "{}", seen.body);
    assert!(seen.body.contains(&format!("You sign for {director}.")) && !seen.body.contains("your accounts"));
    assert!(!seen.body.contains("value=\"delegate\"") && !seen.body.contains("id=\"colleagues\""));
    for scope in [&*account, "all"] {
        let chain = h.post(&his, &form(scope, "max.mann@northwind.example", "5")).await;
        assert!(chain.refused && chain.body.contains("so you cannot pass it on"), "{}", chain.body);
    }
    // He takes nothing back that is not his to take back (S11).
    let end = [("act", "end_delegation"), ("delegation", one.id.as_str()), ("confirm", "yes")];
    assert_eq!(h.post(&his, &end).await.status, StatusCode::NOT_FOUND);

    // He signs; both pages say who did.
    let fingerprint = seen.hidden("value=\"sign\"", "fingerprint");
    let sign = [("act", "sign"), ("account", &*account), ("fingerprint", &*fingerprint), ("count", "5")];
    assert_eq!(h.post(&his, &sign).await.status, StatusCode::SEE_OTHER);
    h.ctx.clock.turn_to(h.ctx.clock.now().plus(SECOND));
    for reader in [&path, &his] {
        let page = h.get(reader).await.body;
        let who = if reader == &path { "Cara bLee/b" } else { "You" };
        assert!(page.contains(&format!("{who} signed on Mon 25 Jan")), "{page}");
    }

    // Without a tick nothing is taken back.
    let untold = h.post(&path, &[("act", "end_delegation"), ("delegation", one.id.as_str())]).await;
    assert!(untold.refused && untold.body.contains("Nothing was taken back."), "{}", untold.body);
    assert!(delegations(&h, slug).await[0].ended_at.is_none());
    let (first, second) = (h.post(&path, &end).await, h.post(&path, &end).await);
    assert_eq!((first.status, first.header("location")), (StatusCode::SEE_OTHER, second.header("location")));
    let page = h.get(&path).await.body;
    assert!(!page.contains("signs this, too"), "{page}");
    assert_ne!(h.account(&(&*account).into()).await.standing, Standing::Unsigned, "what is signed stays");
    let seen = h.get(&his).await.body;
    assert!(seen.contains(&format!("now with {director}")) && !seen.contains("class=\"card account\""), "{seen}");
}

#[tokio::test]
async fn s21_what_lacks_anything_asks_nobody_and_keeps_what_was_typed() {
    let h = house().await;
    for (language, said) in [
        (
            "en",
            [
                "Choose for which account.",
                "is not at the company of anybody",
                "There are not “4” names waiting",
                "That",
            ],
        ),
        ("de", ["Wählen Sie, für welchen Kunden.", "gehört zu keinem Unternehmen", "nicht „4“ Namen", "Dort"]),
        ("fr", ["Choisissez pour quel client.", "dans aucune entreprise", "pas « 4 » noms", "Rien"]),
    ] {
        let path = round_in(&h, language, 5).await;
        let slug = format!("page-{language}-5");
        let facts = h.facts().await;
        let account = h.get(&path).await.hidden("value=\"sign\"", "account");
        for (fields, words) in [
            (form("", CARA, "5"), said[0]),
            (form(&account, "cara.lee@harrowgate.example", "5"), said[1]),
            (form("all", "cara.lee@gmail.com", "5"), said[1]),
            (form(&account, CARA, "4"), said[2]),
            (form("all", CARA, ""), ""),
            (form("all", "", "5"), ""),
            (vec![("act", "delegate"), ("scope", "all"), ("name", ""), ("email", CARA), ("count", "5")], ""),
            (vec![("act", "delegate"), ("scope", "all"), ("name", "n.n."), ("email", CARA), ("count", "5")], ""),
        ] {
            let refused = h.post(&path, &fields).await;
            assert!(refused.refused && refused.body.contains(words), "{language} {fields:?}: {}", refused.body);
            assert!(refused.body.contains("-error\""), "{fields:?}");
            let typed = fields.iter().find(|(name, _)| *name == "email").unwrap().1;
            assert!(refused.body.contains(&format!("value=\"{typed}\"")), "{typed} is kept");
        }
        assert!(delegations(&h, &slug).await.is_empty());
        assert!(h.facts().await == facts, "something was written");
    }
}

#[tokio::test]
async fn s11_s19_of_another_directors_account_nothing_is_known_and_a_changed_list_wants_its_own_number() {
    let h = house().await;
    let path = round_in(&h, "en", 5).await;
    let (_, elsewhere) = h.requests(FIRST).await.remove(0);
    let other = h.get(&elsewhere).await.hidden("name=\"act\" value=\"sign\"", "account");
    for scope in [&*other, "00000000-0000-7000-8000-000000000000", "x"] {
        let said = h.post(&path, &form(scope, CARA, "5")).await;
        assert_eq!(said.status, StatusCode::NOT_FOUND, "{scope}: {}", said.body);
    }
    // The page was opened with five names, and one has gone since.
    let page = h.get(&path).await;
    let account = page.hidden("value=\"sign\"", "account");
    let gone = super::director::first_name(&page);
    let remove = [("act", "remove"), ("account", &*account), ("contact", &*gone), ("reason", "duplicate")];
    assert_eq!(h.post(&path, &remove).await.status, StatusCode::SEE_OTHER);
    assert!(h.post(&path, &form("all", CARA, "5")).await.refused);
    assert_eq!(h.post(&path, &form("all", CARA, "4")).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn s21_where_a_strategic_account_waits_a_mailed_code_is_asked_for() {
    let h = house().await;
    let path = page_of(&h, FIRST, KATRIN).await;
    let page = h.get(&path).await.body;
    assert!(page.contains("id=\"delegate_code-page\"") && !page.contains("value=\"delegate\""), "{page}");
    for guess in ["", "3", "123456"] {
        let fields = [("act", "delegate"), ("scope", "all"), ("name", "Cara Lee"), ("email", CARA), ("code", guess)];
        assert!(h.post(&path, &fields).await.refused, "{guess}");
        let fields = [("act", "delegate"), ("scope", "all"), ("name", "Cara Lee"), ("email", CARA), ("count", guess)];
        assert!(h.post(&path, &fields).await.refused, "{guess}");
    }
    let sent = h.post(&path, &[("act", "delegate_code")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let page = h.get(sent.header("location")).await.body;
    assert!(page.contains("Type its six digits below to let a colleague sign."), "{page}");
    assert!(page.contains("<details class=\"act\" id=\"delegate-page\" open>"), "{page}");
    let again = h.post(&path, &[("act", "delegate_code")]).await;
    assert!(again.refused && again.body.contains("within the last minute"), "{}", again.body);
    let request = h.requests(FIRST).await.into_iter().find(|(request, _)| request.email.as_str() == KATRIN).unwrap().0;
    let code = {
        let mut tx = h.ctx.db.read().await.unwrap();
        let code = codes::latest(&mut tx, &request.id).await.unwrap().unwrap();
        h.ctx.key.six_digits("sign-code", code.id.as_str())
    };
    let fields = [("act", "delegate"), ("scope", "all"), ("name", "Cara Lee"), ("email", CARA), ("code", &*code)];
    let wrong: String = code.chars().map(|c| if c == '7' { '3' } else { '7' }).collect();
    let mut guess = fields;
    guess[4].1 = &wrong;
    let refused = h.post(&path, &guess).await;
    assert!(refused.refused && refused.body.contains("4 tries left") && !refused.body.contains(&wrong));
    let done = h.post(&path, &fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    assert!(!done.header("location").contains(&code));
    assert!(h.get(&path).await.body.contains("all your accounts, also those still to come."));
    // The colleague is asked for a code of his own.
    let his = page_of(&h, FIRST, CARA).await;
    assert!(h.get(&his).await.body.contains(&format!("which is mailed to {CARA}")));
}

#[tokio::test]
async fn the_sales_directors_colleague_sees_what_she_has_given_and_nothing_else() {
    let h = house().await;
    let path = page_of(&h, FIRST, KATRIN).await;
    let page = h.get(&path).await;
    let account = page.hidden("<bdi>Rheintal Maschinenbau</bdi> <span>", "account");
    let recorded = RecordSignature {
        account: (&*account).into(),
        fingerprint: String::new(),
        level: SignLevel::Director,
        who: "Katrin Vogel".into(),
        when: "2027-01-25".into(),
        evidence: "mail of 25 January".into(),
    };
    h.ctx.order(&Actor::operator(OPERATOR), recorded).await.unwrap();
    let round = h.round_id(FIRST).await;
    let requests = signoff::of_round(&mut h.ctx.db.read().await.unwrap(), &round).await.unwrap();
    let hers = requests.iter().find(|r| r.level == SignLevel::SalesDirector).unwrap();
    let path = h.link(Purpose::SignOff, &hers.id);
    assert!(h.get(&path).await.body.contains("id=\"delegate_code-page\""));
    assert_eq!(h.post(&path, &[("act", "delegate_code")]).await.status, StatusCode::SEE_OTHER);
    let code = {
        let mut tx = h.ctx.db.read().await.unwrap();
        let code = codes::latest(&mut tx, &hers.id).await.unwrap().unwrap();
        h.ctx.key.six_digits("sign-code", code.id.as_str())
    };
    let fields = [("act", "delegate"), ("scope", &*account), ("name", "Cara Lee"), ("email", CARA), ("code", &*code)];
    let done = h.post(&path, &fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    let requests = signoff::of_round(&mut h.ctx.db.read().await.unwrap(), &round).await.unwrap();
    let his = requests.iter().find(|r| r.level == SignLevel::SalesDirector && r.email.as_str() == CARA).unwrap();
    let page = h.get(&h.link(Purpose::SignOff, &his.id)).await.body;
    assert!(page.contains(&format!("For {}", hers.name)) && page.contains("Rheintal"), "{page}");
    assert!(!page.contains("id=\"colleagues\"") && page.matches("class=\"card account\"").count() == 1);
}

#[tokio::test]
async fn whoever_signs_for_others_reads_for_whom_in_the_first_sentence_and_at_each_account() {
    let h = house().await;
    for (language, alone, also, others) in [
        ("en", "You sign for {who}.", "at those that you sign for {who}", "Each account says for whom."),
        (
            "de",
            "Sie unterschreiben für {who}.",
            "anstelle von {who} unterschreiben",
            "Bei jedem Kunden steht, für wen.",
        ),
        ("fr", "Vous signez pour {who}.", "à la place de {who}", "Chaque client indique pour qui."),
    ] {
        let path = round_in(&h, language, 5).await;
        let (slug, account) = (format!("page-{language}-5"), h.get(&path).await.hidden("value=\"sign\"", "account"));
        assert_eq!(h.post(&path, &form(&account, CARA, "5")).await.status, StatusCode::SEE_OTHER);
        let his = page_of(&h, &slug, CARA).await;
        let (words, director) = (DirectorPhrases::of(language), h.account(&(&*account).into()).await.director_name);
        let page = h.get(&his).await.body;
        let said = |phrase: &str| fill(phrase, &[("who", &director)]);
        assert!(page.contains(&said(alone)) && page.contains(&said(words.for_whom)), "{page}");
        assert!([also, others].iter().all(|other| !page.contains(&said(other))), "{page}");

        // The page as it is where there are more: of its own, and of several people.
        let sheet = crate::steps::signoff::sheet(&h.ctx, his.rsplit('/').next().unwrap()).await.unwrap().unwrap();
        let shown = |names: &[&str]| {
            let mut page = crate::web::links::signoff::whole(&sheet, MONDAY, "x", ("", None));
            let card = || crate::web::links::signoff::whole(&sheet, MONDAY, "x", ("", None)).accounts.remove(0);
            page.accounts = names.iter().map(|_| card()).collect();
            for (account, name) in page.accounts.iter_mut().zip(names) {
                account.colleagues.for_whom = (*name).into();
            }
            askama::Template::render(&page).unwrap()
        };
        let mixed = shown(&["", director.as_str()]);
        assert!(mixed.contains(&said(also)) && !mixed.contains(&said(alone)), "{mixed}");
        // The list of what is to do says it apart from the rest.
        assert!(mixed.contains(&format!(" · {}</span>", said(words.for_whom))), "{mixed}");
        let several = shown(&[director.as_str(), "Ben Koch"]);
        assert!(several.contains(others) && several.contains("Ben Koch</span>"), "{several}");
        assert!(!several.contains(&said(alone)), "{several}");
    }
}
