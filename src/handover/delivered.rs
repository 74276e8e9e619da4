//! What became of one attempt to hand a response over, by whichever way.

/// What became of an attempt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    pub confirmed: bool,
    /// `None`: no answer came, or there is nobody to answer.
    pub status: Option<u16>,
    /// Milliseconds that the receiver asked us to wait.
    pub retry_after: Option<i64>,
    /// It answered with a page of HTML.
    pub is_page: bool,
    /// What the receiver said (its first 500 characters), or why there was no answer.
    pub text: String,
}
