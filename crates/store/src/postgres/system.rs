use async_trait::async_trait;
use sqlx::PgConnection;

use super::{MIGRATOR, PostgresStorage};
use crate::{
    Result, SealedToken, System,
    rows::KeyCheckRow,
    schema::{self, Applied},
    sql,
};

const HAS_MIGRATIONS: &str = "SELECT to_regclass('_sqlx_migrations') IS NOT NULL";

/// Another process may be migrating a large database.
const WAIT_FOR_OTHERS: &str = "SET lock_timeout = '5min'";

async fn applied(connection: &mut PgConnection) -> Result<Applied> {
    if sqlx::query_scalar::<_, bool>(HAS_MIGRATIONS).fetch_one(&mut *connection).await? {
        Ok(sqlx::query_as(sql::system::APPLIED).fetch_all(connection).await?)
    } else {
        Ok(Applied::new())
    }
}

#[async_trait]
impl System for PostgresStorage {
    async fn migrate(&self) -> Result<()> {
        let mut connection = self.pool.acquire().await?;
        schema::refuse_newer(&MIGRATOR, &applied(&mut connection).await?)?;
        // Processes that start at once take turns by an advisory lock, which belongs to the
        // connection and is kept after a failure: the connection must not go back to the pool.
        connection.close_on_drop();
        sqlx::query(WAIT_FOR_OTHERS).execute(&mut *connection).await?;
        MIGRATOR.run_direct(None, &mut *connection, false).await?;
        connection.close().await?;
        Ok(())
    }

    async fn check_schema(&self) -> Result<()> {
        let mut connection = self.reader().acquire().await?;
        schema::refuse_other_than(&MIGRATOR, &applied(&mut connection).await?)
    }

    async fn ping(&self) -> Result<()> {
        sqlx::query(sql::system::PING).execute(self.reader()).await?;
        Ok(())
    }

    async fn key_check(&self) -> Result<Option<SealedToken>> {
        let row: Option<KeyCheckRow> = sqlx::query_as(sql::system::KEY_CHECK).fetch_optional(self.reader()).await?;
        Ok(row.map(SealedToken::from))
    }

    async fn init_key_check(&self, sealed: &SealedToken) -> Result<()> {
        sqlx::query(sql::system::INIT_KEY_CHECK)
            .bind(sealed.key_id.as_str())
            .bind(sealed.ciphertext.as_slice())
            .bind(sealed.token_version)
            .execute(self.writer())
            .await?;
        Ok(())
    }

    async fn forget_connections(&self) -> Result<()> {
        let mut tx = self.begin().await?;
        for statement in sql::system::FORGET_CONNECTIONS {
            sqlx::query(statement).execute(&mut *tx).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    async fn close(&self) {
        if let Some(listener) = self.listener.get() {
            listener.stop();
        }
        self.pool.close().await;
    }
}
