//! The responses of a round as they were handed over, in the order in which they were sent.

use crate::base::problem::{Problem, Result};
use crate::rules::completion::told::Whole;
use crate::rules::export::responses::{Answered, Layout};
use crate::rules::export::{Column, Rows};
use crate::rules::handover::read_body;
use crate::steps::completion::status_of;
use crate::steps::context::{Ctx, Live};
use crate::store::{Tx, export, response};

use super::position::Position;

pub(super) struct Responses {
    layout: Layout,
    /// The last that was read.
    after: i64,
}

impl Responses {
    pub async fn open(ctx: &Ctx, tx: &mut Tx, live: &Live) -> Result<Responses> {
        let rule = live.spec.participation;
        // So many rows are so many answers.
        if !rule.names() && !Whole::of(&status_of(ctx, tx, live).await?, rule).answers {
            return Err(Problem::refused(
                "This round does not tell yet how many have answered, so it does not tell what they said either.",
                "Come back when more have answered.",
            ));
        }
        let answered: Vec<String> = match rule.names() {
            true => response::answered(tx, &live.id).await?.into_iter().map(|of| of.item).collect(),
            false => Vec::new(),
        };
        let layout = Layout::of(&live.questionnaire, &answered, &live.spec.language, rule);
        Ok(Responses { layout, after: 0 })
    }

    /// Who has answered, without what, from behind this one.
    pub fn of_people(live: &Live, after: &Position) -> Result<Responses> {
        if !live.spec.participation.names() {
            return Err(Problem::refused(
                "This round tells of nobody whether he has answered.",
                "Its status has the numbers that may be told.",
            ));
        }
        let after = if after.key.is_empty() { 0 } else { after.number()? };
        Ok(Responses { layout: Layout::of_people(), after })
    }

    /// Of the last that was read.
    pub fn position(&self) -> Position {
        Position::new(self.after, "")
    }

    pub fn columns(&self) -> Vec<Column> {
        self.layout.columns()
    }

    pub async fn piece(&mut self, tx: &mut Tx, live: &Live, rows: i64) -> Result<Option<Rows>> {
        let found = export::responses_after(tx, &live.id, self.after, rows).await?;
        let Some(last) = found.last() else { return Ok(None) };
        self.after = last.sequence;
        let mut all = Vec::with_capacity(found.len());
        for handed in found {
            let completed = read_body(&handed.body)?;
            all.push(Answered { contact: handed.contact_id, completed, state: handed.state });
        }
        Ok(Some(self.layout.rows(&all)))
    }
}
