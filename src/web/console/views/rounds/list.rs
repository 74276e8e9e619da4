//! The list of rounds: in which stage each one is, and which ones need something done today.

use askama::Template;

use crate::web::kit::urls;
use crate::web::kit::views::frame::{Bar, Console, Count, Rate, Status};

/// GET `/`.
#[derive(Template)]
#[template(path = "pages/rounds/list.html")]
pub struct RoundsPage {
    pub console: Console,
    /// Something keeps the installation from sending.
    pub held: bool,
    /// What is wrong with the database file, a sentence each.
    pub damage: Vec<String>,
    /// Refusals that many share, each in a line.
    pub trouble: Vec<String>,
    /// What keeps mail from leaving by itself, and what of the program's own work fails, a sentence each.
    pub failing: Vec<String>,
    /// Those that need something first.
    pub rounds: Vec<RoundRow>,
}

pub struct RoundRow {
    pub id: String,
    pub client: String,
    pub title: String,
    pub state: Status,
    /// "open, closes in 3 days"; empty of one that is over.
    pub stage: String,
    /// In which it opens.
    pub year: String,
    /// "Mon 8 Feb to Fri 26 Feb".
    pub open: String,
    pub signed: Rate,
    pub individual: Rate,
    /// Things to do today, and the most urgent of them in words.
    pub to_do: Count,
    pub needs: String,
    /// Where there are none.
    pub idle: &'static str,
}

impl RoundRow {
    /// A round whose settings cannot be read: nothing of it is known but its name.
    pub fn unreadable(id: &str, state: Status, why: String) -> RoundRow {
        RoundRow {
            id: id.into(),
            client: id.into(),
            needs: "cannot be read".into(),
            idle: "",
            title: why,
            state,
            stage: String::new(),
            year: String::new(),
            open: String::new(),
            signed: Rate::new(0, 0),
            individual: Rate::new(0, 0),
            to_do: Count(1),
        }
    }

    fn href(&self) -> String {
        urls::round(&self.id)
    }

    /// "and 2 more"; empty where there is nothing beside.
    fn more(&self) -> String {
        match self.to_do.0.saturating_sub(1) {
            0 => String::new(),
            n => format!("and {} more", Count(n)),
        }
    }

    fn bar(&self) -> Bar {
        Bar::of(self.individual)
    }
}

impl RoundsPage {
    fn headline(&self) -> String {
        let waiting = self.rounds.iter().filter(|r| r.to_do.0 > 0).count();
        match (self.rounds.len(), waiting) {
            (0, _) => "No rounds yet".into(),
            (_, 0) if !self.damage.is_empty() => "Nothing is sent from this database".into(),
            (_, 0) if self.held => "Nothing is sent until you have confirmed it".into(),
            (_, 0) if !self.trouble.is_empty() => "Mail needs a decision of yours".into(),
            (_, 0) if !self.failing.is_empty() || !self.console.alarms.is_empty() => {
                "Something is wrong: see above".into()
            }
            (_, 0) => "Nothing needs doing today".into(),
            (_, 1) => "1 round needs something done today".into(),
            (_, n) => format!("{n} rounds need something done today"),
        }
    }
}
