//! Permissions of Facebook Login and of Instagram Login.

/// What the log-in asks for: Messenger, Instagram linked to a Page, and Pages
/// held through a business portfolio. Meta: `permissions`.
pub const LOGIN_SCOPES: &[&str] = &[
    "pages_show_list",
    "pages_messaging",
    "pages_manage_metadata",
    "pages_read_engagement",
    "instagram_basic",
    "instagram_manage_messages",
    "business_management",
];

/// Without one of these a Messenger channel does not work.
pub const REQUIRED_PAGE_SCOPES: &[&str] =
    &["pages_show_list", "pages_messaging", "pages_manage_metadata", "pages_read_engagement"];

/// Without one of these an Instagram channel of a Page does not work: those of
/// its Page, whose subscription carries its messages, and two of its own.
pub const REQUIRED_INSTAGRAM_SCOPES: &[&str] = &[
    "pages_show_list",
    "pages_messaging",
    "pages_manage_metadata",
    "pages_read_engagement",
    "instagram_basic",
    "instagram_manage_messages",
];

/// What Instagram Login asks for; without one of these its channel does not
/// work. Meta: `instagram-platform/instagram-api-with-instagram-login`.
pub const INSTAGRAM_LOGIN_SCOPES: &[&str] = &["instagram_business_basic", "instagram_business_manage_messages"];
