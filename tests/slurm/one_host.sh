#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A Slurm cluster on this host for tests: a controller and three nodes of two features, without accounting.
#   one_host.sh DIR up PORT    DIR is a fresh folder; the ports PORT to PORT+3 of 127.0.0.1 are used; as root
#   one_host.sh DIR lose NODE  kill the node's daemon, as if the machine were gone
#   one_host.sh DIR controller stop|start
#   one_host.sh DIR down
# Everything lies under DIR. Use it with SLURM_CONF=DIR/etc/slurm.conf. Written for Slurm 22.05 of Debian 12.
set -eu
dir=$1 action=$2
nodes='old-1 old-2 new-1'
export SLURM_CONF="$dir/etc/slurm.conf"

# Stops a daemon by its pid file, whose number may by now be another program's.
stop() {  # stop FILE NAME SIGNAL
  local pid
  [ -f "$1" ] || return 0
  pid=$(cat "$1")
  [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = "$2" ] || return 0
  kill "-$3" "$pid" 2>/dev/null || true
  for _ in $(seq 100); do
    [ -e "/proc/$pid/exe" ] || break  # also false for a zombie
    sleep .1
  done
}

wait_for_nodes() {
  for _ in $(seq 300); do
    [ "$(sinfo -h -p all -o %T 2>/dev/null | sort -u)" = idle ] && return 0
    sleep .1
  done
  echo "the nodes did not come up: $(sinfo -N 2>&1)" >&2
  exit 1
}

case $action in
  down)
    scancel --state=RUNNING --user=root 2>/dev/null || true
    for node in $nodes; do stop "$dir/run/slurmd-$node.pid" slurmd TERM; done
    stop "$dir/run/slurmctld.pid" slurmctld TERM
    stop "$dir/run/munged.pid" munged TERM
    exit 0 ;;
  lose)
    stop "$dir/run/slurmd-$3.pid" slurmd KILL
    scontrol update "NodeName=$3" State=DOWN Reason=lost
    exit 0 ;;
  controller)
    if [ "$3" = stop ]; then
      stop "$dir/run/slurmctld.pid" slurmctld TERM
    else
      slurmctld
      for _ in $(seq 300); do squeue >/dev/null 2>&1 && break; sleep .1; done
    fi
    exit 0 ;;
  up) port=$3 ;;
  *) echo "one_host.sh: wanted up, lose, controller or down, found $action" >&2; exit 2 ;;
esac

host=$(hostname -s)
mkdir -p "$dir"/{etc,run,log,state,munge}
chmod 700 "$dir/munge"  # munged refuses a key that others can read
head -c 1024 /dev/urandom >"$dir/munge/munge.key"
chmod 400 "$dir/munge/munge.key"
munged --force --key-file="$dir/munge/munge.key" --seed-file="$dir/munge/seed" --socket="$dir/run/munge.sock" \
  --pid-file="$dir/run/munged.pid" --log-file="$dir/log/munged.log"

# Several nodes on one host: %n in the paths of slurmd, a port for each, and config_overrides, which accepts the
# numbers of CPUs below whatever the host has. No cgroups.
{
  cat <<CONF
ClusterName=reprise
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$dir/run/munge.sock
SlurmctldPort=$port
SlurmctldPidFile=$dir/run/slurmctld.pid
SlurmdPidFile=$dir/run/slurmd-%n.pid
SlurmctldLogFile=$dir/log/slurmctld.log
SlurmdLogFile=$dir/log/slurmd-%n.log
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool/%n
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
ReturnToService=2
MinJobAge=3600
KillWait=1
CONF
  at=0
  for node in $nodes; do
    at=$((at + 1))
    echo "NodeName=$node NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + at)) CPUs=2 RealMemory=1000 Feature=${node%-*}"
  done
  echo 'PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP'
} >"$dir/etc/slurm.conf"
echo 'CgroupAutomount=no' >"$dir/etc/cgroup.conf"

slurmctld -i
for node in $nodes; do
  mkdir -p "$dir/spool/$node"
  slurmd -N "$node"
done
wait_for_nodes
