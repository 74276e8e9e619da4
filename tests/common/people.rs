//! What people do, by the links in their mails: directors sign and correct, contacts answer and opt out.

use std::collections::BTreeMap;

use soundings::base::clock::MINUTE;
use soundings::base::problem::{Problem, Result};
use soundings::rehearsal::mailbox::Received;
use soundings::rules::journal::Actor;
use soundings::rules::message::{Lane, MessageState};
use soundings::rules::round::{HumanStep, RoundState};
use soundings::rules::signoff::{SignLevel, Standing};
use soundings::steps::context::Purpose;
use soundings::steps::response::{self, Sent};
use soundings::steps::round::RoundOrder;
use soundings::steps::signoff::names::editing::{self, Correction, Edit};
use soundings::steps::signoff::signing::human_step::{self, SendCode};
use soundings::steps::signoff::signing::{RecordSignature, ShownList, SignLists};
use soundings::steps::signoff::{self, SheetAccount};
use soundings::store::contacts::{self, Person, accounts};
use soundings::store::round::rounds;
use soundings::store::sending::outbox::{self, Message};
use soundings::store::signoff as requests;

use super::round::{DORA, ERIK, ROUND, SALES_DIRECTOR, northwind};
use super::world::{OPERATOR, World};

/// The secret part of a link.
pub fn secret(link: &str) -> String {
    link.rsplit('/').next().unwrap_or_default().to_string()
}

/// The secret part of the link under this path in a mail.
pub fn secret_in(mail: &Received, path: &str) -> String {
    secret(mail.link(path).ok_or_else(|| format!("no {path} link in {:?}", mail.links)).unwrap())
}

/// The secret part of the one-click address in `List-Unsubscribe` (RFC 8058).
pub fn one_click(mail: &Received) -> String {
    assert_eq!(mail.header("List-Unsubscribe-Post"), Some("List-Unsubscribe=One-Click"));
    let header = mail.header("List-Unsubscribe").unwrap();
    let address = header.trim_start_matches('<').split('>').next().unwrap();
    assert!(address.starts_with("https://"), "{header}");
    secret(address)
}

impl World {
    /// The usual round, started, with its first mails to directors sent.
    pub async fn started(&mut self) {
        self.load(northwind()).await;
        self.order(RoundOrder::Start).await;
        self.work().await;
    }

    /// The same, with every signature made.
    pub async fn signed(&mut self) {
        self.started().await;
        self.sign_all(DORA, "sign_off").await;
        self.sign_all(ERIK, "sign_off").await;
        self.work().await;
        self.sign_all(SALES_DIRECTOR, "counter_sign").await;
        self.work().await;
    }

    /// The accounts that this person is shown behind the link of the last mail.
    pub async fn sheet(&self, address: &str, kind: &str) -> Vec<SheetAccount> {
        let secret = self.signing_secret(address, kind).await;
        signoff::sheet(&self.ctx, &secret).await.unwrap().unwrap().accounts
    }

    /// Of the last mail; the sales director's comes at the end of the day, and stories do not wait for it.
    pub async fn signing_secret(&self, address: &str, kind: &str) -> String {
        if kind != "counter_sign" {
            return secret_in(&self.mail_to(address, kind), "/sign-off/");
        }
        let mut tx = self.ctx.db.read().await.unwrap();
        let mut last = None;
        for round in rounds::in_state(&mut tx, RoundState::Running).await.unwrap() {
            let requests = requests::of_round(&mut tx, &round.id).await.unwrap();
            let theirs =
                requests.into_iter().filter(|r| r.level == SignLevel::SalesDirector && r.email.as_str() == address);
            last = last.max(theirs.map(|r| (r.next_ask_at.is_some(), r.id)).max());
        }
        self.ctx.secret(Purpose::SignOff, &last.unwrap().1)
    }

