//! Simulated people: they read their mail and, when they get round to it, do what its links let them do, and nothing else.
//!
//! Everything a person does starts with a mail in the mailbox and goes through the commands behind the links in it, as a
//! browser would. What they must never be able to do (sign with a wrong number, complete twice) they try.

use std::collections::{BTreeSet, HashMap};

use crate::base::clock::{MINUTE, Ts};
use crate::base::problem::Result;
use crate::rehearsal::mailbox::received::Received;
use crate::rehearsal::personas::Habit;
use crate::steps::Ctx;

use super::findings::Findings;
use super::{answering, personas, repairing, signing};

/// Something that a person is going to do. The order is that in which things due at the same time are done.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    /// Goes through the lists behind a sign-off link.
    Sign {
        secret: String,
        strategic: bool,
    },
    /// Signs what waits for the code that has come.
    TypeCode {
        secret: String,
        strategic: bool,
        code: String,
    },
    /// Answers the first `share` percent of the questions.
    Answer {
        secret: String,
        share: u32,
    },
    OptOut {
        secret: String,
        one_click: bool,
    },
    LogIn {
        secret: String,
    },
    /// Goes through what is to be repaired.
    Repair {
        secret: String,
    },
}

/// What is kept of a person between mails.
#[derive(Debug, Default)]
struct Met {
    first: Ts,
    /// Mails with a link, by Message-ID: a copy of the same one is the same one.
    seen: BTreeSet<String>,
    /// Has decided what to do.
    decided: u32,
}

#[derive(Debug)]
pub struct SimulatedPeople {
    seed: u64,
    diary: BTreeSet<(Ts, String, Act)>,
    met: HashMap<String, Met>,
    /// Lists that a director has been through once: he finds the same fault only once.
    reviewed: BTreeSet<(String, String)>,
    /// On which page a code is awaited, by person: the secret of its link, and whether it is the sales director's.
    awaited: HashMap<String, (String, bool)>,
}

impl SimulatedPeople {
    pub fn new(seed: u64) -> SimulatedPeople {
        SimulatedPeople {
            seed,
            diary: BTreeSet::new(),
            met: HashMap::new(),
            reviewed: BTreeSet::new(),
            awaited: HashMap::new(),
        }
    }

    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// When somebody does something next.
    pub fn next(&self) -> Option<Ts> {
        self.diary.first().map(|(at, ..)| *at)
    }

    /// Puts into the diary what the recipient makes of a mail.
    pub fn read(&mut self, mail: &Received) {
        let who = mail.recipient().to_lowercase();
        let secret = |path: &str| mail.link(path).and_then(|link| link.rsplit('/').next()).map(str::to_owned);
        match mail.kind.as_str() {
            "sign_off" | "counter_sign" => {
                let strategic = mail.kind == "counter_sign";
                let Some(secret) = secret("/sign-off/") else { return };
                let persona = match strategic {
                    true => personas::sales_director(self.seed, &who),
                    false => personas::director(self.seed, &who),
                };
                let nth = self.see(&who, mail);
                if persona.after.is_some_and(|after| nth >= after) {
                    self.note(&who, nth, mail.at, Act::Sign { secret, strategic });
                }
            }
            "invitation" | "reminder" => {
                if let Some(secret) = secret("/assessment/") {
                    self.decide(&who, mail, secret);
                }
            }
            "repair" => {
                if let Some(secret) = secret("/repair/") {
                    let nth = self.see(&who, mail);
                    self.note(&who, nth, mail.at, Act::Repair { secret });
                }
            }
            "sign_code" => {
                let six = |digits: &&str| digits.len() == 6;
                let code = mail.text.split(|c: char| !c.is_ascii_digit()).find(six).map(str::to_owned);
                if let (Some(code), Some((secret, strategic))) = (code, self.awaited.remove(&who)) {
                    self.diary.insert((mail.at.plus(MINUTE), who, Act::TypeCode { secret, strategic, code }));
                }
            }
            "login" => {
                if let Some(secret) = secret("/login/") {
                    self.diary.insert((mail.at, who, Act::LogIn { secret }));
                }
            }
            _ => {}
        }
    }

    fn see(&mut self, who: &str, mail: &Received) -> u32 {
        let met = self.met.entry(who.to_owned()).or_insert_with(|| Met { first: mail.at, ..Met::default() });
        met.seen.insert(mail.message_id.clone());
        met.seen.len() as u32
    }

    fn decide(&mut self, who: &str, mail: &Received, secret: String) {
        let persona = personas::contact(self.seed, who);
        let nth = self.see(who, mail);
        let Some(met) = self.met.get_mut(who) else { return };
        let back = met.first.plus(persona.away).max(mail.at);
        let (after, act) = match persona.habit {
            Habit::Completes { after } => (after, Act::Answer { secret, share: 100 }),
            Habit::Resumes { after } if met.decided == 0 => (after, Act::Answer { secret, share: 40 }),
            Habit::Resumes { after } => (after + 1, Act::Answer { secret, share: 100 }),
            Habit::Stops { after } => (after, Act::Answer { secret, share: 60 }),
            Habit::OptsOut { after, one_click } => {
                let target = one_click.then(|| mail.header("list-unsubscribe")).flatten();
                let link = target.map(|t| t.trim_matches(['<', '>'])).or(mail.link("/opt-out/"));
                let Some(secret) = link.and_then(|l| l.rsplit('/').next()).map(str::to_owned) else { return };
                (after, Act::OptOut { secret, one_click })
            }
            Habit::Ignores => return,
        };
        let most = if matches!(persona.habit, Habit::Resumes { .. }) { 2 } else { 1 };
        if nth >= after && met.decided < most {
            met.decided += 1;
            self.note(who, nth, back, act);
        }
    }

    fn note(&mut self, who: &str, nth: u32, from: Ts, act: Act) {
        let at = personas::delay(self.seed, who, &nth.to_string(), from);
        self.diary.insert((at, who.to_owned(), act));
    }

    /// Does everything whose time has come. Returns how many things were done.
    pub async fn act(&mut self, ctx: &Ctx, findings: &mut Findings) -> Result<u64> {
        let mut done = 0;
        while self.next().is_some_and(|at| at <= ctx.clock.now()) {
            let Some((_, who, act)) = self.diary.pop_first() else { break };
            match act {
                Act::Sign { secret, strategic } => {
                    let reviewed = &mut self.reviewed;
                    if signing::sign(self.seed, reviewed, ctx, &who, &secret, strategic, findings).await? {
                        self.awaited.insert(who, (secret, strategic));
                    }
                }
                Act::TypeCode { secret, strategic, code } => {
                    signing::sign_with_code(self.seed, ctx, &who, &secret, strategic, &code, findings).await?;
                }
                Act::Answer { secret, share } => {
                    answering::answer(self.seed, ctx, &who, &secret, share, findings).await?;
                }
                Act::OptOut { secret, one_click } => {
                    answering::opt_out(ctx, &who, &secret, one_click, findings).await?;
                }
                Act::Repair { secret } => repairing::repair(self.seed, ctx, &who, &secret, findings).await?,
                Act::LogIn { secret } => answering::log_in(ctx, &secret, findings).await?,
            }
            done += 1;
        }
        Ok(done)
    }
}
