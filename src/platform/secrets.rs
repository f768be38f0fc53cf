//! What is derived from the one secret of an installation: sealing at rest, and marks that only we can make.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Key, KeyInit, Nonce};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};

const NONCE_BYTES: usize = 12;

/// The installation's secret. Each use has a key of its own, derived by name.
#[derive(Clone)]
pub struct Secrets {
    root: [u8; 32],
    /// The key of [`CURSOR`], which every page needs.
    cursor: [u8; 32],
}

/// What marks the cursors of pages.
pub(crate) const CURSOR: &str = "cursor";

impl Secrets {
    pub fn new(secret: &[u8]) -> Self {
        let root = Sha256::digest(secret).into();
        Self { root, cursor: mark(&root, CURSOR.as_bytes()) }
    }

    fn key(&self, purpose: &str) -> [u8; 32] {
        if purpose == CURSOR { self.cursor } else { mark(&self.root, purpose.as_bytes()) }
    }

    /// A mark over `message` that nobody without the secret can make.
    pub fn mark(&self, purpose: &str, message: &[u8]) -> [u8; 32] {
        mark(&self.key(purpose), message)
    }

    /// Encrypts for storage; `context` must be given again to open, so a sealed value cannot be moved to another row.
    pub fn seal(&self, purpose: &str, context: &[u8], plain: &[u8]) -> Result<Vec<u8>> {
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce).map_err(Error::internal)?;
        let sealed = self
            .cipher(purpose)
            .encrypt(&Nonce::from(nonce), Payload { msg: plain, aad: context })
            .map_err(|_| Error::internal("sealing failed"))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    pub fn open(&self, purpose: &str, context: &[u8], sealed: &[u8]) -> Result<Vec<u8>> {
        let unreadable = || Error::internal("a sealed value does not open: was SECRET_KEY changed?");
        let (nonce, body) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or_else(unreadable)?;
        self.cipher(purpose)
            .decrypt(&Nonce::from(*nonce), Payload { msg: body, aad: context })
            .map_err(|_| unreadable())
    }

    fn cipher(&self, purpose: &str) -> ChaCha20Poly1305 {
        ChaCha20Poly1305::new(&Key::from(self.key(purpose)))
    }
}

fn mark(key: &[u8; 32], message: &[u8]) -> [u8; 32] {
    // A key of a whole block cannot be refused; HMAC itself pads a shorter one with zeros just so.
    let mut block = [0; 64];
    block.iter_mut().zip(key).for_each(|(slot, byte)| *slot = *byte);
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new(&block.into());
    mac.update(message);
    mac.finalize().into_bytes().into()
}

/// Bytes as lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(nibble.into(), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Compares without telling by its time how far two marks agree.
pub fn same(left: &[u8], right: &[u8]) -> bool {
    left.len() == right.len() && left.iter().zip(right).fold(0, |diff, (a, b)| diff | (a ^ b)) == 0
}

/// SHA-256 as lower-case hex: fingerprints of secrets that are random in themselves.
pub fn fingerprint(bytes: &[u8]) -> String {
    let mut hasher = Fingerprint::default();
    hasher.add(bytes);
    hasher.finish()
}

/// The same over bytes that come in pieces.
#[derive(Default)]
pub struct Fingerprint(Sha256);

impl Fingerprint {
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub fn finish(self) -> String {
        hex(&self.0.finalize())
    }
}

/// `bytes` random bytes as URL-safe text.
pub fn random_text(bytes: usize) -> Result<String> {
    use base64::Engine;
    let mut buffer = vec![0; bytes];
    getrandom::fill(&mut buffer).map_err(Error::internal)?;
    Ok(base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(buffer))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_only_where_it_was_sealed() {
        let secrets = Secrets::new(b"secret");
        let sealed = secrets.seal("phones", b"row 1", b"199").expect("sealed");
        assert_eq!(secrets.open("phones", b"row 1", &sealed).expect("opened"), b"199");
        assert!(secrets.open("phones", b"row 2", &sealed).is_err());
        assert!(secrets.open("keys", b"row 1", &sealed).is_err());
        assert!(Secrets::new(b"other").open("phones", b"row 1", &sealed).is_err());
    }
}
