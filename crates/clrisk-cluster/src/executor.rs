//! An executor: reads its part of the files and adds up.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::sync::Arc;

use ballista_core::registry::BallistaFunctionRegistry;
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use datafusion::logical_expr::AggregateUDF;

use crate::{ClusterError, HEARTBEAT_SECONDS, MESSAGE_BYTES, host_and_port};

/// Where an executor listens, whom it works for, and how much it does at once.
#[derive(Debug, Clone)]
pub struct ExecutorSettings {
    /// Address of the scheduler, `HOST:PORT`.
    pub scheduler: String,
    /// Address for results; the port after it is for orders.
    pub listen: SocketAddr,
    /// Parts worked on at the same time; as many as the machine has processors when none.
    pub tasks: Option<NonZeroUsize>,
}

/// Runs an executor until the process is stopped.
///
/// # Errors
/// [`ClusterError::Address`] when the scheduler's address is none, [`ClusterError::Listen`] when its own cannot be used,
/// [`ClusterError::Ended`] when the scheduler cannot be reached or the executor ends.
pub async fn executor(settings: &ExecutorSettings, functions: Vec<Arc<AggregateUDF>>) -> Result<(), ClusterError> {
    let (scheduler_host, scheduler_port) = host_and_port(&settings.scheduler)?;
    let orders = SocketAddr::new(settings.listen.ip(), settings.listen.port().saturating_add(1));
    for address in [settings.listen, orders] {
        drop(std::net::TcpListener::bind(address).map_err(|_| ClusterError::Listen { address })?);
    }
    let ended = |reason: String| ClusterError::Ended { reason };
    // Results wait here until they are fetched; the folder goes with the process.
    let folder = tempfile::tempdir().map_err(|error| ended(error.to_string()))?;
    let mut registry = BallistaFunctionRegistry::default();
    for function in functions {
        registry.aggregate_functions.insert(function.name().to_owned(), function);
    }
    let tasks = settings.tasks.or_else(|| std::thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get);
    let config = ExecutorProcessConfig {
        bind_host: settings.listen.ip().to_string(),
        port: settings.listen.port(),
        grpc_port: orders.port(),
        scheduler_host,
        scheduler_port,
        scheduler_connect_timeout_seconds: 30,
        vcores: tasks,
        work_dir: Some(folder.path().to_string_lossy().into_owned()),
        executor_heartbeat_interval_seconds: HEARTBEAT_SECONDS,
        grpc_max_decoding_message_size: MESSAGE_BYTES,
        grpc_max_encoding_message_size: MESSAGE_BYTES,
        override_function_registry: Some(Arc::new(registry)),
        ..ExecutorProcessConfig::default()
    };
    start_executor_process(Arc::new(config)).await.map_err(|error| ended(error.to_string()))
}
