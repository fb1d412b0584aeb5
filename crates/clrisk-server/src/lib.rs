//! The site of a bundle.

use clrisk_core::Bundle;

/// How a bundle is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SiteOptions {
    /// The bundle is a confidential draft; every page says so.
    pub draft: bool,
}

/// The site.
pub fn site(_bundle: Bundle, _options: SiteOptions) -> axum::Router {
    axum::Router::new()
}

/// Serves until interrupted.
pub async fn serve(listener: tokio::net::TcpListener, router: axum::Router) -> std::io::Result<()> {
    axum::serve(listener, router).await
}
