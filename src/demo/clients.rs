//! 接入方: one for the district's screens, with what `/screen` reads and no more. Its secret is printed for everybody to read,
//! as the personas' passwords are.

use platform::db::Conn;
use platform::secrets::fingerprint;
use platform::{Error, Result};
use registry::identity::{self, ApiClientId, NewClientSpec};
use registry::territory::store::By;

use super::divisions::DISTRICT;
use super::ids::{Kind, id};
use super::personas;

const NAME: &str = "测试·区级大屏";
const SECRET: &str = "demo-screen-suzhou-2024";
const SCOPES: [&str; 3] = ["statistics:read", "grids:read", "divisions:read"];
/// Who made it: only who carries its scopes there may.
const MAKER: &str = "coord.suzhou";

/// What opens the screens of the district.
#[derive(Debug, Clone, Copy)]
pub struct Dashboard {
    pub id: ApiClientId,
    pub secret: &'static str,
}

pub fn dashboard() -> Dashboard {
    Dashboard { id: ApiClientId(id(Kind::ApiClient, 1)), secret: SECRET }
}

pub fn load(c: &mut Conn, by: &By) -> Result<()> {
    let maker = personas::account(MAKER).ok_or_else(|| Error::internal(format!("{MAKER} is no persona")))?;
    let Dashboard { id, secret } = dashboard();
    let spec = NewClientSpec {
        id,
        name: NAME.to_owned(),
        area: DISTRICT.parse().map_err(|cause: String| Error::internal(cause))?,
        scopes: SCOPES.map(str::to_owned).to_vec(),
        secret_hash: fingerprint(secret.as_bytes()),
        actor: maker.0,
        at: by.at,
    };
    identity::create_client(c, spec)?;
    Ok(())
}
