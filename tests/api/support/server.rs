//! Databases on the PostgreSQL server that `TEST_DATABASE_URL` names. To copy one takes a fifteenth of the time that all
//! migrations take.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;
use platform::db::{Conn, Either, Manager};

/// What processes left behind that are gone: a template is kept as long as its process, and who is killed drops nothing.
/// Who is alive holds a connection that is called by its number.
const LEFT_BEHIND: &str = "SELECT datname AS name FROM pg_database WHERE datname LIKE 'test\\_%' \
    AND split_part(datname, '_', 2) NOT IN \
    (SELECT split_part(application_name, '_', 2) FROM pg_stat_activity WHERE application_name LIKE 'test\\_%')";

/// A database of this process. It is dropped with this.
pub struct OnServer {
    server: &'static Server,
    name: String,
}

struct Server {
    url: String,
    /// To the database that the URL names.
    conn: Mutex<Conn>,
}

#[derive(diesel::QueryableByName)]
struct Named {
    #[diesel(sql_type = diesel::sql_types::Text)]
    name: String,
}

impl Server {
    /// `None` where the tests run on SQLite.
    fn get() -> Option<&'static Self> {
        static SERVER: OnceLock<Option<Server>> = OnceLock::new();
        SERVER.get_or_init(|| std::env::var("TEST_DATABASE_URL").ok().map(Self::begin)).as_ref()
    }

    fn begin(url: String) -> Self {
        let manager = Manager::new(&url).expect("TEST_DATABASE_URL is a PostgreSQL URL");
        let mut conn = manager.open().expect("the PostgreSQL server answers");
        for Named { name } in left_behind(&mut conn) {
            // Another process may be about to do the same.
            let _ = conn.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
        let called = format!("SET application_name = 'test_{}'", std::process::id());
        conn.batch_execute(&called).expect("the connection is called by the process");
        Self { url, conn: Mutex::new(conn) }
    }

    fn run(&self, sql: &str) -> Result<(), diesel::result::Error> {
        self.conn.lock().unwrap_or_else(PoisonError::into_inner).batch_execute(sql)
    }

    /// The files of the template are copied as they are. Written to the log page by page, as is usual, they take twice as long.
    fn create(&'static self, template: &str) -> OnServer {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        self.run(&format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy"))
            .expect("a database is made");
        OnServer { server: self, name }
    }
}

fn left_behind(conn: &mut Conn) -> Vec<Named> {
    match conn.either() {
        Either::Postgres(c) => diesel::sql_query(LEFT_BEHIND).load(c).expect("the names of databases"),
        Either::Sqlite(_) => panic!("TEST_DATABASE_URL is for PostgreSQL"),
    }
}

impl OnServer {
    /// Without any tables. `None` where the tests run on SQLite.
    pub fn empty() -> Option<Self> {
        Server::get().map(|server| server.create("template0"))
    }

    pub fn copy(&self) -> Self {
        self.server.create(&self.name)
    }

    /// The server's address with this database in the place of its own.
    pub fn url(&self) -> String {
        let (address, options) = self.server.url.split_once('?').unwrap_or((&self.server.url, ""));
        let (server, _) = address.rsplit_once('/').expect("TEST_DATABASE_URL names a database");
        let joint = if options.is_empty() { "" } else { "?" };
        format!("{server}/{}{joint}{options}", self.name)
    }

    /// Ends its connections: what is in use is not copied.
    pub fn close(&self) {
        let name = &self.name;
        self.server
            .run(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
            .expect("it takes no more connections");
        let end = format!("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{name}'");
        self.server.run(&end).expect("its connections end");
    }
}

impl Drop for OnServer {
    /// The test's server may still hold connections. Where it fails the next run drops it.
    fn drop(&mut self) {
        let _ = self.server.run(&format!("DROP DATABASE {} WITH (FORCE)", self.name));
    }
}
