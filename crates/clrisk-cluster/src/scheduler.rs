//! The scheduler: takes plans from clients and gives their parts to executors.

use std::net::SocketAddr;
use std::sync::Arc;

use ballista_core::utils::default_session_builder;
use ballista_scheduler::cluster::BallistaCluster;
use ballista_scheduler::config::SchedulerConfig;
use ballista_scheduler::scheduler_process::start_server;
use datafusion::execution::FunctionRegistry;
use datafusion::logical_expr::AggregateUDF;
use datafusion::prelude::SessionConfig;

use crate::{ClusterError, MESSAGE_BYTES, TIMEOUT_SECONDS};

/// Runs a scheduler until the process is stopped.
///
/// # Errors
/// [`ClusterError::Listen`] when the address cannot be used, [`ClusterError::Ended`] when the scheduler ends.
pub async fn scheduler(listen: SocketAddr, functions: Vec<Arc<AggregateUDF>>) -> Result<(), ClusterError> {
    // The scheduler would only say that it ended.
    drop(std::net::TcpListener::bind(listen).map_err(|_| ClusterError::Listen { address: listen })?);
    let builder = move |config: SessionConfig| {
        let mut state = default_session_builder(config)?;
        for function in &functions {
            state.register_udaf(function.clone())?;
        }
        Ok(state)
    };
    let config = SchedulerConfig {
        bind_host: listen.ip().to_string(),
        bind_port: listen.port(),
        external_host: listen.ip().to_string(),
        executor_timeout_seconds: TIMEOUT_SECONDS,
        expire_dead_executor_interval_seconds: 2,
        no_executors_grace_period_seconds: 60,
        grpc_server_max_decoding_message_size: MESSAGE_BYTES,
        grpc_server_max_encoding_message_size: MESSAGE_BYTES,
        grpc_client_max_message_size: MESSAGE_BYTES,
        override_session_builder: Some(Arc::new(builder)),
        ..SchedulerConfig::default()
    };
    let ended = |error: ballista_core::error::BallistaError| ClusterError::Ended { reason: error.to_string() };
    let cluster = BallistaCluster::new_from_config(&config).await.map_err(ended)?;
    start_server(cluster, listen, Arc::new(config)).await.map_err(ended)
}
