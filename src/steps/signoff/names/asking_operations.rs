//! A question of a director about one of his lists, to whoever runs the round: it lies on the reply desk with its account until somebody
//! has seen to it.

use crate::base::ids::{AccountId, ReplyId};
use crate::base::problem::Result;
use crate::base::seal::sha256;
use crate::rules::journal::{Action, Actor};
use crate::rules::text::typed::{lines, one_line};
use crate::steps::context::{Ctx, Giver, Order};
use crate::steps::replies::kept;
use crate::store::Tx;
use crate::store::replies::{self, Reply};

use crate::steps::signoff::signing::opening::opened_one;

/// As much as a question may have, in characters.
pub const LONGEST_QUESTION: usize = 2_000;
/// As many may wait for an answer of one reader at a time.
pub const OPEN_QUESTIONS: usize = 20;

/// Why nothing was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAsked {
    Nothing,
    /// How many characters it has.
    TooLong(usize),
    /// So many of his questions wait already.
    TooMany,
}

/// Puts a question on the reply desk. Asked twice, it lies there once.
pub struct AskOperations {
    pub secret: String,
    pub account: AccountId,
    /// In a few words of ours; stands in the head of the question.
    pub topic: &'static str,
    pub words: String,
}

impl Order for AskOperations {
    type Done = Result<(), NotAsked>;
    const BY: Giver = Giver::Visitor;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, _: &Actor) -> Result<Self::Done> {
        let (request, account) = opened_one(tx, &self.secret, &self.account).await?;
        let words = lines(&self.words);
        let characters = words.chars().count();
        if words.is_empty() {
            return Ok(Err(NotAsked::Nothing));
        }
        if characters > LONGEST_QUESTION {
            return Ok(Err(NotAsked::TooLong(characters)));
        }
        let open = replies::open_questions(tx, &request.id).await?;
        // The second tap of two.
        if open.iter().any(|q| q.account_id == account.id && q.words == words) {
            return Ok(Ok(()));
        }
        if open.len() >= OPEN_QUESTIONS {
            return Ok(Err(NotAsked::TooMany));
        }
        let now = ctx.clock.now();
        let id: ReplyId = ctx.ids.id(now);
        let reply = Reply {
            hash: sha256(format!("question {id}")),
            read_at: now,
            round_id: Some(account.round_id.clone()),
            contact_id: None,
            message_id: None,
            verdict: "reply".into(),
            state: "open".into(),
            from_name: request.name.clone(),
            from_email: request.email.as_str().into(),
            subject: format!("Question about {}: {}", account.name, self.topic),
            words: words.clone(),
            why: "asked on the sign-off page".into(),
            write_to: String::new(),
            handled_at: None,
            handled_by: None,
            note: None,
            away_until: None,
            new_email: None,
            own_id: None,
            owner: None,
            rests_until: None,
            written_on: None,
            version: 0,
            id,
        };
        kept::keep(ctx, tx, &reply).await?;
        replies::is_question(tx, &reply.id, &request.id, &account.id).await?;
        let actor = Actor::signer(request.level, &request.email);
        let (round, detail) = (Some(&account.round_id), one_line(&words));
        ctx.journal(tx, &actor, Action::AskedOperations, round, &account.id, &detail).await?;
        Ok(Ok(()))
    }
}
