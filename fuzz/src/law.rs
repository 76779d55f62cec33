//! What holds for every text: it compiles, or every problem has a code and a place. Never a panic.

use pricebook_model::limits::TargetLimits;
use pricebook_model::render::{self, Style};
use pricebook_model::{Report, Source, Sources, codes, compile};

/// Compiles bytes as the only file of a catalog and checks what comes out.
pub(crate) fn any_bytes_are_a_catalog_or_a_report(bytes: &[u8], limits: &[TargetLimits]) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let sources = Sources::new(vec![Source { path: "catalog/any.yaml".to_owned(), text, base: false }]);
    match compile(sources, limits, None) {
        Ok(catalog) => assert_eq!(catalog.hash.len(), 64, "the catalog has no hash"),
        Err(report) => report_is_whole(&report),
    }
}

/// Every diagnostic has a known code, a message and a place in its file, and can be shown.
pub(crate) fn report_is_whole(report: &Report) {
    assert!(!report.diagnostics.is_empty(), "no catalog and no reason");
    for diagnostic in &report.diagnostics {
        let code = diagnostic.code;
        assert!(codes::find(code).is_some(), "{code} is not in the list of codes");
        assert!(!diagnostic.message.is_empty(), "{code} says nothing");
        let others = diagnostic.secondary.iter().map(|(span, _)| span);
        for span in std::iter::once(&diagnostic.primary.0).chain(others) {
            let file = &report.sources.files()[span.file.0 as usize];
            let text = file.text.get(span.start as usize..span.end as usize);
            assert!(text.is_some(), "{code} points to {span:?}, outside of {}", file.path);
        }
        let at = diagnostic.position(&report.sources);
        assert!(at.line >= 1 && at.column >= 1, "{code} has no place");
    }
    for style in [Style::Plain, Style::Coloured] {
        assert!(render::text(report, style).contains("problem"), "the report shows nothing");
    }
    assert!(render::json(report).starts_with('['), "the report is no JSON array");
}
