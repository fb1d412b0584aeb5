//! The population pass on an Apache DataFusion Ballista cluster: scheduler, executor, client.
