//! The frame of every screen of the dialogs, without any script.

use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

const STYLE: &str = "\
:root{color-scheme:light dark;--bg:#f0f2f5;--card:#fff;--text:#1c1e21;--soft:#5b616a;--line:#8a9099;--act:#1558d6;--on-act:#fff}\
@media(prefers-color-scheme:dark){:root{--bg:#18191a;--card:#242526;--text:#f2f3f5;--soft:#b8bcc2;--line:#70757d;--act:#8ab4ff;--on-act:#0b1d3d}}\
*{box-sizing:border-box}\
body{margin:0;background:var(--bg);color:var(--text);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}\
header{padding:.75rem 1rem;background:var(--act);color:var(--on-act);font-weight:700;text-align:center}\
main{max-width:28rem;margin:1rem auto;padding:1rem;background:var(--card);border-radius:.75rem}\
@media(max-width:30rem){main{margin:0;border-radius:0}}\
h1{font-size:1.25rem;margin:0 0 .5rem}h2{font-size:1.05rem}\
p{margin:.5rem 0;color:var(--soft)}\
fieldset{border:1px solid var(--line);border-radius:.5rem;margin:1rem 0;padding:.25rem .75rem}\
legend{font-weight:600;padding:0 .25rem}\
label{display:flex;gap:.75rem;align-items:center;min-height:2.75rem;cursor:pointer}\
input{width:1.25rem;height:1.25rem;flex:none;accent-color:var(--act)}\
button{display:block;width:100%;min-height:2.75rem;margin:.5rem 0;padding:.5rem 1rem;font:inherit;font-weight:600;color:var(--text);background:transparent;border:1px solid var(--line);border-radius:.5rem;cursor:pointer}\
button.main{color:var(--on-act);background:var(--act);border-color:var(--act)}\
button:focus-visible,input:focus-visible,a:focus-visible{outline:3px solid var(--text);outline-offset:2px}\
a{color:var(--act)}";

pub(crate) fn page(status: StatusCode, lang: &str, head: &str, title: &str, content: &str) -> Response {
    let (head, title) = (escape(head), escape(title));
    let text = format!(
        "<!DOCTYPE html><html lang=\"{lang}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title} · {head}</title><style>{STYLE}</style></head>\
         <body><header>{head}</header><main><h1>{title}</h1>{content}</main></body></html>"
    );
    (status, [(CONTENT_TYPE, "text/html; charset=utf-8"), (CACHE_CONTROL, "no-store")], text).into_response()
}

pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}
