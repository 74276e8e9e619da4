//! Where the list of an account stands for the reader of a director's page.

pub enum CardState {
    ToSign,
    /// Signed before, and the list was changed since: what changed, in a sentence.
    Changed(String),
    /// By an account director, waiting for the reader of this page (who counter-signs).
    ToCounterSign {
        /// By whom and when, in a sentence.
        signed: String,
        by: String,
        by_email: String,
    },
    /// By the reader, waiting for the sales director: in a sentence.
    WaitingCounter(String),
    /// By whom and when, in a sentence.
    Signed(String),
}
