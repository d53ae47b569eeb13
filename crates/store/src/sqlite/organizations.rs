use async_trait::async_trait;
use lifecycle::ids::OrganizationId;
use uuid::Uuid;

use super::{SqliteStorage, notices, trail};
use crate::{
    Organization, Organizations, Result, StoreError, Trail,
    rows::{self, OrganizationRow},
    sql,
};

pub(super) const CHANGE_SEQS: &str =
    "SELECT id, change_seq FROM organizations WHERE id IN (SELECT unhex(value) FROM json_each($1))";

#[async_trait]
impl Organizations for SqliteStorage {
    async fn insert_organization(&self, organization: &Organization) -> Result<()> {
        sqlx::query(sql::organizations::INSERT)
            .bind(organization.id.as_uuid())
            .bind(organization.external_id.as_str())
            .bind(organization.slug.as_str())
            .bind(organization.name.as_str())
            .bind(organization.time_zone.as_str())
            .bind(organization.locale.as_str())
            .bind(organization.created_at.0)
            .execute(self.writer())
            .await?;
        Ok(())
    }

    async fn organization(&self, id: OrganizationId) -> Result<Option<Organization>> {
        let row: Option<OrganizationRow> =
            sqlx::query_as(sql::organizations::BY_ID).bind(id.as_uuid()).fetch_optional(self.reader()).await?;
        Ok(row.map(Organization::from))
    }

    async fn organization_by_slug(&self, slug: &str) -> Result<Option<Organization>> {
        let row: Option<OrganizationRow> =
            sqlx::query_as(sql::organizations::BY_SLUG).bind(slug).fetch_optional(self.reader()).await?;
        Ok(row.map(Organization::from))
    }

    async fn organization_by_external_id(&self, external_id: &str) -> Result<Option<Organization>> {
        let row: Option<OrganizationRow> =
            sqlx::query_as(sql::organizations::BY_EXTERNAL_ID).bind(external_id).fetch_optional(self.reader()).await?;
        Ok(row.map(Organization::from))
    }

    async fn update_organization(&self, organization: &Organization, trail: &Trail) -> Result<()> {
        let mut tx = self.begin().await?;
        trail::raise_change_seq(&mut tx, organization.id).await?;
        sqlx::query(sql::organizations::UPDATE)
            .bind(organization.id.as_uuid())
            .bind(organization.slug.as_str())
            .bind(organization.name.as_str())
            .bind(organization.time_zone.as_str())
            .bind(organization.locale.as_str())
            .execute(&mut *tx)
            .await?;
        sqlx::query(notices::POLICY_CHANGED).bind(organization.id.as_uuid()).execute(&mut *tx).await?;
        trail::write(&mut tx, trail).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn delete_organization(&self, id: OrganizationId) -> Result<bool> {
        let mut tx = self.begin().await?;
        match trail::raise_change_seq(&mut tx, id).await {
            Err(StoreError::Stale) => return Ok(false),
            raised => raised?,
        }
        for statement in sql::organizations::DELETE {
            sqlx::query(statement).bind(id.as_uuid()).execute(&mut *tx).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    async fn change_seq(&self, id: OrganizationId) -> Result<Option<i64>> {
        Ok(sqlx::query_scalar(sql::organizations::CHANGE_SEQ).bind(id.as_uuid()).fetch_optional(self.reader()).await?)
    }

    async fn change_seqs(&self, ids: &[OrganizationId]) -> Result<Vec<(OrganizationId, i64)>> {
        // One list instead of a text of its own for each number of them.
        let list: Vec<_> = ids.iter().map(|id| id.as_uuid().simple().to_string()).collect();
        let rows: Vec<(Uuid, i64)> =
            sqlx::query_as(CHANGE_SEQS).bind(rows::list_to_json(&list)).fetch_all(self.reader()).await?;
        Ok(rows.into_iter().map(|(id, seq)| (OrganizationId::from_uuid(id), seq)).collect())
    }

    async fn without_administrator(&self, few: i64) -> Result<(i64, Vec<String>)> {
        let rows: Vec<(i64, String)> =
            sqlx::query_as(sql::organizations::WITHOUT_ADMINISTRATOR).bind(few).fetch_all(self.reader()).await?;
        let all = rows.first().map_or(0, |(all, _)| *all);
        Ok((all, rows.into_iter().map(|(_, slug)| slug).collect()))
    }

    async fn set_zone_and_locale(
        &self,
        id: OrganizationId,
        time_zone: &str,
        locale: &str,
        trail: &Trail,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        trail::raise_change_seq(&mut tx, id).await?;
        sqlx::query(sql::organizations::SET_ZONE_AND_LOCALE)
            .bind(id.as_uuid())
            .bind(time_zone)
            .bind(locale)
            .execute(&mut *tx)
            .await?;
        sqlx::query(notices::POLICY_CHANGED).bind(id.as_uuid()).execute(&mut *tx).await?;
        trail::write(&mut tx, trail).await?;
        tx.commit().await?;
        Ok(())
    }
}
