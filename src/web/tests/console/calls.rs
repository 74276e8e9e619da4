//! The call list in the browser: a reason beside everybody, one press for each outcome, and whose turn it is.

use axum::http::{Method, StatusCode};

use crate::base::ids::ContactId;
use crate::rules::calling::Outcome;
use crate::rules::journal::Actor;
use crate::steps::calling::{RecordCall, ReserveCall};
use crate::store::journal;
use crate::web::tests::fixture::*;

const OTHER: &str = "ben@soundings.example";

struct Calls {
    h: House,
    cookie: String,
    csrf: String,
    path: String,
}

async fn calls() -> Calls {
    let h = house().await;
    h.everybody_can_be_called().await;
    let (cookie, csrf) = h.log_in().await;
    Calls { h, cookie, csrf, path: format!("/rounds/{FIRST}/calls") }
}

impl Calls {
    async fn get(&self, words: &str) -> String {
        let at = format!("{}{words}", self.path);
        let said = self.h.send(Method::GET, &at, &[("cookie", &self.cookie)], "").await;
        assert_eq!(said.status, StatusCode::OK, "{}", said.body);
        said.body
    }

    async fn press(&self, act: &str, rest: &[(&str, &str)]) -> Said {
        let all: Vec<_> = [("act", act), ("csrf", self.csrf.as_str())].iter().chain(rest).copied().collect();
        self.h.post_with(&self.path, &[("cookie", &self.cookie)], &all).await
    }

    /// The first on the list.
    async fn first(&self) -> String {
        named(&self.get("").await).remove(0)
    }
}

/// Those on the list, in its order.
fn named(page: &str) -> Vec<String> {
    page.split("<li id=\"call-").skip(1).map(|rest| rest.split('"').next().unwrap().to_string()).collect()
}

#[tokio::test]
async fn ten_stand_on_the_page_each_with_a_reason_and_a_telephone() {
    let c = calls().await;
    let page = c.get("").await;
    assert_eq!(named(&page).len(), 10);
    assert!(page.contains(" people to call</h1>") && page.contains("The next target"), "{page}");
    let first = page.split("<li id=\"call-").nth(1).unwrap();
    assert!(first.contains("Nobody of ") && first.contains(" % of the revenue"), "{first}");
    assert!(first.contains("Mobile <a href=\"tel:+442079460018\">+44 (0)20 7946 0018</a>"), "{first}");
    let (second, all) = (c.get("?page=2").await, named(&page));
    assert!(named(&second).len() == 10 && named(&second).iter().all(|id| !all.contains(id)));
    // A manager's list has his accounts only, and the choice stands in the address.
    let manager = c.h.person(&ContactId::from(all[0].as_str())).await.manager_email;
    let own = c.get(&format!("?manager={}", manager.replace('@', "%40"))).await;
    assert!(own.contains(&format!("<option value=\"{manager}\" selected>")), "{own}");
    for id in named(&own) {
        assert_eq!(c.h.person(&ContactId::from(id.as_str())).await.manager_email, manager);
    }
    assert!(c.get("?manager=nobody%40x.example").await.contains("Nobody is left to call here."));
    assert!(c.get("?silent=yes").await.contains("name=\"silent\" value=\"yes\" checked"));
}

