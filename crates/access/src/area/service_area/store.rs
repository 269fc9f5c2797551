//! SQL of service areas.

use std::collections::BTreeMap;

use kernel::area::AreaCode;
use store::{Changes, Reads, StoreError, sql};

use super::model::{NewServiceArea, ServiceArea};
use crate::principal::OrgId;

/// All service areas, by name.
pub(crate) async fn all(reads: &mut impl Reads) -> Result<Vec<ServiceArea>, StoreError> {
    let rows: Vec<(String, String)> =
        sql("SELECT id, name FROM service_area ORDER BY name, id").all(reads).await?;
    let members: Vec<(String, i64)> =
        sql("SELECT service_area, area FROM service_area_member ORDER BY service_area, area")
            .all(reads)
            .await?;
    let offices: Vec<(String, String)> =
        sql("SELECT service_area, organisation FROM service_area_office ORDER BY service_area, organisation")
            .all(reads)
            .await?;
    let mut by_id: BTreeMap<String, (Vec<AreaCode>, Vec<OrgId>)> = BTreeMap::new();
    for (id, code) in members {
        let code = AreaCode::from_i64(code).map_err(|fault| StoreError::column("area", fault))?;
        by_id.entry(id).or_default().0.push(code);
    }
    for (id, office) in offices {
        by_id.entry(id).or_default().1.push(OrgId(office));
    }
    let told = rows.into_iter().map(|(id, name)| {
        let (members, offices) = by_id.remove(&id).unwrap_or_default();
        ServiceArea { id, name, members, offices }
    });
    Ok(told.collect())
}

/// Statements that write a service area as it is given.
pub(crate) fn put(changes: &mut Changes, area: &NewServiceArea) {
    changes.push(
        sql("INSERT INTO service_area (id, name) VALUES (?, ?)")
            .bind(&area.id)
            .bind(&area.name)
            .then(" ON CONFLICT (id) DO UPDATE SET name = excluded.name"),
    );
    changes.push(sql("DELETE FROM service_area_member WHERE service_area = ?").bind(&area.id));
    changes.push(sql("DELETE FROM service_area_office WHERE service_area = ?").bind(&area.id));
    changes.push(
        sql("INSERT INTO service_area_member (service_area, area) VALUES ")
            .rows(&area.members, |row, code| row.bind(&area.id).bind(code.as_i64())),
    );
    changes.push(
        sql("INSERT INTO service_area_office (service_area, organisation) VALUES ")
            .rows(&area.offices, |row, office| row.bind(&area.id).bind(office)),
    );
}
