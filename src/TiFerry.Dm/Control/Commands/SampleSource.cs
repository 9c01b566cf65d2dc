namespace TiFerry.Dm.Control.Commands;

/// <summary>The sample of <c>operate-source --print-sample-config</c>.</summary>
internal static class SampleSource
{
    /// <summary>A source file with the keys that are used most; the others are commented out with their defaults.</summary>
    public const string Text = """
        # The source's name in the cluster.
        source-id: mysql-replica-01

        # mysql or mariadb
        flavor: mysql

        # The id under which replication registers; no other replica of the source may have it. 0 or none: chosen by itself.
        server-id: 101

        # Follow by GTID instead of file name and position.
        enable-gtid: false

        # Pull the binlog into a relay log on the worker.
        enable-relay: false
        # relay-binlog-name: ''
        # relay-binlog-gtid: ''

        # Whether the tasks of this source run.
        enable: true

        from:
          host: 127.0.0.1
          port: 3306
          user: root
          # In plain text, or as printed by 'dmctl encrypt'.
          password: '123456'
          # security:
          #   ssl-ca: /path/to/ca.pem
          #   ssl-cert: /path/to/cert.pem
          #   ssl-key: /path/to/key.pem

        # When files of the relay log are removed: look every interval seconds, keep expires hours (0: no limit), and leave remain-space GiB free.
        # purge:
        #   interval: 3600
        #   expires: 0
        #   remain-space: 15

        # How paused tasks are resumed by themselves.
        # checker:
        #   check-enable: true
        #   backoff-rollback: 5m
        #   backoff-max: 5m
        """;
}