#[tokio::test]
async fn a_press_is_one_call_and_one_stands_at_the_next() {
    let c = calls().await;
    let (id, page) = (c.first().await, c.get("").await);
    let next = named(&page).remove(1);
    let places = format!("?at=call-{id},call-{next},main");
    assert!(page.contains(&places), "{page}");
    let at = Calls { path: format!("{}{places}", c.path), ..c };
    let said = at.press("called", &[("contact", id.as_str()), ("calls", "0"), ("note", "left a <b>message</b>")]).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
    assert_eq!(said.header("location"), format!("/rounds/{FIRST}/calls?done=called#call-{next}"));
    let c = Calls { path: format!("/rounds/{FIRST}/calls"), ..at };
    let person = c.h.person(&ContactId::from(id.as_str())).await;
    assert!(person.left_alone_until.is_some_and(|until| until > c.h.ctx.clock.now()));
    let page = c.get("?done=called").await;
    assert!(page.contains("Noted: called.") && !named(&page).contains(&id));
    assert!(page.contains("left a &#60;b&#62;message") && page.contains(OPERATOR), "{page}");
    let entries = { journal::of_subject(&mut c.h.ctx.db.read().await.unwrap(), &person.id).await.unwrap() };
    let told = entries.last().unwrap();
    assert_eq!((told.action.as_str(), told.actor.as_str()), ("called", OPERATOR));
    // Taken back, it is as if nobody had called.
    let call = page.split("name=\"call\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_string();
    assert_eq!(c.press("take_back_call", &[("call", call.as_str())]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(c.h.person(&person.id).await.left_alone_until, None);
    assert_eq!(c.first().await, id);
    for (act, rest) in [
        ("called", [("contact", "x"), ("calls", "0")]),
        ("nonsense", [("contact", id.as_str()), ("calls", "0")]),
        ("take_back_call", [("call", "x"), ("calls", "0")]),
    ] {
        assert_eq!(c.press(act, &rest).await.status, StatusCode::NOT_FOUND, "{act}");
    }
}

#[tokio::test]
async fn the_latest_call_is_taken_back_on_the_page_of_the_contact_too() {
    let c = calls().await;
    let (id, other) = (c.first().await, c.h.people(FIRST).await.remove(0).id);
    let contact = ContactId::from(id.as_str());
    for n in 0..52 {
        let note = format!("call {n}");
        let call = RecordCall { contact: contact.clone(), outcome: Outcome::Called, day: None, note, known: 60 };
        c.h.ctx.order(&Actor::operator(OPERATOR), call).await.unwrap();
    }
    let page = c.get("").await;
    assert_eq!(page.matches("<tr id=\"called-").count(), 50);
    assert!(page.contains("And 2 more; the latest call"), "{page}");
    let at = |id: &ContactId| format!("/rounds/{FIRST}/contacts/{id}");
    let page = c.h.send(Method::GET, &at(&contact), &[("cookie", &c.cookie)], "").await.body;
    assert!(page.contains("Take the latest call back"), "{page}");
    let call = page.split("name=\"call\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_string();
    let fields = [("act", "take_back_call"), ("csrf", c.csrf.as_str()), ("call", call.as_str())];
    if other != contact {
        let elsewhere = c.h.post_with(&at(&other), &[("cookie", &c.cookie)], &fields).await;
        assert_eq!(elsewhere.status, StatusCode::NOT_FOUND);
    }
    let said = c.h.post_with(&at(&contact), &[("cookie", &c.cookie)], &fields).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
    assert!(c.get("").await.contains("And 1 more; the latest call"));
}

#[tokio::test]
async fn a_contact_of_another_round_is_not_called_from_here() {
    let c = calls().await;
    let stranger = c.h.people(SECOND).await.remove(0).id;
    for act in ["called", "reserve", "release_call"] {
        let said = c.press(act, &[("contact", stranger.as_str()), ("calls", "0")]).await;
        assert_eq!(said.status, StatusCode::NOT_FOUND, "{act}");
    }
    assert_eq!(c.h.person(&stranger).await.left_alone_until, None);
}

#[tokio::test]
async fn a_day_that_is_missing_or_wrong_is_said_beside_its_field_and_what_was_typed_stays() {
    let c = calls().await;
    let id = c.first().await;
    let long = "x".repeat(201);
    for (act, day, note, why) in [
        ("on_leave", "", "in Spain", "The last day of the leave is missing. Choose the day, then press again."),
        ("on_leave", "soon", "in Spain", "Write the day such as 2027-02-15."),
        ("on_leave", "2027-01-01", "in Spain", "cannot be away until 2027-01-01"),
        ("will_answer", "2027-01-20", "in Spain", "cannot answer by a day that is over"),
        ("will_answer", "2027-12-01", "in Spain", "No answers are taken after "),
        // As by Enter in the field of the day, or after a change of mind.
        ("called", "2027-02-15", "in Spain", "You chose a day. Press Will answer or On leave"),
        ("has_left", "2027-02-15", "in Spain", "You chose a day. Press Will answer or On leave"),
        ("called", "", long.as_str(), "and at most 200 are kept"),
    ] {
        let said = c.press(act, &[("contact", id.as_str()), ("calls", "0"), ("day", day), ("note", note)]).await;
        assert!(said.refused && said.body.contains(why), "{act} {day}: {}", said.body);
        assert!(said.body.contains(&format!("value=\"{note}\"")) && said.body.contains("<details class=\"act\" open>"));
        let person = c.h.person(&ContactId::from(id.as_str())).await;
        assert_eq!((person.absent_until, person.left_alone_until), (None, None), "{act}");
    }
    let said = c.press("on_leave", &[("contact", id.as_str()), ("calls", "0"), ("day", "2027-02-15")]).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
    assert!(c.h.person(&ContactId::from(id.as_str())).await.absent_until.is_some());
}

#[tokio::test]
async fn what_is_refused_is_said_also_where_the_row_has_moved_to_another_page() {
    let c = calls().await;
    let id = c.first().await;
    let second = Calls { path: format!("{}?page=2", c.path), ..c };
    let said = second.press("on_leave", &[("contact", id.as_str()), ("calls", "0"), ("day", "")]).await;
    assert!(said.refused && !said.body.contains(&format!("<li id=\"call-{id}\"")), "{}", said.body);
    let why = ": The last day of the leave is missing.";
    assert!(said.body.contains(why) && said.body.contains("nothing was noted"), "{}", said.body);
}

#[tokio::test]
async fn whom_somebody_else_calls_has_no_buttons_and_a_late_press_is_told_so() {
    let c = calls().await;
    let (id, other) = (c.first().await, Actor::operator(OTHER));
    let contact = ContactId::from(id.as_str());
    c.h.ctx.order(&other, ReserveCall { contact: contact.clone(), known: 0 }).await.unwrap();
    let page = c.get("").await;
    let row = page.split(&format!("<li id=\"call-{id}\"")).nth(1).unwrap().split("</li>").next().unwrap();
    assert!(row.contains(&format!("{OTHER} calls today.")) && !row.contains("<button"), "{row}");
    let late = c.press("called", &[("contact", id.as_str()), ("calls", "0")]).await;
    assert!(late.refused && late.body.contains(&format!("{OTHER} calls ")), "{}", late.body);
    let call = RecordCall { contact, outcome: Outcome::Called, day: None, note: String::new(), known: 0 };
    c.h.ctx.order(&other, call).await.unwrap();
    let late = c.press("called", &[("contact", id.as_str()), ("calls", "0")]).await;
    assert!(late.refused && late.body.contains(&format!("{OTHER} has called ")), "{}", late.body);
    // Nor is whom somebody has called since then anybody else's to call today.
    let late = c.press("reserve", &[("contact", id.as_str()), ("calls", "0")]).await;
    assert!(late.refused && late.body.contains(&format!("{OTHER} has called ")), "{}", late.body);
    // The next one is mine when I say so, and free again when I say that.
    let mine = c.first().await;
    assert_eq!(c.press("reserve", &[("contact", mine.as_str())]).await.status, StatusCode::SEE_OTHER);
    assert!(c.get("").await.contains("You call today: leave to others"));
    assert_eq!(c.press("release_call", &[("contact", mine.as_str())]).await.status, StatusCode::SEE_OTHER);
    assert!(!c.get("").await.contains("You call today: leave to others"));
}
