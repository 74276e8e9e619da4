//! A round as the forecast sees it: counts by working day, and nothing of its people.

/// A round so far, and what is planned.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// Invited, and could be reached.
    pub reachable: u32,
    /// In the order of their days.
    pub letters: Vec<Letter>,
    /// Completed responses of each day since the first invitation; the last one is of the last day that is over.
    pub answers: Vec<u32>,
    /// Answers that came since then: what will have come is never less than what has.
    pub since: u32,
    /// From the first invitation to the close.
    pub days: usize,
}

/// An invitation or a reminder.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Letter {
    /// Counted from the day of the first invitation, which is 0.
    pub day: usize,
    /// 0 is the invitation, then the reminders.
    pub number: usize,
    pub to: Sent,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sent {
    /// So many people.
    To(u32),
    /// It is still to come: this share of those who will not have answered by then.
    Planned(f64),
}

impl Course {
    /// The number of one reminder more.
    pub fn next_reminder(&self) -> usize {
        self.letters.iter().map(|letter| letter.number).max().unwrap_or(0) + 1
    }

    /// The same round with one reminder more, on this day, to such a share of those who will not have answered by then.
    pub fn with_reminder(&self, day: usize, share: f64) -> Course {
        let mut more = self.clone();
        more.letters.push(Letter { day, number: self.next_reminder(), to: Sent::Planned(share) });
        more.letters.sort_by_key(|letter| letter.day);
        more
    }
}
