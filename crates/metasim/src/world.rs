//! People, Pages and Instagram accounts as they are at Meta, whether or not
//! anybody granted an app anything.

use serde::{Deserialize, Serialize};

/// The order in which every recorded answer lists them.
pub(crate) const ALL_TASKS: [&str; 6] = ["ANALYZE", "ADVERTISE", "MESSAGING", "MODERATE", "CREATE_CONTENT", "MANAGE"];

#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct World {
    pub people: Vec<Person>,
    pub pages: Vec<Page>,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Person {
    /// App-scoped.
    pub id: String,
    pub name: String,
    pub email: String,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Page {
    pub id: String,
    pub name: String,
    pub category: String,
    pub roles: Vec<Role>,
    pub instagram: Option<Instagram>,
    /// Some business-managed Pages are listed without a token.
    #[serde(default)]
    pub token_withheld: bool,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Role {
    /// App-scoped user id.
    pub person: String,
    pub tasks: Vec<String>,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Instagram {
    pub id: String,
    pub username: String,
    pub name: String,
}

impl Page {
    pub fn tasks_of(&self, person: &str) -> Option<&[String]> {
        self.roles.iter().find(|role| role.person == person).map(|role| role.tasks.as_slice())
    }
}

impl World {
    pub fn person(&self, id: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.id == id)
    }

    pub fn person_named(&self, name: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.name == name)
    }

    pub fn page(&self, id: &str) -> Option<&Page> {
        self.pages.iter().find(|page| page.id == id)
    }

    /// By id, else by name.
    pub fn page_called(&self, id_or_name: &str) -> Option<&Page> {
        self.page(id_or_name).or_else(|| self.pages.iter().find(|page| page.name == id_or_name))
    }

    pub fn page_of_instagram(&self, id: &str) -> Option<(&Page, &Instagram)> {
        self.pages.iter().find_map(|page| {
            let instagram = page.instagram.as_ref()?;
            (instagram.id == id).then_some((page, instagram))
        })
    }

    pub fn pages_of(&self, person: &str) -> impl Iterator<Item = &Page> {
        self.pages.iter().filter(move |page| page.tasks_of(person).is_some())
    }

    pub fn default_world() -> World {
        let clara = Person::new("10159384726150482", "Clara Lima", "clara.lima@mail.example");
        let ana = Person::new("10160472918365047", "Ana Souza", "ana.souza@mail.example");
        let elisa = Person::new("10158830417592266", "Elisa Prado", "elisa.prado@mail.example");
        let fabio = Person::new("10161205837746193", "Fábio Reis", "fabio.reis@mail.example");
        let davi = Person::new("10157749603281835", "Davi Rocha", "davi.rocha@mail.example");
        let pages = vec![
            Page::new("104857602341987", "Café Boreal", "Coffee Shop", &clara).with_instagram(
                "17841405309211844",
                "cafe.boreal",
                "Café Boreal",
            ),
            Page::new("112094837465018", "Loja Aurora", "Clothing Store", &ana).with_instagram(
                "17841407726395018",
                "loja.aurora",
                "Loja Aurora",
            ),
            Page::new("117730265940382", "Aurora Outlet", "Outlet Store", &ana),
            Page::new("121408593377264", "Aurora Atacado", "Wholesale Supply Store", &elisa).with_instagram(
                "17841410058273646",
                "aurora.atacado",
                "Aurora Atacado",
            ),
            Page::new("126650918273401", "Aurora Casa", "Home Decor", &fabio).with_instagram(
                "17841412394716205",
                "aurora.casa",
                "Aurora Casa",
            ),
        ];
        World { people: vec![clara, ana, elisa, fabio, davi], pages }
    }
}

impl Person {
    fn new(id: &str, name: &str, email: &str) -> Person {
        Person { id: id.to_owned(), name: name.to_owned(), email: email.to_owned() }
    }
}

impl Page {
    fn new(id: &str, name: &str, category: &str, owner: &Person) -> Page {
        Page {
            id: id.to_owned(),
            name: name.to_owned(),
            category: category.to_owned(),
            roles: vec![Role { person: owner.id.clone(), tasks: ALL_TASKS.map(str::to_owned).to_vec() }],
            instagram: None,
            token_withheld: false,
        }
    }

    fn with_instagram(mut self, id: &str, username: &str, name: &str) -> Page {
        self.instagram = Some(Instagram { id: id.to_owned(), username: username.to_owned(), name: name.to_owned() });
        self
    }
}
