use async_trait::async_trait;
use sqlx::SqliteConnection;

use super::{MIGRATOR, SqliteStorage};
use crate::{
    Result, SealedToken, System,
    rows::KeyCheckRow,
    schema::{self, Applied},
    sql,
};

const HAS_MIGRATIONS: &str =
    "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = '_sqlx_migrations')";

async fn applied(connection: &mut SqliteConnection) -> Result<Applied> {
    if sqlx::query_scalar::<_, bool>(HAS_MIGRATIONS).fetch_one(&mut *connection).await? {
        Ok(sqlx::query_as(sql::system::APPLIED).fetch_all(connection).await?)
    } else {
        Ok(Applied::new())
    }
}

#[async_trait]
impl System for SqliteStorage {
    async fn migrate(&self) -> Result<()> {
        // One transaction around all of it: of several processes that start at once, one
        // migrates and the others wait and then find nothing to do.
        let mut tx = self.begin().await?;
        schema::refuse_newer(&MIGRATOR, &applied(&mut tx).await?)?;
        MIGRATOR.run_direct(None, &mut *tx, false).await?;
        tx.commit().await?;
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
        // The writer last: only it can move the log into the file.
        self.readers.close().await;
        self.writer.close().await;
    }
}
