namespace TiFerry.Schema.Ddl;

/// <summary>What a statement does, as far as replication has to know.</summary>
public enum StatementKind
{
    /// <summary>The statement was not understood; a caller must refuse it.</summary>
    Unknown,

    /// <summary>Nothing but space and comments, for example MariaDB's dummy events.</summary>
    Empty,

    /// <summary>BEGIN, START TRANSACTION.</summary>
    Begin,

    /// <summary>COMMIT.</summary>
    Commit,

    /// <summary>ROLLBACK of the whole transaction.</summary>
    Rollback,

    /// <summary>SAVEPOINT.</summary>
    Savepoint,

    /// <summary>ROLLBACK TO SAVEPOINT.</summary>
    RollbackToSavepoint,

    /// <summary>RELEASE SAVEPOINT.</summary>
    ReleaseSavepoint,

    /// <summary>XA START, XA BEGIN.</summary>
    XaStart,

    /// <summary>XA END.</summary>
    XaEnd,

    /// <summary>XA PREPARE.</summary>
    XaPrepare,

    /// <summary>XA COMMIT.</summary>
    XaCommit,

    /// <summary>XA ROLLBACK.</summary>
    XaRollback,

    /// <summary>CREATE DATABASE.</summary>
    CreateDatabase,

    /// <summary>ALTER DATABASE.</summary>
    AlterDatabase,

    /// <summary>DROP DATABASE.</summary>
    DropDatabase,

    /// <summary>CREATE TABLE with columns written out.</summary>
    CreateTable,

    /// <summary>CREATE TABLE ... LIKE.</summary>
    CreateTableLike,

    /// <summary>CREATE TABLE ... SELECT, VALUES or TABLE.</summary>
    CreateTableSelect,

    /// <summary>ALTER TABLE.</summary>
    AlterTable,

    /// <summary>DROP TABLE.</summary>
    DropTable,

    /// <summary>RENAME TABLE.</summary>
    RenameTable,

    /// <summary>TRUNCATE TABLE.</summary>
    TruncateTable,

    /// <summary>CREATE INDEX.</summary>
    CreateIndex,

    /// <summary>DROP INDEX.</summary>
    DropIndex,

    /// <summary>CREATE VIEW.</summary>
    CreateView,

    /// <summary>ALTER VIEW.</summary>
    AlterView,

    /// <summary>DROP VIEW.</summary>
    DropView,

    /// <summary>CREATE SEQUENCE.</summary>
    CreateSequence,

    /// <summary>ALTER SEQUENCE.</summary>
    AlterSequence,

    /// <summary>DROP SEQUENCE.</summary>
    DropSequence,

    /// <summary>CREATE TRIGGER.</summary>
    CreateTrigger,

    /// <summary>DROP TRIGGER.</summary>
    DropTrigger,

    /// <summary>CREATE PROCEDURE, FUNCTION, PACKAGE, LIBRARY.</summary>
    CreateRoutine,

    /// <summary>ALTER PROCEDURE, FUNCTION, LIBRARY.</summary>
    AlterRoutine,

    /// <summary>DROP PROCEDURE, FUNCTION, PACKAGE, LIBRARY.</summary>
    DropRoutine,

    /// <summary>CREATE EVENT.</summary>
    CreateEvent,

    /// <summary>ALTER EVENT.</summary>
    AlterEvent,

    /// <summary>DROP EVENT.</summary>
    DropEvent,

    /// <summary>Users, roles, grants, passwords.</summary>
    Account,

    /// <summary>Tablespaces, servers, resource groups, plugins and other things of the server as a whole.</summary>
    Server,

    /// <summary>INSERT.</summary>
    Insert,

    /// <summary>UPDATE.</summary>
    Update,

    /// <summary>DELETE.</summary>
    Delete,

    /// <summary>REPLACE.</summary>
    Replace,

    /// <summary>LOAD DATA, LOAD XML.</summary>
    LoadData,

    /// <summary>CALL.</summary>
    Call,

    /// <summary>DO.</summary>
    Do,

    /// <summary>SELECT, VALUES, TABLE, SHOW and other reading statements.</summary>
    Select,

    /// <summary>ANALYZE TABLE.</summary>
    AnalyzeTable,

    /// <summary>OPTIMIZE TABLE.</summary>
    OptimizeTable,

    /// <summary>REPAIR TABLE.</summary>
    RepairTable,

    /// <summary>CHECK TABLE, CHECKSUM TABLE.</summary>
    CheckTable,

    /// <summary>FLUSH.</summary>
    Flush,

    /// <summary>SET of variables.</summary>
    Set,

    /// <summary>USE.</summary>
    Use,

    /// <summary>LOCK TABLES, UNLOCK TABLES.</summary>
    LockTables,
}

/// <summary>Groups of <see cref="StatementKind"/>.</summary>
public static class StatementKinds
{
    extension(StatementKind kind)
    {
        /// <summary>Whether it begins, ends or marks a transaction.</summary>
        public bool IsTransactionControl => kind is >= StatementKind.Begin and <= StatementKind.XaRollback;

        /// <summary>Whether it changes the structure of databases, tables, indexes, views or sequences: what data replication carries over.</summary>
        public bool IsSchemaChange => kind is >= StatementKind.CreateDatabase and <= StatementKind.DropSequence;

        /// <summary>Whether it changes the columns or keys of a table, or whether the table exists.</summary>
        public bool IsTableChange => kind is >= StatementKind.CreateTable and <= StatementKind.DropIndex;

        /// <summary>Whether it is about triggers, routines or events.</summary>
        public bool IsStoredProgram => kind is >= StatementKind.CreateTrigger and <= StatementKind.DropEvent;

        /// <summary>Whether it changes rows by statement; in a binlog that means statement format.</summary>
        public bool IsRowChange => kind is >= StatementKind.Insert and <= StatementKind.Do;

        /// <summary>Whether it neither changes rows nor structure: table maintenance, FLUSH, SET, reading.</summary>
        public bool IsMaintenance => kind is >= StatementKind.Select and <= StatementKind.LockTables or StatementKind.Empty;
    }
}
