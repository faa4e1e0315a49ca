"""A Slurm that keeps accounts, as most centres have: slurmdbd on a MariaDB of its own, in the cluster's folder."""

import subprocess
from pathlib import Path

from clusters.host import ClusterError, free_ports, program, wait_until
from clusters.slurm import HEAD, Slurm, why_no_slurm

PROGRAMS = ("slurmdbd", "mariadbd", "mariadb-install-db", "mariadb", "sacctmgr", "sacct")
DATABASE_USER = "root"  # who alone can reach the folders of the tests
QUALITIES = ("normal", "low", "high", "express")
# What a centre's administrators set: jobs are kept with their comments, which the executor fills with the rule.
LINES = (
    "AccountingStorageType=accounting_storage/slurmdbd",
    "AccountingStorageHost=127.0.0.1",
    "AccountingStoragePort={port}",
    "AccountingStoragePass={folder}/munge.socket",
    "AccountingStoreFlags=job_comment",
    "AccountingStorageEnforce=associations,qos",
)
CONFIG = """\
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
DbdHost=localhost
DbdAddr=127.0.0.1
DbdPort={port}
SlurmUser=root
LogFile={folder}/slurmdbd.log
PidFile={folder}/slurmdbd.pid
StorageType=accounting_storage/mysql
StorageHost=127.0.0.1
StoragePort={database_port}
StorageUser=root
StorageLoc=slurm
"""


def why_no_accounts() -> str | None:
    """Why no Slurm with accounts can be started here; None where it can."""
    missing = [name for name in PROGRAMS if program(name) is None]
    reason = (
        f"not installed: {', '.join(missing)} (Debian: apt-get install slurmdbd mariadb-server)" if missing else None
    )
    return why_no_slurm() or reason


class SlurmWithAccounts(Slurm):
    """A cluster whose accounts are `accounts`, which root may use, with the centres' qualities of service."""

    def __init__(self, folder: Path, accounts: tuple[str, ...] = ("wp1", "production"), **settings: object):
        self.accounts = accounts
        self.port, self.database_port = free_ports(2)
        super().__init__(folder, lines=tuple(line.format(port=self.port, folder=folder) for line in LINES), **settings)

    def start_controller(self) -> None:
        """Start the data base and what writes to it, where they are not up, and then slurmctld."""
        if "slurmdbd" not in self.nodes[HEAD].daemons:
            self.start_database()
            self.start_accounting()
        super().start_controller()

    def start_database(self) -> None:
        """Start a MariaDB that only this host can reach; its root needs no password."""
        data = self.folder / "database"
        data.mkdir()
        install = ["mariadb-install-db", "--no-defaults", f"--user={DATABASE_USER}", f"--datadir={data}"]
        install += ["--auth-root-authentication-method=normal", "--skip-test-db"]
        done = subprocess.run(install, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode:
            raise ClusterError(f"mariadb-install-db: {done.stdout[-1000:]}")
        options = [
            f"--user={DATABASE_USER}",
            f"--datadir={data}",
            f"--socket={data}/socket",
            f"--port={self.database_port}",
        ]
        options += ["--bind-address=127.0.0.1", f"--pid-file={data}/pid", "--innodb-buffer-pool-size=64M"]
        self.nodes[HEAD].start("mariadbd", ["mariadbd", "--no-defaults", *options])
        ping = [program("mariadb"), "--no-defaults", f"--socket={data}/socket", "--user=root", "-e", "select 1"]
        wait_until(lambda: subprocess.run(ping, capture_output=True).returncode == 0, "mariadbd")

    def start_accounting(self) -> None:
        """Start slurmdbd, and enter cluster, accounts, user and qualities of service."""
        config = self.folder / "etc" / "slurmdbd.conf"
        config.write_text(CONFIG.format(folder=self.folder, port=self.port, database_port=self.database_port))
        config.chmod(0o600)
        self.nodes[HEAD].start("slurmdbd", ["slurmdbd", "-D"])
        wait_until(lambda: "normal" in self.ask("sacctmgr", "-n", "list", "qos", "format=name"), "slurmdbd")
        self.enter("cluster", "test")
        for name in QUALITIES[1:]:
            self.enter("qos", name)
        for name in self.accounts:
            self.enter("account", name, "cluster=test")
            self.enter("user", "root", f"account={name}", "cluster=test", f"qos={','.join(QUALITIES)}")

    def enter(self, *words: str) -> None:
        """Add something to the accounts. Raises ClusterError."""
        command = ["sacctmgr", "--immediate", "add", *words]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True)
        if done.returncode and "already exists" not in done.stdout + done.stderr:
            raise ClusterError(f"{' '.join(command)}: {done.stdout}{done.stderr}")
