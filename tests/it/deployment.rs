//! The workflow's step that deploys the program, run as it stands there, with a folder in the place of a host.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use pricebook_app::catalog;

use crate::place::{Place, succeeded};
use crate::project::{read, root};

const OLD: &str = "feedfacefeedfacefeedfacefeedfacefeedfacefeedfacefeedfacefeedface";
/// What a host does when it is told something over ssh: the last argument is a script, the one before names the host, and its programs are in
/// a folder of its own.
const SSH: &str = r#"#!/bin/bash
HOST_FOLDER=$(readlink "$HOSTS/${@: -2:1}") || exit 255
export HOST_FOLDER
echo "ssh $1 $2 … ${@: -2:1}" >> "$HOST_FOLDER/asked"
script=${@: -1}
if [ -e "$HOST_FOLDER/cut" ]; then head -c 1000 | sh -c "${script//\/usr\/local\/bin/$HOST_FOLDER}"; exit; fi
exec sh -c "${script//\/usr\/local\/bin/$HOST_FOLDER}"
"#;
const SUDO: &str = "#!/bin/sh\nexec \"$@\"\n";
/// A program that is restarted has been started when it says so, as the unit has it.
const SYSTEMCTL: &str = r#"#!/bin/bash
cd "$HOST_FOLDER/work"
export PRICEBOOK_LISTEN=$(cat ../listen) NOTIFY_SOCKET=$HOST_FOLDER/notify
case "$1 $2" in
  'restart pricebook.service')
    if [ -e ../pid ]; then kill "$(cat ../pid)"; tail --pid="$(cat ../pid)" -f /dev/null; fi
    rm -f ../ready
    ../pricebook serve > ../served 2>&1 < /dev/null &
    echo $! > ../pid
    while [ ! -e ../ready ]; do kill -0 $! 2> /dev/null || exit 1; sleep 0.05; done ;;
  'show --property=Type') sed -n 's/^Type=//p' ../unit ;;
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
        fs::write(host.folder().join("listen"), &host.address).expect("it is written");
        fs::copy(root().join("ops/systemd/pricebook.service"), host.folder().join("unit")).expect("the unit is there");
        host.hear();
        for folder in ["work", "bin", "tools", "hosts"] {
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
        host.knows("host.example", &host);
        let restarted = ["restart", "pricebook.service"];
        succeeded(host.run(Command::new(host.folder().join("tools/systemctl")).args(restarted)));
        host
    }

    /// Takes what a server tells systemd, and leaves a file when it says that it answers.
    fn hear(&self) {
        let socket = UnixDatagram::bind(self.folder().join("notify")).expect("a socket");
        let ready = self.folder().join("ready");
        std::thread::spawn(move || {
            let mut told = [0; 64];
            while let Ok(length) = socket.recv(&mut told) {
                // The folder is gone when the test has ended.
                if &told[..length] == b"READY=1" && fs::write(&ready, "").is_err() {
                    return;
                }
            }
        });
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
        command.env("HOSTS", self.folder().join("hosts"));
        command.env("PATH", tools).env("PRICEBOOK_LISTEN", &self.address).env_remove("DATABASE_URL");
        command.output().expect("it runs")
    }

    fn pricebook(&self, arguments: &[&str]) -> Output {
        self.run(Command::new(env!("CARGO_BIN_EXE_pricebook")).args(arguments))
    }

    /// Names a host, so that it can be told something from here.
    fn knows(&self, name: &str, host: &Self) {
        std::os::unix::fs::symlink(host.folder(), self.folder().join("hosts").join(format!("deploy@{name}")))
            .expect("it is named");
    }

    fn program(&self, name: &str) -> Vec<u8> {
        fs::read(self.folder().join(name)).expect("it is there")
    }

    fn deployed(&self, program: &str, hosts: &[&str]) -> Output {
        let folder = self.folder().join("bin");
        self.run(Command::new(root().join("ops/deploy")).arg(folder.join(program)).args(hosts))
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
    let scripts = steps(name);
    assert!(scripts.len() == 2 && scripts[0] == scripts[1], "{scripts:?}");
    scripts[0].clone()
}

/// The lines of the steps with this name, one for each job that has it.
pub(crate) fn steps(name: &str) -> Vec<String> {
    let workflow = read(".github/workflows/sync-services.yml");
    let scripts = workflow.split("      - name: ").filter_map(|step| step.strip_prefix(name));
    let script = |step: &str| -> String {
        let lines = step.split_once("        run: |\n").expect("a script").1.lines();
        lines.map_while(|line| line.strip_prefix("          ")).map(|line| format!("{line}\n")).collect()
    };
    scripts.map(script).collect()
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
    assert!(host.program("pricebook") == built, "it is what was built");
    assert!(host.program("pricebook.previous") != built, "the one before stays");

    let early = host.pricebook(&["services", "validate", &url]);
    assert_eq!(early.status.code(), Some(1), "the rows come after the program: {}", both(&early));
    succeeded(host.pricebook(&["services", "sync", "local"]));
    succeeded(host.pricebook(&["services", "validate", &url]));
}

#[test]
fn a_program_that_does_not_arrive_whole_is_not_installed() {
    let host = Host::with_the_old_program();
    let old = host.program("pricebook");
    fs::write(host.folder().join("cut"), "").expect("it is written");
    let cut = host.deployed("pricebook", &["deploy@host.example"]);
    let told = both(&cut);
    assert!(!cut.status.success() && told.contains("what arrived is not what was sent"), "{told}");
    assert!(told.contains("stopped at deploy@host.example; not touched: none"), "{told}");
    assert!(host.program("pricebook") == old);
}

#[test]
fn a_program_that_does_not_come_up_is_taken_back_and_goes_to_no_other_host() {
    let (host, other) = (Host::with_the_old_program(), Host::with_the_old_program());
    host.knows("other.example", &other);
    let old = host.program("pricebook");
    let dead = host.folder().join("bin/dead");
    fs::write(&dead, "#!/bin/sh\n[ \"$1\" = --version ]\n").expect("it is written");
    fs::set_permissions(&dead, fs::Permissions::from_mode(0o755)).expect("it can be run");

    let stopped = host.deployed("dead", &["deploy@host.example", "deploy@other.example"]);
    assert!(!stopped.status.success());
    let told = both(&stopped);
    assert!(told.contains("the program does not come up") && told.contains("the one before is back"), "{told}");
    assert!(told.contains("stopped at deploy@host.example; not touched: deploy@other.example"), "{told}");
    assert!(host.program("pricebook") == old && !other.folder().join("asked").exists());
    let served = both(&host.pricebook(&["services", "deployed", &host.url(), "--within", "0"]));
    assert!(served.contains("runs the program of catalog feedfacefeed"), "it answers again: {served}");

    for _ in 0..2 {
        succeeded(host.deployed("pricebook", &["deploy@host.example", "deploy@other.example"]));
        assert!(host.program("pricebook.previous") == old, "one that is deployed twice does not follow itself");
    }
    succeeded(host.pricebook(&["services", "deployed", &host.url(), &other.url(), "--within", "20"]));
    fs::write(other.folder().join("unit"), "[Service]\nType=simple\n").expect("it is written");
    let untold = host.deployed("dead", &["deploy@other.example"]);
    assert!(!untold.status.success() && both(&untold).contains("(Type=notify)"), "{}", both(&untold));
    assert!(other.program("pricebook") != fs::read(&dead).expect("it is there"));
}
