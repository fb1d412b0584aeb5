//! The site of a project's releases: pages that work without JavaScript, and the data behind every page as CSV, JSON, SVG and PDF.
//!
//! The server reads bundles only. It does not depend on the crate that opens microdata; a test reads the dependency tree.

mod answer;
mod assets;
mod documentation;
mod files;
mod index_pages;
mod links;
mod openapi;
mod pages;
mod route;
mod search;
mod static_copy;
mod twins;
mod visit;

use std::sync::Arc;

use clrisk_core::bundle::Stage;
use clrisk_core::{Bundle, Catalog};
use clrisk_render::{RenderError, Study};
use sha2::{Digest, Sha256};

pub use openapi::{document as openapi_document, reference as openapi_reference};
pub use static_copy::{Copied, CopyError, write as write_static_copy};

/// A release (or the draft) and what its pages need.
pub(crate) struct Site {
    /// The bundle.
    pub study: Study,
    /// Names and codes for searching.
    pub index: search::Index,
    /// Changes when the bundle or the program does.
    pub version: String,
}

impl Site {
    fn new(bundle: Bundle, earlier: Option<&Site>) -> Result<Site, RenderError> {
        let manifest = serde_json::to_vec(&bundle.manifest).unwrap_or_default();
        let mut hash = Sha256::new();
        hash.update(&manifest);
        hash.update(env!("CARGO_PKG_VERSION"));
        hash.update(assets::fingerprint());
        let version = hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let study = Study::new(bundle)?;
        let study = match earlier {
            Some(earlier) => study.since(&earlier.study),
            None => study,
        };
        Ok(Site { index: search::Index::new(&study), study, version })
    }

    /// The id in addresses; a draft has none.
    pub fn id(&self) -> Option<&str> {
        self.study.manifest().release.as_deref()
    }

    /// Whether this is the confidential draft.
    pub fn is_draft(&self) -> bool {
        self.study.manifest().stage == Stage::Draft
    }
}

/// All that is served.
pub(crate) struct Shelf {
    /// The releases, newest first; or the draft alone.
    pub sites: Vec<Arc<Site>>,
    /// Texts.
    pub catalog: Catalog,
    /// Whether the pages are for a folder without a server behind it.
    pub static_copy: bool,
    /// What makes fact sheets.
    pub press: files::Press,
    /// Whose turn it is to have a file made.
    pub turns: tokio::sync::Semaphore,
}

impl Shelf {
    fn new(bundles: Vec<Bundle>, static_copy: bool) -> Result<Shelf, RenderError> {
        // The oldest first, so that each knows the one before it.
        let mut sites: Vec<Arc<Site>> = Vec::new();
        for bundle in bundles.into_iter().rev() {
            let site = Site::new(bundle, sites.first().map(AsRef::as_ref))?;
            sites.insert(0, Arc::new(site));
        }
        let turns = tokio::sync::Semaphore::new(files::AT_ONCE);
        let catalog = Catalog::load();
        if let Some(country) = sites.first().and_then(|site| site.study.manifest().country_code.as_deref()) {
            catalog.set_country(country);
        }
        Ok(Shelf { sites, catalog, static_copy, press: files::Press::default(), turns })
    }
}

/// The site of `bundles`, newest first. Every release has its own lasting address, `/release/ID/`; the newest one also has the short
/// ones. A draft is given alone; every page of it says that it is confidential, and nothing of it may be kept by a browser.
///
/// # Errors
/// [`RenderError::Boundaries`] when the boundaries of a bundle cannot be drawn.
pub fn site(bundles: Vec<Bundle>) -> Result<axum::Router, RenderError> {
    Ok(route::router(Arc::new(Shelf::new(bundles, false)?)))
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
