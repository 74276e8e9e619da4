//! A round made in the browser, and its settings and questions edited there: what is wrong is said at its field and nothing is written.

use std::collections::BTreeMap;

use axum::http::{Method, StatusCode};

use crate::rules::round::{RoundSpec, RoundState};
use crate::steps::round::export::export;
use crate::store::journal;
use crate::store::round::rounds::{self, Round};
use crate::web::tests::fixture::*;

const MADE: &str = "acme-2028";

pub(in crate::tests::console) struct Desk {
    pub house: House,
    cookie: String,
    csrf: String,
}

impl Desk {
    pub async fn open() -> Desk {
        let house = house().await;
        let (cookie, csrf) = house.log_in().await;
        Desk { house, cookie, csrf }
    }

    pub async fn get(&self, path: &str) -> Said {
        self.house.send(Method::GET, path, &[("cookie", self.cookie.as_str())], "").await
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Said {
        let fields: Vec<_> = fields.iter().copied().chain([("csrf", self.csrf.as_str())]).collect();
        self.house.post_all(path, &[("cookie", &self.cookie)], &fields).await
    }

    pub async fn make(&self, fields: &[(&str, &str)]) -> Said {
        let usual = [("act", "template"), ("client", "Acme & Sons"), ("round", MADE), ("opens", "2028-02-07")];
        let usual = usual.into_iter().filter(|(name, _)| !fields.iter().any(|(over, _)| over == name));
        self.post("/rounds/new", &usual.chain(fields.iter().copied()).collect::<Vec<_>>()).await
    }

    pub async fn round(&self, slug: &str) -> Option<Round> {
        rounds::by_slug(&mut self.house.ctx.db.read().await.unwrap(), slug).await.unwrap()
    }

    async fn spec(&self, slug: &str) -> RoundSpec {
        serde_json::from_str(&self.round(slug).await.unwrap().spec).unwrap()
    }

    /// The form of a page as a browser would send it, with some fields typed over.
    pub async fn save(&self, path: &str, act: &str, typed: &[(&str, &str)]) -> Said {
        let mut fields = form(&self.get(path).await.body);
        fields.extend(typed.iter().map(|(name, value)| (name.to_string(), value.to_string())));
        fields.insert("act".into(), act.into());
        fields.remove("csrf");
        self.post(path, &fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect::<Vec<_>>()).await
    }
}

pub(in crate::tests::console) fn form(body: &str) -> BTreeMap<String, String> {
    // Small forms of single things stand before that of the page.
    let form = body.split("<form method=\"post\"").filter(|f| f.contains("name=\"version\"")).last().unwrap();
    let form = form.split("</form>").next().unwrap();
    let mut fields = BTreeMap::new();
    for tag in form.split('<').filter(|t| t.contains(" name=\"")) {
        let of = |name: &str| tag.split(&format!(" {name}=\"")).nth(1).map(|t| plain(t.split('"').next().unwrap()));
        let name = of("name").unwrap();
        if tag.starts_with("input") && (!tag.contains("type=\"checkbox\"") || tag.contains(" checked")) {
            fields.insert(name, of("value").unwrap_or_default());
        } else if tag.starts_with("textarea") {
            fields.insert(name, plain(tag.split_once('>').unwrap().1));
        } else if tag.starts_with("select") {
            let options = form.split(&format!("name=\"{name}\"")).nth(1).unwrap().split("</select>").next().unwrap();
            let chosen = options.split("<option value=\"").find(|o| o.contains(" selected")).unwrap();
            fields.insert(name, chosen.split('"').next().unwrap().into());
        }
    }
    fields
}

pub(in crate::tests::console) fn plain(html: &str) -> String {
    html.replace("&#60;", "<").replace("&#62;", ">").replace("&#34;", "\"").replace("&#39;", "'").replace("&#38;", "&")
}

/// The error that stands beside a field.
pub(in crate::tests::console) fn error(body: &str, field: &str) -> String {
    let at = format!("id=\"{field}-error\"");
    let Some((_, after)) = body.split_once(&at) else { return String::new() };
    plain(after.split("</span>").nth(1).unwrap().split("</p>").next().unwrap())
}

#[tokio::test]
async fn a_round_that_cannot_be_made_is_refused_beside_the_field_and_nothing_is_written() {
    let d = Desk::open().await;
    assert!(d.get("/").await.body.contains("href=\"/rounds/new\""));
    let page = d.get("/rounds/new").await;
    assert!(page.body.contains("value=\"2027-03-08\"") && page.body.contains(FIRST), "{}", page.body);
    let before = d.house.facts().await;
    for (field, typed, told) in [
        ("client", "", "It is empty."),
        ("client", "Survey Ltd", "It says “survey”, which no contact reads."),
        ("round", "", "Write a short name such as acme-2028."),
        ("round", "Acme 2028", "It is “Acme 2028”; it has lower-case letters, digits and hyphens only"),
        ("round", "new", "It is “new”, which names no round."),
        ("round", FIRST, "There is a round northwind-2027 already."),
        ("opens", "7 February", "Write a day such as 2027-02-08."),
        ("opens", "1888-02-06", "The round runs from 1888-02-06"),
    ] {
        let said = d.make(&[(field, typed)]).await;
        assert!(said.refused, "{field} {typed}: {:?} {}", said.status, said.body);
        let error = error(&said.body, &format!("template-{field}"));
        assert!(error.starts_with(told), "{field} {typed}: {error}");
        assert!(said.body.contains("value=\"Acme &#38; Sons\"") || field == "client", "{}", said.body);
    }
    let said = d.make(&[("act", "earlier"), ("from", "nobody-2027"), ("round", "")]).await;
    assert_eq!(error(&said.body, "earlier-from"), "There is no such round any more. Choose another.");
    let said = d.make(&[("act", "earlier"), ("from", FIRST), ("round", SECOND)]).await;
    assert!(error(&said.body, "earlier-round").starts_with("There is a round other-2027 already."), "{}", said.body);
    assert_eq!(d.house.facts().await, before);
    assert_eq!(d.make(&[("act", "folder")]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_round_from_the_template_is_a_draft_whose_inventions_are_asked_about() {
    let d = Desk::open().await;
    let said = d.make(&[]).await;
    assert_eq!((said.status, said.header("location")), (StatusCode::SEE_OTHER, "/rounds/acme-2028/settings?done=make"));
    let (round, spec) = (d.round(MADE).await.unwrap(), d.spec(MADE).await);
    assert_eq!(
        (round.state, round.client.as_str(), spec.title.as_str()),
        (RoundState::Draft, "Acme & Sons", "Relationship assessment 2028")
    );
    assert_eq!((spec.schedule.closes.to_string().as_str(), spec.senders.country.len()), ("2028-03-03", 0));
    let entries = journal::of_subject(&mut d.house.ctx.db.read().await.unwrap(), round.id.as_str()).await.unwrap();
    assert!(entries.iter().any(|e| e.actor == OPERATOR && e.detail == "from the template"), "{entries:?}");
    // A second press leads to what the first has made; another round of the name is none.
    let before = d.house.facts().await;
    let said = d.make(&[]).await;
    assert_eq!(said.header("location"), "/rounds/acme-2028/settings?done=made", "{}", said.body);
    assert!(d.get(said.header("location")).await.body.contains("You have made this round already"));
    let said = d.make(&[("client", "Acme & Daughters")]).await;
    assert!(error(&said.body, "template-round").starts_with("There is a round acme-2028 already."), "{}", said.body);
    assert!(d.house.facts().await == before);

    let open = d.get("/rounds/acme-2028/check").await.body;
    for told in ["points are open", "David Sterling", "Margaret Ellison", "href=\"/rounds/acme-2028/settings\""] {
        assert!(open.contains(told), "{told}: {open}");
    }
    let overview = d.get("/rounds/acme-2028").await.body;
    let number = open.split(" points are open").next().unwrap().rsplit('>').next().unwrap();
    assert!(overview.contains(&format!("What is open ({number})")), "{number}: {overview}");
    assert!(overview.contains("To do before the start"), "{overview}");
    assert!(overview.contains("more points are open: sentences that are the template’s<"), "{overview}");
    // What is missing stands in the order in which it is done, what is done is folded.
    let places: Vec<usize> = ["Nobody is on the list yet</span>", "more points are open"]
        .map(|what| overview.find(what).unwrap_or(usize::MAX))
        .to_vec();
    assert!(places[0] < places[1] && places[1] != usize::MAX, "{places:?} {overview}");
    assert!(overview.contains("<summary>1 done</summary>") && overview.contains("The days: opens "), "{overview}");
    // Nobody could be asked: the list comes first, and there is no start.
    assert!(!overview.contains("name=\"as_it_is\"") && !overview.contains("value=\"start\""), "{overview}");
    assert!(overview.contains("<a class=\"main\" href=\"/rounds/acme-2028/list\">Load a list</a>"), "{overview}");
    let start =
        |ticked: &'static str| async { d.post("/rounds/acme-2028", &[("act", "start"), ("as_it_is", ticked)]).await };
    for ticked in ["", "yes"] {
        let said = start(ticked).await;
        assert!(said.refused && said.body.contains("Nobody is on the list yet"), "{}", said.body);
    }
    assert_eq!(d.round(MADE).await.unwrap().state, RoundState::Draft);

    let said = d
        .save(
            "/rounds/acme-2028/settings",
            "confirm",
            &[
                ("senders.team.name", "Kim Lee"),
                ("senders.team.email", "kim@acme.test"),
                ("senders.team.title", ""),
                ("senders.warm_up.name", "Ada Acme"),
                ("senders.warm_up.email", "ada@acme.test"),
                ("senders.warm_up.title", "CEO"),
                ("signoff.sales_director", "Sam Poe"),
                ("signoff.sales_director_email", "sam@acme.test"),
            ],
        )
        .await;
    assert_eq!(
        (said.status, said.header("location")),
        (StatusCode::SEE_OTHER, "/rounds/acme-2028/settings?done=settings"),
        "{}",
        said.body
    );
    let open = d.get("/rounds/acme-2028/check").await.body;
    assert!(!open.contains(" Settings</h2>") && open.contains(" Questions</h2>"), "{open}");
    assert!(
        open.contains("“Service and calibration are fast enough for us.”") && !open.contains("Northwind"),
        "{open}"
    );
    assert!(d.get("/rounds/acme-2028/questions").await.body.contains("Acme &#38; Sons keeps its word."));
    // The twin: in a round without inventions the start asks for nothing.
    let running = d.get(&format!("/rounds/{FIRST}/check")).await.body;
    assert!(!running.contains("is the demo round’s and invented"), "{running}");
}

#[tokio::test]
async fn settings_that_are_wrong_are_said_at_their_fields_and_what_was_typed_stays() {
    let d = Desk::open().await;
    d.make(&[]).await;
    let path = "/rounds/acme-2028/settings";
    let before = d.house.facts().await;
    let said = d.save(path, "confirm", &[("senders.team.email", "kim"), ("minutes", "0"), ("title", "Acme <b>")]).await;
    assert!(
        said.refused && error(&said.body, "settings-senders.team.email").starts_with("It is “kim”"),
        "{}",
        said.body
    );
    assert!(error(&said.body, "settings-minutes").starts_with("It is 0, which is not between 1 and 60."));
    assert!(
        said.body.contains("value=\"Acme &#60;b&#62;\"") && said.body.contains("href=\"#settings-minutes\""),
        "{}",
        said.body
    );
    let said = d.save(path, "confirm", &[("minutes", "soon"), ("digest-MON", "")]).await.body;
    assert!(error(&said, "settings-minutes").starts_with("It is “soon”, which is no number."), "{said}");
    let summary = said.split("id=\"mistakes\"").nth(1).unwrap().split("</ul>").next().unwrap();
    assert_eq!(summary.matches("<li>").count(), 2, "{summary}");
    assert!(summary.find("Minutes") < summary.find("Days of the week"), "{summary}");
    // A language in which colleagues have no letters: what is missing is said at the language.
    let said = d.save(path, "confirm", &[("language", "de")]).await;
    assert!(error(&said.body, "settings-language").contains("There is no sign_off in German"), "{}", said.body);
    let said = d.save(path, "confirm", &[]).await;
    assert!(said.body.contains("Nothing is different yet."), "{}", said.body);
    assert_eq!(d.house.facts().await, before);

    let more = d.save(path, "add", &[("title", "Typed")]).await.body;
    assert!(more.contains("name=\"manager-1-country\"") && more.contains("value=\"Typed\""), "{more}");
    let manager = [
        ("managers", "1"),
        ("manager-1-country", "de"),
        ("manager-1-name", "Jo Kern"),
        ("manager-1-email", "jo@acme.test"),
        ("digest-MON", ""),
        ("digest-FRI", "yes"),
        ("digest-at", "07:15"),
    ];
    let said = d.save(path, "confirm", &manager).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
    let spec = d.spec(MADE).await;
    assert_eq!((spec.senders.country["DE"].name.as_str(), spec.digest.cron.as_str()), ("Jo Kern", "15 7 * * FRI"));
    // The schedule of a draft is saved at once too, with days that are picked.
    let change = "/rounds/acme-2028/plan/change";
    let page = d.get(change).await.body;
    assert!(
        page.contains("Save the schedule") && page.contains("3. Reminder, Thursday, at 09:30, at most 3 times"),
        "{page}"
    );
    let said = d.save(change, "confirm", &[("touch-3-TUE", "yes"), ("time_zone", "europe/berlin")]).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
    let spec = d.spec(MADE).await;
    assert_eq!(spec.touches[2].cron.as_deref(), Some("30 9 * * TUE,THU"));
    assert_eq!(spec.schedule.time_zone, "Europe/Berlin");
}

#[tokio::test]
async fn a_cron_text_that_is_no_weekdays_has_a_way_to_boxes() {
    let d = Desk::open().await;
    d.make(&[]).await;
    let path = "/rounds/acme-2028/settings";
    assert!(!d.get(path).await.body.contains("Pick days of the week for the mail to account managers"), "it has boxes");
    let said = d.save(path, "confirm", &[("digest.cron", "30 7 1 * *")]).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
    let page = d.get(path).await.body;
    assert!(
        page.contains("value=\"30 7 1 * *\"")
            && page.contains("Pick days of the week for the mail to account managers"),
        "{page}"
    );
    let before = d.house.facts().await;
    let picked = d.save(path, "days", &[("title", "Typed")]).await;
    assert_eq!(picked.status, StatusCode::OK, "{}", picked.body);
    let fields = form(&picked.body);
    assert_eq!((fields["digest-at"].as_str(), fields["title"].as_str()), ("07:30", "Typed"));
    assert!(picked.body.contains("name=\"digest-MON\"") && !fields.contains_key("digest.cron"), "{}", picked.body);
    assert!(d.house.facts().await == before);
    let mut fields = fields;
    fields.extend([("act".to_string(), "confirm".to_string()), ("digest-WED".to_string(), "yes".to_string())]);
    fields.remove("csrf");
    let said = d.post(path, &fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect::<Vec<_>>()).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
    assert_eq!(d.spec(MADE).await.digest.cron, "30 7 * * WED");
}

#[tokio::test]
async fn a_draft_without_a_list_is_told_that_first() {
    let d = Desk::open().await;
    d.make(&[]).await;
    let open = d.get("/rounds/acme-2028/check").await.body;
    let first = open.split("<h2").nth(1).unwrap();
    assert!(first.contains("Nobody is on the list yet") && first.contains("href=\"/rounds/acme-2028/list\""), "{open}");
    assert!(open.contains("The list is missing") && !open.contains("everybody on the list"), "{open}");
    // The twin: a round with people.
    let running = d.get(&format!("/rounds/{FIRST}/check")).await.body;
    assert!(!running.contains("Nobody is on the list yet"), "{running}");
}

#[tokio::test]
async fn in_a_round_that_runs_settings_are_looked_at_first_and_a_second_change_is_not_undone_unseen() {
    let d = Desk::open().await;
    let path = format!("/rounds/{FIRST}/settings");
    let before = d.house.facts().await;
    let page = d.get(&path).await.body;
    let look = d.save(&path, "look", &[("title", "Conversation 2027")]).await;
    assert!(look.status == StatusCode::OK && look.body.contains("Make this change"), "{}", look.body);
    assert_eq!(d.house.facts().await, before);
    let said = d.save(&path, "confirm", &[("title", "Conversation 2027")]).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
    assert_eq!(d.spec(FIRST).await.title, "Conversation 2027");
    // Somebody else had the page open.
    let mut fields = form(&page);
    fields.extend([("act".to_string(), "confirm".to_string()), ("minutes".to_string(), "9".to_string())]);
    fields.remove("csrf");
    let said = d.post(&path, &fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect::<Vec<_>>()).await;
    assert!(said.body.contains("has changed since you looked"), "{}", said.body);
    assert_eq!(d.spec(FIRST).await.minutes, 6);
    d.post(&format!("/rounds/{FIRST}"), &[("act", "close"), ("confirm", "yes")]).await;
    assert_eq!(d.get(&path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn next_years_round_is_last_years_moved_and_its_export_loads_again_without_a_change() {
    let d = Desk::open().await;
    let said = d.make(&[("act", "earlier"), ("from", FIRST), ("round", "")]).await;
    assert_eq!(said.header("location"), "/rounds/northwind-2028/settings?done=make", "{}", said.body);
    let (before, after) = (d.spec(FIRST).await, d.spec("northwind-2028").await);
    assert_eq!(
        (after.schedule.opens.to_string(), after.schedule.closes.to_string()),
        ("2028-02-07".into(), "2028-03-03".into())
    );
    assert_eq!((&after.senders, &after.targets, &after.signoff), (&before.senders, &before.targets, &before.signoff));
    assert!(after.changed_since_last_year.is_empty());
    assert_eq!(d.house.people("northwind-2028").await.len(), 0);
    // The reminder of March 2027 comes on its day.
    assert_eq!(after.touches[3].date.map(|day| day.to_string()).as_deref(), Some("2028-02-29"));
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(export(&d.house.ctx, "northwind-2028", folder.path()).await.unwrap(), 0);
    let read = crate::steps::round::folder::read(folder.path()).unwrap();
    assert!(read.has_no_list());
    assert_eq!(read.spec, after);
}
