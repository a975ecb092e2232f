/* Fills tables of a database in memory and asks it questions. */
#include "../sqlite-crash.c" /* its way to the host */

static int add(void *sum, int count, char **values, char **names) {
  (void)names;
  for (int i = 0; i < count; i++)
    for (const char *at = values[i] ? values[i] : ""; *at; at++) *(unsigned *)sum = *(unsigned *)sum * 31 + *at;
  return 0;
}

__attribute__((export_name("run"))) unsigned run(unsigned rounds) {
  unsigned sum = 0;
  sqlite3 *db;
  if (sqlite3_open(":memory:", &db)) return 1;
  sqlite3_exec(db, "create table t(a integer primary key, b int, c text); create index i on t(b);"
    "create table u(b int, d real);", 0, 0, 0);
  for (unsigned round = 0; round < rounds; round++) {
    sqlite3_exec(db,
      "delete from t; delete from u;"
      "with recursive n(x) as (select 1 union all select x + 1 from n where x < 2000)"
      " insert into t select x, x * 7919 % 101, 'text ' || (x * 31 % 997) from n;"
      "insert into u select b, sum(a) * 0.5 from t group by b;", 0, 0, 0);
    sqlite3_exec(db, "select c, count(*), sum(a) from t where b between 10 and 60 group by c order by 2 desc, 1 limit 50;"
      "select t.b, avg(d), max(c) from t join u using (b) where c like '%9%' group by t.b;", add, &sum, 0);
  }
  sqlite3_close(db);
  return sum;
}
