//! No component says anything in a language of its own: every word comes from the texts.
//!
//! What a reader would see or hear is looked at: the text of `view!`, the attributes that are read aloud
//! or shown, and strings of the code around it that begin like a sentence.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::{fs, path::Path};

use rstml::{
    Parser, ParserConfig,
    node::{KeyedAttribute, Node, NodeAttribute, NodeBlock},
};
use syn::{
    Attribute, Block, Expr, ItemMod, Lit, LitStr, Macro, Stmt,
    visit_mut::{self, VisitMut},
};

/// Where components are.
const COMPONENTS: [&str; 4] = ["src/pages", "src/pages.rs", "src/islands.rs", "../crates/wizard/src"];
/// What says the words, what the gallery and the tests show, and what speaks with servers.
const NO_COMPONENTS: [&str; 7] =
    ["/texts/", "/texts.rs", "/gallery/samples.rs", "/tests.rs", "/test_transport.rs", "/model.rs", "/remote/"];
/// Read aloud or shown.
const SPOKEN: [&str; 7] =
    ["aria-label", "aria-description", "aria-roledescription", "title", "placeholder", "alt", "label"];
/// The same in every language.
const NAMES: [&str; 7] =
    ["Renova", "Facebook", "Instagram", "Messenger", "RenewalBanner", "RenewalStart", "RenewalWizard"];
/// What stands in them is for machines.
const CODE: [&str; 2] = ["code", "script"];

#[derive(Default)]
struct Scan {
    found: Vec<String>,
}

impl Scan {
    fn of(source: &str) -> Vec<String> {
        let mut file = syn::parse_file(source).unwrap_or_else(|error| panic!("{error} in {source}"));
        let mut scan = Self::default();
        scan.visit_file_mut(&mut file);
        scan.found
    }

    fn nodes(&mut self, nodes: &mut [Node]) {
        for node in nodes {
            self.node(node);
        }
    }

    fn node(&mut self, node: &mut Node) {
        match node {
            Node::Text(text) => self.said(&text.value_string()),
            Node::RawText(text) => self.said(&text.to_string_best()),
            Node::Block(NodeBlock::ValidBlock(block)) => self.block(block),
            Node::Fragment(fragment) => self.nodes(&mut fragment.children),
            Node::Element(element) => {
                for attribute in element.attributes_mut() {
                    self.attribute(attribute);
                }
                if !CODE.contains(&element.name().to_string().as_str()) {
                    self.nodes(&mut element.children);
                }
            }
            _ => {}
        }
    }

    fn attribute(&mut self, attribute: &mut NodeAttribute) {
        match attribute {
            NodeAttribute::Block(NodeBlock::ValidBlock(block)) => self.visit_block_mut(block),
            NodeAttribute::Attribute(attribute) => {
                let is_spoken = SPOKEN.contains(&attribute.key.to_string().as_str());
                let Some(value) = value_of(attribute) else { return };
                if is_spoken {
                    self.value(value);
                }
                self.visit_expr_mut(value);
            }
            NodeAttribute::Block(_) => {}
        }
    }

    /// What a block in the place of a text shows, and the views in it.
    fn block(&mut self, block: &mut Block) {
        self.tail(block);
        self.visit_block_mut(block);
    }

    fn tail(&mut self, block: &Block) {
        if let Some(Stmt::Expr(expr, None)) = block.stmts.last() {
            self.value(expr);
        }
    }

    /// The texts that an expression may become.
    fn value(&mut self, expr: &Expr) {
        match expr {
            Expr::Lit(lit) => {
                if let Lit::Str(text) = &lit.lit {
                    self.said(&text.value());
                }
            }
            Expr::Block(block) => self.tail(&block.block),
            Expr::Paren(paren) => self.value(&paren.expr),
            Expr::MethodCall(call) => self.value(&call.receiver),
            Expr::Match(it) => it.arms.iter().for_each(|arm| self.value(&arm.body)),
            Expr::If(it) => {
                self.tail(&it.then_branch);
                if let Some((_, other)) = &it.else_branch {
                    self.value(other);
                }
            }
            _ => {}
        }
    }

    fn said(&mut self, text: &str) {
        let is_word = |word: &str| word.chars().filter(|it| it.is_alphabetic()).count() >= 2;
        let words = text.split_whitespace().filter(|word| is_word(word));
        if words.clone().any(|word| !NAMES.contains(&word)) && !self.found.iter().any(|it| it == text) {
            self.found.push(text.to_owned());
        }
    }
}

fn value_of(attribute: &mut KeyedAttribute) -> Option<&mut Expr> {
    use rstml::node::{KVAttributeValue, KeyedAttributeValue};
    match &mut attribute.possible_value {
        KeyedAttributeValue::Value(value) => match &mut value.value {
            KVAttributeValue::Expr(expr) => Some(expr),
            KVAttributeValue::InvalidBraced(_) => None,
        },
        _ => None,
    }
}

