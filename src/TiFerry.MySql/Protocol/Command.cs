namespace TiFerry.MySql.Protocol;

/// <summary>The first byte of a command packet (MySQL's <c>enum_server_command</c>).</summary>
internal enum Command : byte
{
    Quit = 0x01,
    InitDb = 0x02,
    Query = 0x03,
    Ping = 0x0E,
    ChangeUser = 0x11,
    StatementPrepare = 0x16,
    StatementExecute = 0x17,
    StatementClose = 0x19,
    ResetConnection = 0x1F,
}
