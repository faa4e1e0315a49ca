"""A real Grid Engine on one host: qmaster and execd with a root folder and ports of their own; root starts it."""

import os
import subprocess
from pathlib import Path

from clusters.host import Cluster, ClusterError, Node, free_ports, host_name, wait_until, why_not

PROGRAMS = ("qconf", "qsub", "qstat", "qacct", "qhost", "unshare", "nsenter")
SYSTEM = Path("/usr/lib/gridengine")
SHARED = Path("/usr/share/gridengine")
LINKED = Path("/var/lib/gridengine")
CELL = "default"
# Queues and parallel environments as the centres name them: Gothenburg three queues and mpi, NGPc smp.
QUEUES = ("routine.q", "development.q", "wgs.q")
ENVIRONMENTS = ("mpi", "smp")
QUEUE = {"hostlist": "{host}", "pe_list": "{environments}", "slots": "32", "load_thresholds": "NONE"}
ENVIRONMENT = {"slots": "999", "allocation_rule": "{rule}"}
# Answers within a second where the defaults are 15 s and more; root may submit.
CONFIGURATION = {
    "execd_spool_dir": "{root}/spool/execd",
    "min_uid": "0",
    "min_gid": "0",
    "load_report_time": "00:00:05",
    "reporting_params": "accounting=true reporting=false flush_time=00:00:01 accounting_flush_time=00:00:00 "
    "joblog=false",
}
SCHEDULE = {
    "schedule_interval": "0:0:1",
    "flush_submit_sec": "1",
    "flush_finish_sec": "1",
    "job_load_adjustments": "NONE",
}
BOOTSTRAP = {
    "admin_user": "root",
    "spooling_params": "{root}/spool/database",
    "qmaster_spool_dir": "{root}/spool/qmaster",
}
# For ./gms run in the tests: the executor takes no job for ended before 20 s, and asks again only 10 s later.
SOON = ("--sge-init-seconds-before-status-checks", 21)


def why_no_grid_engine() -> str | None:
    """Why no Grid Engine can be started here; None where it can."""
    reason = why_not(PROGRAMS, "gridengine-master gridengine-exec gridengine-client")
    absent = [name for name in ("sge_qmaster", "sge_execd") if not (SYSTEM / name).exists()]
    missing = f"not installed: {', '.join(absent)} (Debian: gridengine-master gridengine-exec)"
    return reason or (missing if absent else None)


def with_values(text: str, values: dict[str, str]) -> str:
    """Lines of `name value` with the values of these names replaced."""
    lines = [line for line in text.replace("\\\n", " ").splitlines() if line.split()[:1]]
    return "".join(f"{name} {values[name]}\n" if (name := line.split()[0]) in values else f"{line}\n" for line in lines)


