//! 密码: argon2id with its default parameters (19 MiB), never inside a database closure and never many at once.

use std::sync::LazyLock;
use std::time::Duration;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use platform::{Error, Result};
use tokio::sync::Semaphore;

use super::rules;

/// Each hash takes 19 MiB and a core: more at once would only crowd out other requests.
static PERMITS: Semaphore = Semaphore::const_new(2);
const PATIENCE: Duration = Duration::from_secs(5);
/// Twice what sixteen letters need on average; a shorter draw is repeated.
const RANDOM_BYTES: usize = 32;

/// What a password is compared with where there is no account, so that both answers take the same time.
static NOBODYS: LazyLock<Option<String>> = LazyLock::new(|| hash_now("nobody's password").ok());

/// Hashes on the caller's thread: for the command line and the demo.
pub fn hash_now(password: &str) -> Result<String> {
    let hash: PasswordHash = Argon2::default().hash_password(password.as_bytes()).map_err(Error::internal)?;
    Ok(hash.to_string())
}

/// Verifies on the caller's thread; without a hash the work is done all the same and the answer is no.
pub fn verify_now(password: &str, hash: Option<&str>) -> Result<bool> {
    let nobodys = || NOBODYS.as_deref().ok_or_else(|| Error::internal("no random bytes"));
    let text = match hash {
        Some(hash) => hash,
        None => nobodys()?,
    };
    let parsed = PasswordHash::new(text).map_err(Error::internal)?;
    let matches = Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok();
    Ok(matches && hash.is_some())
}

pub async fn hash(password: String) -> Result<String> {
    off_thread(move || hash_now(&password)).await
}

pub async fn verify(password: String, hash: Option<String>) -> Result<bool> {
    off_thread(move || verify_now(&password, hash.as_deref())).await
}

/// A random password of some 73 bits that can be read out: `7kdm-q2xv-h3np-98rt`.
pub fn random() -> Result<String> {
    loop {
        let mut bytes = [0; RANDOM_BYTES];
        getrandom::fill(&mut bytes).map_err(Error::internal)?;
        if let Some(password) = rules::random_password_from(&bytes) {
            return Ok(password);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "hashing holds no connection, so it does not go through Db")]
async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let permit = match tokio::time::timeout(PATIENCE, PERMITS.acquire()).await {
        Ok(Ok(permit)) => permit,
        _ => return Err(Error::Busy),
    };
    // The permit goes along: a caller who hangs up must not let a third hash begin.
    let job = move || {
        let _permit = permit;
        work()
    };
    actix_web::web::block(job).await.map_err(Error::internal)?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_verifies_its_password_only() {
        let hash = hash_now("correct horse").expect("hashed");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(verify_now("correct horse", Some(&hash)).expect("verified"));
        assert!(!verify_now("wrong horse", Some(&hash)).expect("verified"));
        assert!(!verify_now("nobody's password", None).expect("verified"));
    }

    #[test]
    fn random_passwords_obey_the_rules() {
        let password = random().expect("random");
        assert_eq!(rules::check_password(&password, "wang.wu").err().map(|p| p.code), None, "{password}");
        assert_ne!(password, random().expect("random"));
    }
}
