//! Access tokens: Ed25519 JWTs, short-lived, verified without a database.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use lru::LruCache;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{AreaCode, Role, ScopeInfo, Visible};
use crate::clock::Clock;
use crate::error::{Error, Result};

/// 授权: one role in one area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    pub role: Role,
    pub area: AreaCode,
    /// The organisation that the role is held for; `None` where it is held in the area itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<Uuid>,
}

impl Grant {
    /// A role held in an area itself.
    pub fn over(role: Role, area: AreaCode) -> Self {
        Self { role, area, organisation: None }
    }
}

/// Who a token speaks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Subject {
    /// A person who logged in.
    Account { session: Uuid, grants: Vec<Grant> },
    /// 接入方: an integrator's program, held to the scopes and the area it was given.
    Client { scopes: Vec<String>, area: AreaCode },
}

/// The caller, as the token says; minutes old at the most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    pub id: Uuid,
    pub subject: Subject,
}

impl Principal {
    /// The areas in which a scope opens rows to the caller; `None` where the caller does not carry it.
    pub fn visible_by(&self, scope: &ScopeInfo) -> Option<Visible> {
        let areas: Vec<AreaCode> = match &self.subject {
            Subject::Account { grants, .. } => {
                grants.iter().filter(|grant| scope.holders.include(grant.role)).map(|g| g.area.clone()).collect()
            }
            Subject::Client { scopes, area } if scopes.iter().any(|name| name == scope.name) => vec![area.clone()],
            Subject::Client { .. } => Vec::new(),
        };
        if areas.is_empty() { None } else { Some(Visible::of(areas)) }
    }

    /// The role grants of a person; a program has none.
    pub fn grants(&self) -> &[Grant] {
        match &self.subject {
            Subject::Account { grants, .. } => grants,
            Subject::Client { .. } => &[],
        }
    }

    /// The areas over which a person holds one of `roles`; those of a program that carries the scope.
    pub fn visible_as(&self, roles: &[Role], scope: &str) -> Visible {
        match &self.subject {
            Subject::Account { grants, .. } => {
                Visible::of(grants.iter().filter(|grant| roles.contains(&grant.role)).map(|grant| grant.area.clone()))
            }
            Subject::Client { scopes, area } => {
                Visible::of(scopes.iter().any(|name| name == scope).then(|| area.clone()))
            }
        }
    }

    /// The organisations for which a person holds one of `roles`, each once.
    pub fn organisations(&self, roles: &[Role]) -> Vec<Uuid> {
        let held = self.grants().iter().filter(|grant| roles.contains(&grant.role));
        let mut ids: Vec<Uuid> = held.filter_map(|grant| grant.organisation).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}

/// What is signed. Times are seconds since the epoch.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Claims {
    pub iss: String,
    pub aud: String,
    pub sub: Uuid,
    pub jti: Uuid,
    pub iat: i64,
    pub nbf: i64,
    pub exp: i64,
    #[serde(flatten)]
    pub subject: Subject,
}

/// A token and when it ends.
#[derive(Debug, Clone)]
pub struct Issued {
    pub token: String,
    pub expires_in_seconds: i64,
}

/// One Ed25519 key pair, named by `kid`.
#[derive(Clone)]
pub struct SigningKey {
    pub kid: String,
    /// The 32 secret bytes.
    pub seed: [u8; 32],
}

/// PKCS#8 wrapping of a bare Ed25519 seed (RFC 8410): what comes before the 32 bytes.
const PKCS8_PREFIX: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

impl SigningKey {
    pub fn generate() -> Result<Self> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(Error::internal)?;
        Ok(Self { kid: Uuid::now_v7().simple().to_string(), seed })
    }

    fn public(&self) -> [u8; 32] {
        ed25519_dalek::SigningKey::from_bytes(&self.seed).verifying_key().to_bytes()
    }

    fn encoding(&self) -> EncodingKey {
        let mut der = PKCS8_PREFIX.to_vec();
        der.extend_from_slice(&self.seed);
        EncodingKey::from_ed_der(&der)
    }
}

/// The keys in force: one signs, all of them verify.
pub struct Keys {
    signer: (String, EncodingKey),
    verifiers: HashMap<String, DecodingKey>,
    jwks: serde_json::Value,
}

impl Keys {
    /// `signer` signs; `others` are still, or already, accepted and published.
    pub fn new(signer: &SigningKey, others: &[SigningKey]) -> Self {
        let all = || std::iter::once(signer).chain(others);
        let jwk = |key: &SigningKey| {
            serde_json::json!({ "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": key.kid,
                "x": URL_SAFE_NO_PAD.encode(key.public()) })
        };
        Self {
            signer: (signer.kid.clone(), signer.encoding()),
            verifiers: all().map(|key| (key.kid.clone(), DecodingKey::from_ed_der(&key.public()))).collect(),
            jwks: serde_json::json!({ "keys": all().map(jwk).collect::<Vec<_>>() }),
        }
    }
}

