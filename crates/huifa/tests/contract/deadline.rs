//! §3 deadline: dates that explain themselves.

use crate::support::City;
use anyhow::{Result, ensure};
use walker::client::problem;
use walker::views::Deadline;

#[tokio::test]
async fn a_deadline_explains_itself() -> Result<()> {
    let city = City::start().await?;
    let mut nobody = city.nobody();
    // 2026-11-20 is a Friday; 2025-10-01 to 08 were days off, 2025-09-28 and 10-11 were worked for them.
    for (query, due) in [
        ("from=2026-11-20&count=5&unit=workday", "2026-11-27"),
        ("from=2026-11-20&count=7&unit=day", "2026-11-27"),
        ("from=2025-09-30&count=1&unit=workday", "2025-10-09"),
        ("from=2025-08-31&count=1&unit=month", "2025-09-30"),
        ("from=2025-09-26&count=8&unit=day&roll=true", "2025-10-09"),
        ("from=2025-09-26&count=8&unit=day&roll=false", "2025-10-04"),
        ("from=2024-02-29&count=1&unit=year&roll=false", "2025-02-28"),
    ] {
        let found: Deadline = nobody.get(&format!("/api/v1/deadline?{query}")).await?.done()?;
        ensure!(found.due.0 == due, "{query}: {} instead of {due}", found.due.0);
        // The day is over at 24:00 in Beijing, which RFC 3339 writes as 00:00 of the next.
        let over = format!("{}T00:00:00+08:00", due.parse::<jiff::civil::Date>()?.tomorrow()?);
        ensure!(found.due_at.0 == over, "{query}: due {due}, due_at {}", found.due_at.0);
        ensure!(!found.explain.is_empty() && !found.provisional, "{found:?}");
    }
    let hours: Deadline =
        nobody.get("/api/v1/deadline?from=2026-11-20T10:00:00%2B08:00&count=24&unit=hour").await?.done()?;
    ensure!(hours.due_at.0.starts_with("2026-11-21T10:00:00"), "{hours:?}");
    let future: Deadline =
        nobody.get("/api/v1/deadline?from=2026-12-30&count=5&unit=workday").await?.done()?;
    ensure!(future.provisional, "2027 has no official days yet: {future:?}");
    for wrong in [
        "",
        "from=2026-11-20",
        "from=yesterday&count=1&unit=day",
        "from=2026-11-20&count=1&unit=week",
        "from=2026-11-20&rule=no-such-rule",
    ] {
        let answer = nobody.raw("GET", &format!("/api/v1/deadline?{wrong}"), None, None).await?;
        ensure!(matches!(answer.status, 400 | 404 | 422), "{wrong:?} answered {}", answer.status);
        problem(&answer)?;
    }
    Ok(())
}
