//! A list is loaded as it was shown, once, and into a round that takes it.

use axum::body::Body;
use axum::http::{Method, StatusCode};

use crate::rules::journal::{Action, Actor};
use crate::steps::round::{RoundOrder, TellRound};
use crate::store::journal;
use crate::web::tests::fixture::*;

use crate::web::tests::console::lists::{EDGE, HEADER, USUAL, choose, part, parts, rows, send, upload};

/// Somebody who loads a list.
struct Desk {
    h: House,
    cookie: String,
    csrf: String,
}

impl Desk {
    async fn open() -> Desk {
        let h = house().await;
        let (cookie, csrf) = h.log_in().await;
        Desk { h, cookie, csrf }
    }

    async fn get(&self, path: &str) -> Said {
        self.h.send(Method::GET, path, &[("cookie", &self.cookie)], "").await
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Said {
        let all: Vec<_> = [("csrf", self.csrf.as_str())].into_iter().chain(fields.iter().copied()).collect();
        self.h.post_with(path, &[("cookie", &self.cookie)], &all).await
    }

    async fn upload(&self, content: &str) -> String {
        upload(&self.h, &self.cookie, &self.csrf, "l.csv", content).await.header("location").to_string()
    }

    /// The version that the page of a list shows.
    async fn shown(&self, path: &str) -> String {
        self.get(&format!("{path}/difference")).await.hidden("sign-list", "version")
    }

    async fn load(&self, path: &str, version: &str) -> Said {
        self.post(&format!("{path}/difference"), &[("act", "load"), ("version", version)]).await
    }

    async fn loaded(&self) -> usize {
        let round = self.h.round_id(FIRST).await;
        let mut tx = self.h.ctx.db.read().await.unwrap();
        let all = journal::of_round(&mut tx, &round, i64::MAX).await.unwrap();
        all.iter().filter(|entry| entry.action == Action::LoadedList.as_str()).count()
    }

    /// Refused, shown again, and as it is shown now it goes in.
    async fn is_refused_and_shown_again(&self, path: &str, version: &str) {
        let before = self.h.facts().await;
        let said = self.load(path, version).await;
        assert!(said.refused && said.body.contains("The list was not loaded"), "{}", said.body);
        assert!(said.body.contains("how this list is read, has changed since"), "{}", said.body);
        assert!(self.h.facts().await["contact"] == before["contact"], "something was loaded");
        let now = said.hidden("sign-list", "version");
        assert_ne!(now, version);
        let said = self.load(path, &now).await;
        assert!(said.header("location").contains("done=load_list"), "{}", said.body);
    }
}

#[tokio::test]
async fn columns_that_are_chosen_otherwise_after_the_list_was_shown_are_not_loaded_unseen() {
    let d = Desk::open().await;
    let path = d.upload(&rows(2)).await;
    let version = d.shown(&path).await;
    let swapped = USUAL.map(|(column, field)| match field {
        "first_name" => (column, "last_name"),
        "last_name" => (column, "first_name"),
        _ => (column, field),
    });
    assert_eq!(choose(&d.h, &d.cookie, &d.csrf, &path, &swapped).await.status, StatusCode::SEE_OTHER);
    d.is_refused_and_shown_again(&path, &version).await;
    // Twin: the same columns, said once more.
    let d = Desk::open().await;
    let path = d.upload(&rows(2)).await;
    let version = d.shown(&path).await;
    assert_eq!(choose(&d.h, &d.cookie, &d.csrf, &path, &USUAL).await.status, StatusCode::SEE_OTHER);
    assert!(d.load(&path, &version).await.header("location").contains("done=load_list"));
}

#[tokio::test]
async fn letters_that_are_read_otherwise_after_the_list_was_shown_are_not_loaded_unseen() {
    let d = Desk::open().await;
    let row = b"Globex,J\xf6rg,M\xfcller,jorg.muller@globex.example,Dora Dean,dora@client.example\n";
    let mut body = part("csrf", None, &d.csrf).into_bytes();
    body.extend(part("file", Some("l.csv"), HEADER).trim_end_matches("\r\n").bytes());
    body.extend(b"\n");
    body.extend(row.iter().copied());
    body.extend(format!("\r\n--{EDGE}--\r\n").bytes());
    let path = send(&d.h, &d.cookie, Body::from(body), &[]).await.header("location").to_string();
    let version = d.shown(&path).await;
    let said = d.post(&path, &[("act", "read"), ("encoding", "windows-1251")]).await;
    assert_eq!(said.header("location"), path, "{}", said.body);
    d.is_refused_and_shown_again(&path, &version).await;
    assert!(d.h.people(FIRST).await.iter().any(|p| p.last_name == "M\u{44c}ller"), "as it was shown last");
}

const DRAFT: &str = "orbis-2027";

async fn make_draft(d: &Desk, people: usize) {
    let made = [("act", "template"), ("client", "Orbis"), ("round", DRAFT), ("opens", "2027-09-06")];
    assert_eq!(d.post("/rounds/new", &made).await.status, StatusCode::SEE_OTHER);
    let path = d.upload_to(DRAFT, &rows(people)).await;
    assert!(d.load(&path, &d.shown(&path).await).await.header("location").contains("done=load_list"));
}

async fn draft(d: &Desk) -> String {
    make_draft(d, 3).await;
    d.upload_to(DRAFT, &rows(1)).await
}

impl Desk {
    async fn upload_to(&self, round: &str, content: &str) -> String {
        let body = crate::web::tests::console::lists::form(&self.csrf, "l.csv", content);
        let request = axum::http::Request::builder()
            .method(Method::POST)
            .uri(format!("/rounds/{round}/list"))
            .header("host", OURS)
            .header("cookie", &self.cookie)
            .header("content-type", format!("multipart/form-data; boundary={EDGE}"));
        self.h.ask(request.body(Body::from(body)).unwrap()).await.header("location").to_string()
    }
}

impl Desk {
    async fn in_draft(&self) -> usize {
        self.h.people(DRAFT).await.iter().filter(|p| p.removed_at.is_none()).count()
    }

