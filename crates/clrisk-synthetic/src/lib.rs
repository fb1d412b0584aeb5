#![doc = "An invented country with known truth."]
