//! The files that every page shares: style, scripts and icon, compiled in. Their addresses carry a fingerprint, so that a browser
//! may keep them for ever.

use std::sync::OnceLock;

use sha2::{Digest, Sha256};

/// A file of the program.
pub struct Asset {
    /// Name in its address.
    pub name: &'static str,
    /// Media type.
    pub kind: &'static str,
    /// Content.
    pub content: &'static str,
}

/// All of them.
pub const ALL: [Asset; 6] = [
    Asset { name: "style.css", kind: "text/css; charset=utf-8", content: include_str!("assets/style.css") },
    Asset { name: "sheet.css", kind: "text/css; charset=utf-8", content: clrisk_render::sheet::STYLE },
    Asset { name: "map.js", kind: "text/javascript; charset=utf-8", content: include_str!("assets/map.js") },
    Asset { name: "search.js", kind: "text/javascript; charset=utf-8", content: include_str!("assets/search.js") },
    Asset { name: "table.js", kind: "text/javascript; charset=utf-8", content: include_str!("assets/table.js") },
    Asset { name: "icon.svg", kind: "image/svg+xml", content: include_str!("assets/icon.svg") },
];

/// Changes when any of the files does.
pub fn fingerprint() -> &'static str {
    static FINGERPRINT: OnceLock<String> = OnceLock::new();
    FINGERPRINT.get_or_init(|| {
        let mut hash = Sha256::new();
        for asset in &ALL {
            hash.update(asset.content);
        }
        hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
    })
}

/// The address of a file.
pub fn address(name: &str) -> String {
    format!("/assets/{name}?v={}", fingerprint())
}
