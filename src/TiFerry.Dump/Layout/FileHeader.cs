namespace TiFerry.Dump.Layout;

/// <summary>The lines that files begin with, so that the plain client reads them as they are meant.</summary>
internal static class FileHeader
{
    /// <summary>Rows are bytes, time stamps UTC, and what is stored is stored again: zeros, invalid dates, children before parents.</summary>
    public static ReadOnlySpan<byte> OfData =>
        """
        /*!40101 SET NAMES binary*/;
        /*!40014 SET FOREIGN_KEY_CHECKS=0*/;
        /*!40101 SET SQL_MODE='NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES'*/;
        /*!40103 SET TIME_ZONE='+00:00'*/;

        """u8;

    /// <summary>Definitions are UTF-8.</summary>
    public const string OfDefinition =
        """
        /*!40101 SET NAMES utf8mb4*/;
        /*!40014 SET FOREIGN_KEY_CHECKS=0*/;
        /*!40101 SET SQL_MODE='NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES'*/;
        /*!40103 SET TIME_ZONE='+00:00'*/;

        """;
}
