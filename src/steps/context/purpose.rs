//! What the links in our mails are for.

/// What a link is for; each purpose has secrets of its own, so that no link can be used for another one (S19).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    SignOff,
    Assessment,
    OptOut,
    Login,
    Plan,
    Repair,
    Team,
}

impl Purpose {
    pub const ALL: [Purpose; 7] = [
        Purpose::SignOff,
        Purpose::Assessment,
        Purpose::OptOut,
        Purpose::Login,
        Purpose::Plan,
        Purpose::Repair,
        Purpose::Team,
    ];

    /// As in the path of the link.
    pub fn word(self) -> &'static str {
        match self {
            Purpose::SignOff => "sign-off",
            Purpose::Assessment => "assessment",
            Purpose::OptOut => "opt-out",
            Purpose::Login => "login",
            Purpose::Plan => "plan",
            Purpose::Repair => "repair",
            Purpose::Team => "team",
        }
    }
}
