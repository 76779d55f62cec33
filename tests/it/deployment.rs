//! The workflow's step that deploys the program, run as it stands there, with a folder in the place of a host.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use pricebook_app::catalog;

use crate::place::{Place, succeeded};
use crate::project::{read, root};

const OLD: &str = "feedfacefeedfacefeedfacefeedfacefeedfacefeedfacefeedfacefeedface";
/// What a host does when it is told something over ssh: the last argument is a script, and its programs are in a folder of its own.
const SSH: &str = r#"#!/bin/bash
echo "ssh $1 $2 … ${@: -2:1}" >> "$HOST_FOLDER/asked"
script=${@: -1}
exec sh -c "${script//\/usr\/local\/bin/$HOST_FOLDER}"
"#;
const SUDO: &str = "#!/bin/sh\nexec \"$@\"\n";
const SYSTEMCTL: &str = r#"#!/bin/bash
cd "$HOST_FOLDER/work"
case "$1 $2" in
  'restart pricebook.service')
    if [ -e ../pid ]; then kill "$(cat ../pid)"; tail --pid="$(cat ../pid)" -f /dev/null; fi
    ../pricebook serve > ../served 2>&1 < /dev/null &
    echo $! > ../pid ;;
  'is-active pricebook.service') kill -0 "$(cat ../pid)" ;;
  *) exit 1 ;;
esac
"#;

/// A host on which the program of another catalog serves rows of that catalog.
struct Host {
    place: Place,
    address: String,
}

impl Host {
    fn with_the_old_program() -> Self {
        let place = Place::new();
        let address = TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).expect("an address");
        let host = Self { place, address: address.to_string() };
        for folder in ["work", "bin", "tools"] {
            fs::create_dir(host.folder().join(folder)).expect("it is made");
        }
        for (name, script) in [("ssh", SSH), ("sudo", SUDO), ("systemctl", SYSTEMCTL)] {
            let path = host.folder().join("tools").join(name);
            fs::write(&path, script).expect("it is written");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("it can be run");
        }
        let program = env!("CARGO_BIN_EXE_pricebook");
        fs::copy(program, host.folder().join("bin/pricebook")).expect("the build is there");
        // A program is of the catalog whose hash it holds.
        let renamed = format!("s/{}/{OLD}/g", catalog::artifacts().catalog_hash);
        let old = Command::new("sed").args([&renamed, program]).env("LC_ALL", "C").output().expect("sed runs");
        fs::write(host.folder().join("pricebook"), old.stdout).expect("it is written");
        fs::set_permissions(host.folder().join("pricebook"), fs::Permissions::from_mode(0o755)).expect("it can be run");
        succeeded(host.run(Command::new(host.folder().join("pricebook")).args(["--no-serve"])));
        host.sql("UPDATE services SET min_price = 7, max_price = 7 WHERE id = 'market-essentials'");
        let restarted = ["restart", "pricebook.service"];
        succeeded(host.run(Command::new(host.folder().join("tools/systemctl")).args(restarted)));
        host
    }

    fn folder(&self) -> &Path {
        self.place.folder.path()
    }

    fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The rows that are served, and not those of the folder that commands run in.
    fn database(&self) -> PathBuf {
        self.folder().join("work/.pricebook").join(format!("{}.db", catalog::artifacts().name))
    }

    fn sql(&self, sql: &'static str) {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(self.database());
        tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime").block_on(async {
            let mut connection = sqlx::ConnectOptions::connect(&options).await.expect("the database opens");
            sqlx::raw_sql(sql).execute(&mut connection).await.expect("a sound statement");
        });
    }

    /// In the folder from which the host serves.
    fn run(&self, command: &mut Command) -> Output {
        let tools = format!("{}:{}", self.folder().join("tools").display(), std::env::var("PATH").expect("a path"));
        let command = command.current_dir(self.folder().join("work")).env("HOST_FOLDER", self.folder());
        command.env("PATH", tools).env("PRICEBOOK_LISTEN", &self.address).env_remove("DATABASE_URL");
        command.output().expect("it runs")
    }

    fn pricebook(&self, arguments: &[&str]) -> Output {
        self.run(Command::new(env!("CARGO_BIN_EXE_pricebook")).args(arguments))
    }

    /// The step as it stands in the job of an environment, with this secret of the environment.
    fn deploy(&self, command: &str) -> Output {
        let step = step("Deploy the program");
        let mut bash = Command::new("bash");
        bash.args(["-e", "-c", &step.replace("services deployed ", "services deployed --within 20 ")]);
        bash.env("DEPLOY_COMMAND", command)
            .env("SERVERS", self.url())
            .env("DEPLOY_KNOWN_HOSTS", "host.example ssh-ed25519 AAAA");
        let work = self.folder().join("work/bin");
        if !work.exists() {
            std::os::unix::fs::symlink(self.folder().join("bin"), &work).expect("what was built is at hand");
        }
        self.run(&mut bash)
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        if let Ok(pid) = fs::read_to_string(self.folder().join("pid")) {
            let _ = Command::new("kill").arg(pid.trim()).status();
        }
    }
}

