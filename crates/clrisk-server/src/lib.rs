#![doc = "The site and API over a bundle."]
