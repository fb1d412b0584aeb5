#![doc = "The only crate that reads microdata."]