/// The lines of a step of the workflow, which are the same in both jobs.
fn step(name: &str) -> String {
    let workflow = read(".github/workflows/sync-services.yml");
    let scripts = workflow.split("      - name: ").filter_map(|step| step.strip_prefix(name));
    let script = |step: &str| -> String {
        let lines = step.split_once("        run: |\n").expect("a script").1.lines();
        lines.map_while(|line| line.strip_prefix("          ")).map(|line| format!("{line}\n")).collect()
    };
    let scripts: Vec<_> = scripts.map(script).collect();
    assert!(scripts.len() == 2 && scripts[0] == scripts[1], "{scripts:?}");
    scripts[0].clone()
}

fn both(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn the_program_is_deployed_before_its_rows_are_synced() {
    let host = Host::with_the_old_program();
    let url = host.url();
    let before = both(&host.pricebook(&["services", "deployed", &url, "--within", "20"]));
    assert!(before.contains("runs the program of catalog feedfacefeed, and this one is of "), "{before}");

    let elsewhere = host.deploy("");
    assert!(
        elsewhere.status.success() && both(&elsewhere).contains("is not deployed from here"),
        "{}",
        both(&elsewhere)
    );
    let nothing = host.deploy("true");
    assert!(!nothing.status.success(), "a command that deploys nothing was taken for one that does");
    assert!(both(&nothing).contains("runs the program of catalog feedfacefeed"), "{}", both(&nothing));
    assert!(!host.deploy("false").status.success());

    let program = root().join("ops/deploy");
    let deployed = host.deploy(&format!("{} bin/pricebook deploy@host.example", program.display()));
    assert!(deployed.status.success(), "{}", both(&deployed));
    let hash = &catalog::artifacts().catalog_hash[..12];
    assert!(both(&deployed).ends_with(&format!("{url} runs the program of catalog {hash}\n")), "{}", both(&deployed));
    let asked = fs::read_to_string(host.folder().join("asked")).expect("a host was asked");
    assert_eq!(asked, "ssh -o BatchMode=yes … deploy@host.example\n");
    let built = fs::read(env!("CARGO_BIN_EXE_pricebook")).expect("the build");
    assert!(fs::read(host.folder().join("pricebook")).expect("it is there") == built, "it is what was built");
    assert!(fs::read(host.folder().join("pricebook.previous")).expect("the one before stays") != built);

    let early = host.pricebook(&["services", "validate", &url]);
    assert_eq!(early.status.code(), Some(1), "the rows come after the program: {}", both(&early));
    succeeded(host.pricebook(&["services", "sync", "local"]));
    succeeded(host.pricebook(&["services", "validate", &url]));
}
