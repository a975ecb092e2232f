/*
 * A crash deep inside SQLite: a query calls back a function of the program's own, row by row, and one row
 * makes it divide by zero. Below it lie SQLite's virtual machine and API, above it nothing.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

/* SQLite's way to the host (SQLITE_OS_OTHER): a database in memory needs no files, only a name for the way. */
static int no_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out) {
  (void)vfs, (void)name, (void)file, (void)flags, (void)out;
  return SQLITE_CANTOPEN;
}

static int same_bytes(sqlite3_vfs *vfs, int count, char *into) {
  (void)vfs;
  memset(into, 42, count);
  return count;
}

static int epoch(sqlite3_vfs *vfs, double *day) {
  (void)vfs;
  *day = 2440587.5;
  return SQLITE_OK;
}

static sqlite3_vfs nowhere = {
    .iVersion = 1,
    .szOsFile = sizeof(sqlite3_file),
    .mxPathname = 64,
    .zName = "nowhere",
    .xOpen = no_file,
    .xRandomness = same_bytes,
    .xCurrentTime = epoch,
};

int sqlite3_os_init(void) { return sqlite3_vfs_register(&nowhere, 1); }
int sqlite3_os_end(void) { return SQLITE_OK; }

struct share {
  const char *owner;
  sqlite3_int64 total;
  int holders;
};

static int calls;

/* per_holder(owner, total, holders): what each holder of a share gets. */
static void per_holder(sqlite3_context *context, int count, sqlite3_value **values) {
  struct share share = {
      (const char *)sqlite3_value_text(values[0]),
      sqlite3_value_int64(values[1]),
      sqlite3_value_int(values[2]),
  };
  calls += count;
  int each = (int)share.total / share.holders;
  sqlite3_result_int(context, each);
}

static int print_row(void *unused, int count, char **values, char **names) {
  (void)unused;
  for (int i = 0; i < count; i++) printf("%s=%s ", names[i], values[i] ? values[i] : "NULL");
  putchar('\n');
  return 0;
}

static const char *const setup =
    "CREATE TABLE share (id INTEGER PRIMARY KEY, owner TEXT, total INTEGER, holders INTEGER);"
    "INSERT INTO share (owner, total, holders) VALUES ('ada', 100, 4), ('grace', 90, 3), ('nobody', 70, 0);";

int main(void) {
  sqlite3 *database;
  char *message = NULL;
  if (sqlite3_open(":memory:", &database) != SQLITE_OK) return 1;
  sqlite3_create_function(database, "per_holder", 3, SQLITE_UTF8, NULL, per_holder, NULL, NULL);
  if (sqlite3_exec(database, setup, NULL, NULL, &message) != SQLITE_OK) {
    fprintf(stderr, "%s\n", message);
    return 2;
  }
  return sqlite3_exec(
      database, "SELECT owner, per_holder(owner, total, holders) AS each FROM share ORDER BY total DESC",
      print_row, NULL, &message);
}
