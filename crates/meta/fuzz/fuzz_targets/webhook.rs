#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| meta_fuzz::checks::webhook(input));
