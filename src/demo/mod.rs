//! stub
use platform::db::Db;
use std::net::SocketAddr;
pub fn load(_: &Db) -> platform::Result<bool> {
    Ok(true)
}
pub fn guide(_: SocketAddr, _: bool) -> String {
    String::new()
}
