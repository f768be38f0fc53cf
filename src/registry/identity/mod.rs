//! stub until merge
pub fn rebase_grants(_: &mut platform::db::Conn, _: &str, _: &str) -> platform::Result<()> { Ok(()) }
