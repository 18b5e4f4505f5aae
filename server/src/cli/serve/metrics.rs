//! `/metrics` for Prometheus, on a separate address, because only the operator may read it.

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
/// The interval of the recorder's maintenance, for when nothing reads the metrics.
const UPKEEP: Duration = Duration::from_secs(5);

/// Starts recording.
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

/// Serves the metrics until `shutdown` completes.
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
