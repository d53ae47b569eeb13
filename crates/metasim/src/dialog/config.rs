//! The configurations of Facebook Login for Business that the app has. Each
//! brings its own permissions and is for one kind of token.

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum LoginConfig {
    /// A person's token.
    User,
    /// The token of a business' system user, which never ends.
    SystemUser,
}

impl LoginConfig {
    pub fn find(id: &str) -> Option<LoginConfig> {
        match id {
            "900100" => Some(LoginConfig::User),
            "900200" => Some(LoginConfig::SystemUser),
            _ => None,
        }
    }
}