    /// Signs everything that waits for this person; returns where each account stands then.
    pub async fn sign_all(&self, address: &str, kind: &str) -> Vec<Standing> {
        let mut standings = Vec::new();
        for account in self.sheet(address, kind).await.into_iter().filter(|a| a.to_sign) {
            let names = account.to_count.to_string();
            standings.push(self.sign(address, kind, &account, &names).await.unwrap());
        }
        standings
    }

    /// What was signed is told before anything else happens.
    pub async fn receipts_leave(&mut self) {
        self.ctx.clock.turn_to(self.now().plus(2 * MINUTE));
        self.work().await;
    }

    /// Signs one account with this number typed; where a code is asked for, with one instead of the right number.
    pub async fn sign(&self, address: &str, kind: &str, account: &SheetAccount, typed: &str) -> Result<Standing> {
        let secret = self.signing_secret(address, kind).await;
        let code = match typed == account.to_count.to_string() {
            true => self.code_for(&secret, account).await,
            false => None,
        };
        self.types(&secret, account, code.as_deref().unwrap_or(typed)).await
    }

    /// Signs one account with this typed, whatever it asks for.
    pub async fn types(&self, secret: &str, account: &SheetAccount, typed: &str) -> Result<Standing> {
        self.types_for(secret, std::slice::from_ref(account), typed).await
    }

    /// The same for several at once.
    pub async fn types_for(&self, secret: &str, accounts: &[SheetAccount], typed: &str) -> Result<Standing> {
        let shown =
            |a: &SheetAccount| ShownList { account: a.account.id.clone(), fingerprint: a.account.fingerprint.clone() };
        let signing = SignLists {
            secret: secret.into(),
            lists: accounts.iter().map(shown).collect(),
            step: HumanStep::Count,
            typed: typed.into(),
            came_from: "192.0.2.7, Firefox".into(),
        };
        let not_typed = |why| Problem::unusable(format!("{why:?}"), "Type it again.");
        self.ctx.order(&Actor::Visitor, signing).await.and_then(|signed| signed.map_err(not_typed))
    }

    /// The code that signs this account, where it asks for one; its mail need not have come.
    async fn code_for(&self, secret: &str, account: &SheetAccount) -> Option<String> {
        let sheet = signoff::sheet(&self.ctx, secret).await.unwrap().unwrap();
        if human_step::step_of(&sheet.live.spec.signoff, &account.account) == HumanStep::Count {
            return None;
        }
        if !sheet.code.is_some_and(|code| code.accounts.contains(&account.account.id)) {
            self.ctx.order(&Actor::Visitor, SendCode { secret: secret.into() }).await.unwrap().unwrap();
        }
        let mut tx = self.ctx.db.read().await.unwrap();
        let code = requests::codes::latest(&mut tx, &sheet.request.id).await.unwrap().unwrap();
        Some(self.ctx.key.six_digits("sign-code", code.id.as_str()))
    }

    /// A director corrects a name on his list.
    pub async fn corrects(&self, director: &str, contact: &str, correction: impl FnOnce(&mut Correction)) {
        let person = self.person(contact).await;
        let mut now = Correction {
            first_name: person.first_name,
            last_name: person.last_name,
            email: person.email.as_str().into(),
            job_title: person.job_title,
            role: person.role.as_str().into(),
            reason: "knows better".into(),
        };
        correction(&mut now);
        let secret = secret_in(&self.mail_to(director, "sign_off"), "/sign-off/");
        self.ctx
            .order(
                &Actor::Visitor,
                editing::EditName { secret: secret.clone(), contact: person.id.clone(), edit: Edit::Correct(now) },
            )
            .await
            .unwrap();
    }

    pub async fn removes(&self, director: &str, contact: &str) {
        let person = self.person(contact).await;
        let secret = secret_in(&self.mail_to(director, "sign_off"), "/sign-off/");
        let edit = Edit::Remove { reason: "has left".into() };
        self.ctx
            .order(&Actor::Visitor, editing::EditName { secret: secret.clone(), contact: person.id.clone(), edit })
            .await
            .unwrap();
    }

