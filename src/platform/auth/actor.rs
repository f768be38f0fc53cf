//! The first argument of every handler: who calls, proved before a byte of the body is read.

use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use uuid::Uuid;

use super::{AreaCode, Grant, Principal, Role, Scope, Subject, Tokens, Visible};
use crate::error::{Error, Result};

/// What the bearer token said, left on the request by the edge.
#[derive(Clone)]
enum Credentials {
    None,
    Bad,
    Good(Arc<Principal>),
}

/// Reads the bearer token once and leaves the outcome on the request, for the rate limiter and the extractors.
pub fn authenticate(request: &impl HttpMessage, tokens: &Tokens) {
    let credentials = match request.headers().get(header::AUTHORIZATION) {
        None => Credentials::None,
        Some(value) => {
            // A token is long, and `HeaderValue::to_str` looks at its characters one by one.
            let text = std::str::from_utf8(value.as_bytes()).ok();
            let bearer = text.and_then(|text| text.split_once(' '));
            match bearer.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")) {
                Some((_, token)) => tokens.verify(token.trim()).map_or(Credentials::Bad, Credentials::Good),
                None => Credentials::Bad,
            }
        }
    };
    request.extensions_mut().insert(credentials);
}

/// The caller, where a good token came along.
pub fn principal_of(request: &impl HttpMessage) -> Option<Arc<Principal>> {
    match request.extensions().get::<Credentials>() {
        Some(Credentials::Good(principal)) => Some(principal.clone()),
        _ => None,
    }
}

/// A caller who carries the scope `S`.
pub struct Actor<S> {
    principal: Arc<Principal>,
    scope: PhantomData<fn() -> S>,
}

impl<S> Clone for Actor<S> {
    fn clone(&self) -> Self {
        Self { principal: self.principal.clone(), scope: PhantomData }
    }
}

impl<S: Scope> Actor<S> {
    fn admit(principal: Arc<Principal>) -> Result<Self> {
        let carries = match &principal.subject {
            Subject::Account { grants, .. } => match S::HOLDERS {
                super::Holders::Everyone => true,
                holders => grants.iter().any(|grant| holders.include(grant.role)),
            },
            Subject::Client { scopes, .. } => scopes.iter().any(|scope| scope == S::NAME),
        };
        if carries {
            Ok(Self { principal, scope: PhantomData })
        } else {
            Err(Error::Forbidden { required_scope: S::NAME })
        }
    }

    /// The account or client, for records of who did what.
    pub fn id(&self) -> Uuid {
        self.principal.id
    }

    /// The session of a person; programs have none.
    pub fn session(&self) -> Option<Uuid> {
        match &self.principal.subject {
            Subject::Account { session, .. } => Some(*session),
            Subject::Client { .. } => None,
        }
    }

    /// The grants that carry this scope; a program has none.
    pub fn grants(&self) -> impl Iterator<Item = &Grant> {
        let grants: &[Grant] = match &self.principal.subject {
            Subject::Account { grants, .. } => grants,
            Subject::Client { .. } => &[],
        };
        grants.iter().filter(|grant| S::HOLDERS.include(grant.role))
    }

    /// Whether the caller holds one of `roles` for the organisation.
    pub fn holds_for(&self, roles: &[Role], organisation: Uuid) -> bool {
        self.grants().any(|grant| roles.contains(&grant.role) && grant.organisation == Some(organisation))
    }

    /// Whether the caller holds one of `roles` over the area `code`.
    pub fn holds(&self, roles: &[Role], code: &str) -> bool {
        self.grants().any(|grant| roles.contains(&grant.role) && grant.area.covers(code))
    }

    /// Who calls, with all that they hold: for what is decided by more than one scope.
    pub fn principal(&self) -> &Principal {
        &self.principal
    }

    /// The rows that this scope opens to the caller.
    pub fn visible(&self) -> Visible {
        let areas: Vec<AreaCode> = match &self.principal.subject {
            Subject::Account { .. } => self.grants().map(|grant| grant.area.clone()).collect(),
            Subject::Client { area, .. } => vec![area.clone()],
        };
        Visible::of(areas)
    }
}

impl<S: Scope> FromRequest for Actor<S> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(match credentials_of(request) {
            Credentials::None => Err(Error::Unauthenticated),
            Credentials::Bad => Err(Error::InvalidToken),
            Credentials::Good(principal) => Self::admit(principal),
        })
    }
}

/// Anybody: the first argument of a public route. A bad token is still a 401, so that clients notice.
pub struct Visitor(pub Option<Arc<Principal>>);

impl FromRequest for Visitor {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(match credentials_of(request) {
            Credentials::None => Ok(Self(None)),
            Credentials::Bad => Err(Error::InvalidToken),
            Credentials::Good(principal) => Ok(Self(Some(principal))),
        })
    }
}

fn credentials_of(request: &HttpRequest) -> Credentials {
    request.extensions().get::<Credentials>().cloned().unwrap_or(Credentials::None)
}
