//! What must be in place before the first request: the secret, the keys, the first account.

use std::io::Write;
use std::path::{Path, PathBuf};

use platform::auth::{AreaCode, Role, Tokens};
use platform::clock::Clock;
use platform::db::{Db, Manager};
use platform::http::UploadRoom;
use platform::secrets::{Secrets, random_text};
use platform::{App, Error, Result};
use registry::identity::{self, AccountId, GrantId, NewAccountSpec, NewGrantSpec, passwords};

use crate::app::Shared;
use crate::config::Config;
use crate::tasks;

const MIN_SECRET: usize = 32;

/// The application over an open, migrated database, and the fingerprint of the keys in force.
pub fn shared(config: &Config, db: Db, clock: Clock) -> std::result::Result<(Shared, String), String> {
    react();
    let secrets = secrets(config)?;
    let now = clock.now();
    let ring = tasks::load_keys(&db, &secrets, now).map_err(|e| format!("cannot load the signing keys: {e}"))?;
    let public_base = config.public_base();
    let tokens = Tokens::new(ring.keys, &public_base, &config.token_audience, clock.clone());
    let storage = config.storage()?;
    let limits = config.limits();
    let app = App { db, clock, tokens, secrets, storage, public_base, limits, uploads: UploadRoom::of(limits) };
    Ok((Shared::new(app, config)?, ring.fingerprint))
}

/// Puts in force what contexts do when others record an event, and the rules that places may set. Whatever opens a database to write comes by here first.
pub fn react() {
    platform::history::react_with(&[roster::REACTIONS, delivery::REACTIONS, deliberation::REACTIONS, oversight::REACTIONS]);
    platform::rule_sets::declare(crate::RULES);
}

/// The configured secret or, on SQLite, the one beside the database file, made on first use.
pub fn secrets(config: &Config) -> std::result::Result<Secrets, String> {
    if let Some(secret) = &config.secret_key {
        return match secret.len() {
            MIN_SECRET.. => Ok(Secrets::new(secret.as_bytes())),
            _ => Err(format!("SECRET_KEY must have at least {MIN_SECRET} characters")),
        };
    }
    let manager = Manager::new(&config.database_url)?;
    let path = manager.sqlite_path().map(|path| PathBuf::from(format!("{path}.secret")));
    let path = path.ok_or("SECRET_KEY must be set: processes on PostgreSQL share it")?;
    let secret = match std::fs::read(&path) {
        Ok(secret) => secret,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => write_secret(&path)?,
        Err(e) => return Err(format!("cannot read {}: {e}", path.display())),
    };
    Ok(Secrets::new(&secret))
}

fn write_secret(path: &Path) -> std::result::Result<Vec<u8>, String> {
    let secret = random_text(48).map_err(|e| e.to_string())?.into_bytes();
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| file.write_all(&secret).and_then(|()| file.sync_all()));
    written.map_err(|e| format!("cannot write {}: {e}", path.display()))?;
    Ok(secret)
}

/// Removes a SQLite database with all that lies beside it; the secret goes too, for what it sealed is gone.
pub fn remove_sqlite_file(url: &str) -> std::result::Result<(), String> {
    let manager = Manager::new(url)?;
    let path =
        manager.sqlite_path().ok_or("--fresh empties a SQLite file only; drop the PostgreSQL database yourself")?;
    for suffix in ["", "-wal", "-shm", ".secret"] {
        match std::fs::remove_file(format!("{path}{suffix}")) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                return Err(format!("cannot remove {path}{suffix}: {e}"));
            }
            _ => {}
        }
    }
    Ok(())
}

/// An account with one role, and its random password, which has to be changed at the first login.
pub fn create_account(
    db: &Db,
    clock: &Clock,
    (username, display_name): (&str, &str),
    role: Role,
    area: AreaCode,
) -> std::result::Result<String, String> {
    let rule = "a username has 3–40 lower-case letters, digits, dots, hyphens or underscores";
    identity::check_username(username).map_err(|_| rule.to_owned())?;
    insert_account(db, clock, (username, display_name), role, area).map_err(|error| match error {
        Error::Rule(problem, _) => problem.en.to_owned(),
        Error::Internal(cause) => cause.to_string(),
        other => other.to_string(),
    })
}

fn insert_account(
    db: &Db,
    clock: &Clock,
    (username, display_name): (&str, &str),
    role: Role,
    area: AreaCode,
) -> Result<String> {
    let password = passwords::random()?;
    let hash = passwords::hash_now(&password)?;
    let (now, today) = (clock.now(), clock.today());
    db.write_now(|c| {
        let account = NewAccountSpec {
            id: AccountId::fresh(),
            username: username.to_owned(),
            display_name: display_name.to_owned(),
            password_hash: hash.clone(),
            area: area.clone(),
            must_change_password: true,
            actor: None,
            at: now,
        };
        let account = identity::create_account(c, account)?;
        let grant = NewGrantSpec {
            id: GrantId::fresh(),
            account,
            role,
            area: area.clone(),
            organisation: None,
            valid_from: today,
            valid_to: None,
            reason: "命令行创建".to_owned(),
            actor: None,
            at: now,
        };
        identity::grant_role(c, grant)?;
        Ok::<_, Error>(())
    })?;
    Ok(password)
}
