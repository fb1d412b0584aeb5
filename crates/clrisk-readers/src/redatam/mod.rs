//! REDATAM databases (ECLAC): a dictionary and, beside it, a file for each variable and one for each link between entities.
//!
//! A census is a tree of entities: country, department, ..., dwelling, household, person. Each entity becomes a table whose rows carry the
//! variables of all entities above them, so that an expression over persons can use what is known of the dwelling and the municipality.
//! `ENTITY_REF_ID` is the row number in each entity of the chain, from 1, as Open Redatam names it. The first table is the entity furthest
//! down: the persons.

mod data;
mod dic;
mod dictionary;
mod dicx;
mod folder;
mod label_encoding;
mod table;

pub(crate) use folder::Folder;
pub(crate) use table::{open, open_in};
