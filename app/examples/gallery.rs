//! Writes the page with all components (`/dev/components` of a debug build) to standard output. The accessibility test
//! in `end2end` needs it, because it runs against a release build.

fn main() {
    #[expect(clippy::print_stdout, reason = "this is what the example is for")]
    {
        print!("{}", app::document::gallery(&app::document::Assets::without_hashes(), "gallery"));
    }
}
