//! What the token library signs and verifies with: Ed25519 and nothing else. Its own provider brings RSA, two more curves
//! and a second Ed25519 along, none of which a token of ours may use.

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{ErrorKind, Result};
use jsonwebtoken::signature::{Error, Signer, Verifier};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, EncodingKey};

static PROVIDER: CryptoProvider =
    CryptoProvider { signer_factory: signer, verifier_factory: verifier, key_utils: KeyUtils::new_unimplemented() };

/// PKCS#8 wrapping of a bare Ed25519 seed (RFC 8410): what comes before the 32 bytes.
const PKCS8_PREFIX: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/// Before the first token is signed or verified.
pub(super) fn install() {
    // Refused only where it is installed already.
    let _ = PROVIDER.install_default();
}

/// A seed as the library keeps it.
pub(super) fn encoding_key(seed: &[u8; 32]) -> EncodingKey {
    EncodingKey::from_ed_der(&[PKCS8_PREFIX.as_slice(), seed].concat())
}

fn signer(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>> {
    ed25519_only(*algorithm, key.family())?;
    let seed = key.as_bytes().strip_prefix(&PKCS8_PREFIX).and_then(|seed| seed.try_into().ok());
    Ok(Box::new(Private(SigningKey::from_bytes(seed.ok_or(ErrorKind::InvalidEddsaKey)?))))
}

fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    ed25519_only(*algorithm, key.family())?;
    let bytes = key.try_get_as_bytes()?.try_into().map_err(|_| ErrorKind::InvalidEddsaKey)?;
    Ok(Box::new(Public(VerifyingKey::from_bytes(bytes).map_err(|_| ErrorKind::InvalidEddsaKey)?)))
}

fn ed25519_only(algorithm: Algorithm, family: AlgorithmFamily) -> Result<()> {
    if algorithm == Algorithm::EdDSA && family == AlgorithmFamily::Ed {
        Ok(())
    } else {
        Err(ErrorKind::InvalidAlgorithm.into())
    }
}

struct Private(SigningKey);

impl Signer<Vec<u8>> for Private {
    fn try_sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, Error> {
        Ok(self.0.sign(message).to_bytes().to_vec())
    }
}

impl JwtSigner for Private {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

struct Public(VerifyingKey);

impl Verifier<Vec<u8>> for Public {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), Error> {
        let signature = Signature::from_slice(signature).map_err(|_| Error::new())?;
        self.0.verify_strict(message, &signature).map_err(|_| Error::new())
    }
}

impl JwtVerifier for Public {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> (EncodingKey, DecodingKey) {
        let seed = [7; 32];
        let public = SigningKey::from_bytes(&seed).verifying_key().to_bytes();
        (encoding_key(&seed), DecodingKey::from_ed_der(&public))
    }

    #[test]
    fn only_what_the_key_signed_verifies() {
        let (private, public) = key();
        let signed = signer(&Algorithm::EdDSA, &private).expect("a signer").sign(b"message");
        let verifier = verifier(&Algorithm::EdDSA, &public).expect("a verifier");
        assert!(verifier.verify(b"message", &signed).is_ok());
        assert!(verifier.verify(b"another", &signed).is_err());
        assert!(verifier.verify(b"message", &signed[1..].to_vec()).is_err());
        let mut forged = signed;
        forged[0] ^= 1;
        assert!(verifier.verify(b"message", &forged).is_err());
    }

    #[test]
    fn no_other_algorithm_and_no_other_key_is_taken() {
        let (private, public) = key();
        for other in [Algorithm::HS256, Algorithm::RS256, Algorithm::ES256] {
            assert!(signer(&other, &private).is_err() && verifier(&other, &public).is_err());
        }
        assert!(signer(&Algorithm::EdDSA, &EncodingKey::from_secret(&[7; 48])).is_err());
        assert!(verifier(&Algorithm::EdDSA, &DecodingKey::from_secret(&[7; 32])).is_err());
        assert!(verifier(&Algorithm::EdDSA, &DecodingKey::from_ed_der(&[7; 31])).is_err());
    }
}