impl VisitMut for Scan {
    fn visit_macro_mut(&mut self, it: &mut Macro) {
        if it.path.segments.last().is_none_or(|name| name.ident != "view") {
            return;
        }
        let parser = Parser::new(ParserConfig::default().recover_block(true));
        let (mut nodes, problems) = parser.parse_recoverable(it.tokens.clone()).split_vec();
        assert!(problems.is_empty(), "a view cannot be read: {}", it.tokens);
        self.nodes(&mut nodes);
    }

    /// A string that begins like a sentence, or has a letter that no code has.
    fn visit_lit_str_mut(&mut self, text: &mut LitStr) {
        let text = text.value();
        let first = text.split(|it: char| !it.is_alphabetic()).next().unwrap_or_default();
        let begins = first.starts_with(char::is_uppercase) && first.ends_with(char::is_lowercase);
        if begins || text.chars().any(|it| it.is_alphabetic() && !it.is_ascii()) {
            self.said(&text);
        }
    }

    // Reasons and documentation are for those who read the code.
    fn visit_attribute_mut(&mut self, _: &mut Attribute) {}

    fn visit_item_mod_mut(&mut self, module: &mut ItemMod) {
        let is_test = |it: &Attribute| it.meta.require_list().is_ok_and(|list| list.tokens.to_string() == "test");
        if !module.attrs.iter().any(is_test) {
            visit_mut::visit_item_mod_mut(self, module);
        }
    }
}

fn scan_below(place: &Path, found: &mut Vec<String>) -> usize {
    if place.is_dir() {
        let entries = fs::read_dir(place).unwrap_or_else(|error| panic!("{}: {error}", place.display()));
        return entries.map(|entry| scan_below(&entry.unwrap().path(), found)).sum();
    }
    let name = place.display().to_string();
    if !name.ends_with(".rs") || NO_COMPONENTS.iter().any(|part| name.contains(part)) {
        return 0;
    }
    let source = fs::read_to_string(place).unwrap_or_else(|error| panic!("{name}: {error}"));
    found.extend(Scan::of(&source).into_iter().map(|text| format!("{name}: {text:?}")));
    1
}

#[test]
fn no_component_has_words_of_its_own() {
    let mut found = Vec::new();
    let scan = |place: &str| scan_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join(place), &mut found);
    let files: usize = COMPONENTS.into_iter().map(scan).sum();
    assert!(files >= 25, "only {files} files were looked at");
    assert!(found.is_empty(), "these belong to app/src/texts or crates/wizard/src/texts:\n{}", found.join("\n"));
}

#[test]
fn words_in_a_view_are_found_wherever_they_stand() {
    for (view, word) in [
        ("<p>\"Salvar\"</p>", "Salvar"),
        ("<p>Save all</p>", "Save all"),
        ("<p>{\"Guardar\"}</p>", "Guardar"),
        ("<p>{if done { \"Pronto\" } else { words.wait }}</p>", "Pronto"),
        ("<p>{match it { A => \"one\".into_any(), B => text }}</p>", "one"),
        ("<p>{move || { let it = 1; view! { <b>\"inner\"</b> } }}</p>", "inner"),
        ("<><input placeholder=\"your name\" /></>", "your name"),
        ("<button aria-label=\"close\">\"×\"</button>", "close"),
        ("<img alt={\"a shop\"} />", "a shop"),
        ("<Card title=\"hello\".to_owned() />", "hello"),
        ("<Card on_empty=move || view! { <i>\"empty\"</i> } />", "empty"),
        ("<p>{label(\"Salvar tudo\")}</p>", "Salvar tudo"),
        ("<p>\"Renova is ready\"</p>", "Renova is ready"),
    ] {
        let found = Scan::of(&format!("fn it() {{ view! {{ {view} }} }}"));
        assert_eq!(found, [word], "{view}");
    }
    assert_eq!(Scan::of("fn it() { FormButton::get(\"/\", \"Voltar\") }"), ["Voltar"]);
    assert_eq!(Scan::of("fn it() -> &'static str { \"não\" }"), ["não"]);
}

#[test]
fn what_is_no_word_is_left_alone() {
    for view in [
        "<p class=\"card is-wide\" role=\"status\" id=\"recent\">{words.recent}\" · \"{name}\"→\"</p>",
        "<a class=\"brand\" href=\"/\"><span>\"Renova\"</span></a>",
        "<p><code>\"renova user reset-password --email …\"</code></p>",
        "<path d=\"M0 12H90\"></path>",
        "<p aria-label=words.title>{parts::paragraph(words.text)}</p>",
        "<input type=\"checkbox\" name=\"days[]\" value=\"true\" />",
    ] {
        assert_eq!(Scan::of(&format!("fn it() {{ view! {{ {view} }} }}")), [""; 0], "{view}");
    }
    let code =
        "#[expect(dead_code, reason = \"Some reason\")] fn it() {} #[cfg(test)] mod tests { fn t() { x(\"Salvar\") } }";
    assert_eq!(Scan::of(code), [""; 0]);
}
