//! Where pages and the SCIM API read.

use super::{connect::prepare_sqlite_reader, run::Answers};
use sqlx::{
    Any, AnyConnection, AnyPool, ConnectOptions as _, Connection as _,
    any::{AnyArguments, AnyConnectOptions, AnyRow},
    query::Query,
};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{Semaphore, SemaphorePermit};

/// Connections to read with.
#[derive(Clone)]
pub(super) enum Reader {
    /// SQLite's.
    File(Arc<Lanes>),
    /// PostgreSQL's: the pool that also writes.
    Pool(AnyPool),
}

impl Reader {
    pub(super) async fn close(&self) {
        match self {
            Reader::File(lanes) => lanes.close().await,
            Reader::Pool(pool) => pool.close().await,
        }
    }
}

impl Answers for &Reader {
    async fn all(self, query: Query<'static, Any, AnyArguments>) -> Result<Vec<AnyRow>, sqlx::Error> {
        match self {
            Reader::Pool(pool) => query.fetch_all(pool).await,
            Reader::File(lanes) => {
                let mut lane = lanes.take().await?;
                let rows = query.fetch_all(&mut lane.connection).await;
                lane.give_back();
                rows
            }
        }
    }

    async fn first(self, query: Query<'static, Any, AnyArguments>) -> Result<Option<AnyRow>, sqlx::Error> {
        match self {
            Reader::Pool(pool) => query.fetch_optional(pool).await,
            Reader::File(lanes) => {
                let mut lane = lanes.take().await?;
                let row = query.fetch_optional(&mut lane.connection).await;
                lane.give_back();
                row
            }
        }
    }
}

/// A few connections to the file, opened when they are first needed.
///
/// Not a pool of sqlx: that one asks every connection that comes back whether it still works. A file does not hang up, and
/// the question costs as much as a statement, because each connection has a thread of its own.
pub(super) struct Lanes {
    options: AnyConnectOptions,
    free: Semaphore,
    /// The one that came back last is taken first: its thread is most likely still awake.
    idle: Mutex<Vec<AnyConnection>>,
}

/// A connection in use. One that is dropped instead of given back was in the middle of something, and is closed.
struct Lane<'l> {
    connection: AnyConnection,
    lanes: &'l Lanes,
    _permit: SemaphorePermit<'l>,
}

impl Lanes {
    pub(super) fn new(options: AnyConnectOptions, lanes: usize) -> Self {
        Self { options, free: Semaphore::new(lanes), idle: Mutex::default() }
    }

    async fn take(&self) -> Result<Lane<'_>, sqlx::Error> {
        let permit = self.free.acquire().await.map_err(|_| sqlx::Error::PoolClosed)?;
        let idle = self.idle().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => {
                let mut opened = self.options.connect().await?;
                prepare_sqlite_reader(&mut opened).await?;
                opened
            }
        };
        Ok(Lane { connection, lanes: self, _permit: permit })
    }

    async fn close(&self) {
        self.free.close();
        let idle = std::mem::take(&mut *self.idle());
        for connection in idle {
            // Closing is politeness: what was read is not lost.
            let _ = connection.close().await;
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<AnyConnection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lane<'_> {
    fn give_back(self) {
        let Self { connection, lanes, .. } = self;
        lanes.idle().push(connection);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Store, run::sql};

    #[tokio::test]
    async fn connections_are_used_again_and_not_more_than_there_may_be() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::connect(&format!("sqlite://{}", folder.path().join("x.db").display())).await.unwrap();
        let Reader::File(lanes) = &store.reader else { panic!("not SQLite") };
        for _ in 0..3 {
            sql("SELECT 1").first(&store.reader).await.unwrap();
        }
        assert_eq!(lanes.idle().len(), 1);
        let many = (0..50).map(|_| {
            let reader = store.reader.clone();
            tokio::spawn(async move { sql("SELECT 1").all(&reader).await.unwrap().len() })
        });
        for one in many.collect::<Vec<_>>() {
            assert_eq!(one.await.unwrap(), 1);
        }
        let most = lanes.free.available_permits();
        assert!((1..=most).contains(&lanes.idle().len()));
        store.close().await;
        assert!(sql("SELECT 1").first(&store.reader).await.is_err());
    }
}
