//! A PostgreSQL database for one test, where the environment names a server.

#[path = "../../../store/tests/contract/bench.rs"]
#[expect(dead_code, reason = "the storage's own suite uses the rest")]
mod bench;

/// Runs `case` on a database of its own; skipped where there is no server and none is required.
pub async fn on_postgres<F>(case: impl FnOnce(String) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let Some(server) = bench::postgres_server() else { return };
    let database = bench::Bench::on_postgres(&server).await;
    let url = database.url.clone();
    let outcome = tokio::spawn(case(url.clone())).await;
    bench::finish_on_postgres(&server, &url, outcome).await;
}
