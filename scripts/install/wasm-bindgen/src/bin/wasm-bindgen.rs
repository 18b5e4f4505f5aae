//! `wasm-bindgen` with the options that this project and cargo-leptos pass, and with their published meaning. The published
//! program reads its options with a library that takes longer to compile than all of this.

use std::path::PathBuf;
use wasm_bindgen_cli_support::Bindgen;

fn main() -> anyhow::Result<()> {
    let mut bindgen = Bindgen::new();
    // The published program's defaults are not all those of its library.
    bindgen.debug(false).keep_debug(false).keep_lld_exports(false).demangle(true);
    bindgen.typescript(true).omit_default_module_path(false);
    let mut out_dir = None;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let (option, mut attached) = match argument.split_once('=') {
            Some((option, value)) if option.starts_with("--") => (option, Some(value.to_owned())),
            _ => (argument.as_str(), None),
        };
        let mut value = || {
            let value = attached.take().or_else(|| arguments.next());
            value.ok_or_else(|| anyhow::anyhow!("{option} needs a value"))
        };
        match option {
            "--target" => {
                let target = value()?;
                anyhow::ensure!(target == "web", "this build of wasm-bindgen knows --target web alone, not {target}");
                bindgen.web(true)?;
            }
            "--out-dir" => out_dir = Some(PathBuf::from(value()?)),
            "--out-name" => {
                bindgen.out_name(&value()?);
            }
            "--debug" => {
                bindgen.debug(true);
            }
            "--keep-debug" => {
                bindgen.keep_debug(true);
            }
            "--keep-lld-exports" => {
                bindgen.keep_lld_exports(true);
            }
            "--no-demangle" => {
                bindgen.demangle(false);
            }
            "--no-typescript" => {
                bindgen.typescript(false);
            }
            "--omit-default-module-path" => {
                bindgen.omit_default_module_path(true);
            }
            "--version" | "-V" => {
                println!("wasm-bindgen {}", env!("CARGO_PKG_VERSION"));
                return Ok(());
            }
            _ if option.starts_with('-') => anyhow::bail!("this build of wasm-bindgen does not know {option}"),
            _ => {
                bindgen.input_path(&argument);
            }
        }
        anyhow::ensure!(attached.is_none(), "{option} takes no value");
    }
    let out_dir = out_dir.ok_or_else(|| anyhow::anyhow!("--out-dir is missing"))?;
    bindgen.generate(out_dir)
}
