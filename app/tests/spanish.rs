//! Spanish speaks to its reader as *tú*: on every screen, in every mail and in every event.
//!
//! What is Spanish is known by where it stands: all of an `es.rs`, what is named for Spanish in a table of
//! all languages, an arm for `Locale::Es`, and the third of three texts side by side.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::{fs, path::Path};

use syn::{
    Arm, Expr, ExprArray, ImplItemFn, ItemStatic, LitStr, Pat,
    visit_mut::{self, VisitMut},
};

/// Where the words are.
const TEXTS: [&str; 4] = ["src/texts", "src/present", "../crates/wizard/src/texts", "../server/src/web/texts.rs"];
/// Said to *usted*, wherever it stands.
const FORMAL: [&str; 24] = [
    "usted",
    "ustedes",
    "ábralo",
    "confírmelo",
    "cópiela",
    "cópielo",
    "envíelo",
    "guárdela",
    "guárdelo",
    "ignórelo",
    "inténtelo",
    "márquela",
    "pídalo",
    "recordárselo",
    "renuévela",
    "renuévelo",
    "revíselo",
    "véalo",
    "su contraseña",
    "su cuenta",
    "su equipo",
    "su organización",
    "su sesión",
    "sus datos",
];
/// What asks *usted* for something where a clause begins with it; inside of one it may be another mood.
const ASKING: [&str; 32] = [
    "abra",
    "agregue",
    "avise",
    "cambie",
    "cierre",
    "comience",
    "compruebe",
    "confirme",
    "continúe",
    "cree",
    "elija",
    "empiece",
    "entre como",
    "entre con",
    "entre de",
    "entre en",
    "escriba",
    "espere",
    "haga",
    "intente",
    "marque",
    "pida",
    "quite",
    "reanude",
    "recargue",
    "renueve",
    "retire",
    "revise",
    "revoque",
    "salga",
    "vea",
    "vuelva",
];

#[derive(Default)]
struct Spanish {
    is_here: bool,
    texts: Vec<String>,
}

impl Spanish {
    fn of(source: &str, is_all: bool) -> Vec<String> {
        let mut file = syn::parse_file(source).unwrap_or_else(|error| panic!("{error} in {source}"));
        let mut spanish = Self { is_here: is_all, texts: Vec::new() };
        spanish.visit_file_mut(&mut file);
        spanish.texts
    }

    fn within(&mut self, is_spanish: bool, visit: impl FnOnce(&mut Self)) {
        let before = self.is_here;
        self.is_here |= is_spanish;
        visit(self);
        self.is_here = before;
    }
}

impl VisitMut for Spanish {
    fn visit_lit_str_mut(&mut self, text: &mut LitStr) {
        if self.is_here {
            self.texts.push(text.value());
        }
    }

    fn visit_item_static_mut(&mut self, item: &mut ItemStatic) {
        self.within(item.ident == "ES", |it| visit_mut::visit_item_static_mut(it, item));
    }

    fn visit_impl_item_fn_mut(&mut self, item: &mut ImplItemFn) {
        self.within(item.sig.ident == "spanish", |it| visit_mut::visit_impl_item_fn_mut(it, item));
    }

    fn visit_arm_mut(&mut self, arm: &mut Arm) {
        self.within(is_for_spanish(&arm.pat), |it| visit_mut::visit_arm_mut(it, arm));
    }

    fn visit_expr_array_mut(&mut self, array: &mut ExprArray) {
        let of_three = array.elems.len() == 3;
        for (place, text) in array.elems.iter_mut().enumerate() {
            let is_text = matches!(text, Expr::Lit(_));
            self.within(of_three && is_text && place == 2, |it| it.visit_expr_mut(text));
        }
    }
}

fn is_for_spanish(pattern: &Pat) -> bool {
    match pattern {
        Pat::Path(it) => it.path.segments.last().is_some_and(|name| name.ident == "Es"),
        Pat::Tuple(it) => it.elems.iter().any(is_for_spanish),
        Pat::Or(it) => it.cases.iter().any(is_for_spanish),
        _ => false,
    }
}

/// What in a text speaks to *usted*.
fn formal(text: &str) -> Option<&'static str> {
    let clauses: Vec<_> = text.to_lowercase().split(['.', ':', ';', '?', '!']).map(words).collect();
    let anywhere = FORMAL.iter().find(|it| clauses.iter().any(|clause| clause.contains(&words(it))));
    anywhere.or_else(|| ASKING.iter().find(|it| clauses.iter().any(|clause| clause.starts_with(&words(it))))).copied()
}

/// " intente de nuevo ": a word is found between two spaces.
fn words(text: &str) -> String {
    let words: Vec<_> = text.split(|it: char| !it.is_alphabetic()).filter(|word| !word.is_empty()).collect();
    format!(" {} ", words.join(" "))
}

fn read_below(place: &Path, texts: &mut Vec<(String, String)>) {
    if place.is_dir() {
        let entries = fs::read_dir(place).unwrap_or_else(|error| panic!("{}: {error}", place.display()));
        entries.for_each(|entry| read_below(&entry.unwrap().path(), texts));
        return;
    }
    let name = place.display().to_string();
    let source = fs::read_to_string(place).unwrap_or_else(|error| panic!("{name}: {error}"));
    texts.extend(Spanish::of(&source, name.ends_with("/es.rs")).into_iter().map(|text| (name.clone(), text)));
}

#[test]
fn nobody_is_called_usted() {
    let mut texts = Vec::new();
    TEXTS.iter().for_each(|place| read_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join(place), &mut texts));
    assert!(texts.len() > 600, "only {} texts were read", texts.len());
    let told = |(name, text): &(String, String)| formal(text).map(|word| format!("{name}: {word} in {text:?}"));
    let found: Vec<_> = texts.iter().filter_map(told).collect();
    assert!(found.is_empty(), "these speak to usted:\n{}", found.join("\n"));
}

#[test]
fn what_speaks_to_usted_is_found() {
    for (text, word) in [
        ("Si no fue usted, no hace falta hacer nada.", "usted"),
        ("No cambió nada. Inténtelo de nuevo.", "inténtelo"),
        ("Elija su nombre y una contraseña.", "elija"),
        ("No cambió nada: entre de nuevo.", "entre de"),
        ("Lo que se hizo en su organización, hoy.", "su organización"),
    ] {
        assert_eq!(formal(text), Some(word), "{text}");
    }
    for text in
        ["Pide que la revise quien avise primero.", "Entre hoy y mañana vence.", "Cada canal y su estado", "Lea"]
    {
        assert_eq!(formal(text), None, "{text}");
    }
}

#[test]
fn spanish_is_known_by_its_place() {
    let found = |source: &str| Spanish::of(source, false);
    assert_eq!(found("const IT: Text = [\"um\", \"one\", \"uno\"];"), ["uno"]);
    assert_eq!(found("const IT: Text = [OTHER[0], OTHER[1], \"uno\"];"), ["uno"]);
    assert_eq!(found("static EN: T = T { it: \"one\" }; static ES: T = T { it: \"uno\" };"), ["uno"]);
    assert_eq!(found("impl T { fn english() { \"one\" } fn spanish() { \"uno\" } }"), ["uno"]);
    assert_eq!(found("fn it() { match it { (Locale::En, true) => \"one\", (Locale::Es, true) => \"uno\" } }"), ["uno"]);
    assert_eq!(Spanish::of("static TEXTS: T = T { it: \"uno\" };", true), ["uno"]);
}