    /// An operator records an approval that was given by mail.
    pub async fn records(&self, account: &str, level: SignLevel) -> Result<Standing> {
        let recorded = RecordSignature {
            account: self.account(account).await.id,
            fingerprint: String::new(),
            level,
            who: "Dora Fields".into(),
            when: "2027-01-26".into(),
            evidence: "mail of 26 January in the round's folder".into(),
        };
        self.ctx.order(&Actor::operator(OPERATOR), recorded).await
    }

    /// Answers everything through the link of a mail and sends it.
    pub async fn answers(&self, mail: &Received) -> Result<Sent> {
        self.answers_with(&secret_in(mail, "/assessment/")).await
    }

    pub async fn answers_with(&self, secret: &str) -> Result<Sent> {
        let fields = BTreeMap::from([("trust".into(), "6".into()), ("recommend".into(), "9".into())]);
        let saved = self
            .ctx
            .order(&Actor::Visitor, response::SaveAnswers { secret: secret.to_string(), fields, language: "en".into() })
            .await?;
        assert!(saved.errors.is_empty() && saved.missing.is_empty(), "{saved:?}");
        let (_, sent) = self
            .ctx
            .order(&Actor::Visitor, response::SendAnswers { secret: secret.to_string(), language: "en".into() })
            .await?;
        Ok(sent)
    }

    /// Begins to answer and goes away.
    pub async fn begins(&self, mail: &Received) {
        let fields = BTreeMap::from([("trust".into(), "5".into())]);
        self.ctx
            .order(
                &Actor::Visitor,
                response::SaveAnswers {
                    secret: secret_in(mail, "/assessment/").clone(),
                    fields,
                    language: "en".into(),
                },
            )
            .await
            .unwrap();
    }

    /// Opts out by the one click that mail programs offer.
    pub async fn opts_out(&self, mail: &Received) {
        assert!(
            self.ctx
                .order(
                    &Actor::Visitor,
                    response::OptOut {
                        secret: one_click(mail),
                        length: response::Length::NeverAgain,
                        how: "one click"
                    }
                )
                .await
                .unwrap()
        );
    }

    pub async fn person(&self, address: &str) -> Person {
        let mut tx = self.ctx.db.read().await.unwrap();
        let round = rounds::by_slug(&mut tx, ROUND).await.unwrap().unwrap();
        let id = contacts::by_address(&mut tx, &round.id, address).await.unwrap().unwrap();
        contacts::person(&mut tx, &id).await.unwrap().unwrap()
    }

    pub async fn account(&self, name: &str) -> accounts::Account {
        let mut tx = self.ctx.db.read().await.unwrap();
        let round = rounds::by_slug(&mut tx, ROUND).await.unwrap().unwrap();
        let all = accounts::of_round(&mut tx, &round.id).await.unwrap();
        all.into_iter().find(|a| a.name == name).unwrap()
    }

    /// Everything in the round's ledger, in order of time.
    pub async fn ledger(&self) -> Vec<Message> {
        let mut tx = self.ctx.db.read().await.unwrap();
        let round = rounds::by_slug(&mut tx, ROUND).await.unwrap().unwrap();
        let mut rows = outbox::page(&mut tx, &Lane::from(&round.id), None, i64::MAX, 0).await.unwrap();
        rows.reverse();
        rows
    }

    /// The rows to this address, in order of time, as "invitation/1 sent".
    pub async fn rows_to(&self, address: &str) -> Vec<String> {
        let rows = self.ledger().await.into_iter().filter(|m| m.to_email.as_str() == address);
        rows.map(|m| format!("{}/{} {}", m.kind, m.number, m.state.as_str())).collect()
    }

    pub async fn row(&self, address: &str, kind: &str) -> Message {
        let found = self.ledger().await.into_iter().find(|m| m.to_email.as_str() == address && m.kind.as_str() == kind);
        found.ok_or_else(|| format!("no {kind} to {address} in the ledger")).unwrap()
    }

    pub async fn in_state(&self, state: MessageState) -> Vec<Message> {
        self.ledger().await.into_iter().filter(|m| m.state == state).collect()
    }
}
