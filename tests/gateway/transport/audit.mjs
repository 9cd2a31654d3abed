// Runs the GraphQL-over-HTTP audit against a URL and prints one JSON line for each check that is not ok.
import { createRequire } from 'node:module';

const [packageFile, url] = process.argv.slice(2);
const { auditServer } = createRequire(packageFile)('graphql-http');
const results = await auditServer({ url });
for (const { id, name, status, reason } of results) {
  if (status !== 'ok') console.log(JSON.stringify({ id, name, status, reason }));
}
console.log(JSON.stringify({ checks: results.length }));