class GridEngine(Cluster):
    """One host with queues of 32 slots. `rule`: allocation rule of the parallel environments `environments`."""

    def __init__(
        self,
        folder: Path,
        queues: tuple[str, ...] = QUEUES,
        environments: tuple[str, ...] = ENVIRONMENTS,
        rule: str = "$pe_slots",
    ):
        self.folder, self.root = folder, folder / "root"
        self.queues, self.environments, self.rule = queues, environments, rule
        ports = dict(zip(("SGE_QMASTER_PORT", "SGE_EXECD_PORT"), map(str, free_ports(2)), strict=True))
        self.environment = {**os.environ, "SGE_ROOT": str(self.root), "SGE_CELL": CELL, **ports}
        self.node = Node("host", folder, {**self.environment, "SGE_ND": "1"}, {})

    def start(self) -> None:
        """Start everything; returns when the host can take jobs. Raises ClusterError."""
        self.make_cell()
        self.make_database()
        self.node.power_on()
        self.start_master()
        self.configure()
        self.start_host()

    def make_cell(self) -> None:
        """The root folder: the programs linked, the files that say who is who."""
        common = self.root / CELL / "common"
        for part in (common, *(self.root / "spool" / name for name in ("qmaster/job_scripts", "database", "execd"))):
            part.mkdir(parents=True)
        (self.root / "util").symlink_to(SHARED / "util")
        for name in ("bin", "lib", "utilbin"):
            (self.root / name).symlink_to(LINKED / name)
        host = host_name()
        (common / "act_qmaster").write_text(f"{host}\n")
        (common / "host_aliases").write_text(f"{host} localhost\n")
        values = {name: value.format(root=self.root) for name, value in BOOTSTRAP.items()}
        (common / "bootstrap").write_text(with_values((SHARED / "default-bootstrap").read_text(), values))

    def make_database(self) -> None:
        """What qmaster starts from: configuration, complexes, user sets, managers."""
        values = {name: value.format(root=self.root) for name, value in CONFIGURATION.items()}
        configuration = self.folder / "configuration"
        configuration.write_text(with_values((SHARED / "default-configuration").read_text(), values))
        resources = SHARED / "util" / "resources"
        self.tell(SYSTEM / "spoolinit", "berkeleydb", "libspoolb", self.root / "spool" / "database", "init")
        for what, where in (
            ("configuration", configuration),
            ("complexes", resources / "centry"),
            ("usersets", resources / "usersets"),
            ("managers", "root"),
        ):
            self.tell(SYSTEM / "spooldefaults", what, where)

    def start_master(self) -> None:
        """Start qmaster, also again after it was killed."""
        self.node.start("qmaster", [str(SYSTEM / "sge_qmaster")])
        wait_until(lambda: self.ask("qconf", "-sc"), "qmaster")

    def start_host(self) -> None:
        """Start execd; returns when it has told qmaster what the host has."""
        self.node.start("execd", [str(SYSTEM / "sge_execd")])
        wait_until(lambda: any(" lx-" in line for line in self.ask("qhost").splitlines()[2:]), "execd")

    def configure(self) -> None:
        """Hosts, scheduler, parallel environments and queues."""
        self.tell("qconf", "-as", host_name())
        self.set("-Msconf", with_values(self.ask("qconf", "-ssconf"), SCHEDULE))
        for name in self.environments:
            values = {key: value.format(rule=self.rule) for key, value in ENVIRONMENT.items()}
            template = (SHARED / "util" / "resources" / "pe" / "smp").read_text()
            lines = [line for line in template.splitlines(keepends=True) if not line.startswith("#")]
            self.set("-Ap", with_values("".join(lines), {**values, "pe_name": name}))
        for name in self.queues:
            offered = {"host": host_name(), "environments": " ".join(self.environments)}
            values = {key: value.format(**offered) for key, value in QUEUE.items()}
            self.set("-Aq", with_values(self.ask("qconf", "-sq"), {**values, "qname": name}))

    def set(self, option: str, text: str) -> None:
        """Give qconf a file with this text."""
        path = self.folder / f"qconf{option}"
        path.write_text(text)
        self.tell("qconf", option, path)

    def tell(self, *words: object) -> None:
        """Run a command of Grid Engine. Raises ClusterError where it fails."""
        done = subprocess.run([*map(str, words)], env=self.environment, capture_output=True, text=True)
        if done.returncode:
            raise ClusterError(f"{' '.join(map(str, words))}: {done.stdout}{done.stderr}")

    def jobs(self) -> list[dict[str, str]]:
        """What qacct tells of each ended job: jobname, slots, category (what it asked for), exit_status, and more."""
        blocks = self.ask("qacct", "-j").split("=" * 30)
        rows = [dict(line.split(None, 1) for line in block.splitlines() if len(line.split()) > 1) for block in blocks]
        return [{key: value.strip() for key, value in row.items()} for row in rows if "jobname" in row]

    def stop(self) -> None:
        """End everything that was started, jobs included."""
        self.node.power_off()
