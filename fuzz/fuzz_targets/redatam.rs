//! REDATAM databases: a dictionary, then its other files in the order in which it names them.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let files = clrisk_fuzz::files(bytes);
    let dictionary = files[0];
    let name =
        if dictionary.windows(17).any(|window| window == b"redDictionary_XML") { "censo.dicx" } else { "censo.dic" };
    let mut named: Vec<String> = Vec::new();
    for (at, window) in dictionary.windows(4).enumerate() {
        if window.eq_ignore_ascii_case(b".ptr") || window.eq_ignore_ascii_case(b".rbf") {
            let letters = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
            let length = dictionary[..at].iter().rev().take_while(letters).count();
            let file = String::from_utf8_lossy(&dictionary[at - length..at + 4]).to_lowercase();
            if !named.contains(&file) {
                named.push(file);
            }
        }
    }
    let others = named.into_iter().zip(files[1..].iter().copied());
    let archive = clrisk_fuzz::archive([(name.to_owned(), dictionary)].into_iter().chain(others));
    clrisk_fuzz::read("censo.zip", &archive);
});
