//! The names of the built browser files. They contain the hashes listed in `hash.txt` beside the executable, so that
//! browsers may cache each file permanently.

use app::document::Assets;
use std::path::{Path, PathBuf};

/// Reads `hash.txt` in `folder`. Without it, the names have no hash.
pub fn read(folder: &Path) -> Assets {
    parse(&std::fs::read_to_string(folder.join("hash.txt")).unwrap_or_default())
}

/// The files that are missing in the folder of the built browser files.
pub fn missing(assets: &Assets, site_root: &Path) -> Vec<PathBuf> {
    let files = [&assets.css, &assets.js, &assets.wasm].map(|path| site_root.join(path.trim_start_matches('/')));
    files.into_iter().filter(|file| !file.is_file()).collect()
}

/// Lines such as `js: 2fd4e1c67a2d28fc`.
fn parse(text: &str) -> Assets {
    let path = |kind: &str| {
        let mut lines = text.lines().filter_map(|line| line.split_once(':'));
        let hash = lines.find(|(name, _)| name.trim() == kind).map(|(_, hash)| hash.trim());
        match hash.filter(|hash| !hash.is_empty()) {
            Some(hash) => format!("/pkg/rollcall.{hash}.{kind}"),
            None => format!("/pkg/rollcall.{kind}"),
        }
    };
    Assets { js: path("js"), wasm: path("wasm"), css: path("css") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_part_of_the_names() {
        let assets = parse("js: Ab1\nwasm: Cd2\ncss: Ef3\n");
        assert_eq!(assets.js, "/pkg/rollcall.Ab1.js");
        assert_eq!(assets.wasm, "/pkg/rollcall.Cd2.wasm");
        assert_eq!(assets.css, "/pkg/rollcall.Ef3.css");
    }

    #[test]
    fn files_of_another_build_are_missing() {
        let folder = tempfile::tempdir().unwrap();
        let site = folder.path();
        std::fs::create_dir(site.join("pkg")).unwrap();
        for file in ["rollcall.Ab1.js", "rollcall.Ef3.css", "rollcall.Old.wasm"] {
            std::fs::write(site.join("pkg").join(file), "").unwrap();
        }
        let assets = parse("js: Ab1\nwasm: Cd2\ncss: Ef3\n");
        assert_eq!(missing(&assets, site), [site.join("pkg/rollcall.Cd2.wasm")]);
        assert_eq!(missing(&assets, Path::new("/nowhere")).len(), 3);
    }

    #[test]
    fn without_hashes_the_names_are_plain() {
        let assets = read(Path::new("/nowhere"));
        assert_eq!(assets.js, "/pkg/rollcall.js");
        assert_eq!(parse("js:\ncss: x").js, "/pkg/rollcall.js");
    }
}
