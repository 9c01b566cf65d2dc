namespace TiFerry.Dm.Config.Programs;

/// <summary>What <c>--print-sample-config</c> prints.</summary>
internal static class SampleConfigs
{
    /// <summary>dm-master's file.</summary>
    public const string Master = """
        # dm-master

        # The log; without a file it goes to standard output.
        log-level = "info"
        log-file = "dm-master.log"

        # The address to listen on, and the one that others reach it by.
        master-addr = ":8261"
        advertise-addr = "127.0.0.1:8261"

        # The member's name, and the directory of its part of the cluster's memory.
        name = "dm-master"
        data-dir = "default.dm-master"

        # Traffic between the masters' etcd members.
        peer-urls = "http://127.0.0.1:8291"
        advertise-peer-urls = "http://127.0.0.1:8291"

        # All masters of a new cluster. A master that comes later names some of them in 'join' instead.
        initial-cluster = "dm-master=http://127.0.0.1:8291"
        join = ""

        # An etcd cluster of your own instead of the masters' members.
        # etcd-endpoints = "http://127.0.0.1:2379"

        # Calls of workers: the longest wait, and how many workers are asked in a second and at once (0: no limit).
        rpc-timeout = "30s"
        rpc-rate-limit = 0.0
        rpc-rate-burst = 40

        # The key that passwords in source and task files are encrypted with: a file with 64 hexadecimal digits.
        # secret-key-path = "dm-master.key"

        # TLS with others, both sides showing certificates.
        # ssl-ca = "ca.pem"
        # ssl-cert = "master.pem"
        # ssl-key = "master-key.pem"
        # cert-allowed-cn = ["dm"]

        """;

    /// <summary>dm-worker's file.</summary>
    public const string Worker = """
        # dm-worker

        # The log; without a file it goes to standard output.
        log-level = "info"
        log-file = "dm-worker.log"

        # The address to listen on, and the one that others reach it by.
        worker-addr = ":8262"
        advertise-addr = "127.0.0.1:8262"

        # The cluster's masters.
        join = "127.0.0.1:8261"

        # The member's name; its address without one.
        # name = "dm-worker-1"

        # Seconds without a sign of life after which the cluster takes it for gone; the second one while it pulls a relay log.
        keepalive-ttl = 60
        relay-keepalive-ttl = 1800

        # The directory for relay logs.
        relay-dir = "relay-dir"

        # TLS with others, both sides showing certificates.
        # ssl-ca = "ca.pem"
        # ssl-cert = "worker.pem"
        # ssl-key = "worker-key.pem"
        # cert-allowed-cn = ["dm"]

        """;
}
