//! `/metrics` for Prometheus, on an address of its own: what stands there is for the operator alone.

use crate::{
    connections::{self, ConnectionLimits},
    telemetry,
};
use axum::{Router, http::header, routing::get};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::time::Duration;
use tokio::net::TcpListener;

/// The text format that Prometheus reads.
const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";
/// How often the recorder tidies up, when nobody reads.
const UPKEEP: Duration = Duration::from_secs(5);

/// Records from now on.
pub(super) fn record() -> PrometheusHandle {
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    if metrics::set_global_recorder(recorder).is_err() {
        tracing::warn!("another metrics recorder is already installed: /metrics stays empty");
    }
    metrics::describe_gauge!("rollcall_build_info", "1, with the version as a label");
    metrics::gauge!("rollcall_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    metrics::describe_counter!(
        telemetry::DROPPED,
        "log lines that were dropped because stderr wasn't read fast enough"
    );
    metrics::counter!(telemetry::DROPPED).absolute(telemetry::dropped());
    handle
}

/// Serves what was recorded until `shutdown` is over.
pub(super) async fn serve(
    listener: TcpListener,
    handle: PrometheusHandle,
    shutdown: impl Future<Output = ()> + Send + 'static,
) {
    tokio::select! {
        () = connections::serve(listener, routes(handle.clone()), ConnectionLimits::few(), &[], shutdown) => {}
        () = tidy(handle) => {}
    }
}

fn routes(handle: PrometheusHandle) -> Router {
    let render = move || async move { ([(header::CONTENT_TYPE, CONTENT_TYPE)], handle.render()) };
    Router::new().route("/metrics", get(render))
}

async fn tidy(handle: PrometheusHandle) {
    let mut ticks = tokio::time::interval(UPKEEP);
    loop {
        ticks.tick().await;
        handle.run_upkeep();
    }
}
