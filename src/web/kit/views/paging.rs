//! Where a list stands in its pages; a count that stopped somewhere says so.

use super::frame::Count;

/// Where a list stands in its pages: "51 to 100 of 300".
#[derive(Clone, Debug, Default)]
pub struct Paging {
    pub first: Count,
    pub last: Count,
    pub total: Count,
    /// Counting stopped there: there are more.
    pub is_cut: bool,
    pub previous: Option<String>,
    pub next: Option<String>,
}

impl Paging {
    /// Of a list that was counted to `most` and one more.
    pub fn cut_at(self, most: i64) -> Paging {
        let most = Count(most.max(0) as u64);
        if self.total.0 > most.0 { Paging { total: most, is_cut: true, ..self } } else { self }
    }

    /// "300", "more than 10,000".
    pub fn in_all(&self) -> String {
        if self.is_cut { format!("more than {}", self.total) } else { self.total.to_string() }
    }
}
