"""A real Slurm on loopback: munged, slurmctld and several slurmd, each node with processes of its own; root starts it.

Nothing of the host is changed: its configuration lies in a folder, and jobs, whose SLURM_CONF the executor removes, see
it as /etc/slurm, which is another folder in their nodes only. Hence several clusters can be up at once."""

import os
from pathlib import Path

from clusters.host import Cluster, ClusterError, Node, free_ports, host_name, wait_until, why_not

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "squeue", "scontrol", "srun", "unshare", "nsenter")
ETC = Path("/etc/slurm")
HEAD = "head"
# Partitions as the centres name them: Uppsala core and low, Stockholm core, Lund normal, high and trannel.
PARTITIONS = {
    "core": "Default=YES MaxTime=10-00:00:00",
    "low": "MaxTime=10-00:00:00 PriorityTier=1",
    "normal": "MaxTime=7-00:00:00",
    "high": "MaxTime=7-00:00:00 PriorityTier=10",
    "trannel": "MaxTime=7-00:00:00",
}
CONFIG = """\
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={port}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
StateSaveLocation={folder}/state
SlurmctldPidFile={folder}/slurmctld.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdPidFile={folder}/slurmd-%n.pid
SlurmdSpoolDir={folder}/spool-%n
SlurmdLogFile={folder}/slurmd-%n.log
SlurmdParameters=config_overrides
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=1
JobAcctGatherParams=UsePss{over_memory}
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SchedulerParameters=sched_interval=1,batch_sched_delay=0,sched_min_interval=100000
ReturnToService=2
SlurmdTimeout={node_timeout}
MinJobAge={min_job_age}
KillWait=2
{lines}
"""
# For ./gms run in the tests: the default is to ask the scheduler first after 40 s.
SOON = ("--slurm-init-seconds-before-status-checks", 5)


def why_no_slurm() -> str | None:
    """Why no Slurm can be started here; None where it can."""
    reason = why_not(PROGRAMS, "slurm-wlm munge")
    return reason or (None if ETC.is_dir() else f"there is no {ETC}, in whose place nodes see their configuration")


