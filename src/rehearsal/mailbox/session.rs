//! One connection: the order of commands, the answers, and the faults in them.

use std::sync::Arc;

use tokio::net::TcpStream;

use crate::mail::mailbox::commands::{SmtpCommand, is_address, read};
use crate::mail::mailbox::wire::{CommandStream, LARGEST, MessageContent, MessageLimits, Over};

use super::faults::ServerStage;
use super::shared::{Shared, next};

const MOST_RECIPIENTS: usize = 1_000;
const MOST_MISTAKES: u32 = 100;

struct Session {
    wire: CommandStream<TcpStream>,
    shared: Arc<Shared>,
    greeted: bool,
    mail: Option<Transaction>,
    messages: u64,
    mistakes: u32,
}

struct Transaction {
    from: String,
    utf8: bool,
    to: Vec<String>,
}

pub async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    // Without this, answers wait up to 40 ms for the client's acknowledgement.
    let _ = stream.set_nodelay(true);
    let wire = CommandStream::new(stream, MessageLimits::STRICT);
    let mut session = Session { wire, shared, greeted: false, mail: None, messages: 0, mistakes: 0 };
    let Over(last) = match session.converse().await {
        Ok(never) => match never {},
        Err(over) => over,
    };
    session.wire.close(last).await;
}

impl Session {
    async fn converse(&mut self) -> Result<std::convert::Infallible, Over> {
        self.answer(ServerStage::Greeting, "220 mailbox.localhost ESMTP soundings").await?;
        loop {
            let line = self.wire.line().await?;
            match read(&line) {
                Ok(command) => self.obey(command).await?,
                Err(refusal) => self.mistake(refusal)?,
            }
        }
    }

    async fn obey(&mut self, command: SmtpCommand) -> Result<(), Over> {
        match command {
            SmtpCommand::Hello { extended } => self.hello(extended).await,
            SmtpCommand::Mail { .. } if !self.greeted => self.mistake("503 5.5.1 say EHLO first"),
            SmtpCommand::Mail { .. } if self.mail.is_some() => self.mistake("503 5.5.1 a mail is under way"),
            SmtpCommand::Mail { from, utf8 } => self.begin(from, utf8).await,
            SmtpCommand::Recipient { to } => self.recipient(to).await,
            SmtpCommand::Data => self.data().await,
            SmtpCommand::Reset => {
                self.mail = None;
                self.wire.say("250 2.0.0 forgotten");
                Ok(())
            }
            SmtpCommand::Nothing => {
                self.wire.say("250 2.0.0 fine");
                Ok(())
            }
            SmtpCommand::Verify => {
                self.wire.say("252 2.1.5 send it and see");
                Ok(())
            }
            SmtpCommand::Quit => Err(Over(Some("221 2.0.0 bye"))),
        }
    }

    async fn hello(&mut self, extended: bool) -> Result<(), Over> {
        let offer = format!(
            "250-mailbox.localhost\r\n250-PIPELINING\r\n250-SIZE {LARGEST}\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 ENHANCEDSTATUSCODES"
        );
        let text = if extended { offer.as_str() } else { "250 mailbox.localhost" };
        self.mail = None;
        self.greeted = self.answer(ServerStage::Hello, text).await?;
        Ok(())
    }

    async fn begin(&mut self, from: String, utf8: bool) -> Result<(), Over> {
        if self.shared.faults.closes_after(self.messages) {
            return Err(Over(Some("421 4.7.0 enough for one connection")));
        }
        if self.answer(ServerStage::Mail, "250 2.1.0 sender taken").await? {
            self.mail = Some(Transaction { from, utf8, to: Vec::new() });
        }
        Ok(())
    }

    async fn recipient(&mut self, to: String) -> Result<(), Over> {
        let Some(mail) = &self.mail else { return self.mistake("503 5.5.1 say MAIL first") };
        if !is_address(&to, mail.utf8) {
            return self.mistake("553 5.1.3 recipient address not understood");
        }
        if mail.to.len() >= MOST_RECIPIENTS {
            self.wire.say("452 4.5.3 too many recipients");
            return Ok(());
        }
        let nth = next(&self.shared.recipients);
        if let Some(refusal) = self.shared.faults.refusal(&to, nth) {
            self.wire.say(&refusal);
            return closing(&refusal);
        }
        if self.answer(ServerStage::Recipient, "250 2.1.5 recipient taken").await?
            && let Some(mail) = &mut self.mail
        {
            mail.to.push(to);
        }
        Ok(())
    }

    async fn data(&mut self) -> Result<(), Over> {
        if self.mail.as_ref().is_none_or(|mail| mail.to.is_empty()) {
            // A client that sends its message all the same would have it read as commands.
            return match self.wire.has_more() {
                true => Err(Over(Some("503 5.5.1 message sent without a recipient"))),
                false => self.mistake("503 5.5.1 say MAIL and RCPT first"),
            };
        }
        if self.wire.has_more() {
            return Err(Over(Some("503 5.5.1 message sent before it was asked for")));
        }
        if !self.answer(ServerStage::Data, "354 go on").await? {
            return Ok(());
        }
        if self.shared.faults.drops_before_dot(next(&self.shared.data)) {
            // Closed in the breath in which it says "go on", so that no client, however quick, has its dot out first.
            self.wire.flush().await?;
            return Err(Over(None));
        }
        let content = self.wire.message().await?;
        let Some(mail) = self.mail.take() else { return Ok(()) };
        match content {
            MessageContent::Refused(answer) => {
                self.wire.say(answer);
                Ok(())
            }
            MessageContent::Taken(raw) => self.take(mail, raw).await,
        }
    }

    /// The message is kept before anything can go wrong with the answer, as by a server that is quicker than its line.
    async fn take(&mut self, mail: Transaction, raw: Vec<u8>) -> Result<(), Over> {
        let refused = self.shared.faults.reply(ServerStage::Dot).is_some_and(|text| text.starts_with(['4', '5']));
        if !refused {
            let at = self.shared.clock.now();
            self.shared.store().keep(at, mail.from, mail.to, raw);
            self.shared.arrived.notify_waiters();
            self.messages += 1;
        }
        let nth = self.shared.dot_was_read();
        if self.shared.faults.drops_after_dot(nth) {
            return Err(Over(None));
        }
        self.answer(ServerStage::Dot, &format!("250 2.0.0 kept as {nth}")).await?;
        Ok(())
    }

    /// Says `usual` unless a fault says otherwise; whether it was the usual.
    async fn answer(&mut self, stage: ServerStage, usual: &str) -> Result<bool, Over> {
        self.shared.reached(stage);
        if let Some(time) = self.shared.faults.stall(stage) {
            self.wire.flush().await?;
            tokio::time::sleep(time).await;
        }
        let Some(text) = self.shared.faults.reply(stage) else {
            self.wire.say(usual);
            return Ok(true);
        };
        self.wire.say(&text);
        closing(&text)?;
        Ok(false)
    }

    fn mistake(&mut self, answer: &'static str) -> Result<(), Over> {
        self.mistakes += 1;
        if self.mistakes > MOST_MISTAKES {
            return Err(Over(Some("421 4.7.0 too many mistakes")));
        }
        self.wire.say(answer);
        Ok(())
    }
}

/// Answers after which a server closes.
fn closing(answer: &str) -> Result<(), Over> {
    if answer.starts_with("421") || answer.starts_with("521") { Err(Over(None)) } else { Ok(()) }
}
