//! What the pages have in common.

use pricebook_types::{Currency, Money};
use serde_json::Value;

use super::Page;

const STYLE: &str = "body{font:1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;\
                     background:#fff}label{display:block;margin:.75rem 0 .25rem}input,select,button{font:inherit;\
                     padding:.5rem;width:100%;box-sizing:border-box}button{margin-top:1rem;cursor:pointer}\
                     table{width:100%;border-collapse:collapse}td,th{padding:.25rem 0;text-align:left}\
                     td:last-child,th:last-child{text-align:right}[role=alert]{border:2px solid #a00;padding:.5rem}\
                     .note{color:#555}";

/// A whole page. `main` is HTML already.
pub(super) fn page(status: u16, title: &str, main: &str) -> Page {
    let title = escape(title);
    Page::Html(
        status,
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" \
             content=\"width=device-width\"><title>{title}</title><style>{STYLE}</style></head>\n<body>\n<main>\n\
             <h1>{title}</h1>\n<p class=\"note\">Local sandbox: no money moves here.</p>\n{main}\n</main>\n</body>\n\
             </html>\n"
        ),
    )
}

/// Nothing can be done here any more.
pub(super) fn dead_end(why: &str) -> Page {
    page(404, "Nothing to do here", &format!("<p>{}</p>", escape(why)))
}

/// What went wrong with the last try, if anything did.
pub(super) fn alert(message: Option<&str>) -> String {
    message.map(|message| format!("<p role=\"alert\">{}</p>\n", escape(message))).unwrap_or_default()
}

/// `15.00 USD`
pub(super) fn money(amount: &Value, currency: &Value) -> String {
    let known = Currency::ALL.iter().copied().find(|known| Some(known.code()) == currency.as_str());
    match (amount.as_i64(), known) {
        (Some(amount), Some(known)) => Money::new(amount, known).to_string(),
        _ => String::new(),
    }
}

/// A text as HTML, also within quotes.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn nothing_that_is_sent_becomes_markup() {
        assert_eq!(escape("<b a=\"1\" c='2'>&"), "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;");
    }
}
