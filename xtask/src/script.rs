//! The JavaScript around the WebAssembly: minified, and started by `boot.js`.

use anyhow::{Result, bail};

/// For terser: an ES module.
pub const ARGUMENTS: &[&str] = &["--module", "--compress", "passes=2", "--mangle"];

/// Starts the page: what is exported as `hydrate`, then every island by its
/// name, then a mark for tests and styles that the page has come alive. A file
/// of its own, so that the content security policy needs no exception for
/// inline scripts.
///
/// A page that somebody sees is painted first and loads the rest after that; in a frame there is nothing
/// to see before, and a hidden page is not painted.
pub fn boot(js: &str, wasm: &str) -> String {
    format!(
        "if(parent===self&&!document.hidden)\
         await new Promise(done=>requestAnimationFrame(()=>requestAnimationFrame(done)));\
         const wasm=fetch(new URL('./{wasm}',import.meta.url)),app=await import('./{js}');\
         await app.default({{module_or_path:wasm}});\
         app.hydrate();\
         for(const it of document.querySelectorAll('leptos-island'))app[it.dataset.component](it);\
         document.body.dataset.hydrated='true';\n"
    )
}

/// Points an import at the hashed name of a snippet.
pub fn point_at(js: &str, from: &str, to: &str) -> Result<String> {
    let changed =
        js.replace(&format!("\"{from}\""), &format!("\"./{to}\"")).replace(&format!("'{from}'"), &format!("'./{to}'"));
    if changed == js {
        bail!("the JavaScript does not import {from}");
    }
    Ok(changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boot_names_both_files() {
        let boot = boot("app.1.js", "app.2.wasm");
        assert!(boot.contains("import('./app.1.js')"));
        assert!(boot.contains("new URL('./app.2.wasm',import.meta.url)"));
    }

    #[test]
    fn imports_follow_the_hashed_names() {
        let js = "import { a } from './snippets/x/inline0.js';";
        let pointed = point_at(js, "./snippets/x/inline0.js", "inline0.1.js").unwrap();
        assert_eq!(pointed, "import { a } from './inline0.1.js';");
        assert!(point_at(js, "./none.js", "x").is_err());
    }
}
