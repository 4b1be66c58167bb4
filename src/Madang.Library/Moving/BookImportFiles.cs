using Madang.Foundation.Data;
using Madang.Foundation.Files;
using Madang.Foundation.Moving;

namespace Madang.Library.Moving;

/// <summary>Lets go of the files of imports of books, and forgets the imports.</summary>
public sealed class BookImportFiles(Database db, FileStore files, TimeProvider clock)
    : ImportHousekeeping(db, files, clock, BookImportStore.Table, BookImporting.Files);
