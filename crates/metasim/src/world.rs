//! People, businesses, Pages and Instagram accounts as they are at Meta, whether
//! or not anybody granted an app anything.

use serde::{Deserialize, Serialize};

use crate::places::Places;

/// The order in which every recorded answer lists them.
pub(crate) const ALL_TASKS: [&str; 6] = ["ANALYZE", "ADVERTISE", "MESSAGING", "MODERATE", "CREATE_CONTENT", "MANAGE"];

#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct World {
    pub people: Vec<Person>,
    pub pages: Vec<Page>,
    #[serde(default)]
    pub businesses: Vec<Business>,
    #[serde(skip)]
    people_by_id: Places,
    #[serde(skip)]
    pages_by_id: Places,
    #[serde(skip)]
    pages_by_instagram: Places,
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
    /// Held by a business alone: people reach it through their role there, and
    /// `/me/accounts` does not list it.
    #[serde(default)]
    pub business_only: bool,
}

/// A business portfolio.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Business {
    pub id: String,
    pub name: String,
    /// App-scoped id of the system user that stands for the business towards
    /// the app; its grants and tokens are kept under this id.
    pub system_user: String,
    /// App-scoped ids of the people with a role.
    pub people: Vec<String>,
    /// Page ids.
    pub owned_pages: Vec<String>,
    /// Ids of Pages that others own and this business works for.
    #[serde(default)]
    pub client_pages: Vec<String>,
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
    fn role_of(&self, person: &str) -> Option<&[String]> {
        self.roles.iter().find(|role| role.person == person).map(|role| role.tasks.as_slice())
    }
}

impl Business {
    pub fn holds(&self, page: &str) -> bool {
        self.pages().any(|held| held == page)
    }

    fn pages(&self) -> impl Iterator<Item = &str> {
        self.owned_pages.iter().chain(&self.client_pages).map(String::as_str)
    }
}

impl World {
    pub fn person(&self, id: &str) -> Option<&Person> {
        self.people_by_id.find(&self.people, id, |person| person.id == id)
    }

    pub fn person_named(&self, name: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.name == name)
    }

    pub fn business(&self, id: &str) -> Option<&Business> {
        self.businesses.iter().find(|business| business.id == id)
    }

    pub fn business_of_system_user(&self, id: &str) -> Option<&Business> {
        self.businesses.iter().find(|business| business.system_user == id)
    }

    pub fn businesses_of(&self, person: &str) -> impl Iterator<Item = &Business> {
        self.businesses.iter().filter(move |business| business.people.iter().any(|id| id == person))
    }

    /// Whether grants can be kept under this id: a person's or a system user's.
    pub fn is_holder(&self, id: &str) -> bool {
        self.person(id).is_some() || self.business_of_system_user(id).is_some()
    }

    pub fn page(&self, id: &str) -> Option<&Page> {
        self.pages_by_id.find(&self.pages, id, |page| page.id == id)
    }

    /// By id, else by name.
    pub fn page_called(&self, id_or_name: &str) -> Option<&Page> {
        self.page(id_or_name).or_else(|| self.pages.iter().find(|page| page.name == id_or_name))
    }

    pub fn page_of_instagram(&self, id: &str) -> Option<(&Page, &Instagram)> {
        let page = self.page_linked(id, |account| account.id == id)?;
        Some((page, page.instagram.as_ref()?))
    }

    /// The first Page whose linked account `is` the one called so.
    pub fn page_linked(&self, called: &str, is: impl Fn(&Instagram) -> bool) -> Option<&Page> {
        self.pages_by_instagram.find(&self.pages, called, |page| page.instagram.as_ref().is_some_and(&is))
    }

    /// What the holder may do on the Page: by a role of their own, through a
    /// business for a Page that only businesses hold, or as the system user of
    /// a business that holds it. Nothing where they do not reach it.
    pub fn tasks_of(&self, holder: &str, page: &str) -> Option<Vec<String>> {
        let page = self.page(page)?;
        if let Some(tasks) = page.role_of(holder) {
            return Some(tasks.to_vec());
        }
        let through_business = match self.business_of_system_user(holder) {
            Some(business) => business.holds(&page.id),
            None => page.business_only && self.businesses_of(holder).any(|business| business.holds(&page.id)),
        };
        through_business.then(|| ALL_TASKS.map(str::to_owned).to_vec())
    }

    /// The Pages of the person themselves: what `/me/accounts` can list.
    pub fn pages_of(&self, person: &str) -> impl Iterator<Item = &Page> {
        self.pages.iter().filter(move |page| !page.business_only && page.role_of(person).is_some())
    }

    /// All Pages that the holder can grant to an app.
    pub fn grantable_pages(&self, holder: &str) -> impl Iterator<Item = &Page> {
        self.pages.iter().filter(move |page| self.tasks_of(holder, &page.id).is_some())
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
            Page::held_by_business("131925740618275", "Aurora Express", "Clothing Store"),
        ];
        let businesses = vec![
            Business {
                id: "298471650382914".to_owned(),
                name: "Aurora Comércio".to_owned(),
                system_user: "122093847561029384".to_owned(),
                people: vec![ana.id.clone(), elisa.id.clone()],
                owned_pages: ["112094837465018", "117730265940382", "121408593377264", "131925740618275"]
                    .map(str::to_owned)
                    .to_vec(),
                client_pages: Vec::new(),
            },
            Business {
                id: "305518264907713".to_owned(),
                name: "Boreal Holding".to_owned(),
                system_user: "122104958672130495".to_owned(),
                people: vec![clara.id.clone()],
                owned_pages: vec!["104857602341987".to_owned()],
                client_pages: Vec::new(),
            },
        ];
        World { people: vec![clara, ana, elisa, fabio, davi], pages, businesses, ..World::default() }
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
            business_only: false,
        }
    }

    fn held_by_business(id: &str, name: &str, category: &str) -> Page {
        Page {
            id: id.to_owned(),
            name: name.to_owned(),
            category: category.to_owned(),
            roles: Vec::new(),
            instagram: None,
            token_withheld: false,
            business_only: true,
        }
    }

    fn with_instagram(mut self, id: &str, username: &str, name: &str) -> Page {
        self.instagram = Some(Instagram { id: id.to_owned(), username: username.to_owned(), name: name.to_owned() });
        self
    }
}