    async fn say(&self, path: &str, others: &str) -> Said {
        self.post(&format!("{path}/difference"), &[("act", "others"), ("others", others)]).await
    }
}

const SAY_FIRST: &str = "Say first whether this file is one of several or the whole list.";

#[tokio::test]
async fn who_stays_beside_a_list_is_kept_with_it_and_is_part_of_what_was_shown() {
    let d = Desk::open().await;
    let path = draft(&d).await;
    let there = format!("{path}/difference");
    let page = d.get(&there).await.body;
    assert!(page.contains("2 contacts of the draft are not on this list. Which list is it?"), "{page}");
    assert!(page.contains("This is the whole list: 2 contacts are taken off") && page.contains("2 not on this list"));
    assert!(page.contains("Load 1 contact</button>") && !page.contains("\" checked>"), "nothing is chosen yet: {page}");
    let version = d.shown(&path).await;
    assert_eq!(d.say(&path, "keep").await.header("location"), there);
    for _ in 0..2 {
        let page = d.get(&there).await.body;
        assert!(page.contains("value=\"keep\" checked") && !page.contains("are taken off"), "{page}");
        assert!(!page.contains("not on this list"), "{page}");
        // The steps between do not forget it.
        let said = choose(&d.h, &d.cookie, &d.csrf, &path, &USUAL).await;
        assert_eq!(said.header("location"), format!("{path}/findings"), "{}", said.body);
    }
    let said = d.load(&path, &version).await;
    assert!(said.refused && said.body.contains("The list was not loaded"), "{}", said.body);
    assert_eq!(d.in_draft().await, 3);
    // Said to be the whole: as it is shown then, not as it was before anything was said.
    d.say(&path, "whole").await;
    let page = d.get(&there).await.body;
    assert!(page.contains("Load 1 contact: 2 taken off") && page.contains("value=\"whole\" checked"), "{page}");
    assert!(d.load(&path, &d.shown(&path).await).await.header("location").contains("done=load_list"));
    assert_eq!(d.in_draft().await, 1);
}

#[tokio::test]
async fn no_press_takes_anybody_off_a_draft_before_it_is_said_which_list_it_is() {
    for (there, here) in [(3, 2), (90, 13)] {
        let d = Desk::open().await;
        make_draft(&d, there).await;
        let path = d.upload_to(DRAFT, &rows(here)).await;
        for _ in 0..2 {
            let said = d.load(&path, &d.shown(&path).await).await;
            assert!(said.refused && said.body.contains(SAY_FIRST), "{}", said.body);
            assert!(said.body.contains("href=\"#load-others\"") && said.body.contains("The list was not loaded yet"));
            assert_eq!(d.in_draft().await, there);
        }
        for nothing in ["", "perhaps"] {
            let said = d.say(&path, nothing).await;
            assert!(said.refused && said.body.contains(SAY_FIRST), "{nothing}: {}", said.body);
        }
        // Twin: it is said.
        assert_eq!(d.say(&path, "whole").await.status, StatusCode::SEE_OTHER);
        assert!(d.load(&path, &d.shown(&path).await).await.header("location").contains("done=load_list"));
        assert_eq!(d.in_draft().await, here);
    }
}

#[tokio::test]
async fn two_sheets_in_turn_are_both_in_the_draft_and_a_list_with_everybody_asks_nothing() {
    let d = Desk::open().await;
    make_draft(&d, 3).await;
    let other = rows(2).replace("pat", "kim").replace("Pat", "Kim");
    let path = d.upload_to(DRAFT, &other).await;
    d.say(&path, "keep").await;
    assert!(d.load(&path, &d.shown(&path).await).await.header("location").contains("done=load_list"));
    assert_eq!(d.in_draft().await, 5);
    let everybody = format!("{}{}", rows(4), other.replace(HEADER, ""));
    let path = d.upload_to(DRAFT, &everybody).await;
    let page = d.get(&format!("{path}/difference")).await.body;
    assert!(!page.contains("type=\"radio\""), "{page}");
    assert!(d.load(&path, &d.shown(&path).await).await.header("location").contains("done=load_list"));
    assert_eq!(d.in_draft().await, 6);
}

#[tokio::test]
async fn what_another_tab_says_about_the_others_is_not_what_this_page_showed() {
    let d = Desk::open().await;
    let path = draft(&d).await;
    let (before, unsaid) = (d.in_draft().await, d.shown(&path).await);
    d.say(&path, "whole").await;
    let said = d.load(&path, &unsaid).await;
    assert!(said.refused && said.body.contains("has changed since"), "{}", said.body);
    assert_eq!(d.in_draft().await, before, "nobody goes by a page that said so of nobody");
    assert!(d.load(&path, &d.shown(&path).await).await.header("location").contains("done=load_list"));
}

#[tokio::test]
async fn in_a_started_round_nobody_goes_and_nothing_is_asked_about_the_others() {
    let d = Desk::open().await;
    let path = d.upload(&format!("{}Globex,Kai,Brandt,kai@,Dora Dean,dora@client.example\n", rows(1))).await;
    let there = format!("{path}/difference");
    d.post(&there, &[("act", "others"), ("others", "keep")]).await;
    let page = d.get(&there).await.body;
    assert!(!page.contains("one of several") && !page.contains("no longer on the list"), "{page}");
    let missing = d.h.people(FIRST).await.iter().filter(|p| p.removed_at.is_none()).count();
    assert!(page.contains(&format!("{missing} contacts are not on the list any more")), "{page}");
    assert_eq!(page.matches("until somebody takes").count(), 1, "said once: {page}");
    // A row that is left out is named once, with its number.
    assert!(page.contains("<b>Row 3</b><span class=\"change\">The ") && !page.contains("Row 3: "), "{page}");
}

#[tokio::test]
async fn an_empty_draft_is_confirmed_at_its_tick_and_the_tick_is_kept() {
    let d = Desk::open().await;
    let _ = draft(&d).await;
    let path = d.upload_to(DRAFT, &rows(1).replace("pat0", "kim").replace("Pat0", "Kim")).await;
    let there = format!("{path}/difference");
    let version = d.shown(&path).await;
    // Nothing has to be ticked before it is said which list it is: of one of several nobody goes.
    let said = d.load(&path, &version).await;
    assert!(said.refused && said.body.contains(SAY_FIRST) && !said.body.contains("That is meant"), "{}", said.body);
    let chosen = [("act", "load"), ("version", version.as_str()), ("others", "keep")];
    let said = d.post(&there, &chosen).await;
    assert_eq!(said.header("location"), format!("{there}?done=say_others"), "it is shown first: {}", said.body);
    assert_eq!(d.in_draft().await, 3, "and nothing loaded");
    let page = d.get(said.header("location")).await.body;
    assert!(page.contains("Nothing is loaded yet") && !page.contains("That is meant"), "{page}");
    assert_eq!(d.say(&path, "whole").await.status, StatusCode::SEE_OTHER);
    let version = d.shown(&path).await;
    let said = d.load(&path, &version).await;
    assert!(said.refused && said.body.contains("id=\"load-removing_everybody-error\""), "{}", said.body);
    assert!(said.body.contains("The list was not loaded yet") && !said.body.contains("has changed since"));
    let ticked = [("act", "load"), ("version", version.as_str()), ("removing_everybody", "yes")];
    let said = d.post(&there, &ticked).await;
    assert!(said.header("location").contains("done=load_list"), "{}", said.body);
}

#[tokio::test]
async fn rows_that_were_left_out_are_told_after_the_load_on_the_overview_and_with_the_contacts() {
    let d = Desk::open().await;
    let contacts = format!("/rounds/{FIRST}/contacts");
    let bad: String =
        (0..12).map(|n| format!("Globex,Kai{n},<b>Brandt</b>,kai{n}@,Dora Dean,dora@client.example\n")).collect();
    let path = d.upload(&format!("{}{bad}", rows(2))).await;
    let said = d.load(&path, &d.shown(&path).await).await;
    assert_eq!(said.header("location"), format!("/rounds/{FIRST}/sign-off?done=load_list&left_out=12"));
    let board = d.get(said.header("location")).await.body;
    let link = format!("<a href=\"{contacts}#left-out\">");
    assert!(board.contains(&format!("{link}12 rows were left out</a>")), "{board}");
    let overview = d.get(&format!("/rounds/{FIRST}")).await.body;
    assert!(
        overview.contains("12 rows were left out of the last list")
            && overview.contains(&format!("{contacts}#left-out")),
        "{overview}"
    );
    let page = d.get(&contacts).await.body;
    assert!(page.contains("<h2 id=\"left-out\">Left out of the last list: 12</h2>"), "{page}");
    assert!(page.contains("Globex, row 4</span>") && page.contains("The e-mail address cannot be used"), "{page}");
    assert!(page.contains("<summary data-row>2 more</summary>") && !page.contains("<b>Brandt</b>"), "{page}");
    assert!(!d.get(&format!("{contacts}?stage=signed")).await.body.contains("id=\"left-out\""));
    // A word of somebody's own in the address is no number.
    for word in ["0", "-1", "many", "9999999999999"] {
        assert!(
            !d.get(&format!("/rounds/{FIRST}/sign-off?done=load_list&left_out={word}"))
                .await
                .body
                .contains("left out</a>")
        );
    }
    // The next list has nothing left out.
    let path = d.upload(&rows(2)).await;
    let said = d.load(&path, &d.shown(&path).await).await;
    assert_eq!(said.header("location"), format!("/rounds/{FIRST}/sign-off?done=load_list"));
    assert!(!d.get(&contacts).await.body.contains("id=\"left-out\""));
}

#[tokio::test]
async fn two_presses_at_once_load_a_list_once_and_both_say_so() {
    let d = Desk::open().await;
    let path = d.upload(&rows(2)).await;
    let version = d.shown(&path).await;
    let before = d.loaded().await;
    let (one, other) = tokio::join!(d.load(&path, &version), d.load(&path, &version));
    let board = format!("/rounds/{FIRST}/sign-off?done=load_list");
    assert_eq!((one.header("location"), other.header("location")), (board.as_str(), board.as_str()), "{}", other.body);
    assert_eq!(d.loaded().await, before + 1);
    assert_eq!(parts(&d.h).await, 0);
    // Later, too, and by the way back.
    assert_eq!(d.load(&path, &version).await.header("location"), board);
    for page in ["", "/findings", "/difference", "/corrections.xlsx"] {
        assert_eq!(d.get(&format!("{path}{page}")).await.header("location"), board, "{page}");
    }
    for (page, act) in
        [("", "choose"), ("", "read"), ("", "discard"), ("/findings", "repair"), ("/difference", "others")]
    {
        let said = d.post(&format!("{path}{page}"), &[("act", act)]).await;
        assert_eq!(said.header("location"), board, "{page} {act}: a list that is in the round was not taken away");
    }
    assert_eq!(d.loaded().await, before + 1);
    // Twin: what was taken away was not loaded.
    let path = d.upload(&rows(3)).await;
    let version = d.shown(&path).await;
    d.post(&path, &[("act", "discard")]).await;
    let said = d.load(&path, &version).await;
    assert_eq!(said.status, StatusCode::GONE);
    assert!(!said.body.contains("Back to the page"), "it is gone, too: {}", said.body);
}

#[tokio::test]
async fn a_list_that_waits_for_a_round_that_closes_goes_and_is_told_as_that() {
    let d = Desk::open().await;
    let path = d.upload(&rows(2)).await;
    let version = d.shown(&path).await;
    let close = TellRound { slug: FIRST.into(), order: RoundOrder::Close };
    d.h.ctx.order(&Actor::operator("test"), close).await.unwrap();
    assert_eq!(parts(&d.h).await, 0, "names and addresses of a list that nobody can load are not kept");
    for page in ["", "/findings", "/difference"] {
        let said = d.get(&format!("{path}{page}")).await;
        assert_eq!(said.status, StatusCode::GONE, "{page}");
        assert!(said.body.contains(&format!("Round {FIRST} is closed")), "{page}: {}", said.body);
    }
    assert_eq!(d.load(&path, &version).await.status, StatusCode::GONE);
    let said = d.post(&path, &[("act", "discard")]).await;
    assert!(said.header("location").contains("done=discard_list"), "{}", said.body);
}
