//! Orders: what somebody tells the program to do, or it does by itself; each a type that is found by its name.
//!
//! One function runs them all. It refuses whoever may not give the order, opens the transaction, does what is ordered and returns when that is committed.
//! The line in the journal is written by the order; whoever listens for changes is told by the commit. On an error nothing of it remains.

use std::future::Future;

use crate::base::problem::{Problem, Result};
use crate::rules::journal::Actor;
use crate::store::Tx;

use super::ctx::Ctx;

/// Something that is ordered. Its fields are what the order says.
pub trait Order: Send + Sized + 'static {
    /// What whoever gave the order is told.
    type Done: Send + 'static;

    /// Who may give it.
    const BY: Giver;

    /// Does it, in the transaction that [`Ctx::order`] has opened.
    fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> impl Future<Output = Result<Self::Done>> + Send;
}

/// Who may give an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Giver {
    /// Operators, whoever sits at the server, and programs with a key that an operator made (what such a key may do, the API asks first):
    /// what a person answers for.
    Operator,
    /// The same, or the program in their place.
    OperatorOrProgram,
    /// Whoever comes to a page without being logged in. An order behind a mailed link opens it, and refuses where it does not open.
    Visitor,
    /// The program alone: its duties, and what it notes while it serves somebody.
    Program,
}

impl Giver {
    fn is(self, actor: &Actor) -> bool {
        let operator = matches!(actor, Actor::CommandLine | Actor::Operator(_) | Actor::Key(_));
        match self {
            Giver::Operator => operator,
            Giver::OperatorOrProgram => operator || *actor == Actor::Program,
            Giver::Visitor => *actor == Actor::Visitor,
            Giver::Program => *actor == Actor::Program,
        }
    }
}

impl Ctx {
    pub async fn order<O: Order>(&self, by: &Actor, order: O) -> Result<O::Done> {
        if !O::BY.is(by) {
            return Err(Problem::refused("You may not do that.", "Ask an operator of soundings."));
        }
        let (ctx, by) = (self.clone(), by.clone());
        self.db.write(move |tx| Box::pin(async move { order.run(&ctx, tx, &by).await })).await
    }
}

#[cfg(test)]
mod tests {
    use crate::base::address::EmailAddress;

    use super::*;

    #[test]
    fn whoever_is_not_asked_for_is_refused() {
        let email = EmailAddress::parse("ann@client.example").unwrap();
        let all = [
            (Actor::CommandLine, "OP"),
            (Actor::operator("olga"), "OP"),
            (Actor::key("billing"), "OP"),
            (Actor::Program, "PA"),
            (Actor::Visitor, "V"),
            (Actor::List, ""),
            // Nobody is one of these before a link is opened.
            (Actor::contact(&email), ""),
            (Actor::account_manager(&email), ""),
            (Actor::approver(&email), ""),
        ];
        for (actor, may) in all {
            let is = |giver: Giver| giver.is(&actor);
            assert_eq!(is(Giver::Operator), may == "OP", "{actor:?}");
            assert_eq!(is(Giver::OperatorOrProgram), may == "OP" || may == "PA", "{actor:?}");
            assert_eq!((is(Giver::Visitor), is(Giver::Program)), (may == "V", may == "PA"), "{actor:?}");
        }
    }
}
