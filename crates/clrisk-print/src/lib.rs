//! Fact sheets as PDF: tagged (PDF/UA-1), fonts embedded, a municipality on one page of A4.
//!
//! Typst sets the page in this process; nothing is read from disk or network. The texts are those of
//! [`clrisk_render::Sheet`], so paper and screen cannot disagree.

mod desk;

use clrisk_core::Level;
use clrisk_render::Sheet;
use typst::comemo;
use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use desk::{Desk, Shelf};

/// What can go wrong when a sheet is printed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PrintError {
    /// The sheet could not be written down for the typesetter.
    #[error("the sheet of {area} cannot be handed to the typesetter: {source}")]
    Data {
        /// Code of the area.
        area: String,
        /// Why.
        source: serde_json::Error,
    },
    /// The typesetter refused.
    #[error("the sheet of {area} cannot be set: {reason}")]
    Typesetting {
        /// Code of the area.
        area: String,
        /// Why.
        reason: String,
    },
}

/// A printed sheet.
#[derive(Debug, Clone)]
pub struct Printed {
    /// The PDF file.
    pub pdf: Vec<u8>,
    /// Its pages.
    pub pages: usize,
}

/// Sizes of type to try for a municipality until its sheet fits on one page, in points.
const SIZES: [f64; 6] = [10.2, 9.6, 9.0, 8.4, 7.8, 7.2];
/// Compilations after which unused results of the typesetter are forgotten.
const REMEMBERED: usize = 20;

/// Prints sheets. Making one loads the fonts; it can be shared by threads.
pub struct Printer {
    shelf: Shelf,
    standards: PdfStandards,
}

impl Printer {
    /// A printer with the fonts of the program.
    ///
    /// # Errors
    /// [`PrintError::Typesetting`] when the typesetter does not know PDF/UA-1.
    pub fn new() -> Result<Printer, PrintError> {
        let standards = PdfStandards::new(&[PdfStandard::Ua_1])
            .map_err(|error| PrintError::Typesetting { area: String::new(), reason: error.message().to_string() })?;
        Ok(Printer { shelf: Shelf::new(), standards })
    }

    /// Prints a sheet. That of a municipality is set smaller until it fits on one page.
    ///
    /// # Errors
    /// [`PrintError`] when the typesetter refuses.
    pub fn print(&self, sheet: &Sheet) -> Result<Printed, PrintError> {
        let one_page = sheet.level == Level::Municipality;
        let mut document = self.set(sheet, SIZES[0])?;
        for size in SIZES.into_iter().skip(1) {
            if !one_page || document.pages().len() <= 1 {
                break;
            }
            document = self.set(sheet, size)?;
        }
        let options = PdfOptions {
            ident: Smart::Custom(format!("{} {} {}", sheet.release, sheet.code, sheet.language)),
            creator: Smart::Custom(Some("clrisk".to_owned())),
            standards: self.standards.clone(),
            ..PdfOptions::default()
        };
        let pdf = typst_pdf::pdf(&document, &options).map_err(|errors| refused(sheet, &errors))?;
        comemo::evict(REMEMBERED);
        Ok(Printed { pdf, pages: document.pages().len() })
    }

    fn set(&self, sheet: &Sheet, size: f64) -> Result<PagedDocument, PrintError> {
        let desk = Desk::new(&self.shelf, sheet, size)
            .map_err(|source| PrintError::Data { area: sheet.code.clone(), source })?;
        typst::compile::<PagedDocument>(&desk).output.map_err(|errors| refused(sheet, &errors))
    }
}

fn refused(sheet: &Sheet, errors: &[typst::diag::SourceDiagnostic]) -> PrintError {
    let reasons: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
    PrintError::Typesetting { area: sheet.code.clone(), reason: reasons.join("; ") }
}