/// Tokens that were verified a moment ago need not be verified again; this many are remembered.
const REMEMBERED: NonZeroUsize = NonZeroUsize::new(4096).unwrap();
pub(crate) const LIFETIME_SECONDS: i64 = 15 * 60;
/// Clocks of our own processes may differ by this much.
const LEEWAY_SECONDS: i64 = 5;

struct Remembered {
    principal: Arc<Principal>,
    nbf: i64,
    exp: i64,
}

/// Issues and verifies access tokens. Cheap to clone.
#[derive(Clone)]
pub struct Tokens(Arc<Inner>);

struct Inner {
    keys: RwLock<Keys>,
    issuer: String,
    audience: String,
    validation: Validation,
    clock: Clock,
    remembered: Mutex<LruCache<String, Remembered>>,
}

impl Tokens {
    pub fn new(keys: Keys, issuer: &str, audience: &str, clock: Clock) -> Self {
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&[audience]);
        validation.set_issuer(&[issuer]);
        validation.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
        // Times are compared with our own clock below, which tests can hold still.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        Self(Arc::new(Inner {
            keys: RwLock::new(keys),
            issuer: issuer.to_owned(),
            audience: audience.to_owned(),
            validation,
            clock,
            remembered: Mutex::new(LruCache::new(REMEMBERED)),
        }))
    }

    /// Puts other keys in force, and forgets what the old ones verified.
    pub fn set_keys(&self, keys: Keys) {
        *self.0.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
        self.0.remembered.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// The public keys, for third parties that verify our tokens (RFC 7517).
    pub fn jwks(&self) -> serde_json::Value {
        self.0.keys.read().unwrap_or_else(PoisonError::into_inner).jwks.clone()
    }

    pub fn issue(&self, id: Uuid, subject: Subject) -> Result<Issued> {
        let now = self.0.clock.now().seconds();
        let claims = Claims {
            iss: self.0.issuer.clone(),
            aud: self.0.audience.clone(),
            sub: id,
            jti: Uuid::now_v7(),
            iat: now,
            nbf: now,
            exp: now + LIFETIME_SECONDS,
            subject,
        };
        let keys = self.0.keys.read().unwrap_or_else(PoisonError::into_inner);
        let (kid, key) = &keys.signer;
        let header = Header { kid: Some(kid.clone()), ..Header::new(Algorithm::EdDSA) };
        let token = jsonwebtoken::encode(&header, &claims, key).map_err(Error::internal)?;
        Ok(Issued { token, expires_in_seconds: LIFETIME_SECONDS })
    }

    pub fn verify(&self, token: &str) -> Result<Arc<Principal>> {
        let now = self.0.clock.now().seconds();
        let known = self.remembered(token);
        let (principal, nbf, exp) = match known {
            Some(known) => known,
            None => self.verify_anew(token)?,
        };
        if nbf > now + LEEWAY_SECONDS || exp <= now { Err(Error::InvalidToken) } else { Ok(principal) }
    }

    /// When a token that was verified a moment ago ends, in seconds since the epoch.
    pub fn expiry_of(&self, token: &str) -> Option<i64> {
        self.remembered(token).map(|(_, _, exp)| exp)
    }

    fn remembered(&self, token: &str) -> Option<(Arc<Principal>, i64, i64)> {
        let mut remembered = self.0.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        remembered.get(token).map(|r| (r.principal.clone(), r.nbf, r.exp))
    }

    fn verify_anew(&self, token: &str) -> Result<(Arc<Principal>, i64, i64)> {
        let kid = jsonwebtoken::decode_header(token).ok().and_then(|header| header.kid).ok_or(Error::InvalidToken)?;
        let claims = {
            let keys = self.0.keys.read().unwrap_or_else(PoisonError::into_inner);
            let key = keys.verifiers.get(&kid).ok_or(Error::InvalidToken)?;
            jsonwebtoken::decode::<Claims>(token, key, &self.0.validation).map_err(|_| Error::InvalidToken)?.claims
        };
        let principal = Arc::new(Principal { id: claims.sub, subject: claims.subject });
        let remembered = Remembered { principal: principal.clone(), nbf: claims.nbf, exp: claims.exp };
        self.0.remembered.lock().unwrap_or_else(PoisonError::into_inner).put(token.to_owned(), remembered);
        Ok((principal, claims.nbf, claims.exp))
    }
}
