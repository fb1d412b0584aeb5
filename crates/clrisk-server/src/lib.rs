//! The site of a bundle: pages that work without JavaScript, and the data behind every page as CSV and JSON.
//!
//! The server reads bundles only. It does not depend on the crate that opens microdata; a test reads the dependency tree.

mod index_pages;
mod pages;
mod route;

use std::sync::Arc;

use clrisk_core::{Bundle, Catalog};
use clrisk_render::{RenderError, Study};

/// What every page needs.
pub(crate) struct Site {
    study: Study,
    catalog: Catalog,
}

/// The site of `bundle`. When it is a draft, every page says that it is confidential.
///
/// # Errors
/// [`RenderError::Boundaries`] when the boundaries of the bundle cannot be drawn.
pub fn site(bundle: Bundle) -> Result<axum::Router, RenderError> {
    let site = Site { study: Study::new(bundle)?, catalog: Catalog::load() };
    Ok(route::router(Arc::new(site)))
}

/// Serves until the person stops it with Ctrl+C.
///
/// # Errors
/// When the listener fails.
pub async fn serve(listener: tokio::net::TcpListener, router: axum::Router) -> std::io::Result<()> {
    let stop = async {
        // Without a signal handler the process ends at once, which is what was asked for.
        let _ = tokio::signal::ctrl_c().await;
    };
    axum::serve(listener, router).with_graceful_shutdown(stop).await
}
