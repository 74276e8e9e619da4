//! The words of one message, made from a text of the round and its values.

/// The words of one message, without the frame around them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    pub subject: String,
    pub text: String,
    /// What goes inside the body of the HTML document.
    pub html: String,
}
