//! The token that a return address carries: which message of ours a mail came back for, sealed so that nobody else can make one.
//!
//! `bounces+TOKEN@replies.example`: the id of the ledger row, two bytes that tell to which address it went, and a code over both, in 45
//! characters that survive servers which lower-case local parts. Like links, tokens are made and not stored (docs/decisions/0007).

use uuid::Uuid;

use super::ids::MessageId;

use super::address::EmailAddress;
use super::base32;
use super::seal::{SecretKey, same, sha256};

/// Of the code that seals the id: 80 bits, against guesses that cost their maker a mail each.
const SEAL_BYTES: usize = 10;
/// 16 bytes of the id, two of the address and those of the seal, five bits a character.
const TOKEN_LENGTH: usize = 45;
const PURPOSE: &str = "return-address";

/// A local part holds 64 octets (RFC 5321 section 4.5.3.1.1), `+` and the token among them.
pub const LONGEST_LOCAL: usize = 64 - 1 - TOKEN_LENGTH;

/// What a token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The ledger row's.
    pub id: MessageId,
    went_to: [u8; 2],
}

impl Opened {
    /// Whether the mail that carried the token went to this address: a row may go to another one after a correction.
    pub fn went_to(&self, address: &EmailAddress) -> bool {
        self.went_to == hint(address)
    }
}

/// The address with the token of this message to this recipient in it; `None` for an id that is none.
pub fn sealed(key: &SecretKey, address: &EmailAddress, id: &MessageId, to: &EmailAddress) -> Option<EmailAddress> {
    let id = Uuid::try_parse(id.as_str()).ok()?;
    let to = hint(to);
    let token = base32::write(&[id.as_bytes().as_slice(), &to, &seal(key, &id, to)].concat());
    EmailAddress::parse(&format!("{}+{token}@{}", address.local(), address.domain())).ok()
}

/// The message that an address of ours was made for. `None` for every other address, also for one that was made with another key.
pub fn opened(key: &SecretKey, address: &EmailAddress, delivered_to: &str) -> Option<Opened> {
    let token = token_of(address, delivered_to)?.to_ascii_lowercase();
    let bytes = base32::read(&token).filter(|_| token.len() == TOKEN_LENGTH)?;
    let (id, rest) = bytes.split_first_chunk::<16>()?;
    let (went_to, found) = rest.split_first_chunk::<2>()?;
    let id = Uuid::from_bytes(*id);
    let genuine = same(&base32::write(found), &base32::write(&seal(key, &id, *went_to)));
    genuine.then(|| Opened { id: id.to_string().into(), went_to: *went_to })
}

/// Tells two addresses of one person apart, and no more.
fn hint(address: &EmailAddress) -> [u8; 2] {
    let hash = sha256(address.key());
    let byte = |at: usize| hash.get(at..at + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok()).unwrap_or_default();
    [byte(0), byte(2)]
}

/// Whether it is our return address, with any token in it or none.
pub fn is_ours(address: &EmailAddress, delivered_to: &str) -> bool {
    token_of(address, delivered_to).is_some() || delivered_to.eq_ignore_ascii_case(address.as_str())
}

fn token_of<'a>(address: &EmailAddress, delivered_to: &'a str) -> Option<&'a str> {
    let (local, domain) = delivered_to.trim().rsplit_once('@')?;
    let (name, token) = local.split_once('+')?;
    (name.eq_ignore_ascii_case(address.local()) && domain.eq_ignore_ascii_case(address.domain())).then_some(token)
}

fn seal(key: &SecretKey, id: &Uuid, went_to: [u8; 2]) -> [u8; SEAL_BYTES] {
    let mut short = [0; SEAL_BYTES];
    for (to, from) in short.iter_mut().zip(key.code(PURPOSE, &format!("{id}\n{}", u16::from_be_bytes(went_to)))) {
        *to = from;
    }
    short
}

#[cfg(test)]
mod tests {
    use super::super::clock::Ts;
    use super::super::ids::Ids;
    use super::*;

    #[test]
    fn s26_only_our_own_token_opens_and_only_as_a_whole() {
        let (ids, address) = (Ids::seeded(1), EmailAddress::parse("bounces@replies.client.example").unwrap());
        let key = SecretKey::draw(&ids);
        let id = ids.id(Ts(1_800_000_000_000));
        let (ann, ben) = (EmailAddress::parse("Ann@x.example").unwrap(), EmailAddress::parse("ben@x.example").unwrap());
        let made = sealed(&key, &address, &id, &ann).unwrap();
        assert!(made.local().len() <= 64 && made.as_str().starts_with("bounces+"), "{made}");
        let found = opened(&key, &address, made.as_str()).unwrap();
        assert_eq!(found.id, id);
        assert!(found.went_to(&ann) && !found.went_to(&ben));
        assert_eq!(opened(&key, &address, &made.as_str().to_uppercase()), Some(found), "servers change case");
        assert_eq!(opened(&SecretKey::draw(&ids), &address, made.as_str()), None);
        for at in 8..53 {
            let mut changed = made.as_str().as_bytes().to_vec();
            changed[at] = if changed[at] == b'a' { b'b' } else { b'a' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(opened(&key, &address, &changed), None, "{changed}");
        }
        let elsewhere = made.as_str().replace("replies", "other");
        for other in ["", "bounces@replies.client.example", "bounces+@replies.client.example", "x", &elsewhere] {
            assert_eq!(opened(&key, &address, other), None, "{other}");
        }
        assert!(is_ours(&address, "Bounces@Replies.client.example") && is_ours(&address, made.as_str()));
        assert!(!is_ours(&address, "bounces2@replies.client.example") && !is_ours(&address, &elsewhere));
    }

    #[test]
    fn the_longest_return_address_still_fits() {
        let key = SecretKey::draw(&Ids::seeded(1));
        let id = Ids::seeded(2).id(Ts(5));
        let local = "b".repeat(LONGEST_LOCAL);
        let to = EmailAddress::parse("ann@x.example").unwrap();
        assert!(sealed(&key, &EmailAddress::parse(&format!("{local}@r.example")).unwrap(), &id, &to).is_some());
        assert!(sealed(&key, &EmailAddress::parse(&format!("{local}b@r.example")).unwrap(), &id, &to).is_none());
    }
}
