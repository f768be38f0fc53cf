//! 密钥环: the signing keys as rows become the keys in force. Seeds leave the database only sealed.

use platform::auth::{Keys, SigningKey};
use platform::db::{Conn, Ts};
use platform::secrets::Secrets;
use platform::{Error, Result};
use uuid::Uuid;

use super::rules::{self, LEAD};
use super::store::keys::{self, KeyRow};

const PURPOSE: &str = "signing_keys";

/// The keys in force, and a mark that changes when they or their signer do.
pub struct Ring {
    pub keys: Keys,
    pub fingerprint: String,
}

/// The keys in force at start; the first start of an installation makes the first key. Call it in a write transaction:
/// processes that start at once must agree on that key.
pub fn load_or_create(c: &mut Conn, secrets: &Secrets, now: Ts) -> Result<Ring> {
    keys::lock_keys(c)?;
    if let Some(ring) = reload(c, secrets, now, "")? {
        return Ok(ring);
    }
    keys::insert_key(c, &fresh(secrets, now, now)?, None)?;
    reload(c, secrets, now, "")?.ok_or_else(|| Error::internal("the first signing key is not there"))
}

/// The keys in force, where they are others than those of `known`; every process asks once in a minute or oftener.
pub fn reload(c: &mut Conn, secrets: &Secrets, now: Ts, known: &str) -> Result<Option<Ring>> {
    let rows = keys::list_in_force(c, now)?;
    let Some(signer) = rules::signer(&rows, KeyRow::times, now) else { return Ok(None) };
    let fingerprint = rows.iter().fold(signer.kid.clone(), |mark, row| format!("{mark} {}", row.kid));
    if fingerprint == known {
        return Ok(None);
    }
    let others = rows.iter().filter(|row| row.kid != signer.kid).map(|row| open(secrets, row));
    let others: Vec<SigningKey> = others.collect::<Result<_>>()?;
    Ok(Some(Ring { keys: Keys::new(&open(secrets, signer)?, &others), fingerprint }))
}

/// Adds a key that is published at once and signs when everybody can know it.
pub fn rotate(c: &mut Conn, secrets: &Secrets, actor: Uuid, now: Ts) -> Result<()> {
    keys::lock_keys(c)?;
    if keys::list_in_force(c, now)?.iter().any(|row| row.signs_from > now) {
        return Err((&rules::KEY_PENDING).into());
    }
    keys::insert_key(c, &fresh(secrets, now, now.plus(LEAD))?, Some(actor))
}

fn fresh(secrets: &Secrets, now: Ts, signs_from: Ts) -> Result<KeyRow> {
    let SigningKey { kid, seed } = SigningKey::generate()?;
    let sealed_seed = secrets.seal(PURPOSE, kid.as_bytes(), &seed)?;
    Ok(KeyRow { kid, sealed_seed, created_at: now, signs_from, retires_at: None })
}

fn open(secrets: &Secrets, row: &KeyRow) -> Result<SigningKey> {
    let seed = secrets.open(PURPOSE, row.kid.as_bytes(), &row.sealed_seed)?;
    let seed = seed.try_into().map_err(|_| Error::internal("a signing key of another length"))?;
    Ok(SigningKey { kid: row.kid.clone(), seed })
}

#[cfg(test)]
mod tests {
    use platform::auth::{Subject, Tokens};
    use platform::clock::Clock;

    use super::*;

    fn at(minutes: i64) -> Ts {
        Ts::from_micros(1_705_280_400_000_000 + minutes * 60_000_000)
    }

    fn tokens(key: &SigningKey, issuer: &str, audience: &str) -> Tokens {
        Tokens::new(Keys::new(key, &[]), issuer, audience, Clock::fixed(at(0).utc()))
    }

    #[test]
    fn a_sealed_key_opens_only_as_its_own_row() {
        let secrets = Secrets::new(b"secret");
        let row = fresh(&secrets, at(0), at(0)).expect("a key");
        assert_eq!(open(&secrets, &row).expect("opens").kid, row.kid);
        let moved = KeyRow { kid: "another".to_owned(), ..row };
        assert!(open(&secrets, &moved).is_err());
    }

    #[test]
    fn a_token_for_another_audience_or_by_another_issuer_is_refused() {
        let key = SigningKey::generate().expect("a key");
        let ours = tokens(&key, "https://a.example", "red-steward");
        let subject = Subject::Account { session: Uuid::nil(), grants: Vec::new() };
        let issue = |by: &Tokens| by.issue(Uuid::nil(), subject.clone()).expect("issued").token;
        assert!(ours.verify(&issue(&ours)).is_ok());
        assert!(ours.verify(&issue(&tokens(&key, "https://a.example", "another"))).is_err());
        assert!(ours.verify(&issue(&tokens(&key, "https://b.example", "red-steward"))).is_err());
    }
}
