//! Whether others may believe our mail: names, signatures, and what `doctor` says about a sender's domain.

mod names;
