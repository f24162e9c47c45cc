"""Type the commands of docs/deployment.md in an empty folder, and come in through the proxy.

Usage: python tools/try_deployment.py FOLDER   (as root, on Debian with PostgreSQL and nginx)

FOLDER must not exist. Every path of the page lies below it and every port is a free one, so nothing
of the machine is touched but an account named ``tafahom``, made by the page and removed at the
end. ``systemctl`` is played: it runs what the units say, as their user, with their environment, and
waits for their READY. What the page calls besides is the real thing.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
PAGE = REPOSITORY / "docs" / "deployment.md"
BIN = Path("/usr/lib/postgresql/15/bin")
MOVED = (
    "/srv/tafahom",
    "/var/lib/tafahom",
    "/var/backups/tafahom",
    "/etc/tafahom",
    "/etc/ssl/tafahom",
    "/etc/systemd/system",
    "/etc/nginx/conf.d",
    "/etc/postgresql/15/main",
    "/var/log/nginx",
)
PORTS = {"5432": "database", "8000": "pages", "443": "https", "80": "http"}
NGINX = """
pid {root}/run/nginx.pid;
user www-data;
events {{}}
http {{ include /etc/nginx/mime.types; access_log off; include {root}/etc/nginx/conf.d/*.conf; }}
"""


def main() -> int:
    """Do it; return the status of the commands."""
    root = Path(sys.argv[1]).resolve()
    root.mkdir(mode=0o755)
    ports = {name: _free_port() for name in PORTS.values()}
    source = _source(root, ports)
    _play_debian(root, ports)
    script = root / "typed.sh"
    script.write_text(_typed(root, ports, source), encoding="utf-8")
    path = f"{root / 'bin'}:{os.environ['PATH']}"
    environment = {"PATH": path, "HOME": "/root", "LANG": "C.UTF-8", "TAFAHOM_LANGUAGE": "en"}
    environment |= {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    environment |= {"TRY_ROOT": str(root), "PGHOST": str(root / "run"), "PGPORT": ports["database"]}
    try:
        begun = time.monotonic()
        status = subprocess.run(["bash", script], env=environment, cwd=root, check=False).returncode
        _say(f"status {status} after {time.monotonic() - begun:.0f} s")
        return status or _visit(ports)
    finally:
        _end(root)


def commands() -> list[str]:
    """Return the blocks of commands of the page."""
    return re.findall(r"^```sh\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.M | re.S)


def _typed(root: Path, ports: dict[str, str], source: Path) -> str:
    lines = ["set -eu"]
    for line in "".join(commands()).splitlines():
        line = re.sub(r"https://git\S+\.git", str(source), line)
        moved = _moved(line, root)
        lines += [f"printf '$ %s\\n' {_quoted(line)}", moved]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _moved(text: str, root: Path) -> str:
    for place in MOVED:
        text = text.replace(place, f"{root}{place}")
    return text


def _source(root: Path, ports: dict[str, str]) -> Path:
    """Make a repository of the tree as it is, with paths and ports of this try."""
    source = root / "source"
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    for name in listed:
        place = source / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPOSITORY / name, place)
    for file in (source / "deploy").rglob("*"):
        if file.is_file():
            text = _moved(file.read_text(encoding="utf-8"), root)
            for port, name in PORTS.items():
                text = re.sub(rf"(?<![\d.]){port}(?!\d)", ports[name], text)
            file.write_text(text, encoding="utf-8")
    git = ["git", "-C", str(source), "-c", "user.name=try", "-c", "user.email=try@localhost"]
    subprocess.run([*git[:3], "init", "--quiet"], check=True)
    subprocess.run([*git, "add", "--all"], check=True)
    subprocess.run([*git, "commit", "--quiet", "-m", "As it is"], check=True)
    return source


def _play_debian(root: Path, ports: dict[str, str]) -> None:
    """Prepare what Debian's packages leave behind, below the folder."""
    for name in (
        "bin",
        "run",
        "etc/nginx/conf.d",
        "etc/systemd/system",
        "var/log/nginx",
        "etc/ssl",
    ):
        (root / name).mkdir(parents=True)
    (root / "run").chmod(0o1777)
    cluster = root / "etc/postgresql/15/main"
    cluster.mkdir(parents=True)
    shutil.chown(cluster, "postgres")
    as_postgres = ["runuser", "-u", "postgres", "--"]
    subprocess.run(
        [*as_postgres, BIN / "initdb", "-D", cluster, "-A", "peer"],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    with (cluster / "postgresql.conf").open("a", encoding="utf-8") as out:
        out.write(f"include_dir = 'conf.d'\nport = {ports['database']}\n")
        out.write(f"unix_socket_directories = '{root / 'run'}'\n")
    (cluster / "conf.d").mkdir()
    certificate = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "9"]
    files = ["-keyout", "server.key", "-out", "server.crt", "-subj", "/CN=localhost"]
    subprocess.run(
        [*as_postgres, *certificate, *files], cwd=cluster, check=True, stderr=subprocess.DEVNULL
    )
    (root / "etc/nginx/nginx.conf").write_text(NGINX.format(root=root), encoding="utf-8")
    for name in ("systemctl", "nginx"):
        stub = root / "bin" / name
        stub.write_text(f'#!/bin/sh\nexec {sys.executable} {__file__} --{name} "$@"\n')
        stub.chmod(0o755)


def _nginx(arguments: list[str]) -> int:
    main_file = Path(os.environ["TRY_ROOT"]) / "etc/nginx/nginx.conf"
    return subprocess.run(["/usr/sbin/nginx", "-c", main_file, *arguments], check=False).returncode


def _systemctl(arguments: list[str]) -> int:
    root = Path(os.environ["TRY_ROOT"])
    words = [word for word in arguments if not word.startswith("--")]
    if words == ["restart", "postgresql"]:
        cluster = root / "etc/postgresql/15/main"
        control = ["runuser", "-u", "postgres", "--", BIN / "pg_ctl", "-D", cluster, "-w"]
        started = [*control, "-l", root / "run/postgresql.log", "start"]
        return subprocess.run(started, check=False, stdout=subprocess.DEVNULL).returncode
    if words == ["reload", "nginx"]:
        return _nginx([])
    for unit in words[1:]:
        if unit.endswith(".service") and _start(root, unit):
            return 1
    return 0


def _start(root: Path, unit: str) -> int:
    """Run what a unit says: as its user, with its environment; wait until it says READY."""
    said: dict[str, list[str]] = {}
    for line in (root / "etc/systemd/system" / unit).read_text(encoding="utf-8").splitlines():
        name, _sign, value = line.partition("=")
        said.setdefault(name, []).append(value)
    environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": str(root)}
    for file in said["EnvironmentFile"]:
        for line in Path(file).read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                name, _sign, value = line.partition("=")
                environment[name] = value
    line = said["ExecStart"][0].replace("%%", "%")
    command = [
        "/usr/sbin/runuser",
        "-u",
        said["User"][0],
        "--",
        "/bin/sh",
        "-c",
        f"umask 077; exec {line}",
    ]
    log = (root / "run" / f"{unit}.log").open("a")
    if said["Type"] == ["oneshot"]:
        place = said["WorkingDirectory"][0]
        return subprocess.run(command, env=environment, cwd=place, check=False).returncode
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        address = root / "run" / f"{unit}.notify"
        manager.bind(str(address))
        address.chmod(0o777)
        manager.settimeout(90)
        running = subprocess.Popen(
            command,
            env=environment | {"NOTIFY_SOCKET": str(address)},
            cwd=said["WorkingDirectory"][0],
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        (root / "run" / f"{unit}.pid").write_text(str(running.pid))
        while b"READY=1" not in manager.recv(4096):
            pass
        while b"WATCHDOG=1" not in manager.recv(4096):
            pass
    return 0


def _visit(ports: dict[str, str]) -> int:
    """Come in from outside: the log-in page over TLS, and what is refused."""
    address = f"https://tafahom.karaj.ir:{ports['https']}"
    curl = ["curl", "--silent", "--insecure", "--output", "-", "--write-out", "\n%{http_code}"]
    curl += ["--resolve", f"tafahom.karaj.ir:{ports['https']}:127.0.0.1"]
    wanted = {
        ("/login/",): "200",
        ("/login/", "--header", "X-Forwarded-For: 9.9.9.9"): "200",
        (f"/{'a' * 9000}",): "414",
        ("/login/", "--header", f"Cookie: a={'b' * 9000}"): "431",
        (
            "/login/",
            "--http1.1",
            "--request",
            "POST",
            "--header",
            "Content-Length: 300000000",
        ): "413",
    }
    wrong = 0
    for (path, *more), status in wanted.items():
        done = subprocess.run(
            [*curl, *more, f"{address}{path}"], capture_output=True, text=True, check=False
        )
        body, _line, told = done.stdout.rpartition("\n")
        is_ours = 'dir="rtl"' in body and "nginx" not in body
        _say(f"{path[:12]} {more[-1][:24] if more else ''}: {told}, a page of ours: {is_ours}")
        wrong += told != status or not is_ours
    return wrong


def _end(root: Path) -> None:
    """End what was started, by the numbers that were written down, and remove the account."""
    for file in [*root.glob("run/*.pid")]:
        number = int(file.read_text())
        try:
            os.killpg(os.getpgid(number), signal.SIGTERM)
        except ProcessLookupError:
            continue
    stop = ["runuser", "-u", "postgres", "--", BIN / "pg_ctl", "-D"]
    subprocess.run([*stop, root / "etc/postgresql/15/main", "-m", "fast", "stop"], check=False)
    time.sleep(3)
    subprocess.run(["userdel", "tafahom"], check=False)


def _free_port() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return str(free.getsockname()[1])


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--systemctl"]:
        raise SystemExit(_systemctl(sys.argv[2:]))
    if sys.argv[1:2] == ["--nginx"]:
        raise SystemExit(_nginx(sys.argv[2:]))
    raise SystemExit(main())
