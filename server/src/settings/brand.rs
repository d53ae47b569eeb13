//! The platform's name, picture and address, as the settings give them.

use std::path::Path;

use url::Url;

/// In bytes: it is shown small, on every page.
const LARGEST: usize = 256 * 1024;

#[derive(Clone, Debug, Default)]
pub struct BrandSettings {
    pub name: String,
    pub logo: Option<Logo>,
    pub url: Option<Url>,
}

/// Where the picture is.
#[derive(Clone, Debug)]
pub enum Logo {
    Elsewhere(Url),
    /// Served by us.
    Own(LogoFile),
}

#[derive(Clone, Debug)]
pub struct LogoFile {
    pub kind: LogoKind,
    pub bytes: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogoKind {
    Svg,
    Png,
}

impl LogoKind {
    /// Of the file's name.
    fn of(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?;
        if ending.eq_ignore_ascii_case("svg") {
            Some(Self::Svg)
        } else {
            ending.eq_ignore_ascii_case("png").then_some(Self::Png)
        }
    }

    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Svg => "image/svg+xml",
            Self::Png => "image/png",
        }
    }

    /// Where we serve it.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Svg => "/brand/logo.svg",
            Self::Png => "/brand/logo.png",
        }
    }
}

/// # Errors
/// What is wrong with the file, and the fix.
pub(super) fn logo_file(text: &str) -> Result<LogoFile, String> {
    let path = Path::new(text);
    let kind = LogoKind::of(path)
        .ok_or_else(|| format!("`{text}` is neither https:// nor a file that ends in .svg or .png"))?;
    let bytes = std::fs::read(path)
        .map_err(|error| format!("the file {text} cannot be read ({error}): check the path and its permissions"))?;
    if bytes.len() > LARGEST {
        return Err(format!("the file {text} is larger than 256 KiB: give a smaller picture"));
    }
    Ok(LogoFile { kind, bytes })
}

impl BrandSettings {
    /// As the service shows it.
    #[must_use]
    pub fn shown(&self) -> renewal::Brand {
        let logo = self.logo.as_ref().map(|logo| match logo {
            Logo::Elsewhere(url) => url.to_string(),
            Logo::Own(file) => file.kind.path().to_owned(),
        });
        renewal::Brand { name: self.name.clone(), logo, url: self.url.as_ref().map(Url::to_string) }
    }
}
