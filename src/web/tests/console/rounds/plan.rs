//! The plan's pages: what is looked at changes nothing, what is refused is kept, what is confirmed is done.

use axum::http::StatusCode;

use crate::base::clock::DAY;
use crate::rules::journal::Actor;
use crate::rules::plan::Scope;
use crate::steps::plan::pauses::{self, NewPause};
use crate::steps::plan::{self, forecast};
use crate::web::tests::fixture::*;

/// An operator who is logged in.
struct Desk {
    house: House,
    cookie: String,
    csrf: String,
}

impl Desk {
    async fn open() -> Desk {
        let house = house().await;
        let (cookie, csrf) = house.log_in().await;
        Desk { house, cookie, csrf }
    }

    async fn get(&self, path: &str) -> Said {
        let with = [("cookie", self.cookie.as_str())];
        self.house.send(axum::http::Method::GET, &format!("/rounds/{FIRST}{path}"), &with, "").await
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Said {
        let fields: Vec<_> = fields.iter().copied().chain([("csrf", self.csrf.as_str())]).collect();
        self.house.post_with(&format!("/rounds/{FIRST}{path}"), &[("cookie", &self.cookie)], &fields).await
    }

    /// The form of a page as a browser would send it, with some fields typed over.
    async fn filled(&self, path: &str, typed: &[(&str, &str)]) -> Vec<(String, String)> {
        let body = self.get(path).await.body;
        let form = body.split("<form method=\"post\"").find(|f| f.contains("name=\"version\"")).unwrap();
        let form = form.split("</form>").next().unwrap();
        let mut fields: Vec<(String, String)> = Vec::new();
        for tag in form.split('<').filter(|t| t.contains(" name=\"")) {
            let of = |name: &str| tag.split(&format!(" {name}=\"")).nth(1).map(|t| plain(t.split('"').next().unwrap()));
            let name = of("name").unwrap();
            if tag.starts_with("input") && (!tag.contains("type=\"checkbox\"") || tag.contains(" checked")) {
                fields.push((name, of("value").unwrap_or_default()));
            } else if tag.starts_with("textarea") {
                fields.push((name, plain(tag.split_once('>').unwrap().1)));
            } else if tag.starts_with("select") {
                let options =
                    form.split(&format!("name=\"{name}\"")).nth(1).unwrap().split("</select>").next().unwrap();
                let chosen = options.split("<option value=\"").find(|o| o.contains(" selected")).unwrap();
                fields.push((name, chosen.split('"').next().unwrap().into()));
            }
        }
        fields.retain(|(name, _)| name != "csrf" && !typed.iter().any(|(over, _)| over == name));
        fields.extend(typed.iter().map(|(name, value)| (name.to_string(), value.to_string())));
        fields
    }

    async fn send(&self, path: &str, act: &str, fields: &[(String, String)]) -> Said {
        let mut all = vec![("act", act)];
        all.extend(fields.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        self.post(path, &all).await
    }
}

fn plain(html: &str) -> String {
    html.replace("&#60;", "<").replace("&#62;", ">").replace("&#34;", "\"").replace("&#39;", "'").replace("&#38;", "&")
}

#[tokio::test]
async fn what_is_only_looked_at_changes_nothing() {
    let d = Desk::open().await;
    let account = d.house.people(FIRST).await[0].account_id.clone();
    let before = d.house.everything();
    let paths = ["/plan", "/plan/pause", "/plan/change", "/plan/words", "/plan/words?language=de&name=reminder"];
    for path in paths {
        let said = d.get(path).await;
        assert_eq!(said.status, StatusCode::OK, "{path}: {}", said.body);
        assert!(said.body.ends_with("</html>\n") || said.body.ends_with("</html>"), "{path}");
    }
    let look = [("act", "look"), ("scope", "country:DE"), ("why", "strike"), ("from", ""), ("until", "2027-02-12")];
    let said = d.post("/plan/pause", &look).await;
    assert_eq!(said.status, StatusCode::OK, "{}", said.body);
    assert!(said.body.contains("Pause Germany?") && said.body.contains("to the end of Fri 12 Feb"), "{}", said.body);
    let chosen = d.get(&format!("/plan/pause?account={account}")).await.body;
    assert!(chosen.contains(&format!("<option value=\"account:{account}\" selected>")), "{chosen}");
    let fields = d.filled("/plan/change", &[("touch-3-at", "14:00")]).await;
    let said = d.send("/plan/change", "look", &fields).await;
    assert_eq!(said.status, StatusCode::OK, "{}", said.body);
    let back = d.send("/plan/change", "edit", &fields).await;
    assert!(
        back.status == StatusCode::OK && back.body.contains("name=\"touch-3-at\" value=\"14:00\""),
        "{}",
        back.body
    );
    let more = d.send("/plan/change", "add", &fields).await.body;
    assert!(more.contains("id=\"touch-6\" open") && more.contains("name=\"touch-3-at\" value=\"14:00\""), "{more}");
    let body = "Dear {{ first_name }},\n\nstill there?\n\n{{ link }}\n\n{{ opt_out_link }}";
    let words = d.filled("/plan/words?language=en&name=reminder", &[("body", body)]).await;
    let said = d.send("/plan/words", "look", &words).await;
    assert!(said.body.contains("Texts that change: reminder in English"), "{}", said.body);
    assert!(d.house.everything() == before, "something was written");
}

#[tokio::test]
async fn what_is_typed_is_shown_as_a_letter_in_a_frame_of_its_own() {
    let d = Desk::open().await;
    let path = "/plan/words?language=en&name=reminder";
    let page = d.get(path).await;
    assert!(page.header("content-security-policy").ends_with("; frame-src 'self'"), "{:?}", page.headers);
    assert!(!page.header("content-security-policy").contains("unsafe"));
    let frame = page.body.split("name=\"letters\"").nth(1).unwrap().split("src=\"").nth(1).unwrap();
    let frame = plain(frame.split('"').next().unwrap());
    let shown = d.get(frame.strip_prefix(&format!("/rounds/{FIRST}")).unwrap()).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.body);
    let policy = shown.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'") && policy.contains("script-src 'none'"), "{policy}");
    assert_eq!(shown.header("x-frame-options"), "SAMEORIGIN");
    assert_eq!(shown.body.matches("<iframe sandbox").count(), 4);
    // What is typed is shown and not saved.
    let before = d.house.everything();
    let body = "Dear {{ first_name }},\n\n<b>still</b> there?\n\n{{ link }}\n\n{{ opt_out_link }}";
    let typed = d.filled(path, &[("subject", "Typed"), ("body", body)]).await;
    let said = d.send("/plan/words/letters", "show", &typed).await;
    assert_eq!(said.status, StatusCode::OK, "{}", said.body);
    assert!(said.body.contains("<dd dir=\"auto\">Typed</dd>") && !said.body.contains("<b>still"), "{}", said.body);
    assert!(d.house.everything() == before, "something was written");
    // Somebody who is looked for, and nobody of the list.
    let last = d.house.people(FIRST).await.into_iter().next_back().unwrap();
    let sought = d.filled(path, &[("who", last.email.as_str())]).await;
    assert!(d.send("/plan/words/letters", "show", &sought).await.body.contains(last.email.as_str()));
    let mut invented = d.filled(path, &[("reader", ""), ("act", "show")]).await;
    invented.push(("csrf".into(), d.csrf.clone()));
    let invented: Vec<(&str, &str)> = invented.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let there = format!("/rounds/{FIRST}/plan/words/letters");
    let said = d.house.post_all(&there, &[("cookie", &d.cookie)], &invented).await;
    assert!(said.body.contains("<dd dir=\"auto\">Maria Keller</dd>"), "{}", said.body);
    let empty = [("act", "show"), ("language", "en"), ("name", "reminder"), ("subject", ""), ("body", "")];
    let said = d.post("/plan/words/letters", &empty).await;
    assert!(said.status == StatusCode::OK && said.body.contains("The subject is empty"), "{}", said.body);
}

#[tokio::test]
async fn a_test_letter_is_on_its_way_and_what_was_typed_stays() {
    let d = Desk::open().await;
    let typed = d.filled("/plan/words?language=en&name=invitation", &[("subject", "Typed")]).await;
    let said = d.send("/plan/words/letters", "test", &typed).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
    let there = said.header("location").strip_prefix(&format!("/rounds/{FIRST}")).unwrap();
    let done = d.get(there.split('#').next().unwrap()).await;
    assert!(done.body.contains("on its way to you"), "{}", done.body);
    let page = d.house.get("/test-letter").await;
    assert!(page.status == StatusCode::OK && page.body.contains("This letter was a test"), "{}", page.body);
    // What cannot be made is not sent.
    let wrong = d.filled("/plan/words?language=en&name=invitation", &[("body", "{{ nobody }}")]).await;
    let said = d.send("/plan/words/letters", "test", &wrong).await;
    assert!(said.refused || said.status == StatusCode::UNPROCESSABLE_ENTITY, "{}", said.body);
    assert!(said.body.contains("Nothing was sent"), "{}", said.body);
}

#[tokio::test]
async fn an_earlier_version_is_opened_and_used_again() {
    let d = Desk::open().await;
    let path = "/plan/words?language=en&name=reminder";
    let changed = d.filled(path, &[("subject", "The second <b>")]).await;
    assert_eq!(d.send("/plan/words", "confirm", &changed).await.status, StatusCode::SEE_OTHER);
    let page = d.get("/plan/words/versions?language=en&name=reminder").await.body;
    assert!(page.contains("Version 2") && page.contains("<ins>The second &#60;b&#62;</ins>"), "{page}");
    let again = d.filled("/plan/words/versions?language=en&name=reminder", &[]).await;
    let opened = d.send("/plan/words", "edit", &again).await;
    let subject = &again.iter().find(|(name, _)| name == "subject").unwrap().1;
    assert!(
        opened.body.contains(&format!("name=\"subject\" value=\"{subject}\"")) || subject.contains(['{', '&']),
        "{}",
        opened.body
    );
    assert!(d.get("/plan/words/versions").await.body.contains("Reminder in English"));
}

#[tokio::test]
async fn a_part_is_paused_on_the_second_word_and_lifted() {
    let d = Desk::open().await;
    for p in d.house.people(FIRST).await {
        let account = d.house.account(&p.account_id).await;
        let fields = [
            ("act", "record"),
            ("account", account.id.as_str()),
            ("fingerprint", &account.fingerprint),
            ("who", "Rachel Osei"),
            ("when", "2027-01-20"),
            ("evidence", "mail"),
            ("confirm", "yes"),
        ];
        d.post("/sign-off", &fields).await;
    }
    plan::tick(&d.house.ctx).await.unwrap();
    let look = [("act", "look"), ("scope", "country:DE"), ("why", "strike <b>"), ("from", ""), ("until", "")];
    let said = d.post("/plan/pause", &look).await.body;
    assert!(said.contains("messages are taken back, the next one of Mon 1 Feb, 08:30 in London"), "{said}");
    let confirm = [("act", "confirm"), ("scope", "country:DE"), ("why", "strike <b>"), ("from", ""), ("until", "")];
    let said = d.post("/plan/pause", &confirm).await;
    assert_eq!(
        (said.status, said.header("location")),
        (StatusCode::SEE_OTHER, &*format!("/rounds/{FIRST}/plan?done=pause_part"))
    );
    let shown = d.get("/plan").await.body;
    for told in
        ["<strong>Germany</strong>: strike &#60;b&#62;", OPERATOR, "until it is lifted", "Lift the pause of Germany"]
    {
        assert!(shown.contains(told), "{told} is not in {shown}");
    }
    assert!(d.get("").await.body.contains("1 pause holds messages"));
    let german = d.house.people(FIRST).await.into_iter().find(|p| p.country == "DE").unwrap();
    let page = d.get(&format!("/contacts/{}", german.id)).await.body;
    assert!(page.contains("Paused, with Germany: strike &#60;b&#62;."), "{page}");
    let outbox = d.get("/outbox?state=withdrawn").await.body;
    assert!(outbox.contains("It is paused; see the pauses on the plan."), "{outbox}");
    let pause = d.get("/plan").await.hidden("value=\"lift\"", "pause");
    assert_eq!(d.post("/plan", &[("act", "lift"), ("pause", &pause)]).await.status, StatusCode::SEE_OTHER);
    assert!(!d.get("/plan").await.body.contains("Lift the pause"));
    assert_eq!(d.post("/plan", &[("act", "lift"), ("pause", &pause)]).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_pause_that_is_refused_keeps_what_was_typed_and_s11_other_rounds_stay_closed() {
    let d = Desk::open().await;
    let foreign = d.house.people(SECOND).await[0].account_id.clone();
    let new = NewPause { scope: Scope::Account(foreign.clone()), why: "x".into(), from: None, until: None };
    d.house.ctx.order(&Actor::operator("test"), pauses::PausePeople { slug: SECOND.into(), pause: new }).await.unwrap();
    let other = pauses::in_force(&d.house.ctx, &d.house.round_id(SECOND).await).await.unwrap()[0].id.clone();
    let before = d.house.facts().await;
    let cases: [(&str, &str, &str, &str, &str); 6] = [
        ("", "strike", "", "", "pause-scope-error"),
        ("country:XX", "strike", "", "", "pause-scope-error"),
        ("touch:digest", "strike", "", "", "pause-scope-error"),
        ("country:DE", "", "", "", "pause-why-error"),
        ("country:DE", "strike", "soon", "", "pause-from-error"),
        ("country:DE", "strike", "2027-02-10", "2027-02-09", "pause-until-error"),
    ];
    for (scope, why, from, until, error) in cases {
        for act in ["look", "confirm"] {
            let fields = [("act", act), ("scope", scope), ("why", why), ("from", from), ("until", until)];
            let said = d.post("/plan/pause", &fields).await;
            assert!(said.refused, "{fields:?}");
            assert!(said.body.contains(&format!("id=\"{error}\"")), "{fields:?}: {}", said.body);
            assert!(said.body.contains(&format!("name=\"why\" value=\"{why}\"")), "{fields:?}");
        }
    }
    let foreign = format!("account:{foreign}");
    let fields = [("act", "confirm"), ("scope", foreign.as_str()), ("why", "x"), ("from", ""), ("until", "")];
    assert!(d.post("/plan/pause", &fields).await.refused);
    for pause in [other.as_str(), "nothing", ""] {
        assert_eq!(
            d.post("/plan", &[("act", "lift"), ("pause", pause)]).await.status,
            StatusCode::NOT_FOUND,
            "{pause}"
        );
    }
    for path in ["/plan", "/plan/pause", "/plan/change", "/plan/words"] {
        let fields =
            [("act", "nothing"), ("scope", "country:DE"), ("why", "x"), ("language", "en"), ("name", "reminder")];
        assert_eq!(d.post(path, &fields).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert!(d.house.facts().await == before, "something was written");
}

#[tokio::test]
async fn a_reminder_moves_after_a_look_and_not_against_a_version_that_is_gone() {
    let d = Desk::open().await;
    let fields = d.filled("/plan/change", &[("touch-3-at", "14:00")]).await;
    let said = d.send("/plan/change", "look", &fields).await;
    assert!(said.body.contains("messages move to another time") && said.body.contains(" 14:00 in "), "{}", said.body);
    assert!(said.body.contains("value=\"confirm\""), "{}", said.body);
    let own = d.house.people(FIRST).await[0].account_id.clone();
    let new = NewPause { scope: Scope::Account(own), why: "x".into(), from: None, until: None };
    d.house.ctx.order(&Actor::operator("test"), pauses::PausePeople { slug: FIRST.into(), pause: new }).await.unwrap();
    let stale = d.send("/plan/change", "confirm", &fields).await;
    assert!(stale.refused, "{}", stale.body);
    assert!(
        stale.body.contains("has changed since you looked")
            && stale.body.contains("name=\"touch-3-at\" value=\"14:00\"")
    );
    let version = stale.hidden("Nothing was changed", "version");
    let again: Vec<_> =
        fields.iter().filter(|(n, _)| n != "version").cloned().chain([("version".into(), version)]).collect();
    let said = d.send("/plan/change", "confirm", &again).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
    let plan = forecast::plan_of(&d.house.ctx, FIRST).await.unwrap();
    let reminders: Vec<_> = plan.lines().filter(|l| l.kind == "reminder" && l.number == 1).collect();
    let at = |clock: &str| reminders.iter().filter(|l| l.local.format("%H:%M").to_string() == clock).count();
    assert!(at("14:00") > 0 && at("09:30") == 0, "{reminders:?}");
    assert!(d.get("/plan/change").await.body.contains("value=\"0 14 * * THU\""));
}

#[tokio::test]
async fn a_change_that_cannot_be_kept_is_said_at_its_place_and_kept_as_typed() {
    type Typed = &'static [(&'static str, &'static str)];
    let d = Desk::open().await;
    let before = d.house.facts().await;
    let cases: [(Typed, &str, &str); 4] = [
        (&[("closes", "soon")], "href=\"#plan-closes\"", "value=\"soon\""),
        (&[("touch-3-when", "cron"), ("touch-3-cron", "every day")], "href=\"#touch-3\"", "value=\"every day\""),
        (&[("closes", "2027-02-01")], "href=\"#schedule\"", "value=\"2027-02-01\""),
        (&[("touch-2-remove", "yes")], "href=\"#touch-2\"", "name=\"touches\" value=\"4\""),
    ];
    for (typed, place, kept) in cases {
        let fields = d.filled("/plan/change", typed).await;
        for act in ["look", "confirm"] {
            let said = d.send("/plan/change", act, &fields).await;
            assert!(said.refused, "{typed:?}");
            assert!(said.body.contains(place) && said.body.contains(kept), "{typed:?}: {}", said.body);
        }
    }
    let same = d.filled("/plan/change", &[]).await;
    let said = d.send("/plan/change", "look", &same).await;
    assert!(said.body.contains("Nothing is different yet"), "{}", said.body);
    let wrong = d.filled("/plan/words?language=de&name=reminder", &[("subject", "{{ nobody }} <b>")]).await;
    let said = d.send("/plan/words", "confirm", &wrong).await;
    assert!(said.refused);
    assert!(
        said.body.contains("value=\"{{ nobody }} &#60;b&#62;\"") && said.body.contains("Reminder in de: "),
        "{}",
        said.body
    );
    for bad in ["language=xx&name=reminder", "language=en&name=..%2Fx"] {
        assert!(d.get(&format!("/plan/words?{bad}")).await.status.is_client_error(), "{bad}");
    }
    assert!(d.house.facts().await == before, "something was written");
}

#[tokio::test]
async fn new_words_are_told_and_taken() {
    let d = Desk::open().await;
    let fields = d.filled("/plan/words?language=de&name=invitation", &[("subject", "Sechs Minuten für uns?")]).await;
    let said = d.send("/plan/words", "look", &fields).await.body;
    assert!(said.contains("read differently") && said.contains("Texts that change: invitation in German"), "{said}");
    let said = d.send("/plan/words", "confirm", &fields).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
    assert!(d.get("/plan/words").await.body.contains("Sechs Minuten für uns?"));
}

#[tokio::test]
async fn the_plan_is_had_as_a_table_and_as_json() {
    let d = Desk::open().await;
    let csv = d.get("/plan.csv").await;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(csv.header("content-disposition"), format!("attachment; filename=\"{FIRST}-plan.csv\""));
    let json: serde_json::Value = serde_json::from_str(&d.get("/plan.json").await.body).unwrap();
    let messages = json["messages"].as_array().unwrap();
    assert_eq!(csv.body.lines().count(), messages.len() + 1);
    assert!(csv.body.starts_with("contact,account,kind,number,due_at,local,"));
    let day = d.get("/plan.csv?day=2027-02-08").await.body;
    let of_day = messages.iter().filter(|m| m["local"].as_str().unwrap().starts_with("2027-02-08"));
    assert_eq!(day.lines().count(), of_day.count() + 1);
}

#[tokio::test]
async fn who_is_away_waits_and_who_has_left_is_replaced() {
    let d = Desk::open().await;
    let people = d.house.people(FIRST).await;
    let at = |n: usize| format!("/contacts/{}", people[n].id);
    let refused = d.post(&at(0), &[("act", "away"), ("until", "2026-01-01"), ("reason", "auto-reply")]).await;
    assert!(refused.refused);
    assert!(
        refused.body.contains("id=\"away-until-error\"") && refused.body.contains("value=\"auto-reply\""),
        "{}",
        refused.body
    );
    let away = [("act", "away"), ("until", "2027-02-10"), ("reason", "auto-reply")];
    assert_eq!(d.post(&at(0), &away).await.status, StatusCode::SEE_OTHER);
    assert!(d.house.person(&people[0].id).await.absent_until.is_some_and(|until| until.since(MONDAY) > 16 * DAY));
    let page = d.get(&at(0)).await.body;
    assert!(page.contains("Away up to and including Wed 10 Feb") && page.contains("value=\"is_back\""), "{page}");
    assert_eq!(d.post(&at(0), &[("act", "is_back")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(d.house.person(&people[0].id).await.absent_until, None);

    assert!(d.post(&at(1), &[("act", "left"), ("reason", "")]).await.refused);
    for n in [1, 2] {
        assert_eq!(d.post(&at(n), &[("act", "left"), ("reason", "said so")]).await.status, StatusCode::SEE_OTHER);
    }
    assert!(d.get("").await.body.contains("2 contacts cannot be reached"));
    let to_repair = d.get("/contacts?stage=to_repair").await.body;
    assert!(to_repair.contains("2 contacts match") && to_repair.contains(people[1].id.as_str()), "{to_repair}");
    assert_eq!(d.post(&at(1), &[("act", "stays")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(d.house.person(&people[1].id).await.left_at, None);
    assert_eq!(
        d.post(&at(2), &[("act", "close_task"), ("reason", "nobody takes it")]).await.status,
        StatusCode::SEE_OTHER
    );
    assert!(!d.get("").await.body.contains("cannot be reached"));
    assert!(d.get("/contacts?stage=left").await.body.contains("1 contact matches"));
    assert!(d.get("/plan").await.body.contains("has left the company"));
    let other = &d.house.people(SECOND).await[0];
    let fields = [("act", "left"), ("reason", "x")];
    assert_eq!(d.post(&format!("/contacts/{}", other.id), &fields).await.status, StatusCode::NOT_FOUND);
}
