//! The pages of the console that are measured, by the names of the router, with searches, filters and orders that are dear.

/// Below `/rounds/ROUND`.
pub const OF_A_ROUND: [&str; 57] = [
    "/sign-off",
    "/sign-off?page=9",
    "/sign-off?page=500",
    "/sign-off?show=open",
    "/sign-off?show=late",
    "/sign-off?show=signed",
    "/sign-off?show=to_look_at",
    "/sign-off?sort=account&page=9",
    "/sign-off?sort=names",
    "/sign-off?sort=late",
    "/sign-off?sort=revenue&page=500",
    "/sign-off?q=account%2012",
    "/sign-off?q=director",
    "/sign-off?q=director7",
    "/sign-off?q=director7&sort=revenue",
    "/sign-off?q=holding",
    "/sign-off?q=holding%20director7&show=late",
    "/sign-off/directors",
    "/sign-off/directors?sort=late&show=late",
    "/sign-off/directors?sort=names",
    "/sign-off/directors?sort=revenue&show=open",
    "/sign-off/directors?q=director7",
    "/sign-off/summary",
    "/contacts",
    "/contacts?page=150",
    "/contacts?stage=opted_out",
    "/contacts?stage=not_answered",
    "/contacts?stage=completed",
    "/contacts?stage=completed&sort=account",
    "/contacts?role=key_decision_maker&page=40",
    "/contacts?sort=touch",
    "/contacts?q=omer",
    "/contacts?q=%C3%96mer%20celik-1",
    "/contacts?q=account%2012",
    "/contacts?q=person.777%40account38.example",
    "/contacts?q=a",
    "/accounts",
    "/accounts?page=500",
    "/accounts?show=silent&sort=revenue",
    "/accounts?show=no_influencer&sort=touch",
    "/accounts?q=account%2012",
    "/calls",
    "/calls?silent=yes",
    "/outbox",
    "/outbox?q=omer",
    "/outbox?q=a&state=sent",
    "/replies",
    "/replies?show=mine",
    "/replies?show=done",
    "/plan",
    "/plan/pause",
    "/repairs",
    "/hand-over",
    "/find?q=omer",
    "/settings",
    "/views",
    "",
];

/// Of the installation.
pub const OF_ALL: [&str; 7] =
    ["/", "/operators", "/sending", "/journal", "/journal?round=northwind-2027", "/journal?who=bench", "/rounds/new"];

/// The first link on this page to the page of one row of it.
pub fn first_row(page: &str, list: &str) -> Option<String> {
    let begins = format!("href=\"{list}/");
    let mut links = page.split(&begins).skip(1).filter_map(|rest| rest.split(['"', '?', '#']).next());
    // Ids have hyphens, the pages beside a list have none.
    links.find(|id| id.matches('-').count() == 4).map(|id| format!("{list}/{id}"))
}
