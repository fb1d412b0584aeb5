//! Printed sheets: one page, tagged, the same twice.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../../clrisk-render/tests/common/mod.rs"]
mod common;

use clrisk_core::bundle::Stage;
use clrisk_core::{Catalog, Language, Level};
use clrisk_print::Printer;
use clrisk_render::{Sheet, Study, Words};

use common::{WITHHELD, bundle, grid};

fn holds(pdf: &[u8], text: &str) -> bool {
    pdf.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn a_municipality_fits_on_one_page_in_every_language_and_is_declared_accessible() {
    let mut places = grid(60);
    places[1].name =
        "San Miguel Totonicapán de los Altos Cuchumatanes y Santa María de la Concepción del Río Grande".to_owned();
    let study = Study::new(bundle(&places, Stage::Draft)).unwrap();
    let catalog = Catalog::load();
    let printer = Printer::new().unwrap();
    for language in Language::ALL {
        let words = Words::new(&catalog, language, study.manifest());
        for code in [places[0].code.as_str(), places[1].code.as_str(), places[WITHHELD].code.as_str()] {
            let sheet = Sheet::of(&study, &words, Level::Municipality, code).unwrap();
            let printed = printer.print(&sheet).unwrap();
            assert_eq!(printed.pages, 1, "{language} {code}");
            assert!(printed.pdf.starts_with(b"%PDF-1."));
            // The typesetter refuses to declare PDF/UA-1 for a file that is not tagged.
            assert!(holds(&printed.pdf, "pdfuaid:part"), "{language} {code}");
            assert_eq!(printed.pdf, printer.print(&sheet).unwrap().pdf, "the same bytes twice");
        }
    }
}

#[test]
fn departments_and_the_country_print_with_all_their_municipalities() {
    let study = Study::new(bundle(&grid(340), Stage::Release)).unwrap();
    let catalog = Catalog::load();
    let words = Words::new(&catalog, Language::Es, study.manifest());
    let printer = Printer::new().unwrap();
    for (level, code) in [(Level::Department, "01"), (Level::Country, "PA")] {
        let sheet = Sheet::of(&study, &words, level, code).unwrap();
        assert!(printer.print(&sheet).unwrap().pages <= 2, "{code}");
    }
}
