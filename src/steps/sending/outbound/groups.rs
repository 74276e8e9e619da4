//! The outbound journal beside the database: opened and compared at the start, and from then on every group of marks is counted on both
//! sides.

use std::path::Path;
use std::sync::atomic::Ordering;

use futures_util::future::join;

use crate::base::clock::{MINUTE, Ts};
use crate::base::ids::MessageId;
use crate::base::problem::{Problem, Result};
use crate::rules::journal::Actor;
use crate::rules::message::MessageState;
use crate::rules::sending::reason::MessageReason;
use crate::steps::context::{Ctx, Giver, Order};
use crate::steps::duties::failures::Reach;
use crate::steps::sending::fence::fence;
use crate::store::Tx;
use crate::store::sending::claim::{self, Settlement};
use crate::store::sending::senders;
use crate::store::sending::settle_and_mark::{Done, Group};

use super::examine;
use super::folder::Folder;
use super::journal::{Groups, Outbound, unwritten};
use super::records::{Dot, Record};

/// What is said to fail where the journal cannot be written.
const WRITING: &str = "writing the outbound journal";

impl Outbound {
    /// Opens the journal in a folder and compares it with the database. `durable`: on disk before a dot is written.
    pub async fn open(ctx: &Ctx, path: &Path, durable: bool) -> Result<Outbound> {
        let fresh = ctx.ids.new_id(ctx.clock.now());
        let (mut folder, instance, keeper) = Folder::open(path, &fresh, durable)?;
        let marked = examine::at_the_start(ctx, path, &instance, &keeper).await?;
        folder.note(&Record::Opened { opened: instance.clone(), at: ctx.clock.now().0 });
        folder.write().map_err(|e| unwritten(&e.to_string()))?;
        Ok(Outbound::begin(instance, folder, marked))
    }

    /// Has these dots in the journal while `commit` has their marks in the database. Returns what it did once both are there.
    pub(crate) async fn with_dots<F>(
        &self,
        ctx: &Ctx,
        mut dots: Vec<Dot>,
        commit: impl FnOnce(Group) -> F,
    ) -> Result<Done>
    where
        F: Future<Output = Result<Done>>,
    {
        if let Some(damage) = ctx.db.damage() {
            return Err(Problem::refused(damage, ""));
        }
        let mut groups = self.groups.lock().await;
        if groups.unsure {
            self.make_sure(ctx, &mut groups).await?;
        }
        let group = Group { instance: self.instance.clone(), from: groups.committed, to: groups.tried + 1 };
        groups.tried = group.to;
        groups.unsure = true;
        dots.iter_mut().for_each(|dot| dot.group = group.to as u64);
        let to = group.to;
        let fences: Vec<(MessageId, i64)> = dots.iter().map(|dot| (dot.dot.clone(), dot.n)).collect();
        let (written, committed) = join(self.write_dots(dots), commit(group)).await;
        let done = committed?;
        if !done.counted {
            return Ok(done);
        }
        (groups.committed, groups.unsure) = (to, false);
        for (id, n) in fences.iter().filter(|(id, _)| !done.marked.contains(id)) {
            self.not_sent(id, *n, ctx.clock.now());
        }
        let may_go = written.and_then(|()| self.write(&Record::Go { go: to as u64 }));
        match may_go {
            Ok(()) => Ok(done),
            Err(problem) => {
                self.full.store(true, Ordering::SeqCst);
                let fences = fences.into_iter().filter(|(id, _)| done.marked.contains(id)).collect();
                ctx.order(&Actor::Program, Unmark { fences, later: ctx.clock.now().plus(MINUTE) }).await?;
                Err(problem)
            }
        }
    }

    /// Writes what was only noted so far.
    pub(crate) fn flush(&self, ctx: &Ctx) {
        // The answers are known to the database; here they only make a later comparison more precise.
        match self.folder().write() {
            Ok(()) if !self.full.load(Ordering::SeqCst) => ctx.works_again(WRITING, Reach::Piece),
            Ok(()) => {}
            Err(e) => ctx.failed(WRITING, &unwritten(&e.to_string()), Reach::Piece),
        }
    }

    /// Whether the journal can be written; after a failure it is tried again each time somebody asks.
    pub(crate) fn can_be_written(&self, ctx: &Ctx) -> bool {
        if !self.full.load(Ordering::SeqCst) {
            return true;
        }
        match self.write(&Record::Opened { opened: self.instance.clone(), at: ctx.clock.now().0 }) {
            Ok(()) => {
                self.full.store(false, Ordering::SeqCst);
                ctx.works_again(WRITING, Reach::Piece);
                true
            }
            Err(problem) => {
                ctx.failed(WRITING, &problem, Reach::Piece);
                false
            }
        }
    }

    async fn make_sure(&self, ctx: &Ctx, groups: &mut Groups) -> Result<()> {
        let (known, held) = ctx.order(&Actor::Program, ConfirmGroup { instance: self.instance.clone() }).await?;
        if (groups.committed..=groups.tried).contains(&known) {
            groups.committed = known;
            groups.unsure = false;
        } else {
            self.flush(ctx);
            let path = self.folder().path().to_owned();
            let tried = groups.tried;
            groups.committed = examine::behind(ctx, &path, &self.instance, known, tried).await?;
            groups.unsure = false;
            return Err(held_back());
        }
        if held { Err(held_back()) } else { Ok(()) }
    }
}

/// The last group that the database knows of this sender, and whether it is held. An order, although it changes nothing: in the writer it
/// stands behind whatever was begun before.
struct ConfirmGroup {
    instance: String,
}

impl Order for ConfirmGroup {
    type Done = (i64, bool);
    const BY: Giver = Giver::Program;

    async fn run(self, _: &Ctx, tx: &mut Tx, _: &Actor) -> Result<(i64, bool)> {
        let known = senders::by_instance(tx, &self.instance).await?.map_or(0, |s| s.marked);
        Ok((known, senders::is_held(tx, &self.instance).await?))
    }
}

/// Messages that were marked but whose dots were not written, because the journal could not be: they go when it can.
struct Unmark {
    fences: Vec<(MessageId, i64)>,
    later: Ts,
}

impl Order for Unmark {
    type Done = ();
    const BY: Giver = Giver::Program;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, _: &Actor) -> Result<()> {
        let back = self.fences.into_iter().map(|(id, attempt)| Settlement {
            fence: fence(ctx, &id, attempt),
            state: MessageState::Planned,
            due_at: Some(self.later.0),
            reason: MessageReason::Deferred,
            answer: "The outbound journal could not be written.".into(),
        });
        claim::settle(tx, &back.collect::<Vec<_>>(), ctx.clock.now()).await.map(|_| ())
    }
}

fn held_back() -> Problem {
    Problem::refused(
        "Sending is held until somebody has confirmed what this database does not know.",
        "The console's page /sending and the command `sending show` say what it is; `sending resume` goes on.",
    )
    .on_page("The page “Sending” says what it is, and lets it go on.")
}