class Slurm(Cluster):
    """The cluster. `nodes`: names of nodes on this host; each claims `cpus` and `memory` (MB), whatever the host has.

    `min_job_age`: seconds for which squeue still tells of an ended job. `kill_over_memory`: whether a job that uses
    more memory than it asked for is killed. `lines`: more of slurm.conf, such as that of accounts.
    """

    def __init__(
        self,
        folder: Path,
        nodes: tuple[str, ...] = ("n1", "n2"),
        cpus: int = 32,
        memory: int = 16_000,
        node_timeout: int = 20,
        min_job_age: int = 300,
        kill_over_memory: bool = True,
        lines: tuple[str, ...] = ("AccountingStorageType=accounting_storage/none",),
    ):
        self.folder, self.names, self.claim = folder, nodes, f"CPUs={cpus} RealMemory={memory}"
        over = ",OverMemoryKill" if kill_over_memory else ""
        self.settings = {"node_timeout": node_timeout, "min_job_age": min_job_age, "over_memory": over}
        self.lines = lines
        mounts = {folder / "etc": ETC}
        self.nodes = {name: Node(name, folder, self.environment, mounts) for name in (HEAD, *nodes)}

    @property
    def environment(self) -> dict[str, str]:
        """The variables with which ./gms, sbatch and squeue find this cluster."""
        return {**os.environ, "SLURM_CONF": str(self.folder / "etc" / "slurm.conf")}

    def start(self) -> None:
        """Start everything; returns when all nodes are idle. Raises ClusterError."""
        for name in ("etc", "state", *(f"spool-{name}" for name in self.names)):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        self.configure()
        self.nodes[HEAD].power_on()
        self.start_munge()
        self.start_controller()
        for name in self.names:
            self.start_node(name)
        self.wait_for_nodes()

    def configure(self) -> None:
        """Write slurm.conf."""
        host, (port, *ports) = host_name(), free_ports(1 + len(self.names))
        lines = list(self.lines)
        for name, of in zip(self.names, ports, strict=True):
            lines.append(f"NodeName={name} NodeHostname={host} NodeAddr=127.0.0.1 Port={of} {self.claim} State=UNKNOWN")
        nodes = ",".join(self.names)
        lines += [f"PartitionName={name} Nodes={nodes} State=UP {rest}" for name, rest in PARTITIONS.items()]
        text = CONFIG.format(host=host, port=port, folder=self.folder, lines="\n".join(lines), **self.settings)
        (self.folder / "etc" / "slurm.conf").write_text(text)

    def start_munge(self) -> None:
        """Start the daemon that says who is who."""
        folder, key = self.folder, self.folder / "munge.key"
        key.write_bytes(os.urandom(128))
        key.chmod(0o400)
        files = [f"--{what}-file={folder}/munged.{what}" for what in ("pid", "log", "seed")]
        options = ["--foreground", "--force", f"--key-file={key}", f"--socket={folder}/munge.socket", *files]
        self.nodes[HEAD].start("munged", ["munged", *options])
        wait_until((folder / "munge.socket").exists, "munged")

    def start_controller(self) -> None:
        """Start slurmctld, also again after it was killed: it goes on with the jobs it knew."""
        self.nodes[HEAD].start("slurmctld", ["slurmctld", "-D"])

    def kill_controller(self) -> None:
        """kill -9 of slurmctld; jobs go on without it."""
        self.nodes[HEAD].kill("slurmctld")

    def start_node(self, name: str) -> None:
        """Switch a node on, where it is not, and start its slurmd."""
        node = self.nodes[name]
        if node.machine is None:
            node.power_on()
        node.start("slurmd", ["slurmd", "-D", "-N", name])

    def kill_slurmd(self, name: str) -> None:
        """kill -9 of a node's slurmd; its jobs go on. `start_node` starts it again."""
        self.nodes[name].kill("slurmd")

    def power_off(self, name: str) -> None:
        """A node goes down with all that runs on it. `start_node` switches it on again."""
        self.nodes[name].power_off()

    def wait_for_nodes(self, seconds: float = 60) -> None:
        """Wait until all nodes can take jobs. Raises ClusterError with the end of the logs."""
        try:
            wait_until(lambda: set(self.states().values()) == {"idle"}, "idle nodes", seconds)
        except ClusterError as error:
            raise ClusterError(f"{error}: {self.states()}\n{self.log_ends()}") from None

    def states(self) -> dict[str, str]:
        """Node -> its state as sinfo tells it; empty where the controller does not answer."""
        return dict(line.split() for line in self.ask("sinfo", "-h", "-N", "-o", "%N %T").splitlines())

    def jobs(self) -> list[dict[str, str]]:
        """All jobs that squeue tells of, also those that have ended (for `min_job_age` seconds)."""
        keys = ("id", "state", "partition", "account", "qos", "cpus", "memory", "node", "comment", "reason")
        form = "|".join(("%i", "%T", "%P", "%a", "%q", "%C", "%m", "%N", "%k", "%r"))
        lines = self.ask("squeue", "-h", "--states=all", "-o", form).splitlines()
        return [dict(zip(keys, line.split("|"), strict=True)) for line in lines]

    def log_ends(self, lines: int = 15) -> str:
        """The last lines of each log."""
        logs = [*self.folder.glob("*.out"), *self.folder.glob("*.log")]
        ends = {path.name: path.read_text(errors="replace").splitlines()[-lines:] for path in sorted(logs)}
        return "\n".join(f"{name}: {line}" for name, end in ends.items() for line in end)

    def stop(self) -> None:
        """End everything that was started."""
        for node in self.nodes.values():
            node.power_off()
