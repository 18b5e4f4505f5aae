//! The usage of the team's limits.

use crate::{
    components::number::thousands,
    model::{Usage, UsageOf},
};
use leptos::prelude::*;

/// Members, groups and stored data, each with its limit.
#[component]
pub(super) fn UsageCard(usage: Vec<Usage>) -> impl IntoView {
    let rows = usage.into_iter().map(|usage| {
        view! {
            <dt>{label(usage.of)}</dt>
            <dd>{words(&usage)}</dd>
        }
    });
    view! {
        <section class="card" aria-labelledby="usage">
            <div class="card-head">
                <div>
                    <h2 id="usage">"Usage"</h2>
                    <p>"What this team stores. The operator of this server sets the limits."</p>
                </div>
            </div>
            <div class="row-block">
                <dl class="facts">{rows.collect_view()}</dl>
            </div>
        </section>
    }
}

const fn label(of: UsageOf) -> &'static str {
    match of {
        UsageOf::Members => "Members",
        UsageOf::Groups => "Groups",
        UsageOf::Bytes => "Stored data",
    }
}

/// "1,204 of 250,000", "5 of 5 (limit reached)", or "1,204" without a limit.
fn words(usage: &Usage) -> String {
    let amount = |amount| match usage.of {
        UsageOf::Members | UsageOf::Groups => thousands(amount),
        UsageOf::Bytes => size(amount),
    };
    match usage.limit {
        Some(limit) if usage.used >= limit => {
            [&amount(usage.used), " of ", &amount(limit), " (limit reached)"].concat()
        }
        Some(limit) => [&amount(usage.used), " of ", &amount(limit)].concat(),
        None => amount(usage.used),
    }
}

/// "900 bytes", "1.5 MiB", "2 GiB".
fn size(bytes: i64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    let mut tenths = bytes.max(0).saturating_mul(10);
    let mut unit = "bytes";
    for larger in UNITS {
        if tenths < 10_240 {
            break;
        }
        (tenths, unit) = (tenths / 1_024, larger);
    }
    match tenths % 10 {
        0 => format!("{} {unit}", thousands(tenths / 10)),
        tenth => format!("{}.{tenth} {unit}", thousands(tenths / 10)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_a_readable_unit() {
        for (bytes, text) in [
            (0, "0 bytes"),
            (1_023, "1,023 bytes"),
            (1_024, "1 KiB"),
            (1_572_864, "1.5 MiB"),
            (2_147_483_648, "2 GiB"),
            (i64::MAX, "838,860.7 TiB"),
        ] {
            assert_eq!(size(bytes), text);
        }
    }

    #[test]
    fn the_text_contains_the_limit() {
        let mut usage = Usage { of: UsageOf::Members, used: 1_204, limit: Some(250_000) };
        assert_eq!(words(&usage), "1,204 of 250,000");
        usage.limit = Some(1_204);
        assert_eq!(words(&usage), "1,204 of 1,204 (limit reached)");
        usage.limit = None;
        assert_eq!(words(&usage), "1,204");
    }
}
