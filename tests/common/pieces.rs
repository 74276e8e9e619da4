//! Lists that come in by pieces, held where they leave others their turn: what a story does meanwhile, it does in time on any machine.

use std::time::Duration;

use soundings::base::problem::Result;
use soundings::rules::contacts::ListedContact;
use soundings::rules::journal::Actor;
use soundings::steps::contacts::{Allowed, Changes, load_list};
use soundings::store::contacts::loading;
use soundings::store::round::rounds;
use tokio::task::JoinHandle;

use super::{OPERATOR, ROUND, World};

impl World {
    /// Loads a list beside the story; held at its first pause, where pauses are.
    pub fn begin_list(&self, rows: Vec<ListedContact>) -> JoinHandle<Result<Changes>> {
        let ctx = self.ctx.clone();
        tokio::spawn(async move { load_list(&ctx, ROUND, rows, Allowed::default(), &Actor::operator(OPERATOR)).await })
    }

    /// How many people stand in the round who are not in it yet.
    pub async fn put_down(&self) -> usize {
        let mut tx = self.ctx.db.read().await.unwrap();
        let round = rounds::by_slug(&mut tx, ROUND).await.unwrap().unwrap();
        loading::left(&mut tx, &round.id).await.unwrap().len()
    }

    /// Until the first people of a list that was begun while pauses are held stand in the database. It goes on when they do.
    pub async fn first_piece(&self) {
        for _ in 0..60_000 {
            if self.put_down().await > 0 {
                return;
            }
            self.ctx.pauses.let_pass();
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        assert!(self.put_down().await > 0, "no piece came");
    }
}
