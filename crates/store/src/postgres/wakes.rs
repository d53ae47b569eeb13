//! Wake-ups across processes, by `NOTIFY`. They only save waiting: whoever is woken also looks by
//! himself from time to time, so nothing depends on one that gets lost.

use std::{sync::Arc, time::Duration};

use sqlx::{
    PgConnection, PgPool,
    postgres::{PgConnectOptions, PgListener, PgPoolOptions},
};
use tokio::task::JoinHandle;

use super::{ACQUIRE_TIMEOUT, PostgresStorage};
use crate::{JobKind, Result, Wake, WakeUps, Wakes, wakes::Signals};

/// One for all; what is sent on it is one word.
const CHANNEL: &str = "renova_wakes";
const TELL: &str = "SELECT pg_notify($1, $2)";

const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(60);

impl WakeUps for PostgresStorage {
    fn wakes(&self, of: Wake) -> Wakes {
        self.listener.get_or_init(|| Listener::start(self.options.clone(), Arc::clone(&self.signals)));
        self.signals.wakes(of)
    }
}

/// Reaches nobody before the transaction is committed; the same word twice is told once.
pub(super) async fn tell(tx: &mut PgConnection, wake: Wake) -> Result<()> {
    sqlx::query(TELL).bind(CHANNEL).bind(wake.as_str()).execute(tx).await?;
    Ok(())
}

pub(super) const fn who_does(kind: JobKind) -> Wake {
    match kind {
        JobKind::Housekeeping => Wake::Rounds,
        JobKind::Mail => Wake::Mail,
    }
}

/// Listens on a connection of its own, until it is dropped.
pub(super) struct Listener(JoinHandle<()>);

impl Listener {
    fn start(options: PgConnectOptions, signals: Arc<Signals>) -> Self {
        // The listener asks a pool for its connection.
        let pool = PgPoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .connect_lazy_with(options);
        Self(tokio::spawn(listen_for_ever(pool, signals)))
    }

    pub(super) fn stop(&self) {
        self.0.abort();
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.stop();
    }
}

async fn listen_for_ever(pool: PgPool, signals: Arc<Signals>) {
    let mut wait = FIRST_WAIT;
    loop {
        match connect(&pool).await {
            Ok(listener) => {
                wait = FIRST_WAIT;
                pass_on(listener, &signals).await;
                tracing::warn!("the database's wake-ups are lost for a while; work is looked for as always");
            }
            Err(error) => tracing::debug!(%error, "the database's wake-ups cannot be listened to"),
        }
        tokio::time::sleep(wait).await;
        wait = (wait * 2).min(LONGEST_WAIT);
    }
}

async fn connect(pool: &PgPool) -> Result<PgListener, sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    // Whoever reconnects has to tell all: that is done here, in one place.
    listener.eager_reconnect(false);
    listener.listen(CHANNEL).await?;
    Ok(listener)
}

/// Until the connection is lost.
async fn pass_on(mut listener: PgListener, signals: &Signals) {
    // What was told before has reached nobody here.
    signals.wake_all();
    while let Ok(Some(told)) = listener.try_recv().await {
        signals.wake(told.payload());
    }
}
