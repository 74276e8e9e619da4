//! Letters that somebody has sent to himself to look at: what was typed, and for whom it was made.

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::ids::{ContactId, RoundId, TestLetterId};
use crate::base::problem::Result;
use crate::store::database::tx::Tx;

row! {
    pub struct TestLetter {
        pub id: TestLetterId,
        pub round_id: RoundId,
        pub language: String,
        /// Of the text: "reminder-2".
        pub name: String,
        pub subject: String,
        pub body: String,
        /// None: somebody who is invented.
        pub reader: Option<ContactId>,
        pub email: EmailAddress,
        pub at: Ts,
    }
}

pub async fn add(tx: &mut Tx, t: &TestLetter) -> Result<()> {
    run!(
        tx,
        "INSERT INTO test_letter (id, round_id, language, name, subject, body, reader, email, email_key, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        &t.id,
        &t.round_id,
        &t.language,
        &t.name,
        &t.subject,
        &t.body,
        t.reader.as_ref(),
        &t.email,
        t.email.key(),
        t.at
    )?;
    Ok(())
}

pub async fn by_id(tx: &mut Tx, id: &TestLetterId) -> Result<Option<TestLetter>> {
    maybe!(
        tx,
        "SELECT id, round_id, language, name, subject, body, reader, email, at FROM test_letter WHERE id = $1",
        id
    )
}

row! {
    pub struct Since {
        pub n: i64,
    }
}

/// How many went to this address since then.
pub async fn since(tx: &mut Tx, email: &EmailAddress, then: Ts) -> Result<i64> {
    let since: Since =
        one!(tx, "SELECT count(*) AS n FROM test_letter WHERE email_key = $1 AND at > $2", email.key(), then)?;
    Ok(since.n)
}
