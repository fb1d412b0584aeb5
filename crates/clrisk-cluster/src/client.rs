//! The client: a session whose plans run on a cluster.

use std::sync::Arc;
use std::time::Duration;

use ballista::prelude::{SessionConfigExt, SessionContextExt};
use datafusion::execution::SessionStateBuilder;
use datafusion::logical_expr::AggregateUDF;
use datafusion::prelude::{SessionConfig, SessionContext};

use crate::{ClusterError, MESSAGE_BYTES, host_and_port};

/// How long the scheduler may take to answer a knock.
const PATIENCE: Duration = Duration::from_secs(5);

/// Connects to the scheduler at `HOST:PORT`.
///
/// # Errors
/// [`ClusterError::Address`] when the address is none, [`ClusterError::Unreachable`] when nobody answers.
pub async fn connect(
    address: &str,
    config: SessionConfig,
    functions: &[Arc<AggregateUDF>],
) -> Result<SessionContext, ClusterError> {
    host_and_port(address)?;
    let unreachable = || ClusterError::Unreachable { address: address.to_owned() };
    // The session connects when it first needs to, and then waits for long.
    match tokio::time::timeout(PATIENCE, tokio::net::TcpStream::connect(address)).await {
        Ok(Ok(_)) => {}
        _ => return Err(unreachable()),
    }
    let config = config.upgrade_for_ballista().with_ballista_grpc_client_max_message_size(MESSAGE_BYTES as usize);
    let state = SessionStateBuilder::new().with_config(config).with_default_features().build();
    let context =
        SessionContext::remote_with_state(&format!("df://{address}"), state).await.map_err(|_| unreachable())?;
    // The session that comes back knows none of the functions of the one that went in.
    for function in functions {
        context.register_udaf(function.as_ref().clone());
    }
    Ok(context)
}
