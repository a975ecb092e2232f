/** SQLite, as sql.js builds it, at work: what queries, errors and the database's file come to, as text. */
// @ts-expect-error The package has no types.
import initSqlJs from "sql.js/dist/sql-wasm.js";
import { instanceOf } from "./instance";

const script = `
  CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, team INT, score REAL);
  CREATE TABLE note (person INT REFERENCES person, text TEXT);
  CREATE INDEX by_team ON person (team, score);
  CREATE TRIGGER told AFTER UPDATE ON person BEGIN
    INSERT INTO note VALUES (new.id, old.name || ' became ' || new.name);
  END;
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
    INSERT INTO person SELECT i, 'person ' || i, i % 7, (i * 7919 % 1000) / 8.0 FROM n;
  UPDATE person SET name = upper(name) WHERE id % 100 = 0;
  BEGIN; DELETE FROM person WHERE team = 3; ROLLBACK;
`;
const queries = [
  "SELECT team, count(*), round(avg(score), 3), max(name) FROM person GROUP BY team ORDER BY 2 DESC, 1",
  "SELECT a.name, b.name FROM person a JOIN person b ON a.score = b.score AND a.id < b.id ORDER BY a.id LIMIT 9",
  "SELECT id, score, rank() OVER (PARTITION BY team ORDER BY score, id) FROM person WHERE id % 301 = 0",
  "SELECT text FROM note WHERE text LIKE '%2_00 became%'",
  "SELECT group_concat(printf('%.2f', score), ' ') FROM (SELECT score FROM person ORDER BY id LIMIT 12)",
  `SELECT json_extract('{"a": [1, {"b": "c"}]}', '$.a[1].b'), 7 / 0, -9223372036854775807 / -1, 1e308 * 10`,
  "EXPLAIN QUERY PLAN SELECT * FROM person WHERE team = 2 AND score > 5",
  "SELECT * FROM nowhere",
  "INSERT INTO person (id, name) VALUES (1, 'again')",
  "SELECT zeroblob(2000000000)",
  "PRAGMA integrity_check",
];

export async function run(module: WebAssembly.Module): Promise<string> {
  const { Database } = await initSqlJs({
    instantiateWasm(imports: object, done: (instance: WebAssembly.Instance) => void) {
      const instance = instanceOf(module, imports);
      done(instance);
      return instance.exports;
    },
  });
  const database = new Database();
  database.run(script);
  const told = queries.map((query) => {
    try {
      return JSON.stringify(database.exec(query));
    } catch (error) {
      return String(error);
    }
  });
  const file: Uint8Array = database.export();
  database.close();
  told.push(`${file.length} bytes, ${file.reduce((sum, byte) => (Math.imul(sum, 31) + byte) | 0, 0)}`);
  return told.join("\n");
}
