//! SPSS: system files (`.sav`, `.zsav`) and portable files (`.por`).

mod compressed;
mod portable;
mod print_format;
mod system;

pub use portable::open as open_portable;
pub use system::open as open_system;
