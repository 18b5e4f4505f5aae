use super::*;
use crate::{
    Store,
    db::{reader::DatabaseReader, statement::sql},
};
use rusqlite::StatementStatus;

async fn store() -> (Store, Arc<SqliteReader>, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::connect(&format!("sqlite://{}", folder.path().join("x.db").display())).await.unwrap();
    let DatabaseReader::File(file, _) = store.reader.clone() else { panic!("not SQLite") };
    (store, file, folder)
}

/// The number of unused connections; `None` after closing.
fn idle_count(idle: &Idle) -> Option<usize> {
    idle.all().as_ref().map(Vec::len)
}

/// Counts up to a number, to take any amount of time.
const COUNT: &str = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) \
                     SELECT COUNT(*) AS n FROM n";

#[tokio::test]
async fn values_are_bound_by_the_number_of_the_placeholder() {
    let (store, _file, _folder) = store().await;
    for inline in [false, true] {
        let statement = sql("SELECT $2 AS second, $1 AS first, $2 AS again, $3 AS absence").text("a").number(7);
        let statement = statement.opt_text(None);
        let statement = if inline { statement.inline() } else { statement };
        let row = statement.first(&store.reader).await.unwrap().unwrap();
        assert_eq!((row.text("first").unwrap(), row.number("second").unwrap()), ("a".into(), 7));
        assert_eq!(row.number("again").unwrap(), 7);
        assert_eq!(row.opt_text("absence").unwrap(), None);
        assert!(matches!(row.number("absence"), Err(StoreError::Corrupt(_))));
        assert!(matches!(row.number("first"), Err(StoreError::Corrupt(_))));
        assert!(matches!(row.text("absent"), Err(StoreError::Fault(_))));
        let one_too_few = sql("SELECT $2 AS x").text("a");
        let one_too_few = if inline { one_too_few.inline() } else { one_too_few };
        assert!(matches!(one_too_few.all(&store.reader).await, Err(StoreError::Fault(_))));
    }
}

#[tokio::test]
async fn connections_are_reused_and_limited() {
    let (store, file, _folder) = store().await;
    for _ in 0..3 {
        sql("SELECT 1").inline().first(&store.reader).await.unwrap();
        sql("SELECT 1").first(&store.reader).await.unwrap();
    }
    assert_eq!((idle_count(&file.inline), idle_count(&file.long)), (Some(1), Some(1)));
    let queries = (0..50).map(|_| {
        let reader = store.reader.clone();
        tokio::spawn(async move { sql(COUNT).number(1000).all(&reader).await.unwrap().len() })
    });
    for one in queries.collect::<Vec<_>>() {
        assert_eq!(one.await.unwrap(), 1);
    }
    assert!((1..=MAX_LONG).contains(&idle_count(&file.long).unwrap()));
    store.close().await;
    assert!(sql("SELECT 1").first(&store.reader).await.is_err());
    assert!(sql("SELECT 1").inline().first(&store.reader).await.is_err());
}

#[tokio::test]
async fn connections_returned_after_closing_are_closed() {
    let (store, file, _folder) = store().await;
    sql("SELECT 1").inline().first(&store.reader).await.unwrap();
    let inline = file.inline.take().unwrap();
    let reader = store.reader.clone();
    let running = tokio::spawn(async move { sql(COUNT).number(1_000_000).first(&reader).await });
    while file.permits.available_permits() == MAX_LONG {
        tokio::task::yield_now().await;
    }
    store.close().await;
    file.inline.give_back(inline);
    assert_eq!(running.await.unwrap().unwrap().unwrap().number("n").unwrap(), 1_000_000, "it was begun before");
    assert_eq!((idle_count(&file.inline), idle_count(&file.long)), (None, None));
}

#[tokio::test]
async fn a_cancelled_statement_ends() {
    let (store, file, _folder) = store().await;
    for _ in 0..MAX_LONG {
        let reader = store.reader.clone();
        let endless = tokio::spawn(async move { sql(COUNT).number(i64::MAX).all(&reader).await.map(|_| ()) });
        while file.permits.available_permits() == MAX_LONG {
            tokio::task::yield_now().await;
        }
        endless.abort();
        while file.permits.available_permits() < MAX_LONG {
            tokio::task::yield_now().await;
        }
    }
    assert_eq!(sql(COUNT).number(3).first(&store.reader).await.unwrap().unwrap().number("n").unwrap(), 3);
}

#[tokio::test]
async fn a_statement_is_prepared_once_for_all_values() {
    let (_store, file, _folder) = store().await;
    let Ok(connection) = open(&file.path, LOCK_TIMEOUT) else { panic!("the file cannot be read") };
    let text = "SELECT name FROM sqlite_master WHERE name > $1 ORDER BY name LIMIT $2";
    for limit in 1..10 {
        assert!(query(&connection, &sql(text).text("a").number(limit), ReadLimit::ALL).is_ok());
    }
    let prepared = connection.prepare_cached(text).unwrap();
    assert_eq!(prepared.get_status(StatementStatus::RePrepare), 0);
}

/// A caller may cancel before the other thread has begun.
#[tokio::test]
async fn a_statement_cancelled_before_it_began_ends() {
    let (_store, file, _folder) = store().await;
    let Ok(connection) = open(&file.path, LOCK_TIMEOUT) else { panic!("the file cannot be read") };
    let endless = sql(COUNT).number(i64::MAX);
    assert!(query_unless_cancelled(&connection, &endless, ReadLimit::ONE, Arc::new(AtomicBool::new(true))).is_err());
    let inline = sql(COUNT).number(100_000);
    let answer = query_unless_cancelled(&connection, &inline, ReadLimit::ONE, Arc::new(AtomicBool::new(false)));
    assert_eq!(answer.ok().unwrap().0[0].number("n").unwrap(), 100_000, "the next one is not given up");
}

#[tokio::test]
async fn readers_cannot_write() {
    let (store, _file, _folder) = store().await;
    assert!(sql("CREATE TABLE x (y TEXT)").all(&store.reader).await.is_err());
    assert!(sql("CREATE TABLE x (y TEXT)").inline().all(&store.reader).await.is_err());
}
